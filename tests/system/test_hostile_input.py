"""Issue 2, "done when": whatever arrives on the port, never a 5xx, a hang or a crash."""

import json
import random
import re
import unittest

from . import json_oracle
from .clients import DOWNLOAD, order
from .expectations import assert_delivered
from .fixture import Fixture
from .wire import Connection, chunked, json_request, request_bytes

SEED = 20261123
FOREIGN = {'url': 'https://example.com/', 'content_type': 'ORIGINAL'}

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop

VALID = (
    request_bytes('GET', '/ping'),
    request_bytes('POST', '/api/v3/ping', body=b'{}', fields=[('Connection', 'keep-alive'), ('Accept', '*/*')]),
    json_request(DOWNLOAD, FOREIGN,
                 fields=[('User-Agent', 'python-requests/2.28.1'), ('Accept-Encoding', 'gzip, deflate')]),
    request_bytes('POST', DOWNLOAD,
                  fields=[('Transfer-Encoding', 'chunked'), ('Content-Type', 'application/json; charset=utf-8')])
    + chunked(json.dumps(FOREIGN).encode(), 11),
    json_request(DOWNLOAD, FOREIGN, fields=[('Expect', '100-continue')]),
    json_request(DOWNLOAD, FOREIGN, version='1.0') + request_bytes('GET', '/ping'),
    request_bytes('GET', '/ping') + request_bytes('GET', 'http://a:1/nothing?x=y') + json_request(DOWNLOAD, FOREIGN),
)
PIECES = (b'\r\n', b'\n', b'\r', b'\x00', b' ', b'\t', b':', b'\xff', b'\r\n\r\n', b'HTTP/1.1', b'chunked',
          b'0\r\n\r\n', b'ffffffffffffffff', b'-1', b'99999999999999999999', b'Content-Length: 5\r\n',
          b'Transfer-Encoding: chunked\r\n', b'Connection: close\r\n', b'Upgrade: h2c\r\n', b'A' * 9000, b'%00',
          b'../' * 20, b'\xe2\x80\xa8', b'"', b'\\', b'{', b'[' * 200)


class Hostile(unittest.TestCase):
    """One seed, one server, and a healthy download after each kind."""

    def setUp(self):
        self.chance = random.Random(SEED)

    def tearDown(self):
        self.assertEqual(fixture.requests('example'), [])
        assert_delivered(fixture.server.address, fixture.post(), fixture.media('small.mp4'))
        self.assertTrue(fixture.server.is_running)

    def throw(self, raw):
        """Sends bytes and closes this side; whatever comes back is HTTP, and no 5xx. Returns the statuses."""
        with Connection(fixture.server.address) as connection:
            try:
                connection.send(raw)
                connection.finish_sending()
            except (BrokenPipeError, ConnectionResetError, OSError):
                pass
            said = connection.drain()
        self.assertTrue(not said or said.startswith(b'HTTP/1.'), said[:100])
        statuses = [int(status) for status in re.findall(rb'(?:^|\n|\}|pong)HTTP/1\.[01] ([0-9]{3}) ', said)]
        self.assertFalse([status for status in statuses if status >= 500], (raw[:300], said[:300]))
        return statuses

    def test_random_bytes(self):
        for _ in range(1500):
            raw = self.chance.randbytes(self.chance.choice((1, 2, 7, 40, 300, 5000, 40_000)))
            self.assertNotIn(200, self.throw(raw))

    def test_random_text(self):
        letters = 'GETPOST /:.\r\n\t HTTP1.0aZ%?&=\x7fé'
        for _ in range(500):
            self.throw(''.join(self.chance.choices(letters, k=self.chance.randint(1, 400))).encode())

    def test_every_beginning_of_a_request(self):
        for request in VALID[1:5]:
            for length in range(0, len(request), 3):
                self.throw(request[:length])

    def test_mutated_requests(self):
        for _ in range(3000):
            raw = bytearray(self.chance.choice(VALID))
            for _ in range(self.chance.randint(1, 5)):
                at = self.chance.randrange(len(raw) + 1)
                match self.chance.randrange(4):
                    case 0:
                        raw[at:at + 1] = self.chance.randbytes(1)
                    case 1:
                        raw[at:at] = self.chance.choice(PIECES)
                    case 2:
                        del raw[at:at + self.chance.randint(1, 20)]
                    case _:
                        raw[at:at + 8] = self.chance.choice(PIECES)
            self.throw(bytes(raw))

    def test_malformed_documents(self):
        with Connection(fixture.server.address) as connection:
            for text in json_oracle.mutations(3000, SEED):
                connection.send(json_request(DOWNLOAD, text.encode()))
                self.assertEqual(connection.read_answer('POST').status, 422)

    def test_random_documents(self):
        with Connection(fixture.server.address) as connection:
            for _ in range(3000):
                body = json.dumps(self.random_value(4)).encode()
                if self.chance.random() < 0.3:
                    body = body.decode().encode('utf-8').replace(b'\\u', b'\\', 1)
                connection.send(json_request(DOWNLOAD, body))
                answer = connection.read_answer('POST')
                self.assertIn(answer.status, (400, 413, 422), body)

    def random_value(self, depth):
        kinds = ('text', 'number', 'word', 'list', 'object', 'order') if depth else ('text', 'number', 'word')
        match self.chance.choice(kinds):
            case 'text':
                return ''.join(self.chance.choices('"\\\n\x00Aé\u2028\U0001f600', k=self.chance.randint(0, 9)))
            case 'number':
                return self.chance.choice((0, -1, 1.5, 1e300, 2 ** 70, float('nan'), float('-inf')))
            case 'word':
                return self.chance.choice((True, False, None))
            case 'list':
                return [self.random_value(depth - 1) for _ in range(self.chance.randint(0, 4))]
            case 'object':
                return {f'k{number}': self.random_value(depth - 1) for number in range(self.chance.randint(0, 4))}
            case 'order':
                return {'url': self.random_value(depth - 1), 'content_type': self.random_value(depth - 1)}

    def test_links_that_almost_are(self):
        with Connection(fixture.server.address) as connection:
            fixture.standin.reset()
            for _ in range(3000):
                link = list('https://www.tiktok.com/@some.user/video/7312345678901234567')
                link[self.chance.choice((8, 9, 10, *range(12, 20)))] = self.chance.choice('\x00#/:?@\\A\u0430')
                connection.send(json_request(DOWNLOAD, order(''.join(link))))
                answer = connection.read_answer('POST')
                self.assertEqual(answer.status, 422, ''.join(link))
            self.assertEqual(fixture.standin.log(), [])

    def test_many_connections_that_say_nothing(self):
        before = fixture.at_rest()
        silent = []
        for number in range(500):
            connection = Connection(fixture.server.address)
            self.addCleanup(connection.close)
            if number % 2:
                connection.send(VALID[3][:number % len(VALID[3])])
            silent.append(connection)
        with Connection(fixture.server.address) as connection:
            self.assertEqual(connection.ask('GET', '/ping').status, 200)
        for connection in silent:
            connection.reset()
        self.assertLessEqual(fixture.at_rest().descriptors, before.descriptors)
