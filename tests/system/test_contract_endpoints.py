"""contract.md, "Endpoints": the ping, unknown paths and methods, and the settings of the path."""

import unittest

from .clients import DOWNLOAD, curl, pyttsave_ping
from .expectations import assert_delivered
from .fixture import Fixture
from .wire import Connection, chunked, json_request, request_bytes

PING = '/api/v3/ping'

fixture = Fixture(web_ui='false')  # to which / and /docs are paths like any other; test_pages.py has them
setUpModule, tearDownModule = fixture.start, fixture.stop


class EndpointTest(unittest.TestCase):
    """Asks on one connection, which stays open."""

    def setUp(self):
        self.connection = Connection(fixture.server.address)
        self.addCleanup(self.connection.close)

    def ask(self, *arguments, **options):
        return self.connection.ask(*arguments, **options)

    def assert_pong(self, answer, method='GET'):
        self.assertEqual((answer.status, answer.head.media_type), (200, 'text/plain'))
        self.assertEqual(answer.body, b'' if method == 'HEAD' else b'pong')
        self.assertEqual(answer.head.get('Content-Length'), '4')

    def assert_not_found(self, answer):
        self.assertEqual((answer.status, answer.json), (404, {'detail': 'Not Found'}))


class Ping(EndpointTest):
    """`POST`, `GET` and `HEAD` on `{base}/ping` and `/ping`."""

    def test_every_form(self):
        for target in (PING, '/ping', PING + '?x=1', '/ping?', 'http://any.example:1234/ping',
                       'HTTP://a/api/v3/ping?x'):
            for method in ('GET', 'POST', 'HEAD'):
                with self.subTest(method=method, target=target):
                    self.assert_pong(self.ask(method, target), method)

    def test_the_body_is_read_to_its_end_and_ignored(self):
        for body in (b'', b'{}', b'{malformed', b'\xff\x00', b'x' * 60_000):
            for fields in ([], [('Content-Type', 'application/json')], [('Content-Type', 'text/plain')]):
                for method in ('POST', 'GET'):
                    with self.subTest(method=method, body=body[:10], fields=fields):
                        self.assert_pong(self.ask(method, PING, body=body, fields=fields))
        head = request_bytes('POST', PING, fields=[('Transfer-Encoding', 'chunked')])
        self.connection.send(head + chunked(b'{"a": 1}' * 5000))
        self.assert_pong(self.connection.read_answer('POST'))

    def test_the_clients_that_exist(self):
        self.assertTrue(pyttsave_ping(fixture.server.base_url))
        for words in ([], ['--data', '{}'], ['--http1.0'], ['--http2']):
            with self.subTest(words=words):
                done = curl(*words, fixture.server.base_url + 'ping')
                self.assertEqual((done.status, done.head.status, done.body), (0, 200, b'pong'))


class Elsewhere(EndpointTest):
    """404 and 405."""

    def test_other_paths(self):
        for target in ('/', '/api', '/api/v3', '/api/v3/', PING + '/', '/pin', '/pingg', '/PING', '/api/v3/Download',
                       '/download', '/api/v2/ping', '//ping', '/./ping', '/api/v3/../v3/ping', '/%00',
                       '/api/v3/download/x', '/?/ping', '/' + 'a' * 5000, 'http://host.example/', '/favicon.ico'):
            for method in ('GET', 'POST', 'DELETE'):
                with self.subTest(method=method, target=target[:40]):
                    self.assert_not_found(self.ask(method, target, body=b'{}' if method == 'POST' else None))

    def test_head_of_an_unknown_path_has_no_body(self):
        answer = self.ask('HEAD', '/nothing')
        self.assertEqual((answer.status, answer.head.media_type, answer.body), (404, 'application/json', b''))
        self.assert_pong(self.ask('GET', PING))

    def test_wrong_methods(self):
        for target, allowed in ((DOWNLOAD, {'POST'}), (PING, {'GET', 'HEAD', 'POST'}),
                                ('/ping', {'GET', 'HEAD', 'POST'})):
            methods = {'GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'FOO', 'post'}
            for method in methods - allowed:
                with self.subTest(method=method, target=target):
                    answer = self.ask(method, target, body=b'{}' if method in ('PUT', 'PATCH') else None)
                    self.assertEqual(answer.status, 405)
                    offered = answer.head.get('Allow') or ''
                    self.assertEqual(set(offered.replace(' ', '').split(',')), allowed)
                    if method != 'HEAD':
                        self.assertEqual(answer.json, {'detail': 'Method Not Allowed'})

    def test_a_wrong_method_leaves_the_download_alone(self):
        fixture.standin.reset()
        self.assertEqual(self.ask('PUT', DOWNLOAD, body=b'{"url": 1}').status, 405)
        self.assertEqual(fixture.requests(), [])


class BasePath(unittest.TestCase):
    """The base path is a setting; /ping stays where it is."""

    def test_another_base_path(self):
        with fixture.new_server(base_path='/media/api') as server:
            with Connection(server.address) as connection:
                for target, status in (('/media/api/ping', 200), ('/ping', 200), (PING, 404), ('/media/ping', 404),
                                       ('/media/api', 404)):
                    with self.subTest(target):
                        self.assertEqual(connection.ask('GET', target).status, status)
                connection.send(json_request(DOWNLOAD, {}))
                self.assertEqual(connection.read_answer('POST').status, 404)
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'), target='/media/api/download')
