"""contract.md, "The process": settings from the command line, the environment and a file."""

import json
import re
import tempfile
import unittest
from pathlib import Path

from .harness import REPOSITORY, Server, binary, run_binary
from .wire import Connection

# Every setting, with a value that is valid and mostly not its default.
SETTINGS = {
    'address': '127.0.0.1',
    'port': '0',
    'base_path': '/other/base',
    'threads': '2',
    'cache_dir': '',
    'cache_max_bytes': '1000000',
    'cache_ttl_s': '60',
    'negative_ttl_s': '5',
    'max_spool_bytes': '2000000',
    'workers': '3',
    'max_workers': '3',
    'worker_max_jobs': '50',
    'worker_max_rss_bytes': '200000000',
    'python': '/usr/bin/python3',
    'extractor_dir': '',
    'extractor_path': '/no/such/folder',
    'canary_urls': 'https://www.tiktok.com/@a/video/7312345678901230001, https://vm.tiktok.com/ZMabc/',
    'canary_interval_s': '10',
    'proxy': 'socks5://127.0.0.1:9',
    'proxies_file': '',
    'ca_file': '/etc/ssl/certs/ca-certificates.crt',
    'cookies_file': '',
    'user_agent': 'Agent/1 (x; y)',
    'extractor_args': 'tiktok:api_hostname=a.example;app_info=1/2,3/4',
    'resolve_timeout_s': '7',
    'stall_timeout_s': '8',
    'max_file_bytes': '1000',
    'parallel_fetches': '4',
    'ffmpeg': '/usr/bin/ffmpeg',
    'slideshow_jobs': '3',
    'slideshow_background': 'black',
    'photo_min_s': '2',
    'photo_max_s': '12',
    'max_clients': '20',
    'max_deliveries': '5',
    'queue_limit': '6',
    'web_ui': 'false',
    'api_keys_file': '',
    'rate_limit_per_min': '7',
    'max_deliveries_per_client': '8',
    'trusted_proxies': '10.0.0.0/8, ::1',
    'shutdown_grace_s': '9',
    'log_level': 'debug',
    'log_format': 'json',
}
WRONG = {
    'address': ('no such address', '300.1.1.1'),
    'port': ('-1', '65536', 'x', '80x', '1.5', ' '),
    'base_path': ('api', '/a?b', '/a b'),
    'threads': ('-1', '1000000', 'many'),
    'cache_max_bytes': ('-1', 'x', '2G'),
    'cache_ttl_s': ('-1', '1h'),
    'negative_ttl_s': ('-1', 'x'),
    'max_spool_bytes': ('0', 'x'),
    'workers': ('0', '-1', '1000000', 'x'),
    'max_workers': ('0', '65', 'x'),
    'worker_max_jobs': ('0', 'x'),
    'worker_max_rss_bytes': ('0', '1000'),
    'extractor_path': ('versions',),
    'canary_urls': ('https://www.tiktok.com/@a', 'https://youtube.com/watch?v=1', 'x ' * 21),
    'canary_interval_s': ('9', '-1', 'x', '604801'),
    'proxy': ('ftp://127.0.0.1:1', 'http://', 'no url', 'http://host:99999'),
    'resolve_timeout_s': ('0', '-5', '1e9', 'soon'),
    'stall_timeout_s': ('0', 'x'),
    'max_file_bytes': ('0', '-1', 'x', '99999999999999999999'),
    'parallel_fetches': ('0', '65'),
    'ffmpeg': ('',),
    'slideshow_jobs': ('0', '65'),
    'slideshow_background': ('white', ''),
    'photo_min_s': ('0', '61', 'x'),
    'photo_max_s': ('0', '61', 'x'),
    'max_clients': ('0', 'x'),
    'max_deliveries': ('0', 'x'),
    'queue_limit': ('-1', 'x'),
    'web_ui': ('yes', '', 'TRUE'),
    'api_keys_file': ('/no/such/keys.json',),
    'rate_limit_per_min': ('-1', 'x'),
    'max_deliveries_per_client': ('0', 'x'),
    'trusted_proxies': ('10.0.0.1/8', 'proxy'),
    'shutdown_grace_s': ('-1', 'x'),
    'log_level': ('loud', 'INFORMATION', ''),
    'log_format': ('xml', ''),
    'ca_file': ('/no/such/file.pem',),
    'cookies_file': ('/no/such/cookies.txt',),
    'proxies_file': ('/no/such/proxies.txt',),
    'user_agent': ('Агент', 'x' * 513),
    'extractor_args': ('tiktok', 'tiktok:', 'tiktok:a', 'tiktk:a=b'),
}


def option(key):
    return '--' + key.replace('_', '-')


class SettingsTest(unittest.TestCase):
    """Starts that end by themselves."""

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        cookies = self.folder / 'cookies.txt'
        cookies.write_text('# Netscape HTTP Cookie File\n')
        self.settings = {**SETTINGS, 'cookies_file': str(cookies), 'cache_dir': str(self.folder / 'cache')}

    def write(self, text):
        path = self.folder / 'ttsave.conf'
        path.write_text(text)
        return str(path)

    def assert_valid(self, *words, environment=None):
        done = run_binary('--check-config', *words, environment=environment)
        self.assertEqual((done.returncode, 'configuration is valid' in done.stdout + done.stderr), (0, True), done)

    def assert_wrong(self, words, *mentions, environment=None):
        """Status 2, and one line for each mistake, which names it; the same without --check-config."""
        for first in (['--check-config'], []):
            done = run_binary(*first, *words, environment=environment)
            self.assertEqual(done.returncode, 2, done)
            lines = [line for line in done.stderr.splitlines() if line.strip()]
            for mention in mentions:
                found = [line for line in lines if re.search(rf'(?<![\w-])({mention}|{option(mention)})(?![\w-])', line)]
                self.assertEqual(len(found), 1, (mention, done.stderr))
            self.assertLessEqual(len(lines), len(mentions) + 2, done.stderr)


class Sources(SettingsTest):
    """Where settings come from, and which counts."""

    def test_each_from_each_source(self):
        words = [word for key, value in self.settings.items() for word in (option(key), value)]
        self.assert_valid(*words)
        self.assert_valid(*[f'{option(key)}={value}' for key, value in self.settings.items()])
        self.assert_valid(environment={f'TTSAVE_{key.upper()}': value for key, value in self.settings.items()})
        lines = ''.join(f'{key} = {value}\n' for key, value in self.settings.items())
        self.assert_valid('--config', self.write(f'# a comment\n\n{lines}  # another\n'))

    def test_command_line_before_environment_before_file(self):
        config = self.write('base_path = /file\nlog_format = json\nlog_level = debug\n')
        for words, environment, expected in (
                (['--base-path', '/words'], {'TTSAVE_BASE_PATH': '/environment'}, '/words'),
                ([], {'TTSAVE_BASE_PATH': '/environment'}, '/environment'),
                ([], {}, '/file')):
            with Server(words=['--config', config, *words], environment=environment) as server:
                with Connection(server.address) as connection:
                    self.assertEqual(connection.ask('GET', f'{expected}/ping').status, 200)
                    self.assertEqual(connection.ask('GET', '/api/v3/ping').status, 404)

    def test_a_file_that_cannot_be_read_is_a_mistake(self):
        self.assert_wrong(['--config', '/no/such/file.conf'], '/no/such/file.conf')
        self.assert_wrong(['--config', str(self.folder)], str(self.folder))


class Mistakes(SettingsTest):
    """All of them at once, one a line, exit status 2."""

    def test_each_wrong_value_from_each_source(self):
        for key, values in WRONG.items():
            for value in values:
                with self.subTest(key=key, value=value):
                    self.assert_wrong([f'{option(key)}={value}'], key)
                    self.assert_wrong([], key, environment={f'TTSAVE_{key.upper()}': value})
                    self.assert_wrong(['--config', self.write(f'{key} = {value}\n')], key)

    def test_all_mistakes_are_reported_at_once(self):
        keys = [key for key in WRONG if key not in ('ca_file', 'cookies_file', 'proxies_file')]
        words = [f'{option(key)}={WRONG[key][0]}' for key in keys]
        self.assert_wrong(words, *keys)
        config = self.write('workers = none\nthreads = none\n')
        self.assert_wrong(['--config', config, '--port', 'none'], 'workers', 'threads', 'port', 'queue_limit',
                          environment={'TTSAVE_QUEUE_LIMIT': 'none'})

    def test_unknown_names(self):
        self.assert_wrong(['--colour', 'red'], 'colour')
        self.assert_wrong(['--config', self.write('colour = red\nshape = round\n')], 'colour', 'shape')

    def test_lines_that_are_none(self):
        done = run_binary('--check-config', '--config', self.write('port 80\n= 5\n[section]\n'))
        self.assertEqual(done.returncode, 2, done)

    def test_words_that_are_no_option(self):
        for words in (['serve'], ['--port'], ['-x'], ['--']):
            with self.subTest(words=words):
                done = run_binary('--check-config', *words)
                self.assertEqual(done.returncode, 0 if words == ['--'] else 2, done)


class Telling(SettingsTest):
    """--help, --version, --print-config."""

    def test_help_names_every_setting(self):
        done = run_binary('--help')
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        for key in (*SETTINGS, 'help', 'version', 'config', 'check_config', 'print_config'):
            self.assertIn(option(key), done.stdout)

    def test_version(self):
        done = run_binary('--version')
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertRegex(done.stdout, r'\b3\.\d+')

    def test_the_printed_example_is_a_valid_configuration_of_every_setting(self):
        done = run_binary('--print-config')
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        for key in SETTINGS:
            self.assertRegex(done.stdout, rf'(?m)^#? ?{key} =')
        self.assert_valid('--config', self.write(done.stdout))
        uncommented = re.sub(rf'(?m)^# ?({"|".join(SETTINGS)}) =', r'\1 =', done.stdout)
        self.assert_valid('--config', self.write(uncommented))

    def test_the_installed_example_is_the_printed_one(self):
        [installed] = binary().parent.parent.rglob('ttsave.conf*')
        self.assertEqual(installed.read_text(), run_binary('--print-config').stdout)

    def test_the_page_of_settings_says_the_same(self):
        example = re.findall(r'# (.+)\n# (.+)\n#(\w+) = ?(.*)\n', run_binary('--print-config').stdout)
        rows = [f'| `{key}` | {f"`{default}`" if default else ""} | {values} | {meaning} |'
                for meaning, values, key, default in example]
        self.assertEqual(len(rows), len(SETTINGS))
        self.assertIn('\n'.join(rows) + '\n\n', (REPOSITORY / 'docs' / 'settings.md').read_text())


class Logs(unittest.TestCase):
    """log_format and log_level."""

    def ping(self, server):
        with Connection(server.address) as connection:
            self.assertEqual(connection.ask('GET', '/ping').status, 200)

    def test_json_lines(self):
        with Server(log_format='json', log_level='debug') as server:
            self.ping(server)
            server.wait_for_log('extractor ready')
            server.stop()
            for line in server.log.splitlines():
                self.assertIsInstance(json.loads(line), dict)

    def test_level(self):
        with Server(log_level='debug') as server:
            self.ping(server)
            server.stop()
            self.assertIn('/ping', server.log)

    def test_text_that_a_client_sends_stays_on_its_line(self):
        for log_format in ('text', 'json'):
            with Server(log_format=log_format, log_level='debug') as server, Connection(server.address) as connection:
                connection.ask('GET', '/%0A2026-01-01T00:00:00Z error forged')
                connection.send(b'GET /\x1b[31m"\\ HTTP/1.1\r\nHost: a\r\nUser-Agent: \x1b[2J"\r\n\r\n')
                connection.drain()
                server.stop()
                self.assertNotIn('\x1b', server.log)
                self.assertFalse([line for line in server.log.splitlines() if line.startswith('2026-01-01')])
