"""RFC 9112, sections 6, 7 and 9.3: where a body ends is beyond doubt, or the connection ends there."""

from .clients import DOWNLOAD
from .fixture import Fixture
from .http1_case import HOST, PING, SMUGGLED, Http1Case, head, with_chunks, with_length

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop

POST = b'POST ' + PING + b' HTTP/1.1'
CHUNKED = b'Transfer-Encoding: chunked'


class BodyCase(Http1Case):
    @property
    def address(self):
        return fixture.server.address


class Framing(BodyCase):
    """Sections 6.1 to 6.3."""

    def test_lengths(self):
        for length in (b'', b'x', b'-1', b'+5', b'0x5', b'5,5', b'5, 5', b'5;', b'5 5', b'05', b'00', b'5.0', b'1e1',
                       b'18446744073709551616', b'\xb25', b'"5"'):
            self.assert_refused(head(POST, b'Content-Length: ' + length) + b'hello')
        for lengths in ((b'5', b'5'), (b'5', b'6'), (b'0', b'%d' % len(SMUGGLED))):
            fields = [b'Content-Length: ' + length for length in lengths]
            self.assert_refused(head(POST, *fields) + b'hello')
        self.assert_pong(head(POST, b'Content-Length:\t5 ') + b'hello')
        self.assert_pong(head(b'GET ' + PING + b' HTTP/1.1', b'Content-Length: 5') + b'hello')
        self.assert_pong(head(POST, b'Content_Length: 50'))

    def test_codings(self):
        for coding in (b'', b'gzip', b'identity', b'chunked, chunked', b'gzip, chunked', b'chunked, gzip',
                       b', chunked',
                       b'chunked,', b'xchunked', b'chunked;a=b', b'"chunked"', b'chunked\x0b', b'\xa0chunked',
                       b'chun\0ked'):
            self.assert_refused(head(POST, b'Transfer-Encoding: ' + coding) + b'0\r\n\r\n')
        for fields in ((CHUNKED, CHUNKED), (CHUNKED, b'Transfer-Encoding: identity'), (b'Transfer-Encoding: x',
                                                                                       CHUNKED)):
            self.assert_refused(head(POST, *fields) + b'0\r\n\r\n')
        self.assert_refused(POST.replace(b'1.1', b'1.0') + b'\r\n' + HOST + CHUNKED + b'\r\n\r\n0\r\n\r\n')
        self.assert_pong(head(POST, b'TRANSFER-encoding:\tCHUNKED ') + b'0\r\n\r\n')

    def test_both(self):
        for fields in ((CHUNKED, b'Content-Length: 5'), (b'Content-Length: 5', CHUNKED),
                       (b'Content-Length: 0', b'transfer-encoding:chunked')):
            self.assert_refused(head(POST, *fields) + b'0\r\n\r\n')
            self.assert_refused(head(POST.replace(b'1.1', b'1.0'), *fields) + b'0\r\n\r\n')

    def test_hidden_fields(self):
        """None of them may take effect, nor let what is in the body be seen as a request."""
        for field in (CHUNKED.replace(b':', b' :'), b' ' + CHUNKED, b'X: y\n' + CHUNKED, b'X: y\r' + CHUNKED,
                      b'Transfer-Encoding:\r\n chunked', b'Transfer-Encoding: chunked\r', b'\0' + CHUNKED,
                      CHUNKED.replace(b'-', b'\x96'), b'Transfer\x00-Encoding: chunked', b'X: y\r\n\t' + CHUNKED):
            self.assert_refused(head(POST, field, b'Content-Length: %d' % len(SMUGGLED)))

    def test_a_body_that_ends_too_early(self):
        for raw in (head(POST, b'Content-Length: 9') + b'short', with_chunks(b'5\r\nhel'), with_chunks(b'0\r\n'),
                    with_chunks(b''), with_chunks(b'0\r\nX: y\r\n')):
            with self.subTest(raw):
                connection = self.connect()
                connection.send(raw)
                connection.finish_sending()
                self.assert_refused_at(connection, 400)


class Chunks(BodyCase):
    """Section 7.1."""

    def test_sizes(self):
        for chunks in (b'\r\n', b' 5\r\nhello', b'5 \r\nhello', b'\t5\r\nhello', b'+5\r\nhello', b'-5\r\nhello',
                       b'0x5\r\nhello', b'5h\r\nhello', b'1_0\r\n', b'5.\r\nhello', b'10000000000000000\r\n',
                       b'fffffffffffffffff\r\n', b'00000000000000005\r\n', b';a\r\n', b'g\r\n'):
            self.assert_refused(with_chunks(chunks + b'\r\n0\r\n\r\n'))

    def test_line_ends(self):
        for chunks in (b'5\nhello\r\n0\r\n\r\n', b'5\rhello\r\n0\r\n\r\n', b'5\r\nhello\n0\r\n\r\n',
                       b'5\r\nhello0\r\n\r\n',
                       b'5\r\nhello!\r\n0\r\n\r\n', b'5\r\nhello\r0\r\n\r\n', b'5;a\nhello\r\n0\r\n\r\n',
                       b'5;a\rhello\r\n0\r\n\r\n', b'0\n\n', b'0\r\n\n', b'0\r\n\rX', b'0\r\nX: y\n\n'):
            self.assert_refused(with_chunks(chunks))

    def test_extensions(self):
        for extension in (b';', b';;a', b';=b', b';a=', b';a[', b';a=b c', b';a="b', b';a="b"c', b';\0', b';a=\x7f',
                          b' a', b';a ', b';' + b'a' * 17_000):
            self.assert_refused(with_chunks(b'5' + extension + b'\r\nhello\r\n0\r\n\r\n'))
        for extension in (b';a', b';a=b', b'; a = "b\\";\xff" ;c'):
            self.assert_pong(with_chunks(b'5' + extension + b'\r\nhello\r\n0' + extension + b'\r\n\r\n'))
        self.assert_refused(with_chunks((b'1;' + b'a' * 100 + b'\r\nx\r\n') * 200 + b'0\r\n\r\n'))

    def test_trailers(self):
        for trailer in (b'X', b': y', b'X : y', b'X: y\r\n z', b'X: \0', b'X\xe4: y', b'X: ' + b'a' * 17_000,
                        b'Content-Length: 5', b'Transfer-Encoding: chunked', b'host: b'):
            self.assert_refused(with_chunks(b'5\r\nhello\r\n0\r\n' + trailer + b'\r\n\r\n'))
        self.assert_pong(with_chunks(b'5\r\nhello\r\n0\r\nX-Sum: 1\r\nConnection: close\r\n\r\n'))

    def test_trailers_are_no_fields(self):
        """A content type that comes too late is none: the body is read as JSON."""
        chunks = b'2\r\n{}\r\n0\r\nContent-Type: text/plain\r\n\r\n'
        connection = self.connect()
        connection.send(head(b'POST ' + DOWNLOAD.encode() + b' HTTP/1.1', CHUNKED) + chunks)
        self.assertEqual(connection.read_answer().json['code'], 'url.required')

    def test_a_body_is_what_is_in_its_chunks(self):
        document = b'{"url": "", "content_type": "ORIGINAL"}'
        for size in range(1, len(document) + 1):
            pieces = [document[at:at + size] for at in range(0, len(document), size)]
            chunks = b''.join(b'%x\r\n%s\r\n' % (len(piece), piece) for piece in pieces)
            connection = self.connect()
            connection.send(head(b'POST ' + DOWNLOAD.encode() + b' HTTP/1.1',
                                 CHUNKED) + chunks + b'0\r\n\r\n' + SMUGGLED)
            self.assertEqual(connection.read_answer().json['code'], 'url.required')
            self.assertEqual(connection.read_answer().status, 404)
            connection.close()


class Pipelines(BodyCase):
    """Section 9.3.2."""

    def test_answers_come_in_order(self):
        connection = self.connect()
        connection.send(with_length(b'hello') + head(b'GET /nothing HTTP/1.1') + with_chunks(b'1\r\nx\r\n0\r\n\r\n')
                        + head(b'HEAD ' + PING + b' HTTP/1.1') + head(b'DELETE ' + PING + b' HTTP/1.1',
                                                                      b'Content-Length: 1')
                        + b'x' + with_length(b'{', DOWNLOAD.encode()) + head(b'GET ' + PING + b' HTTP/1.1'))
        for status, method in ((200, 'POST'), (404, 'GET'), (200, 'POST'), (200, 'HEAD'), (405, 'DELETE'), (422,
                                                                                                            'POST'),
                               (200, 'GET')):
            self.assertEqual(connection.read_answer(method).status, status)

    def test_nothing_behind_a_refusal_is_answered(self):
        for refused in (b'GET / HTTP/1.1\r\n\r\n', head(POST, CHUNKED, b'Content-Length: 1'),
                        head(POST, CHUNKED) + b'x\r\n'):
            connection = self.connect()
            connection.send(with_length(b'hello') + head(b'GET /nothing HTTP/1.1') + refused + SMUGGLED * 20)
            self.assertEqual(connection.read_answer().status, 200)
            self.assertEqual(connection.read_answer().status, 404)
            self.assert_refused_at(connection, 400)

    def test_a_request_in_a_body_is_no_request(self):
        chunks = b'%x\r\n%s\r\n0\r\n\r\n' % (len(SMUGGLED), SMUGGLED)
        self.assert_pong(with_length(SMUGGLED) + with_chunks(chunks), count=2)
        self.assert_pong(head(b'GET ' + PING + b' HTTP/1.1', b'Content-Length: %d' % len(SMUGGLED)) + SMUGGLED)


class Expectations(BodyCase):
    """RFC 9110, section 10.1.1."""

    EXPECT = b'Expect: 100-continue'

    def test_who_waits_is_told_to_go_on(self):
        for target in (PING, DOWNLOAD.encode()):
            for framing, body in ((b'Content-Length: 2', b'{}'), (CHUNKED, b'2\r\n{}\r\n0\r\n\r\n')):
                connection = self.connect()
                connection.send(head(b'POST ' + target + b' HTTP/1.1', framing, self.EXPECT.swapcase()))
                self.assertEqual(connection.read_head().status, 100)
                connection.send(body + SMUGGLED)
                self.assertEqual(connection.read_answer().status, 200 if target == PING else 400)
                self.assertEqual(connection.read_answer().status, 404)

    def test_nobody_else_is(self):
        for request in (head(POST, b'Content-Length: 5', self.EXPECT) + b'hello',
                        head(POST, CHUNKED, self.EXPECT) + b'1\r\nx\r\n0\r\n\r\n', head(POST, self.EXPECT),
                        head(b'GET ' + PING + b' HTTP/1.1', self.EXPECT), head(POST, b'Expect:')):
            self.assert_pong(request)

    def test_http_1_0_has_no_expectations(self):
        for value in (b'100-continue', b'anything'):
            connection = self.connect()
            fields = (b'Content-Length: 5', b'Expect: ' + value, b'Connection: keep-alive')
            connection.send(head(POST.replace(b'1.1', b'1.0'), *fields) + b'hello')
            self.assertEqual(connection.read_answer().body, b'pong')

    def test_an_answer_that_needs_no_body_does_not_ask_for_it(self):
        for target, status in ((b'/nothing', 404), (DOWNLOAD.encode(), 405)):
            connection = self.connect()
            connection.send(head(b'PUT ' + target + b' HTTP/1.1', b'Content-Length: 5', self.EXPECT))
            self.assert_refused_at(connection, status)

    def test_other_expectations(self):
        for value in (b'100', b'100-continue, 100-continue', b'100-continue;a', b'200-ok', b'"100-continue"'):
            self.assert_refused(head(POST, b'Content-Length: 5', b'Expect: ' + value) + b'hello', 417)
