"""Bodies at the edge of JSON, and values as people and attackers think of them: never a 5xx, never another request."""

import json

from .clients import DOWNLOAD
from .fixture import Fixture
from .http1_case import Http1Case
from .wire import json_request, request_bytes

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop

# Each is one document, or none.
DOCUMENTS = (
    b'', b' ', b'\x00', b'\xef\xbb\xbf{}', b'\xff\xfe{\x00}\x00', b'\xfe\xff\x00{\x00}', b'{', b'}', b'[', b']',
    b'{}}', b'{},', b'{}{}', b'[]', b'[1,]', b'[,1]', b'[1 2]', b'{"a"}', b'{"a":}', b'{"a":1,}', b'{,"a":1}',
    b'{a:1}', b"{'a':1}", b'{"a" 1}', b'{"a"::1}', b'{1:1}', b'null', b'true', b'True', b'nul', b'NaN',
    b'-Infinity', b'1', b'-', b'-0', b'01', b'1.', b'.1', b'1e', b'1e+', b'1e999999999', b'-1e-999999999', b'0x1',
    b'1' * 4000, b'1.' + b'1' * 4000, b'"', b'"a', b'"\\"', b'"\\x41"', b'"\\u12"', b'"\\ud800"',
    b'"\\ud800\\u0041"', b'"\\udc00\\ud800"', b'"\t"', b'"\n"', b'"\x7f"', b'"\xc3"', b'"\xed\xa0\x80"',
    b'"\xf4\x90\x80\x80"', b'"\xc0\x80"', b'"\xf8\x88\x80\x80\x80"', b'[' * 60_000, b'{"a":' * 10_000,
    b'[' * 5000 + b']' * 5000, b'{"a":1}//', b'/**/{}', b'#\n{}', b'{"":0}', b'{"a":1,"a":2}',
    b'{"url":1,"url":[]}', b'{"\\u0075rl":{}}', b'{"url\\u0000":1}', b'{} \r\n\t', b'\x0b{}', b'\xc2\xa0{}',
    b'\xe2\x80\xa8{}', b'{"url":"a"}\x00', b'GET / HTTP/1.1\r\n\r\n', b'0\r\n\r\n', b'<a/>',
    b'url=a&content_type=ORIGINAL',
)

VALUES = (
    '', ' ', '\t', '\n', '\x00', '\x00\x00', '\x07\x1b[31m', '\x7f', '\x85', '\ufeff', '\u200b', '\u2028\u2029',
    '\u202eltr', '\ufffe', '\uffff', '\U0010ffff', 'undefined', 'null', 'None', 'true', 'NaN', '-1', '0', '1/0',
    '1e309', '0x0', '٣', '½', 'ＯＲＩＧＩＮＡＬ', 'original', 'ORIGINAL\x00', 'ORIGINAL ', 'ORIGINAL\r\nX: y', 'ORİGİNAL',
    'Ω≈ç√∫', '田中さん', '\u05e6\u05d4\u05dc', '\u05d0\u05d1\u200e\u05d0\u05d1', 'a\u0300' * 300,
    'Z\u0334\u0321\u031ba\u0335l\u0337g\u0338o\u0336', '\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466',
    '\U0001f3f3\ufe0f\u200d\U0001f308', '\U0001f1fa\U0001f1f8\U0001f1f7\U0001f1fa', '\ufdfa' * 100, 'a' * 20_000,
    '%' * 1000, '%s%n%x', '%00', '${7*7}', '{{7*7}}', '<script>alert(1)</script>', '"><img src=x onerror=y>',
    "' OR 1=1 --", '"; DROP TABLE posts; --', '`id`', '$(id)', '| id', '&& id', '; id', '--version', '-rf /',
    '../../../../etc/passwd', '..\\..\\x', '/dev/null', 'C:\\con', 'COM1', 'file:///etc/passwd',
    'javascript:alert(1)', 'data:text/html,x', 'gopher://a/', 'ldap://a/', 'http://', 'https://', '://', '//',
    'http:///', 'http://a', 'http://a b', 'http://[', 'http://[::1]', 'http://[::1]:4347/ping', 'http://127.0.0.1',
    'http://127.1', 'http://2130706433', 'http://0x7f.1', 'http://localhost', 'http://169.254.169.254/latest',
    'http://a:99999/', 'http://a:-1/', 'http://u:p@a/', 'https://www.tiktok.com', 'https://www.tiktok.com/',
    'https://www.tiktok.com/@', 'https://www.tiktok.com/@a/video/', 'https://www.tiktok.com/@a/video/x',
    'https://www.tiktok.com.evil.example/@a/video/1', 'https://www.tiktok.com@evil.example/@a/video/1',
    'https://evil.example/https://www.tiktok.com/@a/video/', 'https://www.tiktok.com\x00.evil.example/@a/video/1',
    'https://www.tiktok.com:25/@a/video/1', 'https://www.tiktok.com\\@evil.example/',
    'https://www。tiktok。com.evil/@a/video/1', 'https://www.tiktok.com/@a/video/' + '9' * 5000,
    'HTTPS://WWW.TIKTOK.COM/', 'ftp://www.tiktok.com/@a/video/1',
)


class Values(Http1Case):
    """All on one connection each: every answer is whole, and belongs to the request before it."""

    @property
    def address(self):
        return fixture.server.address

    def ask(self, connection, body):
        connection.send(json_request(DOWNLOAD, body))
        answer = connection.read_answer('POST')
        self.assertIn(answer.status, (400, 422), body[:200])
        self.assertTrue(answer.json)
        self.assertFalse(answer.head.closes)

    def test_documents(self):
        connection = self.connect()
        for document in DOCUMENTS:
            for body in (document, b'{"url":' + document + b'}', b'{"url":"x","content_type":' + document + b'}',
                         b'{"url":"x","content_type":"ORIGINAL","more":' + document + b'}'):
                self.ask(connection, body)

    def test_values(self):
        fixture.standin.reset()
        connection = self.connect()
        for value in VALUES:
            for document in ({'url': value, 'content_type': 'ORIGINAL'}, {'url': 'x', 'content_type': value},
                             {'url': value, 'download_content_type': value, 'content_type': value}, {value: value}):
                for is_ascii in (True, False):
                    self.ask(connection, json.dumps(document, ensure_ascii=is_ascii).encode())
        self.assertEqual(fixture.requests(), [])

    def test_values_as_bytes_that_are_no_text(self):
        connection = self.connect()
        for byte in range(0x100):
            for text in (bytes([byte]), bytes([byte, 0x80]), b'\xe2\x82' + bytes([byte])):
                self.ask(connection, b'{"url":"' + text + b'","content_type":"ORIGINAL"}')

    def test_values_of_the_content_type_field(self):
        connection = self.connect()
        for value in VALUES:
            if any(ord(character) < 0x20 or character == '\x7f' for character in value) or len(value) > 1000:
                continue
            connection.send(request_bytes('POST', DOWNLOAD, fields=[('Content-Type', value)], body=b'{}'))
            self.assertIn(connection.read_answer('POST').status, (400, 422), value)
