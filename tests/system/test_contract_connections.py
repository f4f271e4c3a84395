"""contract.md: HTTP/1.1 connections: keep-alive, pipelining, limits, HTTP/1.0, and what is not HTTP at all."""

import unittest

from .clients import DOWNLOAD, order
from .deadlines import PROMPT_S
from .fixture import Fixture
from .multipart import boundary_of, meta_of, parse_whole
from .wire import Connection, chunked, json_request, request_bytes

PING = '/api/v3/ping'
LIMIT = 64 * 1024

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


class ConnectionTest(unittest.TestCase):
    """Gives each test a connection of its own."""

    def setUp(self):
        self.connection = self.connect()

    def connect(self):
        connection = Connection(fixture.server.address)
        self.addCleanup(connection.close)
        return connection

    def assert_pong(self, connection):
        answer = connection.read_answer()
        self.assertEqual((answer.status, answer.body), (200, b'pong'))
        return answer

    def assert_refused(self, connection, *statuses):
        """An error that says what it is, as the last thing on its connection."""
        answer = connection.read_answer()
        self.assertIn(answer.status, statuses)
        self.assertIsInstance(answer.json['detail'], str)
        self.assertTrue(answer.head.closes)
        self.assertTrue(connection.is_at_end())


class KeepAlive(ConnectionTest):
    """Connections stay open as long as both sides want it."""

    def test_every_kind_of_answer_leaves_the_connection_open(self):
        link = fixture.post()
        for _ in range(3):
            for request, status in (
                    (request_bytes('GET', PING), 200),
                    (request_bytes('GET', '/nothing'), 404),
                    (request_bytes('PUT', PING, body=b'x'), 405),
                    (json_request(DOWNLOAD, b'{'), 422),
                    (json_request(DOWNLOAD, {}), 400),
                    (json_request(DOWNLOAD, order(link)), 200)):
                self.connection.send(request)
                answer = self.connection.read_answer('POST')
                self.assertEqual((answer.status, answer.head.closes), (status, False))

    def test_close_is_honoured(self):
        for request in (request_bytes('GET', PING, fields=[('Connection', 'close')]),
                        request_bytes('GET', '/nothing', fields=[('Connection', 'foo, Close')]),
                        json_request(DOWNLOAD, {}, fields=[('Connection', 'close')]),
                        json_request(DOWNLOAD, order(fixture.post()), fields=[('Connection', 'close')])):
            with self.subTest(request):
                connection = self.connect()
                connection.send(request)
                self.assertTrue(connection.read_answer('POST').head.closes)
                self.assertTrue(connection.is_at_end())

    def test_pipelined_requests_are_answered_in_order(self):
        link = fixture.post()
        self.connection.send(request_bytes('GET', PING) * 20 + json_request(DOWNLOAD, order(link))
                             + request_bytes('HEAD', PING) + json_request(DOWNLOAD, b'{') + request_bytes('GET', PING))
        for _ in range(20):
            self.assert_pong(self.connection)
        answer = self.connection.read_answer('POST')
        [part] = parse_whole(boundary_of(answer.head), answer.body)
        self.assertEqual(bytes(part.data), fixture.media('small.mp4'))
        self.assertEqual(self.connection.read_answer('HEAD').status, 200)
        self.assertEqual(self.connection.read_answer().status, 422)
        self.assert_pong(self.connection)

    def test_a_request_may_come_byte_by_byte(self):
        for byte in json_request(DOWNLOAD, {'url': 5}):
            self.connection.send(bytes([byte]))
        self.assertEqual(self.connection.read_answer().status, 422)

    def test_a_client_that_has_nothing_more_to_send_gets_its_answers(self):
        self.connection.send(request_bytes('GET', PING) * 2)
        self.connection.finish_sending()
        self.assert_pong(self.connection)
        self.assert_pong(self.connection)
        self.assertTrue(self.connection.is_at_end())


class Http10(ConnectionTest):
    """HTTP/1.0 clients get the same, without chunking, closed at the end."""

    def test_ping(self):
        self.connection.send(request_bytes('GET', PING, version='1.0'))
        self.assertTrue(self.assert_pong(self.connection).head.closes)
        self.assertTrue(self.connection.is_at_end())

    def test_download(self):
        self.connection.send(json_request(DOWNLOAD, order(fixture.post(desc='ten')), version='1.0'))
        answer = self.connection.read_answer('POST')
        self.assertEqual((answer.status, answer.head.get('Transfer-Encoding'), answer.head.closes), (200, None, True))
        self.assertEqual(meta_of(answer.head)['desc'], 'ten')
        [part] = parse_whole(boundary_of(answer.head), answer.body)
        self.assertEqual(bytes(part.data), fixture.media('small.mp4'))

    def test_errors(self):
        self.connection.send(json_request(DOWNLOAD, {}, version='1.0'))
        self.assertEqual(self.connection.read_answer('POST').json['code'], 'url.required')
        self.assertTrue(self.connection.is_at_end())


class Limits(ConnectionTest):
    """413, 431 and the interim 100."""

    @staticmethod
    def body_of(size):
        body = b'{"url": "https://example.com/", "content_type": "ORIGINAL"}'
        return body + b' ' * (size - len(body))

    def test_the_largest_body(self):
        self.connection.send(json_request(DOWNLOAD, self.body_of(LIMIT)))
        self.assertEqual(self.connection.read_answer().status, 422)
        head = request_bytes('POST', DOWNLOAD, fields=[('Transfer-Encoding', 'chunked')])
        self.connection.send(head + chunked(self.body_of(LIMIT)))
        self.assertEqual(self.connection.read_answer().status, 422)

    def test_a_larger_body(self):
        head = request_bytes('POST', DOWNLOAD, fields=[('Transfer-Encoding', 'chunked')])
        for request in (json_request(DOWNLOAD, self.body_of(LIMIT + 1)), json_request(DOWNLOAD, self.body_of(200_000)),
                        head + chunked(self.body_of(LIMIT + 1)), head + chunked(self.body_of(LIMIT + 1), 1 << 20)):
            connection = self.connect()
            connection.send(request)
            self.assert_refused(connection, 413)

    def test_an_announced_larger_body_is_not_waited_for(self):
        for length in (LIMIT + 1, 10 ** 12, 2 ** 63 - 1):
            connection = self.connect()
            connection.send(request_bytes('POST', DOWNLOAD, fields=[('Content-Length', str(length))]))
            self.assert_refused(connection, 413)
            connection = self.connect()
            fields = [('Content-Length', str(length)), ('Expect', '100-continue')]
            connection.send(request_bytes('POST', DOWNLOAD, fields=fields))
            self.assert_refused(connection, 413)

    def test_large_headers(self):
        for fields in ([('X', 'a' * 12_000)], [(f'X-{number}', 'a' * 80) for number in range(100)]):
            self.connection.send(request_bytes('GET', PING, fields=fields))
            self.assert_pong(self.connection)
        for fields in ([('X', 'a' * 17_000)], [(f'X-{number}', 'a' * 80) for number in range(250)],
                       [('a' * 17_000, 'x')]):
            connection = self.connect()
            connection.send(request_bytes('GET', PING, fields=fields))
            self.assert_refused(connection, 431)

    def test_a_header_without_end(self):
        self.connection.send(b'GET /ping HTTP/1.1\r\nHost: a\r\nX: ' + b'a' * 20_000)
        self.assert_refused(self.connection, 431)

    def test_a_target_without_end(self):
        self.connection.send(b'GET /' + b'a' * 20_000)
        self.assert_refused(self.connection, 400, 414, 431)

    def test_expect_100_continue(self):
        body = b'{"url": "", "content_type": "ORIGINAL"}'
        fields = [('Content-Length', str(len(body))), ('Expect', '100-continue')]
        for _ in range(2):
            self.connection.send(request_bytes('POST', DOWNLOAD, fields=fields))
            interim = self.connection.read_head()
            self.assertEqual((interim.status, interim.fields), (100, []))
            self.connection.send(body)
            self.assertEqual(self.connection.read_answer().json['code'], 'url.required')


class NotHttp(ConnectionTest):
    """400 with a `detail`, and the end of the connection."""

    def test_malformed_requests(self):
        for raw in (b'GARBAGE\r\n\r\n', b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + b'\x00' * 60 + b'\r\n\r\n',
                    b'GET\r\n\r\n', b'GET /ping\r\n\r\n', b'GET  /ping HTTP/1.1\r\nHost: a\r\n\r\n',
                    b'GET /ping HTTP/1.1 x\r\nHost: a\r\n\r\n', b'GET /pi ng HTTP/1.1\r\nHost: a\r\n\r\n',
                    b'GET /ping HTTP/one\r\nHost: a\r\n\r\n', b'GET /ping http/1.1\r\nHost: a\r\n\r\n',
                    b'GET /ping HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n',
                    b'GET /ping HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n',
                    b'GET /ping HTTP/1.1\r\nHost : a\r\n\r\n', b'GET /ping HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n',
                    b'POST /ping HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n',
                    b'POST /ping HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
                    b'POST /ping HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
                    b'POST /ping HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n'
                    b'0\r\n\r\n',
                    b'POST /ping HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n',
                    b'POST /ping HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc\r\n0\r\n\r\n'):
            with self.subTest(raw[:90]):
                connection = self.connect()
                connection.send(raw)
                self.assert_refused(connection, 400)

    def test_a_number_too_large_for_any_length(self):
        self.connection.send(request_bytes('POST', PING, fields=[('Content-Length', '9' * 30)]))
        self.assert_refused(self.connection, 400, 413)

    def test_versions_and_codings_that_are_not_ours(self):
        for raw in (b'GET /ping HTTP/3.0\r\nHost: a\r\n\r\n', b'GET /ping HTTP/0.9\r\nHost: a\r\n\r\n',
                    b'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
                    b'POST /ping HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n'):
            with self.subTest(raw):
                connection = self.connect()
                connection.send(raw)
                self.assert_refused(connection, 400)

    def test_host(self):
        """RFC 9112, section 3.2: exactly one, from HTTP/1.1 on."""
        for raw in (b'GET /ping HTTP/1.1\r\n\r\n', b'GET /ping HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'):
            with self.subTest(raw):
                connection = self.connect()
                connection.send(raw)
                self.assert_refused(connection, 400)
        self.connection.send(b'GET /ping HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
        self.assert_pong(self.connection)

    def test_a_half_request_is_not_kept_for_ever_by_a_closed_client(self):
        descriptors = fixture.at_rest().descriptors
        for raw in (b'', b'G', b'POST /api/v3/download HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{',
                    b'GET /ping HTTP/1.1\r\n'):
            with Connection(fixture.server.address, timeout=PROMPT_S) as connection:
                connection.send(raw)
                connection.finish_sending()
                connection.drain()
        self.connection.close()
        self.assertLess(fixture.at_rest().descriptors, descriptors)
