"""examples/ttsave_answer.py: answers in any pieces, cut off anywhere, and the server's refusals."""

import base64
import sys
import tempfile
import unittest
from pathlib import Path

from .programs import EXAMPLES

sys.path.insert(0, str(EXAMPLES))
from ttsave_answer import BrokenOff, FileWriter, TTSaveError, post_of  # noqa: E402

CONTENT_TYPE = 'multipart/x-mixed-replace; boundary=simple_boundary'
# Bytes that look like the beginning of a boundary, of a head, and of an end.
FILES = {'7_01.jpg': b'ab\r\n\r\n--simple_boundar\r\n--', '7_02.jpg': b'', '7.mp3': b'\r\n\r\n--simple\r\n'}


def body_of(files, boundary='simple_boundary', lengths=True):
    parts = b''.join(
        f'--{boundary}\r\nContent-Type: image/jpeg\r\nContent-Disposition: attachment; filename="{name}"\r\n'.encode()
        + (b'Content-Length: %d\r\n' % len(content) if lengths else b'') + b'\r\n' + content + b'\r\n'
        for name, content in files.items())
    return parts + f'--{boundary}--\r\n'.encode()


class Files(unittest.TestCase):

    def write(self, body, size, content_type=CONTENT_TYPE):
        """Feeds it in pieces of that size into a fresh folder. Returns the files that are there then, in order."""
        with tempfile.TemporaryDirectory() as folder:
            with FileWriter(content_type, folder) as writer:
                for start in range(0, len(body), size):
                    writer.feed(body[start:start + size])
                paths = writer.finish()
            self.assertEqual({path.name for path in paths}, {path.name for path in Path(folder).iterdir()})
            return {path.name: path.read_bytes() for path in paths}

    def test_pieces_of_any_size(self):
        for lengths in (True, False):
            body = body_of(FILES, lengths=lengths)
            for size in range(1, 150):
                written = self.write(body, size)
                self.assertEqual(list(written.items()), list(FILES.items()), size)

    def test_any_boundary(self):
        files = {'7.mp4': b'--simple_boundary\r\n--simple_boundary--\r\n'}
        written = self.write(body_of(files, 'A9.x_(7)'), 5, 'multipart/x-mixed-replace; boundary=A9.x_(7)')
        self.assertEqual(written, files)

    def test_cut_off_anywhere(self):
        body = body_of(FILES)
        for end in range(len(body) - len('--\r\n') + 1):
            with tempfile.TemporaryDirectory() as folder:
                with self.assertRaises(BrokenOff), FileWriter(CONTENT_TYPE, folder) as writer:
                    writer.feed(body[:end])
                    writer.finish()
                for path in Path(folder).iterdir():
                    self.assertEqual(path.read_bytes(), FILES[path.name], end)

    def test_names_stay_in_the_folder(self):
        for name in ('../7.mp4', '/tmp/7.mp4', '..', '.hidden'):
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                with self.assertRaises(BrokenOff), FileWriter(CONTENT_TYPE, folder) as writer:
                    writer.feed(body_of({name: b''}))
                self.assertEqual(list(Path(folder).iterdir()), [])


class Answers(unittest.TestCase):

    def test_refusals(self):
        for status, headers, body, expected in (
                (400, {}, b'{"detail":"No files available for download","code":"post.private"}',
                 ('No files available for download', 'post.private', 0)),
                (422, {}, b'{"message":"Validation Error","detail":[{"loc":["body","url"],"msg":"a","type":"t"},'
                          b'{"loc":["body"],"msg":"b","type":"t"}]}', ('a; b', None, 0)),
                (429, {'Retry-After': '7'}, b'{"detail":"Too Many Requests"}', ('Too Many Requests', None, 7)),
                (502, {}, b'<html>', ('HTTP status 502', None, 0)),
                (503, {'Retry-After': 'Fri, 27 Nov 2026 12:00:00 GMT'}, b'[1]', ('HTTP status 503', None, 0)),
                (504, {}, b'7', ('HTTP status 504', None, 0))):
            with self.subTest(status):
                error = TTSaveError(status, headers, body)
                self.assertEqual((str(error), error.code, error.retry_after_s), expected)
                self.assertEqual(error.status, status)

    def test_the_post(self):
        meta = base64.b64encode('{"title":"Тест","desc":"a\\"b"}'.encode()).decode()
        self.assertEqual(post_of({'Content-Meta': meta}), {'title': 'Тест', 'desc': 'a"b'})


if __name__ == '__main__':
    unittest.main()
