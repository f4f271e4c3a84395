"""HTTP/1.1 as far as the stand-in speaks it: requests, and exchanges that know HEAD, keep-alive and the log."""

import http
import time
from collections.abc import Iterable
from email.utils import formatdate
from typing import NamedTuple

from .connection import Connection, Hangup

PIECE = 256 * 1024
BODILESS = (204, 304)

Headers = Iterable[tuple[str, str]]


class Answer(NamedTuple):
    """A complete response."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class Request(NamedTuple):
    """Header names are in lower case; repeated ones are joined."""

    method: str
    target: str
    version: str
    headers: dict[str, str]

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def keep_alive(self) -> bool:
        return self.version == "HTTP/1.1" and "close" not in self.headers.get("connection", "").lower()

    def cookies(self) -> dict[str, str]:
        pairs = (pair.strip().partition("=") for pair in self.headers.get("cookie", "").split(";"))
        return {name: value for name, _, value in pairs}


def read_request(connection: Connection) -> Request | None:
    """The next request's head; None when the client has left or does not speak HTTP."""
    start, *lines = connection.read_head().decode("latin-1").split("\r\n")
    words = start.split(" ")
    if len(words) != 3:
        return None
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        name, value = name.lower(), value.strip()
        if name in headers:
            value = headers[name] + ("; " if name == "cookie" else ", ") + value
        headers[name] = value
    return Request(*words, headers)


def read_body(connection: Connection, request: Request) -> bytes:
    return connection.read_exactly(int(request.headers.get("content-length", 0)))


def encode_head(status: int, headers: Headers) -> bytes:
    try:
        reason = http.HTTPStatus(status).phrase
    except ValueError:
        reason = "Unknown"
    lines = [f"HTTP/1.1 {status} {reason}", f"Date: {formatdate(usegmt=True)}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class Exchange:
    """One request, the answer to it and its entry in the log."""

    def __init__(self, connection: Connection, request: Request, entry: dict) -> None:
        self.request = request
        self.keep_alive = request.keep_alive
        self._connection = connection
        self._entry = entry
        self._chunked = False
        self._until_close = False

    @property
    def via(self) -> str:
        """Through which proxy it came."""
        return self._entry["via"]

    @property
    def wants_body(self) -> bool:
        return self.request.method != "HEAD"

    def send(self, answer: Answer) -> None:
        """Sends a complete response."""
        body = b"" if answer.status in BODILESS else answer.body
        head = self._head(answer.status, [*answer.headers, ("Content-Length", str(len(body)))])
        self._write_body(body if self.wants_body else b"", before=head)

    def begin(self, status: int, headers: Headers, length: int | str) -> None:
        """Sends a response's head; its body comes by write() and end(). `length` is that of the body, or "chunked", or
        "close" when the end of the connection is the end of the body."""
        self._chunked = length == "chunked"
        self._until_close = length == "close"
        if self._until_close:
            self.keep_alive = False
            framing = []
        else:
            framing = [("Transfer-Encoding", "chunked") if self._chunked else ("Content-Length", str(length))]
        self._connection.write(self._head(status, [*headers, *framing]))

    def write(self, data, rate: int | None = None) -> None:
        """Sends a part of the body, at `rate` bytes a second if given."""
        if not self.wants_body:
            return
        view = memoryview(data)
        size = PIECE if rate is None else max(1, min(PIECE, rate // 10))
        started = time.monotonic()
        for start in range(0, len(view), size):
            if rate is not None:
                self.wait(max(0, started + start / rate - time.monotonic()))
            piece = view[start:start + size]
            if self._chunked:
                self._write_body(piece, before=b"%x\r\n" % len(piece), after=b"\r\n")
            else:
                self._write_body(piece)

    def end(self) -> None:
        if self._chunked and self.wants_body:
            self._connection.write(b"0\r\n\r\n")

    def wait(self, seconds: float | None = None, event_fd: int | None = None) -> None:
        self._connection.wait(seconds, event_fd)

    def reset(self) -> None:
        """Cuts the connection with RST."""
        self._connection.reset()

    def cut(self) -> None:
        """Closes without what the head has promised; if that was nothing, it is an end like any other."""
        if not self._until_close:
            raise Hangup

    def _head(self, status: int, headers: Headers) -> bytes:
        self._entry["status"] = status
        return encode_head(status, headers if self.keep_alive else [*headers, ("Connection", "close")])

    def _write_body(self, data, before: bytes = b"", after: bytes = b"") -> None:
        # Counted before it is written: who has read a whole body must find all of it in the log.
        self._entry["sent"] += len(data)
        try:
            self._connection.write(b"".join((before, data, after)) if before or after else data)
        except OSError:
            self._entry["sent"] -= len(data)
            raise
