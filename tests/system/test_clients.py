"""The tests' own clients against literal bytes: a check that cannot fail checks nothing."""

import base64
import contextlib
import socket
import threading
import unittest

from .clients import StrictDownload, curl, curl_download, pyttsave_download, requests_download, strict_download
from .multipart import MultipartReader, parse_whole
from .wire import Connection, CutOff, Head, Malformed, chunked

LINK = 'https://www.tiktok.com/@some.user/video/7312345678901234567'
META = base64.b64encode('{"title":"Тест \U0001f600","desc":"a\\"b\\\\"}'.encode())
HEAD = (b'HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=simple_boundary\r\n'
        b'Content-Meta: ' + META + b'\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n')
PART = (b'\r\nContent-Type: video/mp4\r\nContent-Disposition: attachment; filename="7312345678901234567.mp4"\r\n'
        b'Content-Length: 9\r\n\r\nab\r\n\r\ncd\r\r\n')
BODY = b'--simple_boundary' + PART + b'--simple_boundary--\r\n'


@contextlib.contextmanager
def scripted(answer):
    """A server that reads one request with a body and answers with literal bytes. Yields its address."""
    with socket.create_server(('127.0.0.1', 0)) as listener:
        def serve():
            connection = listener.accept()[0]
            with connection, connection.makefile('rb') as stream:
                length = 0
                while (line := stream.readline()) not in (b'\r\n', b''):
                    name, _, value = line.partition(b':')
                    if name.lower() == b'content-length':
                        length = int(value)
                stream.read(length)
                connection.sendall(answer)
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()
        finally:
            thread.join()


class Clients(unittest.TestCase):
    """What every client makes of the contract's example."""

    def test_each_client_reads_the_example(self):
        answer = HEAD + chunked(BODY, 7)
        with scripted(answer) as address:
            files = pyttsave_download('http://%s:%d/' % address, LINK)
        self.assertEqual(files.files, [('7312345678901234567.mp4', b'ab\r\n\r\ncd\r\r\n')])
        self.assertEqual(files.meta, {'title': 'Тест \U0001f600', 'desc': 'a"b\\'})
        with scripted(answer) as address:
            download = strict_download(address, LINK)
        self.assertEqual(bytes(download.parts[0].data), b'ab\r\n\r\ncd\r')
        self.assertEqual(download.meta, files.meta)
        for client in (requests_download, curl_download):
            with self.subTest(client.__name__), scripted(answer) as address:
                parts = client('http://%s:%d/' % address, LINK)
                self.assertEqual([bytes(part.data) for part in parts], [b'ab\r\n\r\ncd\r'])

    def test_a_cut_off_body_is_told_from_a_complete_one(self):
        for missing in (1, 2, 5, 10, 60):
            answer = (HEAD + chunked(BODY))[:-missing]
            with self.subTest(missing), scripted(answer) as address, StrictDownload(address, LINK) as download:
                download.read_head()
                self.assertRaises(CutOff, download.read_rest)
        with scripted((HEAD + chunked(BODY))[:-5]) as address:
            self.assertNotEqual(curl('--data', '{}', 'http://%s:%d/' % address).status, 0)

    def test_details_of_the_head_are_checked(self):
        for old, new in (
                (b'boundary=simple_boundary', b'boundary="simple_boundary"'),
                (b'boundary=simple_boundary', b'boundary=simple_boundary; charset=x'),
                (b'Transfer-Encoding: chunked', b'Transfer-Encoding:chunked'),
                (b'Transfer-Encoding: chunked', b'Transfer-Encoding: chunked\r\nContent-Length: 5'),
                (META, base64.b64encode(b'{"title":"a","desc":null}')),
                (META, base64.b64encode(b'{"title":"a","desc":"","x":true}')),
                (META, base64.b64encode(b'{"title":"a","desc":"\\/"}')),
                (META, base64.b64encode(b'{"title":"a","desc":"\\ud83d\\ude00"}')),
                (META, META.rstrip(b'=') + b'\t'),
                (META, base64.b64encode(b'{"title":"a","desc":"%s"}' % (b'x' * 6200)))):
            answer = HEAD.replace(old, new) + chunked(BODY)
            self.assertNotIn(HEAD, answer)
            with self.subTest(new[:60]), scripted(answer) as address, StrictDownload(address, LINK) as download:
                with self.assertRaises((AssertionError, ValueError)):
                    download.read_head()


class Grammar(unittest.TestCase):
    """The strict readers by themselves."""

    def test_any_split_of_the_body_gives_the_same_parts(self):
        body = b'--simple_boundary' + PART + b'--simple_boundary' + PART.replace(b'567.mp4', b'567_02.mp4') \
            + b'--simple_boundary--\r\n'
        for size in range(1, 40):
            reader = MultipartReader(b'simple_boundary')
            for start in range(0, len(body), size):
                reader.feed(body[start:start + size])
            reader.finish()
            self.assertEqual([bytes(part.data) for part in reader.parts], [b'ab\r\n\r\ncd\r'] * 2)

    def test_malformed_bodies_are_refused(self):
        for name, body in {
                'a preamble': b'\r\n' + BODY,
                'no end': BODY[:-4],
                'an epilogue': BODY + b'x',
                'no CRLF before the delimiter': BODY.replace(b'\r\r\n--', b'\r--'),
                'a forged delimiter': BODY.replace(b'\r\n\r\ncd', b'--simple_boundary'),
                'another length': BODY.replace(b'Length: 9', b'Length: 8'),
                'a doubled name': BODY.replace(b'--simple_boundary--',
                                               b'--simple_boundary' + PART + b'--simple_boundary--'),
                'two spaces': BODY.replace(b'Type: ', b'Type:  '),
                'a wrong extension': BODY.replace(b'.mp4', b'.mp3'),
                'a path': BODY.replace(b'731234', b'../234'),
                'nothing': b''}.items():
            with self.subTest(name), self.assertRaises(Malformed):
                self.assertNotEqual(body, BODY)
                parse_whole(b'simple_boundary', body)
        self.assertEqual(len(parse_whole(b'simple_boundary', BODY)), 1)

    def test_malformed_heads_are_refused(self):
        for raw in (b'HTTP/1.1 200', b'HTTP/1.1  200 OK', b'http/1.1 200 OK', b'HTTP/1.1 200 OK\nA: b',
                    b'HTTP/1.1 200 OK\r\nA : b', b'HTTP/1.1 200 OK\r\nA:b', b'HTTP/1.1 200 OK\r\nA: b\r\na: c',
                    b'HTTP/1.1 200 OK\r\nA: \xff'):
            with self.subTest(raw), self.assertRaises(Malformed):
                Head(raw)
        self.assertEqual(Head(b'HTTP/1.1 204 No Content\r\nA: b c\r\nD: ').fields, [('A', 'b c'), ('D', '')])

    def test_malformed_chunks_are_refused(self):
        head = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
        for body in (b'5;x=y\r\nhello\r\n0\r\n\r\n', b'5\r\nhello0\r\n\r\n', b'0\r\nTrailer: x\r\n\r\n',
                     b'5\nhello\r\n0\r\n\r\n'):
            with self.subTest(body), scripted(head + body) as address, Connection(address) as connection:
                connection.send(b'GET / HTTP/1.1\r\n\r\n')
                with self.assertRaises((Malformed, CutOff)):
                    connection.read_answer()

if __name__ == '__main__':
    unittest.main()
