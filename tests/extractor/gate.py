"""Ways out like the server's egress gate, as PROTOCOL.md's section "Network" has them, for one test to play with."""

import base64
import contextlib
import errno
import fcntl
import os
import secrets
import select
import socket
import struct
import threading
from urllib.parse import urlsplit

# What stands for a gate that listens nowhere.
NOWHERE = 'http://127.0.0.1:1'

_RELAY_BYTES = 64 * 1024

# seccomp_unotify(2)
_RECEIVE, _SEND, _ADD = 0xC0502100, 0xC0182101, 0x40182103
_CALL, _ANSWER, _ADDITION = struct.Struct('QIIiIQ6Q'), struct.Struct('QqiI'), struct.Struct('QIIII')
_IN_PLACE = 1


class Gate:
    """Relays CONNECT requests to another proxy, or answers them with `refusal`; a context manager.

    `targets` has what was asked for, `handed` counts connections. `cut` does what the server does to a job it drops.
    Without `hands_out`, every connect() is refused. `url` is what the process is told of it.
    """

    url = NOWHERE

    def __init__(self, upstream, refusal=''):
        self._upstream = urlsplit(upstream)
        self._lock = threading.Lock()
        self._over, self._is_over = socket.socketpair()
        self._ways = []
        self._ends = []
        self._threads = []
        self.hands_out = True
        self.handed = 0
        self.refusal = refusal
        self.targets = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        _shut([self._over, *self._ways])
        self.cut()
        for thread in self._threads:
            thread.join()
        self._over.close()
        self._is_over.close()

    def admit(self):
        """Returns the socket for listened.py, which the caller closes."""
        ours, theirs = socket.socketpair()
        self._ways.append(ours)
        self._run(self._listen, ours)
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

    def _listen(self, way):
        _, listeners, _, _ = socket.recv_fds(way, 1, 1)
        if not listeners:
            return
        with os.fdopen(listeners[0]) as listener:
            poll = select.poll()
            poll.register(listener, select.POLLIN)
            poll.register(self._is_over, select.POLLIN)
            while poll.poll() == [(listener.fileno(), select.POLLIN)]:
                with contextlib.suppress(FileNotFoundError):  # the caller is gone
                    self._answer(listener)

    def _answer(self, listener):
        space = bytearray(_CALL.size)
        fcntl.ioctl(listener, _RECEIVE, space)
        call, thread, _, _, _, _, number, *_ = _CALL.unpack(space)
        if self.hands_out:
            ours, theirs = socket.socketpair()
            with self._lock:
                self._ends.append(ours)
            self._run(self._serve, ours)
            with theirs:
                flags = _flags(thread, number)
                theirs.setblocking(not flags & os.O_NONBLOCK)
                fcntl.ioctl(listener, _ADD,
                            _ADDITION.pack(call, _IN_PLACE, theirs.fileno(), number, flags & os.O_CLOEXEC))
            self.handed += 1
        fcntl.ioctl(listener, _SEND, _ANSWER.pack(call, 0, 0 if self.hands_out else -errno.ECONNREFUSED, 0))

    def _serve(self, client):
        head = _read_head(client)
        if not head:
            return
        method, target, _ = head.decode('latin-1').splitlines()[0].split(' ')
        refusal = self._refusal_of(head) or self.refusal if method == 'CONNECT' else '403 Forbidden'
        self.targets.append((target, refusal))
        if refusal:
            client.sendall(f'HTTP/1.1 {refusal}\r\nContent-Length: 0\r\n\r\n'.encode())
            return
        self._relay(client, target)

    def _refusal_of(self, head):
        """Why this one is not admitted, or ''."""
        return ''

    def _relay(self, client, target):
        with socket.create_connection((self._upstream.hostname, self._upstream.port)) as server:
            with self._lock:
                self._ends.append(server)
            server.sendall(f'CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n'.encode())
            up = threading.Thread(target=_pump, args=(client, server))
            up.start()
            _pump(server, client)
            up.join()


class PortGate(Gate):
    """The one for a process that connects by itself, which has to show `password`. Without `hands_out`, connections are
    closed."""

    def __init__(self, upstream, refusal=''):
        super().__init__(upstream, refusal)
        self.password = secrets.token_hex(16)
        self._listener = socket.create_server(('127.0.0.1', 0))
        self.url = f'http://ttsave:{self.password}@127.0.0.1:{self._listener.getsockname()[1]}'
        self.credentials = base64.b64encode(f'ttsave:{self.password}'.encode())
        self._run(self._accept, self._listener)

    def __exit__(self, *_):
        _shut([self._listener])
        super().__exit__()

    def admit(self):
        return contextlib.nullcontext()

    def _accept(self, listener):
        with contextlib.suppress(OSError):  # once it is shut
            while True:
                client, _ = listener.accept()
                if not self.hands_out:
                    client.close()
                    continue
                with self._lock:
                    self._ends.append(client)
                self._run(self._serve, client)
                self.handed += 1

    def _refusal_of(self, head):
        shown = [line.partition(b': ')[2] for line in head.split(b'\r\n')
                 if line.lower().startswith(b'proxy-authorization:')]
        return '' if shown == [b'Basic ' + self.credentials] else '407 Proxy Authentication Required'


def _flags(thread, number):
    """How the descriptor is open there (open(2))."""
    with open(f'/proc/{thread}/fdinfo/{number}') as file:
        return next(int(line.split()[1], 8) for line in file if line.startswith('flags:'))


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
