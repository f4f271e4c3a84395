"""What the tests of HTTP/1.1's rules share: requests written byte for byte, and what their answers have to be like."""

import unittest

from .wire import Connection

HOST = b'Host: a\r\n'
PING = b'/api/v3/ping'

# What must never be answered: it stands behind a request that is refused, or inside one's body.
SMUGGLED = b'GET /smuggled HTTP/1.1\r\n' + HOST + b'\r\n'


def head(line=b'POST ' + PING + b' HTTP/1.1', *fields):
    """A head with a Host."""
    return b''.join([line, b'\r\n', HOST, *(field + b'\r\n' for field in fields), b'\r\n'])


def with_length(body, target=PING):
    return head(b'POST ' + target + b' HTTP/1.1', b'Content-Length: %d' % len(body)) + body


def with_chunks(chunks):
    return head(b'POST ' + PING + b' HTTP/1.1', b'Transfer-Encoding: chunked') + chunks


class Http1Case(unittest.TestCase):
    """A test on connections to `address`, which a module's own class has to give."""

    def connect(self):
        connection = Connection(self.address)
        self.addCleanup(connection.close)
        return connection

    def assert_refused_at(self, connection, status, method='GET'):
        """The next answer says why in JSON, and is the last thing on its connection."""
        answer = connection.read_answer(method)
        self.assertEqual((answer.status, answer.head.closes), (status, True))
        if method != 'HEAD':
            self.assertIsInstance(answer.json['detail'], str)
        self.assertTrue(connection.is_at_end())
        connection.close()

    def assert_refused(self, raw, status=400, method='GET'):
        """Nothing of what comes behind the request is answered."""
        with self.subTest(raw[:200]):
            connection = self.connect()
            connection.send(raw + SMUGGLED)
            self.assert_refused_at(connection, status, method)

    def assert_pong(self, raw, count=1):
        """The request is answered, and what comes behind it is a request of its own."""
        with self.subTest(raw[:200]):
            connection = self.connect()
            connection.send(raw + SMUGGLED)
            for _ in range(count):
                answer = connection.read_answer()
                self.assertEqual((answer.status, answer.body), (200, b'pong'))
            self.assertEqual(connection.read_answer().status, 404)
            connection.close()
