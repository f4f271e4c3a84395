"""An Internet of this process' own: every address there is ends here, and names mean what a test says.

In a network namespace, where any address is local (the kernel's AnyIP), and a mount namespace, for resolv.conf: no
packet leaves it, and nothing outside sees it. Needs root with CAP_SYS_ADMIN and CAP_NET_ADMIN.
"""

import contextlib
import socket
import tempfile
import threading
from urllib.parse import urlsplit

from . import mounts, name_server
from .deadlines import PROMPT_S

_CLONE_NEWNET = 0x40000000

# Where somebody listens, on every address: the web's ports, and one that nobody has a reason to ask.
HTTPS, HTTP, ODD_PORT = 443, 80, 8080
_PORTS = (HTTPS, HTTP, ODD_PORT)

# An address for the sink's own use.
_MARK = '127.255.255.254'


def enter_own_network():
    """Nothing but loopback, where every port is free; see mounts.unshare()."""
    mounts.unshare(_CLONE_NEWNET, 'network')
    mounts.run('ip', 'link', 'set', 'lo', 'up')


class Internet:
    """Started once, in the module's main thread, before anything that is to live in it.

    `hosts` maps an address to the host of TikTok's that has it, and that the stand-in plays there. Whoever connects to
    any other address, or to another port, is noticed (`touched`) and hung up on.
    """

    def __init__(self):
        self.hosts = {}
        self._stack = contextlib.ExitStack()
        self._lock = threading.Lock()
        self._touched = []
        self._standin_proxy = None

    def start(self):
        mounts.enter_own_namespace()
        enter_own_network()
        for family in ('-4', '-6'):
            mounts.run('ip', family, 'route', 'add', 'local', 'default', 'dev', 'lo')
        self.names = name_server.NameServer()
        self._stack.callback(self.names.close)
        with tempfile.NamedTemporaryFile('w', prefix='ttsave-resolv-') as resolv_conf:
            resolv_conf.write(f'nameserver {self.names.address}\n')
            resolv_conf.flush()
            mounts.run('mount', '--bind', resolv_conf.name, '/etc/resolv.conf')
        for port in _PORTS:
            self._listen(port)

    def stop(self):
        self._stack.close()

    def play(self, standin):
        """From now on the stand-in is what `hosts` lead to."""
        self._standin_proxy = urlsplit(standin.http_proxy)

    def add_host(self, name, address):
        """A host of TikTok's there, under its name."""
        self.hosts[address] = name
        self.names.set(name, [address])

    @staticmethod
    def cut_off(address):
        """Nobody can be connected to there."""
        mounts.run('ip', 'route', 'add', 'unreachable', address, 'table', 'local')

    def touched(self):
        """Where a connection has been opened since the last call, but for the hosts: [(address, port)].

        Each listener takes connections in the order in which they came, so that once it has taken one of our own, none
        before is still unseen.
        """
        marks = {(_MARK, port) for port in _PORTS}
        for mark in marks:
            with socket.create_connection(mark, PROMPT_S) as connection:
                assert connection.recv(1) == b''
        with self._lock:
            seen, self._touched = self._touched, []
        assert marks <= set(seen), f'the sink sees nothing: {seen}'
        return [place for place in seen if place not in marks]

    def _listen(self, port):
        listener = socket.create_server(('::', port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=256)
        thread = threading.Thread(target=self._accept, args=(listener, port))
        thread.start()
        self._stack.callback(thread.join)
        self._stack.callback(listener.shutdown, socket.SHUT_RDWR)

    def _accept(self, listener, port):
        with listener, contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                address = client.getsockname()[0].removeprefix('::ffff:')
                host = self.hosts.get(address) if port == HTTPS else None
                if host:
                    threading.Thread(target=self._relay, args=(client, host), daemon=True).start()
                    continue
                with self._lock:
                    self._touched.append((address, port))
                client.close()

    def _relay(self, client, host):
        proxy = self._standin_proxy
        with client, socket.create_connection((proxy.hostname, proxy.port)) as server, contextlib.suppress(OSError):
            server.sendall(f'CONNECT {host}:{HTTPS} HTTP/1.1\r\n\r\n'.encode())
            head = b''
            while not head.endswith(b'\r\n\r\n'):
                head += server.recv(1) or b'\r\n\r\n'
            up = threading.Thread(target=pump, args=(client, server), daemon=True)
            up.start()
            pump(server, client)
            up.join()


def pump(source, sink):
    """Hands on what comes until either side ends."""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
