"""A raw HTTP/1.1 client that takes nothing for granted: every byte of an answer is checked against the grammar."""

import json
import re
import socket
import struct
import time

from .deadlines import PATIENT_S

_STATUS_LINE = re.compile(rb'HTTP/1\.([01]) ([1-5][0-9]{2}) ([ -~]*)')
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+): ([!-~](?:[ -~]*[!-~])?)?")
_CHUNK_SIZE = re.compile(rb'[0-9A-Fa-f]{1,16}')
_MAX_HEAD_BYTES = 16 * 1024


class Malformed(AssertionError):
    """The server broke the grammar."""


class CutOff(Exception):
    """The connection ended before the message did: how a failed transfer has to look."""


class Head:
    """Status line and header fields of one answer."""

    def __init__(self, raw):
        lines = raw.split(b'\r\n')
        status_line = _STATUS_LINE.fullmatch(lines[0])
        if not status_line:
            raise Malformed(f'status line {lines[0]!r}')
        self.version = '1.' + status_line[1].decode()
        self.status = int(status_line[2])
        self.reason = status_line[3].decode()
        self.fields = []
        for line in lines[1:]:
            field = _FIELD.fullmatch(line)
            if not field:
                raise Malformed(f'header line {line!r}')
            self.fields.append((field[1].decode(), (field[2] or b'').decode()))
        names = [name.lower() for name, _ in self.fields]
        if len(set(names)) != len(names):
            raise Malformed(f'a header field comes twice: {names}')
        self.field_sizes = {name: len(line) + 2 for name, line in zip(names, lines[1:])}

    def get(self, name):
        """The value of a header field, or None."""
        return next((value for key, value in self.fields if key.lower() == name.lower()), None)

    @property
    def media_type(self):
        return (self.get('Content-Type') or '').partition(';')[0].strip().lower()

    @property
    def closes(self):
        """Whether the server says that it closes the connection after this answer."""
        options = [option.strip().lower() for option in (self.get('Connection') or '').split(',')]
        return 'close' in options or (self.version == '1.0' and 'keep-alive' not in options)


class Answer:
    """A whole answer."""

    def __init__(self, head, body):
        self.head = head
        self.status = head.status
        self.body = body

    @property
    def json(self):
        """The body, which has to say that it is JSON."""
        if self.head.media_type != 'application/json':
            raise Malformed(f'{self.status} of type {self.head.get("Content-Type")}: {self.body[:200]!r}')
        return json.loads(self.body.decode('utf-8'))

    def __repr__(self):
        return f'<{self.status} {self.head.fields} {self.body[:300]!r}>'


def request_bytes(method, target, *, fields=(), body=None, version='1.1', host='127.0.0.1'):
    """A well-formed request. `body` bytes get a Content-Length; `fields` may add to or replace what is set here."""
    given = {name.lower() for name, _ in fields}
    lines = [f'{method} {target} HTTP/{version}']
    if version != '1.0' and 'host' not in given:
        lines.append(f'Host: {host}')
    lines += [f'{name}: {value}' for name, value in fields]
    if body is not None and not given & {'content-length', 'transfer-encoding'}:
        lines.append(f'Content-Length: {len(body)}')
    return '\r\n'.join([*lines, '', '']).encode('utf-8') + (body or b'')


def json_request(target, document, **options):
    """A POST of a JSON document, as clients usually send it."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    fields = [('Content-Type', 'application/json'), *options.pop('fields', ())]
    return request_bytes('POST', target, fields=fields, body=body, **options)


def chunked(body, size=1000):
    """A body in the chunked coding."""
    pieces = [body[start:start + size] for start in range(0, len(body), size)]
    return b''.join(b'%x\r\n%s\r\n' % (len(piece), piece) for piece in pieces) + b'0\r\n\r\n'


class Connection:
    """One TCP connection to the server. As a context manager it is closed at the end of the block."""

    def __init__(self, address, *, receive_buffer=None, timeout=PATIENT_S, source=None):
        """`source`: the address to come from; any by default."""
        self._socket = socket.socket(socket.AF_INET6 if ':' in address[0] else socket.AF_INET)
        if receive_buffer:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # what is sent apart leaves apart
        self._timeout = timeout
        self._socket.settimeout(timeout)
        try:
            if source:
                self._socket.bind((source, 0))
            self._socket.connect(address)
        except OSError:
            self._socket.close()
            raise
        self._buffer = bytearray()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def send(self, data):
        self._socket.sendall(data)

    def finish_sending(self):
        """Closes this side (FIN)."""
        self._socket.shutdown(socket.SHUT_WR)

    def close(self):
        self._socket.close()

    def reset(self):
        """Vanishes with an RST."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self._socket.close()

    def ask(self, *arguments, **options):
        """Sends a request_bytes() and returns its Answer."""
        self.send(request_bytes(*arguments, **options))
        return self.read_answer(arguments[0])

    def read_answer(self, method='GET'):
        head = self.read_head()
        return Answer(head, b''.join(self.read_body(head, method)))

    def peek(self, begin):
        """Whether the next answer begins so. Waits for as many bytes."""
        while len(self._buffer) < len(begin):
            self._receive_or_cut_off()
        return self._buffer.startswith(begin)

    def read_head(self):
        """The next answer's head, 1xx ones included."""
        end = self._receive_until(b'\r\n\r\n', _MAX_HEAD_BYTES)
        raw = self._take(end)
        return Head(raw[:-4])

    def read_body(self, head, method='GET'):
        """Yields the body's bytes as they arrive; raises CutOff when the connection ends before they do."""
        length, coding = head.get('Content-Length'), head.get('Transfer-Encoding')
        if length is not None and coding is not None:
            raise Malformed('both Content-Length and Transfer-Encoding')
        if method == 'HEAD' or head.status < 200 or head.status in (204, 304):
            return
        if coding is not None:
            if coding != 'chunked':
                raise Malformed(f'Transfer-Encoding: {coding}')
            yield from self._read_chunks()
        elif length is not None:
            if not re.fullmatch('[0-9]{1,15}', length):
                raise Malformed(f'Content-Length: {length}')
            yield from self._read_exactly(int(length))
        elif head.closes:
            yield from self._read_to_end()
        else:
            raise Malformed('a body without length on a connection that stays open')

    def is_at_end(self):
        """Whether the server closes its side without another byte. Waits for either."""
        try:
            return not self._buffer and not self._receive()
        except ConnectionResetError:
            return not self._buffer

    def drain(self):
        """Everything that comes until the server closes, whatever it is."""
        data = bytearray(self._take(len(self._buffer)))
        try:
            while self._receive():
                data += self._take(len(self._buffer))
        except ConnectionResetError:
            pass
        return bytes(data)

    def is_silent_for(self, seconds):
        """Whether not one byte arrives for that long, the connection staying open."""
        if self._buffer:
            return False
        self._socket.settimeout(seconds)
        try:
            self._receive()
            return False
        except socket.timeout:
            return True
        finally:
            self._socket.settimeout(self._timeout)

    # Bytes

    def _receive(self):
        data = self._socket.recv(256 * 1024)
        self._buffer += data
        return data

    def _receive_or_cut_off(self):
        try:
            data = self._receive()
        except ConnectionResetError as error:
            raise CutOff('reset') from error
        if not data:
            raise CutOff(f'closed; the last bytes were {bytes(self._buffer[-100:])!r}')

    def _receive_until(self, mark, limit):
        deadline = time.monotonic() + self._timeout
        while (found := self._buffer.find(mark)) < 0:
            if len(self._buffer) > limit or time.monotonic() > deadline:
                raise Malformed(f'no {mark!r} in {bytes(self._buffer[:200])!r}…')
            self._receive_or_cut_off()
        return found + len(mark)

    def _take(self, count):
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        return data

    def _read_exactly(self, count):
        while count:
            if not self._buffer:
                self._receive_or_cut_off()
            data = self._take(min(count, len(self._buffer)))
            count -= len(data)
            yield data

    def _read_to_end(self):
        try:
            while self._buffer or self._receive():
                yield self._take(len(self._buffer))
        except ConnectionResetError as error:
            raise CutOff('reset') from error

    def _read_chunks(self):
        while True:
            line = self._take(self._receive_until(b'\r\n', 64))[:-2]
            if not _CHUNK_SIZE.fullmatch(line):
                raise Malformed(f'chunk size line {line!r}')
            size = int(line, 16)
            yield from self._read_exactly(size)
            if b''.join(self._read_exactly(2)) != b'\r\n':
                raise Malformed('a chunk does not end in CRLF')
            if size == 0:
                return
