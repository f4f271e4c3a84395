"""One client's byte stream: a socket, with no, one or two TLS layers on it."""

import contextlib
import select
import socket
import ssl
import struct

RECEIVE_SIZE = 65536
HEAD_LIMIT = 65536


class Hangup(Exception):
    """The connection is over: its client has left, the stand-in is closing, or a behaviour wants it cut."""


class TlsLayer:
    """The server's side of TLS over anything with recv and sendall.

    SSLContext.wrap_socket cannot put TLS into TLS, which an https proxy needs, and takes the socket away from the
    thread that may have to abort it; memory BIOs do neither.
    """

    def __init__(self, below, context: ssl.SSLContext, received: bytes) -> None:
        self._below = below
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._incoming.write(received)
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._advance(self._tls.do_handshake)

    def recv(self, size: int) -> bytes:
        try:
            return self._advance(self._tls.read, size)
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""

    def sendall(self, data) -> None:
        view = memoryview(data)
        written = 0
        while written < len(view):
            written += self._tls.write(view[written:])
        self._flush()

    def send_close_notify(self) -> None:
        """Ends the stream cleanly without waiting for the client to do the same."""
        with contextlib.suppress(ssl.SSLError):
            self._tls.unwrap()
        self._flush()

    def _advance(self, step, *arguments):
        while True:
            try:
                return step(*arguments)
            except ssl.SSLWantReadError:
                pass
            finally:
                self._flush()
            received = self._below.recv(RECEIVE_SIZE)
            if received:
                self._incoming.write(received)
            else:
                self._incoming.write_eof()

    def _flush(self) -> None:
        if self._outgoing.pending:
            self._below.sendall(self._outgoing.read())


class Connection:
    """Used by the one thread that serves it; only abort() may be called from another."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = sock
        self._stream = sock
        self._unread = b""

    def start_tls(self, context: ssl.SSLContext) -> None:
        """Adds a TLS layer; raises OSError when the handshake fails."""
        received, self._unread = self._unread, b""
        self._stream = TlsLayer(self._stream, context, received)

    def read_head(self) -> bytes:
        """Everything up to the next empty line, which is dropped; nothing when the client has left instead."""
        while (end := self._unread.find(b"\r\n\r\n")) < 0:
            if len(self._unread) > HEAD_LIMIT or not self._receive():
                return b""
        head, self._unread = self._unread[:end], self._unread[end + 4:]
        return head

    def read_exactly(self, size: int) -> bytes:
        while len(self._unread) < size:
            if not self._receive():
                raise Hangup
        data, self._unread = self._unread[:size], self._unread[size:]
        return data

    def _receive(self) -> bool:
        received = self._stream.recv(RECEIVE_SIZE)
        self._unread += received
        return bool(received)

    def write(self, data) -> None:
        self._stream.sendall(data)

    def wait(self, seconds: float | None = None, event_fd: int | None = None) -> None:
        """Returns after `seconds` (None: never) or once `event_fd` is readable; Hangup when the client leaves first."""
        poller = select.poll()
        poller.register(self._socket, select.POLLRDHUP)
        if event_fd is not None:
            poller.register(event_fd, select.POLLIN)
        ready = poller.poll(None if seconds is None else seconds * 1000)
        if any(fd == self._socket.fileno() for fd, _ in ready):
            raise Hangup

    def finish(self) -> None:
        """Says goodbye properly: close_notify on TLS, FIN, and reads what the client still sends.

        Closing with unread bytes would send RST, which may overtake the answer.
        """
        if isinstance(self._stream, TlsLayer):
            self._stream.send_close_notify()
        self._socket.shutdown(socket.SHUT_WR)
        while self._socket.recv(RECEIVE_SIZE):
            pass

    def reset(self) -> None:
        """Cuts the connection with RST."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Hangup

    def abort(self) -> None:
        """Wakes the serving thread out of whatever it does with the client."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._socket.close()
