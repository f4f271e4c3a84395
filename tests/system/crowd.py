"""Many clients that keep a server waiting, each in one way; and somebody who only wants to know whether it is there."""

import contextlib
import selectors
import socket
import threading
import time
from types import SimpleNamespace

from .clients import DOWNLOAD, order
from .wire import CutOff, Connection, json_request, request_bytes

DRIP_S = 0.5

# Small windows, as of clients that read slowly: what lies in their own buffers is not the server's.
_RECEIVE_BUFFER = 4096


class Behaviour:
    """What a connection sends first, and then a byte at a time; whether it reads a byte at a time."""

    def __init__(self, first=b'', drips=b'', reads=False):
        self.first, self.drips, self.reads = first, drips, reads


SILENT = Behaviour()
SLOW_HEADER = Behaviour(b'POST /ping HTTP/1.1\r\nHost: x\r\nX-', b'a')
SLOW_BODY = Behaviour(request_bytes('POST', DOWNLOAD, fields=[('Content-Type', 'application/json'),
                                                              ('Content-Length', '1000')]), b' ')


def slow_reading(link):
    return Behaviour(json_request(DOWNLOAD, order(link)), reads=True)


class Crowd:
    """Holds `count` connections open, and opens another one for each that the server closes.

    A context manager; inside the block they are there. `opened` counts how many it has opened altogether.
    """

    def __init__(self, address, count, behaviour):
        self._address, self._count, self._behaviour = address, count, behaviour
        self._selector = selectors.EpollSelector()
        self._is_over = threading.Event()
        self._is_there = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.opened = 0

    def __enter__(self):
        self._thread.start()
        self._is_there.wait()
        return self

    def __exit__(self, *_):
        self._is_over.set()
        self._thread.join()

    def _run(self):
        while not self._is_over.is_set():
            missing = self._count - len(self._selector.get_map())
            for _ in range(missing):
                with contextlib.suppress(OSError):
                    self._open()
            self._is_there.set()
            self._spend(DRIP_S)
            self._drip()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()

    def _open(self):
        with contextlib.ExitStack() as stack:
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
            client.connect(self._address)
            client.setblocking(False)
            client.sendall(self._behaviour.first)
            self._selector.register(client, selectors.EVENT_READ)
            stack.pop_all()
        self.opened += 1

    def _spend(self, seconds):
        """Notices for a while who has been closed or answered."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not self._is_over.is_set():
            if self._behaviour.reads:
                self._is_over.wait(left)
            for key, _ in self._selector.select(min(left, 0.1)):
                self._look_at(key.fileobj)

    def _look_at(self, client):
        try:
            if client.recv(1 if self._behaviour.reads else 4096):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._close(client)

    def _drip(self):
        if not self._behaviour.drips:
            return
        for key in list(self._selector.get_map().values()):
            try:
                key.fileobj.send(self._behaviour.drips)
            except OSError:
                self._close(key.fileobj)

    def _close(self, client):
        self._selector.unregister(client)
        client.close()


def ping_for(address, seconds, at_least=1):
    """Pings one after the other, each on a connection of its own: for so long, and so many of them. How many there were,
    failed, the slowest, and the 99th percentile."""
    times, failed = [], 0
    end = time.monotonic() + seconds
    while time.monotonic() < end or len(times) < at_least:
        begin = time.monotonic()
        try:
            with Connection(address) as connection:
                answer = connection.ask('GET', '/ping', fields=[('Connection', 'close')])
            failed += (answer.status, answer.body) != (200, b'pong')
        except (OSError, CutOff):
            failed += 1
        times.append(time.monotonic() - begin)
    return SimpleNamespace(count=len(times), failed=failed, slowest_s=max(times),
                           p99_s=sorted(times)[len(times) * 99 // 100])
