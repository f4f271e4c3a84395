"""A way out like the server's egress gate, as PROTOCOL.md's section "Network" has it, for one test to play with."""

import base64
import contextlib
import socket
import socketserver
import threading
from urllib.parse import urlsplit

_RELAY_BYTES = 64 * 1024


class Gate:
    """Relays CONNECT requests to another proxy, or answers them with `refusal`; a context manager.

    `targets` has what was asked for. `cut` does what the server does to a job it drops.
    """

    def __init__(self, upstream, refusal=''):
        self._upstream = urlsplit(upstream)
        self._lock = threading.Lock()
        self._ends = []
        self._token = 'secret-of-the-gate'
        self.refusal = refusal
        self.targets = []
        gate = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                gate._serve(self.request)

        self._server = socketserver.ThreadingTCPServer(('127.0.0.1', 0), Handler, bind_and_activate=True)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={'poll_interval': 0.05})
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self.cut()
        self._server.server_close()
        self._thread.join()

    @property
    def token(self):
        return self._token

    @property
    def proxy(self):
        return f'http://extractor:{self._token}@127.0.0.1:{self._server.server_address[1]}'

    def cut(self):
        """Ends all connections and lets no new one through."""
        self.refusal = '403 Forbidden'
        with self._lock:
            ends, self._ends = self._ends, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _serve(self, client):
        head = _read_head(client)
        if not head:
            return
        request, *fields = head.decode('latin-1').splitlines()
        method, target, _ = request.split(' ')
        credentials = base64.b64encode(f'extractor:{self._token}'.encode()).decode()
        values = {name.lower(): value.strip() for name, _, value in (field.partition(':') for field in fields if field)}
        refusal = self.refusal
        if values.get('proxy-authorization') != f'Basic {credentials}':
            refusal = '407 Proxy Authentication Required'
        elif method != 'CONNECT':
            refusal = '403 Forbidden'
        self.targets.append((target, refusal))
        if refusal:
            client.sendall(f'HTTP/1.1 {refusal}\r\nContent-Length: 0\r\n\r\n'.encode())
            return
        with socket.create_connection((self._upstream.hostname, self._upstream.port)) as server:
            with self._lock:
                self._ends += [client, server]
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
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
