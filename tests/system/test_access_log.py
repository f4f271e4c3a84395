"""Issue 7, line 2: one line a request, and the id that names it everywhere."""

import json
import re
import tempfile
import unittest
from pathlib import Path

from .clients import DOWNLOAD, StrictDownload, order
from .deadlines import until
from .fixture import Fixture, id_of
from .wire import Connection, json_request, request_bytes

fixture = Fixture(cache_ttl_s=3600, log_level='debug')
setUpModule, tearDownModule = fixture.start, fixture.stop

KEYS = {'keys': [{'name': 'bot', 'key': 'bots-secret'}]}


def ask(server, *fields, target='/ping'):
    with Connection(server.address) as connection:
        connection.send(request_bytes('GET', target, fields=fields))
        return connection.read_answer('GET')


def download(server, link, *fields):
    """Downloads to the end; returns the head of the answer."""
    with Connection(server.address) as connection:
        connection.send(json_request(DOWNLOAD, order(link), fields=fields))
        return connection.read_answer('POST').head


def json_lines(server):
    """The lines about requests."""
    return [line for line in map(json.loads, server.log.splitlines()) if line['message'] == 'request']


class TheLine(unittest.TestCase):

    def test_a_download_in_json(self):
        with tempfile.TemporaryDirectory() as directory:
            keys = Path(directory, 'keys.json')
            keys.write_text(json.dumps(KEYS))
            link, size = fixture.video(), len(fixture.media('small.mp4'))
            with fixture.new_server(log_format='json', api_keys_file=keys, cache_ttl_s=3600) as server:
                authorization = 'Authorization', 'Bearer bots-secret'
                ids = [download(server, link, authorization).get('X-Request-Id')]
                until(server.kept_entries, 'it is kept')
                ids.append(download(server, link, authorization).get('X-Request-Id'))
                until(lambda: len(json_lines(server)) == 2, 'both lines')
                for line, name, source in zip(json_lines(server), ids, ('tiktok', 'cache')):
                    self.assertEqual(
                        {key: line.pop(key) for key in ('level', 'request', 'client', 'method', 'path', 'status', 'key',
                                                        'post', 'source')},
                        {'level': 'info', 'request': name, 'client': '127.0.0.1', 'method': 'POST', 'path': DOWNLOAD,
                         'status': 200, 'key': 'bot', 'post': id_of(link), 'source': source})
                    self.assertGreater(line.pop('bytes'), size)
                    total, first = line.pop('ms'), line.pop('first_ms')
                    self.assertLessEqual(line.pop('resolve_ms', 0), first)
                    self.assertLessEqual(first, total)
                    self.assertEqual(line.keys(), {'time', 'message'})

    def test_the_same_in_text(self):
        link = fixture.video()
        name = download(fixture.server, link).get('X-Request-Id')
        fixture.server.wait_for_log(rf'info request={name} client=127.0.0.1 POST {DOWNLOAD} status=200 bytes=\d+ ms=\d+ '
                                    rf'first_ms=\d+ resolve_ms=\d+ post={id_of(link)} source=tiktok$')

    def test_why_it_failed(self):
        with fixture.new_server(log_format='json') as server:
            download(server, fixture.post(status_code=10222))
            until(lambda: json_lines(server), 'the line')
            [line] = json_lines(server)
            self.assertEqual((line['status'], line['code']), (400, 'post.private'))
            self.assertNotIn('source', line)

    def test_a_client_that_leaves(self):
        with fixture.new_server(log_format='json') as server:
            with StrictDownload(server.address, fixture.gated_video()) as running:
                running.read_head()
            until(lambda: json_lines(server), 'the line')
            [line] = json_lines(server)
            self.assertEqual((line['status'], line['cut_off'], line['code']), (200, True, 'client.left'))

    def test_a_path_cannot_pretend_to_be_more(self):
        with fixture.new_server(log_format='text') as text, fixture.new_server(log_format='json') as structured:
            for server in (text, structured):
                ask(server, target='/a%20status=200%22%FF')
            text.wait_for_log(r'GET "/a status=200\\"[^"]+" status=404')
            until(lambda: json_lines(structured), 'the line')
            self.assertEqual(json_lines(structured)[0]['path'], '/a status=200"\ufffd')


class TheId(unittest.TestCase):

    def test_one_is_made(self):
        names = {ask(fixture.server).head.get('X-Request-Id') for _ in range(3)}
        self.assertEqual(len(names), 3)
        for name in names:
            self.assertRegex(name, r'^[0-9a-f]{12}$')
            fixture.server.wait_for_log(f'request={name} ')

    def test_a_sane_one_is_taken(self):
        for name in ('a', '7f3c1b1e-0b5a-4b0e-9d59-bb5b2d3f3d0c', 'Root_1.x', 'x' * 64):
            self.assertEqual(ask(fixture.server, ('x-request-id', name)).head.get('X-Request-Id'), name)
            fixture.server.wait_for_log(f'request={re.escape(name)} ')

    def test_any_other_is_not(self):
        for name in ('', 'a b', 'a"', 'x' * 65, 'a;b', 'a=b', 'é'):
            answer = ask(fixture.server, ('X-Request-Id', name))
            self.assertRegex(answer.head.get('X-Request-Id'), r'^[0-9a-f]{12}$', name)

    def test_every_answer_has_it(self):
        for method, target in (('GET', '/nowhere'), ('DELETE', '/ping'), ('GET', '/metrics'), ('GET', '/readyz')):
            with Connection(fixture.server.address) as connection:
                connection.send(request_bytes(method, target, fields=[('X-Request-Id', 'mine')]))
                self.assertEqual(connection.read_answer(method).head.get('X-Request-Id'), 'mine', target)
        with Connection(fixture.server.address) as connection:
            connection.send(b'nonsense\r\n\r\n')
            self.assertRegex(connection.read_answer('GET').head.get('X-Request-Id'), r'^[0-9a-f]{12}$')


class Secrets(unittest.TestCase):

    def test_no_log_holds_any(self):
        """Neither a key, nor a cookie, nor what signs a URL, at any level."""
        with tempfile.TemporaryDirectory() as directory:
            keys, cookies = Path(directory, 'keys.json'), Path(directory, 'cookies.txt')
            keys.write_text(json.dumps(KEYS))
            cookies.write_text('# Netscape HTTP Cookie File\n.tiktok.com\tTRUE\t/\tTRUE\t2147483647\tsessionid\tcookies-secret\n')
            with fixture.new_server(api_keys_file=keys, cookies_file=cookies, log_level='trace') as server:
                for link in (fixture.video(), fixture.video(behaviour='http:403'), fixture.video(behaviour='reset:1000')):
                    download(server, link, ('Authorization', 'Bearer bots-secret'))
                    download(server, link, ('Authorization', 'Bearer wrong-secret'))
                ask(server, ('Authorization', 'Bearer bots-secret'), target='/ping?key=query-secret')
                server.stop()
                for secret in ('bots-secret', 'wrong-secret', 'query-secret', 'cookies-secret', 'tt_chain_token',
                               'mime_type=', 'signature='):
                    self.assertNotIn(secret, server.log)


class WhoReadsTheLog(unittest.TestCase):

    def test_one_that_reads_nothing_holds_nobody_up(self):
        """The log's pipe is full and nobody empties it: requests are answered all the same."""
        with fixture.new_server(log_level='debug') as server:
            with server.unread_log(), Connection(server.address) as connection:
                for _ in range(6000):
                    self.assertEqual(connection.ask('GET', '/ping').body, b'pong')
                lost = self.lost_lines(server)
            self.assertGreater(lost, 0)
            server.wait_for_log('GET /metrics')

    @staticmethod
    def lost_lines(server):
        text = ask(server, target='/metrics').body.decode()
        return float(re.search(r'(?m)^ttsave_log_lines_lost_total (\S+)$', text)[1])


class AcrossRequests(unittest.TestCase):

    def test_the_extractor_is_told_the_id(self):
        """Its log names the request for which it works."""
        link = fixture.post(page={'behaviour': 'garbage'})
        name = 'the-request-that-asked'
        download(fixture.server, link, ('X-Request-Id', name))
        fixture.server.wait_for_log(rf'extractor 0: DEBUG request={name} ')
        fixture.server.wait_for_log(rf'request={name} post={id_of(link)} code=tiktok.blocked extractor=0')
