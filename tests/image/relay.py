"""A door to what listens on loopback only, for containers: theirs is another one."""

import contextlib
import socket
import socketserver
import threading

from system.internet import pump


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    target = None


class _Passage(socketserver.BaseRequestHandler):

    def handle(self):
        with socket.create_connection(self.server.target) as onward:
            back = threading.Thread(target=pump, args=(onward, self.request), daemon=True)
            back.start()
            pump(self.request, onward)
            back.join()


@contextlib.contextmanager
def relay(target):
    """The port, on every address there is."""
    with _Server(('', 0), _Passage) as server:
        server.target = target
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
