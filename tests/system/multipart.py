"""The body of a download, taken apart as strictly as contract.md, "Success", words it."""

import ast
import base64
import json
import re
import warnings

from .wire import Malformed

_CONTENT_TYPE = re.compile(r"multipart/x-mixed-replace; boundary=([0-9A-Za-z'()+_,./:=?-]{1,70})")
_PART_HEAD = re.compile(
    rb'\r\nContent-Type: ([a-z]+/[a-z0-9.+-]+)\r\n'
    rb'Content-Disposition: attachment; filename="([0-9A-Za-z_-]{1,64}\.[a-z0-9]{2,5})"\r\n'
    rb'(?:Content-Length: (0|[1-9][0-9]{0,15})\r\n)?'
    rb'\r\n')
_MAX_PART_HEAD_BYTES = 1024
_MAX_META_FIELD_BYTES = 8 * 1024

_EXTENSIONS = {'video/mp4': 'mp4', 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp', 'image/avif': 'avif',
               'audio/mp4': 'm4a', 'audio/mpeg': 'mp3'}


class Part:
    """One file of the answer."""

    def __init__(self, media_type, name, declared_length):
        self.media_type = media_type
        self.name = name
        self.declared_length = declared_length
        self.data = bytearray()


def boundary_of(head):
    """The boundary of a download's answer, unquoted and last."""
    found = _CONTENT_TYPE.fullmatch(head.get('Content-Type') or '')
    if not found:
        raise Malformed(f'Content-Type: {head.get("Content-Type")}')
    return found[1].encode()


def meta_of(head):
    """Content-Meta as an object, read both ways clients read it; both must see the same."""
    value = head.get('Content-Meta') or ''
    if head.field_sizes.get('content-meta', 0) >= _MAX_META_FIELD_BYTES:
        raise Malformed(f'Content-Meta of {head.field_sizes["content-meta"]} bytes')
    raw = base64.b64decode(value, validate=True)
    if not raw or base64.b64encode(raw).decode() != value:
        raise Malformed(f'Content-Meta is not canonical Base64: {value[:100]}')
    text = raw.decode('utf-8')
    meta = json.loads(text)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')  # of an escape that Python does not know; the comparison tells it
        literal = ast.literal_eval(text)
    if literal != meta:
        raise Malformed(f'literal_eval reads Content-Meta differently: {text[:300]}')
    if not isinstance(meta, dict) or not isinstance(meta.get('title'), str) or not isinstance(meta.get('desc'), str):
        raise Malformed(f'title and desc have to be strings: {text[:300]}')
    return meta


class MultipartReader:
    """Takes the body piece by piece. `parts` grows as the bytes come; finish() asserts that the body was complete."""

    def __init__(self, boundary):
        self._delimiter = b'--' + boundary
        self._buffer = bytearray()
        self._step = self._first_delimiter
        self.parts = []

    def feed(self, data):
        self._buffer += data
        while self._step():
            pass

    def finish(self):
        if self._step != self._epilogue:
            raise Malformed(f'the body ends inside a part or before the last boundary: {bytes(self._buffer[-80:])!r}')
        if not self.parts:
            raise Malformed('a body without a part')

    def _first_delimiter(self):
        if len(self._buffer) < len(self._delimiter):
            return False
        if not self._buffer.startswith(self._delimiter):
            raise Malformed(f'the body begins with {bytes(self._buffer[:80])!r}')
        del self._buffer[:len(self._delimiter)]
        self._step = self._part_head
        return True

    def _part_head(self):
        if self._buffer.startswith(b'--'):
            self._step = self._epilogue
            return True
        end = self._buffer.find(b'\r\n\r\n')
        if end < 0:
            if len(self._buffer) > _MAX_PART_HEAD_BYTES:
                raise Malformed(f'no end of part headers in {bytes(self._buffer[:200])!r}')
            return False
        raw = bytes(self._buffer[:end + 4])
        del self._buffer[:end + 4]
        found = _PART_HEAD.fullmatch(raw)
        if not found:
            raise Malformed(f'part headers {raw!r}')
        part = Part(found[1].decode(), found[2].decode(), int(found[3]) if found[3] else None)
        extension = _EXTENSIONS.get(part.media_type)
        if extension and not part.name.endswith('.' + extension):
            raise Malformed(f'{part.name} of type {part.media_type}')
        if part.name in [other.name for other in self.parts]:
            raise Malformed(f'{part.name} comes twice')
        self.parts.append(part)
        self._step = self._part_data
        return True

    def _part_data(self):
        part = self.parts[-1]
        end = self._buffer.find(self._delimiter)
        if end < 0:
            # What could be the start of the CRLF and the delimiter stays until more is known.
            safe = max(0, len(self._buffer) - len(self._delimiter) - 1)
            part.data += self._buffer[:safe]
            del self._buffer[:safe]
            return False
        if end < 2 or self._buffer[end - 2:end] != b'\r\n':
            raise Malformed('the delimiter occurs inside a part, without CRLF in front')
        part.data += self._buffer[:end - 2]
        del self._buffer[:end + len(self._delimiter)]
        if part.declared_length not in (None, len(part.data)):
            raise Malformed(f'{part.name}: Content-Length {part.declared_length}, but {len(part.data)} bytes')
        self._step = self._part_head
        return True

    def _epilogue(self):
        if not b'--\r\n'.startswith(bytes(self._buffer[:5])):
            raise Malformed(f'after the last boundary comes {bytes(self._buffer[:80])!r}')
        return False


def parse_whole(boundary, body):
    """The parts of a complete body."""
    reader = MultipartReader(boundary)
    reader.feed(body)
    reader.finish()
    return reader.parts
