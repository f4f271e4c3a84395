"""A way out like the server's egress gate, as PROTOCOL.md's section "Network" has it, for one test to play with."""

import contextlib
import socket
import threading
from urllib.parse import urlsplit

_RELAY_BYTES = 64 * 1024


class Gate:
    """Relays CONNECT requests to another proxy, or answers them with `refusal`; a context manager.

    `targets` has what was asked for, `asked` and `handed` count connections. `cut` does what the server does to a job it drops. While `answers` is not set,
    nobody is handed a connection; without `hands_out`, those who ask are told that they get none.
    """

    def __init__(self, upstream, refusal=''):
        self._upstream = urlsplit(upstream)
        self._lock = threading.Lock()
        self._asked = []
        self._ends = []
        self._threads = []
        self.answers = threading.Event()
        self.answers.set()
        self.hands_out = True
        self.asked = self.handed = 0
        self.refusal = refusal
        self.targets = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.answers.set()
        _shut(self._asked)
        self.cut()
        for thread in self._threads:
            thread.join()

    def admit(self):
        """Returns the socket for one extractor to ask on, which the caller closes."""
        ours, theirs = socket.socketpair()
        self._asked.append(ours)
        self._run(self._hand_out, ours)
        return theirs

    def cut(self):
        """Ends all connections and lets no new one through."""
        self.refusal = '403 Forbidden'
        with self._lock:
            ends, self._ends = self._ends, []
        _shut(ends)

    def _run(self, serve, end):
        def run():
            with end, contextlib.suppress(ConnectionError):
                serve(end)
        thread = threading.Thread(target=run)
        self._threads.append(thread)
        thread.start()

    def _hand_out(self, asks):
        while asks.recv(1):
            self.asked += 1
            self.answers.wait()
            if not self.hands_out:
                asks.sendall(b'.')
                continue
            ours, theirs = socket.socketpair()
            with self._lock:
                self._ends.append(ours)
            self._run(self._serve, ours)
            with theirs:
                socket.send_fds(asks, [b'.'], [theirs.fileno()])
            self.handed += 1

    def _serve(self, client):
        head = _read_head(client)
        if not head:
            return
        method, target, _ = head.decode('latin-1').splitlines()[0].split(' ')
        refusal = self.refusal if method == 'CONNECT' else '403 Forbidden'
        self.targets.append((target, refusal))
        if refusal:
            client.sendall(f'HTTP/1.1 {refusal}\r\nContent-Length: 0\r\n\r\n'.encode())
            return
        with socket.create_connection((self._upstream.hostname, self._upstream.port)) as server:
            with self._lock:
                self._ends.append(server)
            server.sendall(f'CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n'.encode())
            up = threading.Thread(target=_pump, args=(client, server))
            up.start()
            _pump(server, client)
            up.join()


def _read_head(client):
    """Up to the empty line, byte by byte so that nothing of the tunnel's is taken with it; b'' when there is none."""
    head = b''
    while not head.endswith(b'\r\n\r\n'):
        byte = client.recv(1)
        if not byte:
            return b''
        head += byte
    return head


def _pump(source, sink):
    with contextlib.suppress(OSError):
        while data := source.recv(_RELAY_BYTES):
            sink.sendall(data)
    _shut((source, sink))


def _shut(ends):
    for end in ends:
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
