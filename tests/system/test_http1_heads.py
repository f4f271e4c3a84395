"""RFC 9112 and RFC 9110: heads that are no requests are refused, and nothing behind them is answered."""

from .deadlines import PROMPT_S
from .fixture import Fixture
from .http1_case import HOST, PING, SMUGGLED, Http1Case, head, with_chunks, with_length
from .wire import Connection

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop

GET = b'GET ' + PING + b' HTTP/1.1\r\n'


def get(*fields):
    return head(GET[:-2], *fields)


class HeadCase(Http1Case):
    @property
    def address(self):
        return fixture.server.address


class Lines(HeadCase):
    """Sections 2.2, 3 and 5."""

    def test_line_ends(self):
        for raw in (GET.replace(b'\r\n', b'\n') + HOST + b'\r\n', GET + HOST.replace(b'\r\n', b'\n') + b'\r\n',
                    GET + HOST + b'\n', GET.replace(b'\r\n', b'\r') + HOST + b'\r\n', GET + HOST + b'\rX: y\r\n\r\n',
                    get(b'X: a\rb'), get(b'X: a\nb'), get(b'X: a\r\r'), b'\n' + get(), b'\r' + get()):
            self.assert_refused(raw)

    def test_a_refusal_does_not_wait_for_the_rest(self):
        for raw in (b'GET / HTTP/1.1\n', b'GET / HTTP/1.1\rH', b'\x16\x03\x01\x02', b'GET /\r\n', GET + b' x',
                    GET + HOST + b'X\0', GET + b'Content-Length: x\r\n', with_chunks(b'x'), with_chunks(b'1\r\nab')):
            raw += b'\r\n' if raw.endswith(b' x') else b''
            with self.subTest(raw), Connection(fixture.server.address, timeout=PROMPT_S) as connection:
                connection.send(raw)
                self.assert_refused_at(connection, 400)

    def test_request_lines(self):
        for line in (b'GET', b'GET /', b'GET  / HTTP/1.1', b'GET /  HTTP/1.1', b'GET\t/\tHTTP/1.1', b'GET / HTTP/1.1 ',
                     b' GET / HTTP/1.1', b'G@T / HTTP/1.1', b'GET / HTTP/1', b'GET / HTTP/1.01', b'GET / HTTP/1.1x',
                     b'GET / Http/1.1', b'GET / HTTP/ 1.1', b'GET / HTTPS/1.1', b'GET / HTTP/2.0', b'GET / HTTP/0.9',
                     b'PRI * HTTP/2.0', b'SSH-2.0-client', b'HTTP/1.1 200 OK'):
            self.assert_refused(head(line))

    def test_fields(self):
        for field in (b'X', b': a', b'X : a', b'X\t: a', b'X Y: a', b'X(): a', b'X\xc3\xa9: a', b' X: a', b'X: a\r\n b',
                      b'X: a\r\n\tb', b'X:\r\n a', b'X: \0', b'X: \x01', b'X: \x7f', b'X: a\x0bb', b'Connection: a b',
                      b'Content-Type: a\r\nContent-Type: b'):
            self.assert_refused(get(field))

    def test_an_empty_line_before_a_request_is_ignored(self):
        self.assert_pong(b'\r\n' + get())
        self.assert_pong(with_length(b'{}') + b'\r\n' + get(), count=2)
        self.assert_refused(b'\r\n\r\n' + get())

    def test_what_is_allowed(self):
        for raw in (get(b'X:'), get(b'X:a'), get(b'X: \t a \t '), get(b'X: \x80\xff'), get(b'connection: a,, b ,'),
                    GET.replace(b'1.1', b'1.2') + HOST + b'\r\n', GET + b'hOST:a\r\n\r\n', get(b"!#$%&'*+-.^_`|~1a: b"),
                    get(b'Upgrade: h2c', b'Connection: Upgrade, HTTP2-Settings', b'HTTP2-Settings: AAMAAABkAAQAAP__')):
            self.assert_pong(raw)

    def test_an_end_within_a_head(self):
        for raw in (get()[:-1], get()[:-2], get()[:20], b'G', b'\r\nG'):
            with self.subTest(raw):
                connection = self.connect()
                connection.send(raw)
                connection.finish_sending()
                self.assert_refused_at(connection, 400)
        for raw in (b'', b'\r', b'\r\n'):
            with self.subTest(raw):
                connection = self.connect()
                connection.send(raw)
                connection.finish_sending()
                self.assertEqual(connection.drain(), b'')

    def test_head_gets_no_body_with_its_refusal(self):
        self.assert_refused(b'HEAD / HTTP/1.1\r\n\r\n', method='HEAD')
        self.assert_refused(head(b'HEAD / HTTP/1.1', b'X Y: a'), method='HEAD')


class Targets(HeadCase):
    """Section 3.2."""

    def test_targets_that_are_none(self):
        for target in (b'ping', b'?a', b'/a#b', b'/%', b'/%1', b'/%zz', b'/a\\b', b'/\xc3\xa9', b'/a|b', b'/?a=[1]',
                       b'*', b'a:80', b'http:/a', b'http:///a', b'http://u@a/', b'http://a/#b', b'ftp://a/ping',
                       b'//a:b@c d'):
            self.assert_refused(head(b'GET ' + target + b' HTTP/1.1'))
        for target in (b'a', b'a:', b'/ping', b'http://a:80/', b'*', b'a:x', b'u@a:80'):
            self.assert_refused(head(b'CONNECT ' + target + b' HTTP/1.1'))

    def test_the_absolute_form_tells_the_host(self):
        for host in (b'a', b'b:1', b''):
            self.assert_pong(b'GET http://a:4347' + PING + b' HTTP/1.1\r\nHost: ' + host + b'\r\n\r\n')
        self.assert_refused(b'GET http://a' + PING + b' HTTP/1.1\r\n\r\n')
        self.assert_refused(b'GET http://a' + PING + b' HTTP/1.1\r\nHost: a b\r\n\r\n')

    def test_what_is_asked_of_the_server(self):
        connection = self.connect()
        connection.send(head(b'OPTIONS * HTTP/1.1') + head(b'CONNECT a:80 HTTP/1.1') + get())
        for status in (200, 405):
            answer = connection.read_answer()
            self.assertEqual((answer.status, answer.head.get('Allow')), (status, 'GET, HEAD, OPTIONS, POST'))
        self.assertEqual(connection.read_answer().body, b'pong')

    def test_hosts(self):
        for value in (b'', b' ', b'a b', b'a, b', b'a,b', b'u@a', b'u:p@a', b'a/b', b'http://a', b'a:b', b'a:1:2',
                      b':80', b'[::1', b'::1', b'[g]', b'a?b', b'a#b', b'a\\b', b'%zz', b'a\xe4'):
            self.assert_refused(GET + b'Host: ' + value + b'\r\n\r\n')
        for fields in (b'', HOST + HOST, HOST + b'X: a\r\nhost: b\r\n', b'X-Host: a\r\n'):
            self.assert_refused(GET + fields + b'\r\n')
        for value in (b'a', b'A.b-c_d.', b'a:', b'a:80', b'127.0.0.1:4347', b'[::1]', b'[::1]:80', b'a%20b'):
            self.assert_pong(GET + b'Host:' + value + b' \r\n\r\n')


class Limits(HeadCase):
    """The limits that the RFCs leave to a server, and their statuses."""

    def test_statuses(self):
        filling = b'a' * 20_000
        self.assert_refused(head(b'GET /' + filling + b' HTTP/1.1'), 414)
        self.assert_refused(head(b'GET http://a/' + filling + b' HTTP/1.1'), 414)
        self.assert_refused(head(filling + b' / HTTP/1.1'), 400)
        self.assert_refused(get(b'X: ' + filling), 431)
        self.assert_refused(get(filling + b': a'), 431)
        self.assert_refused(get(*[b'X: a'] * 128), 431)
        self.assert_pong(get(*[b'X: a'] * 127))
        self.assert_refused(get(b'Expect: 200-ok'), 417)

    def test_a_target_of_8000_bytes_is_fine(self):
        """Section 3."""
        self.assert_pong(head(b'GET ' + PING + b'?' + b'a' * 8000 + b' HTTP/1.1'))


class Pieces(HeadCase):
    """A request means the same however its bytes arrive."""

    def test_every_split(self):
        requests = [get(b'X: a'), b'\r\n' + get(), with_length(b'{"a": 1}'),
                    with_chunks(b'3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n'),
                    get(b'X : a'), get(b'X: a', b' b'), GET + b'\r\n',
                    get(b'Content-Length: 1', b'Content-Length: 1'), with_chunks(b'3\r\nabcd\r\n'),
                    with_chunks(b'0\r\nHost: a\r\n\r\n')]
        for request in requests:
            expected = self.statuses(request, len(request))
            self.assertEqual(expected[0] == 200, request in requests[:4], request)
            for size in range(1, len(request)):
                self.assertEqual(self.statuses(request, size), expected, (request, size))

    def statuses(self, request, size):
        """What the request, cut after `size` bytes, and one more behind it are answered with."""
        with Connection(fixture.server.address) as connection:
            connection.send(request[:size])
            connection.send(request[size:] + SMUGGLED)
            connection.finish_sending()
            statuses = []
            while not connection.is_at_end():
                statuses.append(connection.read_answer().status)
            return statuses
