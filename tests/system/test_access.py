"""Issue 6, lines 1 and 2: keys, limits, and what the others are told. contract.md, "Errors": 401, 429."""

import base64
import json
import re
import signal
import tempfile
import unittest
from pathlib import Path

from .clients import (DOWNLOAD, PyttsaveFailed, StrictDownload, curl, order, pyttsave_download, pyttsave_ping,
                      requests_download)
from .deadlines import until
from .expectations import assert_delivered
from .fixture import Fixture
from .harness import run_binary
from .wire import Connection, json_request, request_bytes

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop

KEYS = {'keys': [
    {'name': 'bot', 'key': 'bots-secret', 'rate_limit_per_min': 0},
    {'name': 'app', 'key_sha256': 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'},  # abc
    {'name': 'elsewhere', 'key': 'elsewheres-secret', 'allowed_networks': ['192.0.2.0/24']},
]}


def bearer(secret):
    return 'Authorization', f'Bearer {secret}'


def basic(user, password):
    return 'Authorization', 'Basic ' + base64.b64encode(f'{user}:{password}'.encode()).decode()


class AccessTest(unittest.TestCase):
    """A server with a keys file of the test's own."""

    def setUp(self):
        self.keys_file = Path(self.enterContext(tempfile.TemporaryDirectory()), 'keys.json')
        self.write_keys(KEYS)

    def write_keys(self, keys):
        self.keys_file.write_text(keys if isinstance(keys, str) else json.dumps(keys, indent=1))

    def start(self, **settings):
        self.server = self.enterContext(fixture.new_server(api_keys_file=self.keys_file, **settings))
        return self.server

    def ask(self, *fields, link=None, server=None):
        """Asks for a post and returns the answer, whatever it is."""
        with Connection((server or self.server).address) as connection:
            connection.send(json_request(DOWNLOAD, order(link or fixture.post()), fields=fields))
            return connection.read_answer('POST')

    def assert_unknown(self, *fields):
        answer = self.ask(*fields)
        self.assertEqual((answer.status, answer.json), (401, {'detail': 'Not authenticated'}), fields)
        self.assertEqual(answer.head.get('WWW-Authenticate'), 'Basic')
        self.assertTrue(answer.head.closes)

    def assert_known(self, *fields):
        self.assertEqual(self.ask(*fields).status, 200, fields)


class Keys(AccessTest):

    def setUp(self):
        super().setUp()
        self.start()

    def test_are_shown_in_any_of_three_ways(self):
        for field in (bearer('bots-secret'), ('X-API-Key', 'bots-secret'), basic('bot', 'bots-secret'),
                      basic('', 'bots-secret'), bearer('abc'), ('x-api-key', 'abc')):
            self.assert_known(field)

    def test_who_shows_none_is_not_authenticated(self):
        for fields in ((), [bearer('bots-secre')], [bearer('')], [bearer('bot')], [basic('bots-secret', '')],
                       [('Authorization', 'bots-secret')], [('X-API-Key', 'bot')], [('Cookie', 'key=bots-secret')],
                       [('X-API-Key', KEYS['keys'][1]['key_sha256'])]):
            self.assert_unknown(*fields)
        self.assertEqual(self.ask(bearer('wrong'), ('X-API-Key', 'abc')).status, 200, 'one right one is enough')

    def test_hold_in_their_networks_only(self):
        self.assert_unknown(bearer('elsewheres-secret'))
        self.server.wait_for_log('the key elsewhere is not to be used from 127.0.0.1')

    def test_pyttsave_finds_its_in_the_base_url(self):
        content = fixture.media('small.mp4')
        base_url = f'http://bot:bots-secret@127.0.0.1:{self.server.port}/api/v3/'
        [(_, saved)] = pyttsave_download(base_url, fixture.post()).files
        self.assertEqual(saved[:-2], content)
        self.assertTrue(pyttsave_ping(base_url))
        with self.assertRaises(PyttsaveFailed) as failed:
            pyttsave_download(base_url.replace('secret', 'guess'), fixture.post())
        self.assertTrue(failed.exception.server_is_up)
        [part] = requests_download(base_url, fixture.post())
        self.assertEqual(part.data, content)

    def test_pings_need_none(self):
        with Connection(self.server.address) as connection:
            for path in ('/ping', '/api/v3/ping'):
                self.assertEqual(connection.ask('POST', path, body=b'{}').body, b'pong')

    def test_nothing_is_done_for_who_has_none(self):
        """No body is awaited, no extractor asked."""
        fixture.standin.reset()
        link = fixture.post()
        with Connection(self.server.address) as connection:
            connection.send(request_bytes('POST', DOWNLOAD, fields=[('Content-Type', 'application/json'),
                                                                    ('Content-Length', '50')]))
            self.assertEqual(connection.read_answer('POST').status, 401)
        done = curl('--header', 'Expect: 100-continue', '--data', json.dumps(order(link)),
                    f'http://127.0.0.1:{self.server.port}{DOWNLOAD}')
        self.assertEqual(done.head.status, 401)
        self.assertEqual(fixture.requests(), [])

    def test_the_log_tells_names_and_no_secrets(self):
        self.assert_known(basic('someone', 'bots-secret'))
        self.assert_unknown(bearer('a-wrong-guess'))
        self.server.wait_for_log(r'POST /api/v3/download status=200 .* key=bot post=')
        self.server.wait_for_log(r'POST /api/v3/download status=401 ')
        self.assertNotRegex(self.server.log, 'secret|guess|someone')


class KeysFile(AccessTest):

    def reload(self, expected):
        begun = len(re.findall(expected, self.server.log))
        self.server.send_signal(signal.SIGHUP)
        self.server.wait_for_log(expected, count=begun + 1)

    def test_is_read_again_on_sighup(self):
        self.start()
        self.assert_unknown(bearer('new-secret'))
        self.write_keys({'keys': [{'name': 'new', 'key': 'new-secret'}]})
        self.reload('1 API keys of .* are in force')
        self.assert_known(bearer('new-secret'))
        self.assert_unknown(bearer('bots-secret'))

    def test_a_bad_one_leaves_the_old_keys_in_force(self):
        self.start()
        for bad, problem in (('{"keys":[\n{"name":"bot","secret":"x"}]}', 'line 2: a key has no field "secret"'),
                             ('', 'line 1: is not JSON')):
            self.write_keys(bad)
            self.reload(f'{problem}.*; the keys of before stay in force')
            self.assert_known(bearer('bots-secret'))
        self.keys_file.unlink()
        self.reload('cannot be read: No such file or directory; the keys of before stay in force')
        self.assert_known(bearer('bots-secret'))
        self.write_keys({'keys': []})
        self.reload('0 API keys of .* are in force')
        self.assert_unknown(bearer('bots-secret'))

    def test_with_a_bad_one_the_server_does_not_start(self):
        self.write_keys('{"keys":[\n{"name":"bot"}]}')
        for words in ((), ('--check-config',)):
            done = run_binary(*words, '--api-keys-file', str(self.keys_file), '--port', '0')
            self.assertEqual(done.returncode, 2)
            self.assertEqual(done.stderr, f'api_keys_file: {self.keys_file} line 2: the key bot must have one of key '
                                          'and key_sha256\n')

    def test_without_one_the_server_says_so_once(self):
        with fixture.new_server() as server:
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))
            self.assertEqual(server.log.count('there is no api_keys_file'), 1)
            server.send_signal(signal.SIGHUP)
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))

    def test_entries_are_made_by_the_server(self):
        entry = json.loads(run_binary('--generate-key', 'new.bot').stdout)
        self.assertEqual(entry['name'], 'new.bot')
        self.assertGreaterEqual(len(entry['key']), 32)
        self.write_keys({'keys': [entry]})
        self.start()
        self.assert_known(bearer(entry['key']))
        wrong = run_binary('--generate-key', 'new bot')
        self.assertEqual((wrong.returncode, wrong.stdout), (2, ''))
        self.assertIn('generate-key', wrong.stderr)


class Limits(AccessTest):

    def rate(self, answer):
        return tuple(int(answer.head.get(f'RateLimit-{name}')) for name in ('Limit', 'Remaining', 'Reset'))

    def assert_too_many(self, answer):
        self.assertEqual((answer.status, answer.json), (429, {'detail': 'Too Many Requests'}))
        self.assertRegex(answer.head.get('Retry-After') or '', r'^[1-9][0-9]*$')

    def test_by_address_without_keys(self):
        link = fixture.post()
        with fixture.new_server(rate_limit_per_min=2) as server:
            answers = [self.ask(link=link, server=server) for _ in range(3)]
            self.assertEqual([answer.status for answer in answers], [200, 200, 429])
            self.assertEqual([self.rate(answer)[:2] for answer in answers], [(2, 1), (2, 0), (2, 0)])
            self.assert_too_many(answers[2])
            self.assertLessEqual(int(answers[2].head.get('Retry-After')), 30)
            self.assertLessEqual(self.rate(answers[2])[2], 60)
            with Connection(server.address) as connection:
                self.assertEqual(connection.ask('GET', '/ping').status, 200, 'pings are not counted')

    def test_by_key(self):
        self.start(rate_limit_per_min=2)
        link = fixture.post()
        for field, expected in ((bearer('abc'), [200, 200, 429]), (bearer('bots-secret'), [200, 200, 200])):
            self.assertEqual([self.ask(field, link=link).status for _ in range(3)], expected)
        self.assertIsNone(self.ask(bearer('bots-secret'), link=link).head.get('RateLimit-Limit'), 'has none')

    def test_guessing_keys_is_limited(self):
        self.start(rate_limit_per_min=2)
        self.assertEqual([self.ask(bearer('guess')).status for _ in range(3)], [401, 401, 429])
        self.assert_known(bearer('abc'))

    def test_what_proxies_say_counts_if_they_are_trusted(self):
        link = fixture.post()
        claims = ['192.0.2.1', '192.0.2.2', '198.51.100.7, 192.0.2.1']
        for trusted, expected in (('', [200, 429, 429]), ('10.0.0.0/8', [200, 429, 429]),
                                  ('127.0.0.0/8', [200, 200, 429])):
            with fixture.new_server(rate_limit_per_min=1, trusted_proxies=trusted) as server:
                statuses = [self.ask(('X-Forwarded-For', claim), link=link, server=server).status for claim in claims]
                self.assertEqual(statuses, expected, trusted)
                server.wait_for_log('client=192.0.2.1 ' if trusted.startswith('127') else 'client=127.0.0.1 ')

    def test_deliveries_at_a_time(self):
        with fixture.new_server(max_deliveries_per_client=2, trusted_proxies='127.0.0.1') as server:
            link = fixture.gated_video()
            with StrictDownload(server.address, link) as one, StrictDownload(server.address, link) as two:
                one.read_head()
                two.read_head()
                self.assert_too_many(self.ask(server=server))
                self.assertEqual(self.ask(('X-Forwarded-For', '192.0.2.1'), server=server).status, 200, 'another one')
                one.connection.close()
                until(lambda: self.ask(server=server).status == 200, 'there is room again')
                two.connection.close()

    def test_whoever_was_refused_holds_no_delivery(self):
        with fixture.new_server(max_deliveries_per_client=1) as server:
            for _ in range(5):
                refused = self.enterContext(Connection(server.address))
                too_large = [('Content-Type', 'application/json'), ('Content-Length', '1000000')]
                self.assertEqual(refused.ask('POST', DOWNLOAD, fields=too_large).status, 413)
