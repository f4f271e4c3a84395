"""PROTOCOL.md says what the extractor and the server do: its examples are run, its figures compared with both."""

import json
import re
import unittest
from urllib.parse import urlsplit

from standin import running
from ttsave_extractor import failures, formats, protocol

from .gate import Gate
from .process import PACKAGE_DIR, REPOSITORY, STANDIN_DIR, Extractor

DOCUMENT = (PACKAGE_DIR / 'PROTOCOL.md').read_text()

TYPES = {'string': str, 'integer': int, 'number': (int, float), 'boolean': bool, 'object': dict, 'array': list}


def section(heading):
    """What stands under a heading of the document, up to the next of its level or above."""
    level, _, _ = heading.partition(' ')
    _, found, rest = DOCUMENT.partition(f'\n{heading}\n')
    if not found:
        raise ValueError(f'PROTOCOL.md has no section {heading!r}')
    return re.split(rf'^#{{1,{len(level)}}} ', rest, flags=re.MULTILINE)[0]


def examples(message):
    """The worked examples of a message."""
    texts = re.findall(r'^```json\n(.*?)^```$', section(f'### {message}'), re.MULTILINE | re.DOTALL)
    return [json.loads(text) for text in texts]


def example(message):
    """The first of them."""
    return examples(message)[0]


def tables(message):
    """The keys that a message's tables name, for each table: {key: (type, is optional)}."""
    found = []
    for row in re.findall(r'^\|.*\|$', section(f'### {message}'), re.MULTILINE):
        first, kind, *_ = (cell.strip() for cell in row.strip('|').split('|'))
        if first.startswith('key'):
            found.append({})
        elif found and (key := re.fullmatch('`(.*)`', first)) and (kind := re.fullmatch(r'(\w+)(, optional)?', kind)):
            found[-1][key[1]] = (kind[1], bool(kind[2]))
    return found


class ExamplesTest(unittest.TestCase):
    """Each message's example, against its tables and against the process."""

    @classmethod
    def setUpClass(cls):
        STANDIN_DIR.mkdir(exist_ok=True)
        cls.standin = cls.enterClassContext(running(STANDIN_DIR))

    def setUp(self):
        self.standin.reset()

    def assert_as_in_table(self, table, message):
        required = {key for key, (_, is_optional) in table.items() if not is_optional}
        self.assertLessEqual(required, message.keys())
        self.assertLessEqual(message.keys(), table.keys())
        for key, value in message.items():
            self.assertIsInstance(value, TYPES[table[key][0]], key)
            self.assertEqual(table[key][0] == 'boolean', isinstance(value, bool), key)

    def assert_post_as_in_tables(self, message):
        outer, post, medium, source = tables('post')
        self.assert_as_in_table(outer, message)
        self.assert_as_in_table(post, message['post'])
        for each in message['post']['media']:
            self.assert_as_in_table(medium, each)
            self.assertEqual(each['role'] == 'video', 'sound' in each)
            for each_source in each['sources']:
                self.assert_as_in_table(source, each_source)
                for value in each_source['headers'].values():
                    self.assertIsInstance(value, str)

    def test_every_message_has_one_that_fits_its_table(self):
        names = re.findall(r'^### (\w+)$', section('## Messages'), re.MULTILINE)
        self.assertEqual(['configure', 'ready', 'unusable', 'resolve', 'post', 'failed'], names)
        for name in names:
            with self.subTest(name):
                self.assertTrue(examples(name))
                for message in examples(name):
                    self.assertEqual(name, message.get('op') or message.get('event'))
                    self.assert_as_in_table(tables(name)[0], message)
        for message in examples('post'):
            self.assert_post_as_in_tables(message)

    def test_the_parser_takes_those_of_the_server(self):
        protocol.expect_configuration(example('configure'))
        protocol.expect_job(example('resolve'))

    def test_tables_are_as_strict_as_the_parser(self):
        for name, check in (('configure', protocol.expect_configuration), ('resolve', protocol.expect_job)):
            whole = example(name)
            self.assertEqual(whole.keys(), tables(name)[0].keys())
            for key, (kind, _) in tables(name)[0].items():
                for other in (None, True, 'text', 7, 1.5, [], {}):
                    if not isinstance(other, TYPES[kind]) or other is True:
                        with self.subTest(name, key=key, other=other), self.assertRaises(protocol.ProtocolError):
                            check({**whole, key: other})

    def test_the_process_answers_them_with_those_of_its_own(self):
        job, post = example('resolve'), example('post')
        self.standin.add_post(id=post['post']['id'], user=post['post']['author'], desc=post['post']['description'],
                              duration=post['post']['duration_s'])
        with Gate(self.standin.http_proxy) as gate, Extractor(gate=gate, ca_file=self.standin.ca_file) as extractor:
            # The configuration names a file that is not of this machine.
            extractor.tell(**{**example('configure'), 'cookies_file': ''})
            self.assert_as_in_table(tables('ready')[0], extractor.hear())

            extractor.tell(**job)
            answer = extractor.hear()
            self.assert_post_as_in_tables(answer)
            medium, expected = answer['post'].pop('media')[0], post['post'].pop('media')[0]
            self.assertEqual(post, answer)
            del medium['sources'], expected['sources'], medium['size_bytes'], expected['size_bytes']
            self.assertEqual(expected, medium)

            self.standin.add_post(id=post['post']['id'], user=post['post']['author'], status_code=10222)
            extractor.tell(**job)
            answer = extractor.hear()
            self.assert_as_in_table(tables('failed')[0], answer)
            self.assertTrue(answer.pop('message').startswith(example('failed').pop('message')))
            self.assertEqual({key: value for key, value in example('failed').items() if key != 'message'}, answer)

    def test_the_process_answers_with_photos_like_that(self):
        _, shown = examples('post')
        first, second = shown['post']['media'][:2]
        images = [{'hosts': [{'host': urlsplit(source['url']).hostname} for source in photo['sources']],
                   'width': photo.get('width', 0), 'height': photo.get('height', 0)} for photo in (first, second)]
        url = self.standin.add_post(id=shown['post']['id'], user=shown['post']['author'], images=images, music={},
                                    desc=shown['post']['description'], duration=shown['post']['duration_s'])
        with Gate(self.standin.http_proxy) as gate, Extractor(gate=gate, ca_file=self.standin.ca_file) as extractor:
            extractor.configure()
            answer = extractor.resolve(url)
            self.assert_post_as_in_tables({'id': 1, **answer})
            for post in (answer['post'], shown['post']):
                for medium in post['media']:
                    medium['sources'] = [urlsplit(source['url']).hostname for source in medium['sources']]
            self.assertEqual(shown['post'], answer['post'])

    def test_the_process_says_that_it_is_unusable_like_that(self):
        with Extractor(preamble='import sys\nsys.modules["yt_dlp"] = None') as extractor:
            unusable = extractor.configure()
            self.assert_as_in_table(tables('unusable')[0], unusable)
            self.assertEqual('unusable', unusable['event'])


class NumbersTest(unittest.TestCase):
    """What the document says in figures."""

    def server(self, name):
        return (REPOSITORY / 'server' / name).read_text()

    def test_versions(self):
        self.assertIn(f'# The extractor protocol, version {protocol.VERSION}\n', DOCUMENT)
        self.assertIn(f'protocol_version = {protocol.VERSION};', self.server('extraction/worker_protocol.hpp'))
        self.assertEqual([protocol.VERSION] * 2, [example(name)['protocol'] for name in ('configure', 'ready')])

    def test_sizes_of_lines(self):
        self.assertIn(f'A line of the server has at most {protocol.MAX_LINE_BYTES:,} bytes', DOCUMENT)
        self.assertIn(f'one of the extractor at most {1024 * 1024:,},', DOCUMENT)
        self.assertIn('max_line_bytes = 1024 * 1024;', self.server('extraction/worker_protocol.hpp'))

    def test_ranges(self):
        self.assertIn(f'between 0 and {protocol.MAX_NUMBER}.', DOCUMENT)
        self.assertIn(f'at most {protocol.MAX_TIMEOUT_S}:', section('### resolve'))
        connections = re.search(r'most_connections = (\d+);', self.server('egress/gate.hpp'))[1]
        self.assertIn(f'at most {connections} connections', ' '.join(section('## Network').split()))
        self.assertIn(f'this extractor names at most {formats.MAX_SOURCES} ', section('### post'))

    def test_codes(self):
        used = set()
        for module in ('failures', 'photos', 'resolver'):
            source = (PACKAGE_DIR / 'ttsave_extractor' / f'{module}.py').read_text()
            used |= set(re.findall(r"'((?:post|tiktok|media|extractor)\.\w+)'", source))
        rows = dict(re.findall(r'^\| `([\w.]+)` \| .* \| (.*) \|$', section('### failed'), re.MULTILINE))
        rows = {code: tries for code, tries in rows.items() if '.' in code}
        self.assertEqual(used, rows.keys())
        self.assertEqual(set(failures.TRANSIENT_CODES), {code for code, tries in rows.items() if tries == '2'})
        server = set(re.findall(r'return "([\w.]+)";', self.server('core/errc.cpp')))
        self.assertLessEqual(used, server)

    def test_exit_statuses(self):
        from ttsave_extractor.__main__ import EXIT_PROTOCOL, EXIT_UNUSABLE
        rows = dict(re.findall(r'^\| (\d) \| (.*) \|$', section('## Life cycle'), re.MULTILINE))
        self.assertEqual({'0', '1', str(EXIT_PROTOCOL), str(EXIT_UNUSABLE)}, rows.keys())
        self.assertIn('broken the protocol', rows[str(EXIT_PROTOCOL)])
        self.assertIn('`unusable`', rows[str(EXIT_UNUSABLE)])
