"""The real extractor process over its pipes: what it takes, what it answers, and how it ends (PROTOCOL.md)."""

import contextlib
import json
import platform
import signal
import tempfile
import unittest
from pathlib import Path

from .process import Extractor

CONFIGURATION = {'op': 'configure', 'protocol': 5, 'gate': 'http://127.0.0.1:1', 'cookies_file': '', 'user_agent': '',
                 'extractor_args': ''}

# Where libraries would take them for no proxy at all, or for one of somebody else's.
GATES_ELSEWHERE = (
    '', 'http://', '127.0.0.1:1', 'https://127.0.0.1:1', 'socks5://127.0.0.1:1', 'http://127.0.0.1',
    'http://127.0.0.1:', 'http://127.0.0.1:1/', 'http://127.0.0.1:1\n', 'http://127.0.0.2:1', 'http://localhost:1',
    'http://127.0.0.1:1@x:1', 'http://other:1@127.0.0.1:1', 'http://ttsave:@127.0.0.1:1',
    'http://ttsave:0@x@127.0.0.1:1', 'http://127.0.0.1:100000')

# Answered without a request.
JOB = {'id': 1, 'op': 'resolve', 'url': 'https://www.tiktok.com/@some.user', 'timeout_s': 5, 'request': 'a1'}

POST_URL = 'https://www.tiktok.com/@some.user/video/'

MAX_LINE_BYTES = 65_536

# In place of the network: posts with one video each, whose ids are places in `texts`.
PAGES_WITHOUT_NETWORK = '''
from yt_dlp.extractor.tiktok import TikTokIE
texts = {texts!r}
def page(self, url, video_id, fatal=True):
    text = texts[int(video_id)]
    address = {{'UrlKey': 'v0_h264_720p_1', 'DataSize': '7', 'UrlList': ['https://v16.tiktokcdn.com/a']}}
    {misbehave}
    return {{'desc': text, 'author': {{'uniqueId': text}}, 'video': {{
        'width': 720, 'height': 1280, 'duration': 3, 'bitrateInfo': [{{'PlayAddr': address}}]}}}}, 0
TikTokIE._extract_web_data_and_status = page
'''

# A library that writes wherever it can think of, with and without line ends, children included.
BABBLE = '; '.join((
    'import os, subprocess, sys, warnings, logging', 'print("printed")', 'print("unended", end="", flush=True)',
    'os.write(1, b"{}\\n")', 'sys.stdout.buffer.write(b"raw")', 'os.system("echo from a shell")',
    'subprocess.run(["echo", "from a child"])', 'print("to the real one", file=sys.__stdout__, flush=True)',
    'warnings.warn("careful")', 'logging.error("logged")', 'sys.stderr.write("to stderr\\n")'))


def line(message):
    return json.dumps(message).encode() + b'\n'


def padded_job(bytes_in_all):
    """A job whose line has just that many bytes."""
    empty = line({**JOB, 'url': ''})
    return line({**JOB, 'url': 'x' * (bytes_in_all - len(empty))})


class StartTest(unittest.TestCase):

    def test_says_that_it_is_ready(self):
        with Extractor() as extractor:
            ready = extractor.configure()
            self.assertRegex(ready.pop('yt_dlp'), r'^\d{4}\.\d\d\.\d\d')
            self.assertEqual({'event': 'ready', 'python': platform.python_version(), 'protocol': 5}, ready)

    def test_takes_the_end_before_anything_was_said(self):
        with Extractor() as extractor:
            extractor.close_input()
            self.assertIsNone(extractor.hear_line())
            self.assertEqual(0, extractor.exit_status(), extractor.log())

    def test_says_that_yt_dlp_is_broken(self):
        with tempfile.TemporaryDirectory() as directory:
            Path(directory, 'yt_dlp.py').write_text('raise ImportError("too old\\n" + 600 * "x")')
            with Extractor(first_path=directory) as extractor:
                unusable = extractor.configure()
                self.assertEqual({'event', 'message'}, unusable.keys())
                self.assertEqual('unusable', unusable['event'])
                self.assertTrue(unusable['message'].startswith('yt-dlp cannot be imported: ImportError: too old xxx'))
                self.assertEqual(500, len(unusable['message']))
                self.assertIsNone(extractor.hear_line())
                self.assertEqual(3, extractor.exit_status(), extractor.log())

    def test_says_that_yt_dlp_is_missing(self):
        with Extractor(preamble='import sys\nsys.modules["yt_dlp"] = None') as extractor:
            self.assertRegex(extractor.configure()['message'],
                             '^yt-dlp cannot be imported: ModuleNotFoundError: .*yt_dlp')
            self.assertEqual(3, extractor.exit_status(), extractor.log())

    def test_says_that_yt_dlp_gives_up_while_it_is_imported(self):
        with tempfile.TemporaryDirectory() as directory:
            Path(directory, 'yt_dlp.py').write_text('import sys\nsys.exit("this Python is too old")')
            with Extractor(first_path=directory) as extractor:
                self.assertEqual('yt-dlp cannot be imported: SystemExit: this Python is too old',
                                 extractor.configure()['message'])
                self.assertEqual(3, extractor.exit_status(), extractor.log())

    def test_says_that_yt_dlp_is_too_different(self):
        for method in ('_extract_web_data_and_status', '_parse_aweme_video_web', '_create_url'):
            preamble = (f'from yt_dlp.extractor.tiktok import TikTokBaseIE, TikTokIE\n'
                        f'del TikTokBaseIE.{method}\nassert not hasattr(TikTokIE, "{method}")')
            with self.subTest(method=method), Extractor(preamble=preamble) as extractor:
                unusable = extractor.configure()
                self.assertEqual('unusable', unusable['event'])
                self.assertIn(method, unusable['message'])
                self.assertEqual(3, extractor.exit_status(), extractor.log())


class StrictnessTest(unittest.TestCase):
    """Whatever is not in the protocol ends the process with status 2 and no further word."""

    def assert_refused(self, lines, before=()):
        """Each of `lines` (by name) goes to a process of its own, all at once: most of the time is their start."""
        with contextlib.ExitStack() as stack:
            extractors = {}
            for name, data in lines.items():
                extractors[name] = stack.enter_context(Extractor())
                extractors[name].tell_bytes(b''.join([*map(line, before), data]))
                extractors[name].close_input()
            for name, extractor in extractors.items():
                with self.subTest(name):
                    for _ in before:
                        self.assertEqual('ready', extractor.hear()['event'])
                    self.assertIsNone(extractor.hear_line())
                    self.assertEqual(2, extractor.exit_status(), extractor.log())
                    self.assertIn('protocol error: ', extractor.log())
                    self.assertNotIn('Traceback', extractor.log())

    def test_lines_that_are_no_message(self):
        whole = line(CONFIGURATION)
        self.assert_refused({
            'empty': b'\n', 'blank': b' \n', 'not JSON': b'configure\n', 'half': whole[:40] + b'\n',
            'cut off': whole[:-1], 'two': whole[:-1] + whole, 'comma': whole[:-2] + b',}\n',
            'array': b'[' + whole[:-1] + b']\n',
            'null': b'null\n', 'number': b'1\n', 'text': b'"configure"\n', 'NUL': b'\0' + whole,
            'not UTF-8': whole.replace(b'configure', b'\xff'), 'byte order mark': b'\xef\xbb\xbf' + whole,
            'UTF-16': json.dumps(CONFIGURATION).encode('utf-16-be') + b'\0\n', 'deep': b'[' * 60_000 + b'\n',
            'number beyond reason': whole.replace(b': 5', b': ' + b'5' * 5000),
        })

    def test_configurations(self):
        self.assert_refused({
            **{f'without {key}': line({other: value for other, value in CONFIGURATION.items() if other != key})
               for key in CONFIGURATION},
            **{f'{key} of another type': line({**CONFIGURATION, key: None}) for key in CONFIGURATION},
            **{f'version {version!r}': line({**CONFIGURATION, 'protocol': version})
               for version in (0, 4, 6, -5, 5.0, '5', True)},
            **{f'gate {gate!r}': line({**CONFIGURATION, 'gate': gate}) for gate in GATES_ELSEWHERE},
            'unknown key': line({**CONFIGURATION, 'timeout_s': 1}),
            'unknown op': line({**CONFIGURATION, 'op': 'config'}),
            'a job': line(JOB), 'nothing': b'{}\n',
            'too long': line({**CONFIGURATION, 'cookies_file': 'x' * MAX_LINE_BYTES}),
        })

    def test_jobs(self):
        self.assert_refused({
            **{f'without {key}': line({other: value for other, value in JOB.items() if other != key}) for key in JOB},
            **{f'{key} {value!r:.20}': line({**JOB, key: value}) for key, value in (
                ('op', 'download'), ('op', None), ('url', 7), ('url', None), ('id', '1'), ('id', 1.0), ('id', True),
                ('id', -1), ('id', 2**63), ('timeout_s', 0), ('timeout_s', -0.5), ('timeout_s', 3601),
                ('timeout_s', 10**400),
                ('timeout_s', float('inf')), ('timeout_s', float('nan')), ('timeout_s', '5'), ('timeout_s', True),
                ('request', 7), ('request', 'a b'), ('request', 'x' * 65))},
            'overflow': line(JOB).replace(b': 5', b': 1e999'), 'unknown key': line({**JOB, 'gate': 5}),
            'a configuration': line(CONFIGURATION), 'cut off': line(JOB)[:-1],
            'too long': padded_job(MAX_LINE_BYTES + 1), 'too long without an end': b'x' * (MAX_LINE_BYTES + 1),
        }, before=[CONFIGURATION])


class JobsTest(unittest.TestCase):

    def test_answers_one_after_the_other_until_the_end(self):
        with Extractor() as extractor:
            extractor.configure()
            # The server never sends one before the last is answered, but nothing must get lost if it did.
            for number in (1, 0, 2**53 + 1, 2**63 - 1, 1):
                extractor.tell_bytes(line({**JOB, 'id': number}))
            for number in (1, 0, 2**53 + 1, 2**63 - 1, 1):
                answer = extractor.hear()
                self.assertIs(int, type(answer['id']))
                self.assertEqual({'id': number, 'event': 'failed', 'code': 'post.unsupported'},
                                 {key: answer[key] for key in answer if key != 'message'})
            extractor.close_input()
            self.assertIsNone(extractor.hear_line())
            self.assertEqual(0, extractor.exit_status(), extractor.log())

    def test_takes_numbers_as_the_server_writes_them(self):
        with Extractor() as extractor:
            extractor.configure()
            for number in (b'3E1', b'1.5E0', b'1E-3', b'2.9500999999999998E1', b'3600', b'0.001'):
                extractor.tell_bytes(line(JOB).replace(b': 5', b': ' + number))
                self.assertEqual('post.unsupported', extractor.hear()['code'])

    def test_takes_the_longest_line(self):
        with Extractor() as extractor:
            extractor.configure()
            extractor.tell_bytes(padded_job(MAX_LINE_BYTES))
            self.assertEqual('post.unsupported', extractor.hear()['code'])

    def test_escaped_texts_mean_the_same(self):
        with Extractor() as extractor:
            extractor.configure()
            extractor.tell_bytes(line(JOB).replace(b'"url"', b'"\\u0075rl"').replace(b'/', b'\\/'))
            self.assertEqual('post.unsupported', extractor.hear()['code'])

    def test_stray_output_stays_out_of_the_messages(self):
        with Extractor(preamble=PAGES_WITHOUT_NETWORK.format(texts=['text'], misbehave=BABBLE)) as extractor:
            extractor.configure()
            for _ in range(3):
                self.assertEqual('text', extractor.resolve(POST_URL + '0')['post']['title'])
            extractor.close_input()
            self.assertIsNone(extractor.hear_line())
            self.assertEqual(0, extractor.exit_status(), extractor.log())
            for words in ('printed', 'unended', 'raw', 'from a shell', 'from a child', 'to the real one', 'careful'):
                self.assertIn(words, extractor.log())

    def test_what_yt_dlp_cannot_do_costs_only_the_job(self):
        preamble = PAGES_WITHOUT_NETWORK.format(texts=['text', 'text', 'text', 'text'], misbehave='pass') + '''
from yt_dlp.utils import ExtractorError
outcomes = [ExtractorError('no such thing on the page'), RuntimeError('surprise'), None]
parse = TikTokIE._parse_aweme_video_web
def parse_or_fail(self, aweme, url, video_id):
    if int(video_id) >= len(outcomes):
        return parse(self, aweme, url, video_id)
    if outcomes[int(video_id)]:
        raise outcomes[int(video_id)]
TikTokIE._parse_aweme_video_web = parse_or_fail
'''
        with Extractor(preamble=preamble) as extractor:
            extractor.configure()
            for number in range(3):
                with self.subTest(number):
                    self.assertEqual('extractor.failed', extractor.resolve(f'{POST_URL}{number}').get('code'))
            self.assertEqual('post', extractor.resolve(f'{POST_URL}3')['event'])

    def test_texts_survive_whatever_they_hold(self):
        texts = {  # given: expected
            'plain': 'plain', 'Кот "и" пёс\\ 😀': 'Кот "и" пёс\\ 😀', 'a\nb\r\nc\u2028d\u0085': 'a\nb\r\nc\u2028d\u0085',
            'nul \0 bell \a delete \x7f': 'nul \0 bell \a delete \x7f', '\ufeffmark\ufffe': '\ufeffmark\ufffe',
            'high \ud83d': 'high \ufffd', '\ude00 low': '\ufffd low', 'turned \ude00\ud83d': 'turned \ufffd\ufffd',
            '\ud83d\ud83d\ude00': '\ufffd\U0001f600', 'in two \ud83d\ude00': 'in two \U0001f600', '\ud83dx': '\ufffdx',
        }
        with Extractor(preamble=PAGES_WITHOUT_NETWORK.format(texts=list(texts), misbehave='pass')) as extractor:
            extractor.configure()
            for number, (given, expected) in enumerate(texts.items()):
                with self.subTest(given=ascii(given)):
                    post = extractor.resolve(f'{POST_URL}{number}')['post']
                    self.assertEqual([expected] * 3, [post['title'], post['description'], post['author']])


class EndTest(unittest.TestCase):

    def test_sigterm_ends_it_at_once(self):
        with Extractor() as extractor:
            extractor.configure()
            extractor.signal(signal.SIGTERM)
            self.assertEqual(-signal.SIGTERM, extractor.exit_status())

    def test_sigint_does_not(self):
        # A process inherits it when SIGINT is ignored here, as it is in a shell's background, but not a handler.
        self.addCleanup(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, signal.default_int_handler))
        with Extractor() as extractor:
            extractor.configure()
            extractor.signal(signal.SIGINT)
            self.assertEqual('post.unsupported', extractor.resolve(JOB['url'])['code'])
            extractor.close_input()
            self.assertEqual(0, extractor.exit_status(), extractor.log())

    def test_answers_the_last_job_after_the_end_of_its_input(self):
        with Extractor() as extractor:
            extractor.configure()
            extractor.tell(**JOB)
            extractor.close_input()
            self.assertEqual('post.unsupported', extractor.hear()['code'])
            self.assertEqual(0, extractor.exit_status(), extractor.log())

    def test_nobody_listens_any_more(self):
        with Extractor(reads_output=False) as extractor:
            extractor.tell(**CONFIGURATION)
            self.assertEqual(0, extractor.exit_status(), extractor.log())
            self.assertNotIn('Traceback', extractor.log())
