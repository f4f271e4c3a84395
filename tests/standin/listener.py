"""Accepting connections on 127.0.0.1, a thread for each."""

import contextlib
import socket
import threading
from collections.abc import Callable

from .connection import Connection, Hangup

BACKLOG = 512
# Small enough that a log entry's `sent` stays close to what the client has really taken.
SEND_BUFFER = 256 * 1024


class Listener:
    """Serves until close(), which ends every connection and waits for its thread.

    One that is not open keeps its port, and refuses connections there, until open() is called.
    """

    def __init__(self, serve: Callable[[Connection], None], is_open: bool = True) -> None:
        self._serve = serve
        self._lock = threading.Lock()
        self._serving: dict[Connection, threading.Thread] = {}
        self._closing = False
        self._is_open = False
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self.port = self._socket.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        if is_open:
            self.open()

    def open(self) -> None:
        with self._lock:
            if not self._is_open and not self._closing:
                self._is_open = True
                self._socket.listen(BACKLOG)
                self._acceptor.start()

    def open_connections(self) -> int:
        with self._lock:
            return len(self._serving)

    def close(self) -> None:
        with self._lock:
            self._closing = True
        if self._is_open:
            # shutdown() and not close() is what wakes a thread out of accept().
            self._socket.shutdown(socket.SHUT_RDWR)
            self._acceptor.join()
        self._socket.close()
        with self._lock:
            threads = list(self._serving.values())
            for connection in self._serving:
                connection.abort()
        for thread in threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                if self._closing:
                    return
                continue
            connection = Connection(client)
            thread = threading.Thread(target=self._run, args=(connection,), daemon=True)
            with self._lock:
                self._serving[connection] = thread
            thread.start()

    def _run(self, connection: Connection) -> None:
        try:
            with contextlib.suppress(OSError, Hangup):
                self._serve(connection)
        finally:
            # Under the lock, lest close() aborts a descriptor that is already someone else's.
            with self._lock:
                del self._serving[connection]
                connection.close()
