"""Connections are handed to this process by the server (PROTOCOL.md, "Network"): it is not allowed to make any itself."""

import errno
import os
import socket
import sys

# What stands for the server's gate wherever libraries want the address of a proxy. Nothing is ever looked up, or
# connected to, there.
PROXY = 'http://127.0.0.1:1'
_ADDRESS = ('127.0.0.1', 1)


class Source:
    """The socket on which the server is asked for connections. Not thread-safe."""

    def __init__(self, descriptor):
        """OSError when that is no socket."""
        self._socket = socket.socket(fileno=descriptor)
        self._unanswered = 0

    def take(self, timeout):
        """Returns the descriptor of a new connection. `timeout` is as for socket.settimeout.

        OSError when the server is gone or hands out no more; TimeoutError and BlockingIOError as from any socket.
        """
        self._socket.settimeout(timeout)
        self._socket.send(b'?')
        self._unanswered += 1
        while True:
            answer, handed, _, _ = socket.recv_fds(self._socket, 1, 1, socket.MSG_CMSG_CLOEXEC)
            if not answer:
                raise ConnectionResetError(errno.ECONNRESET, 'the server is gone')
            self._unanswered -= 1
            if not self._unanswered:
                break
            for late in handed:  # somebody did not wait for it
                os.close(late)
        if not handed:
            raise ConnectionRefusedError(errno.ECONNREFUSED, 'the server hands out no more connections')
        return handed[0]


def use_only(source):
    """From now on every socket of this process that is connected to the gate's address is one of `source`'s; connecting
    to any other fails."""
    set_option = socket.socket.setsockopt

    def connect(self, address):
        if address != _ADDRESS:
            raise PermissionError(errno.EACCES, f'not the way out: {address}')
        timeout = self.gettimeout()
        handed = source.take(timeout)
        try:
            os.dup2(handed, self.fileno(), inheritable=False)
        finally:
            os.close(handed)
        self.settimeout(timeout)  # whether a socket blocks goes with the connection, not with the descriptor

    def connect_ex(self, address):
        try:
            self.connect(address)
        except OSError as error:
            return error.errno or errno.ETIMEDOUT
        return 0

    def setsockopt(self, level, *option):
        try:
            set_option(self, level, *option)
        except OSError as error:
            # Libraries turn on TCP's options without asking; what is handed is no TCP.
            if level != socket.IPPROTO_TCP or error.errno != errno.EOPNOTSUPP:
                raise

    socket.socket.connect = connect
    socket.socket.connect_ex = connect_ex
    socket.socket.setsockopt = setsockopt
    sys.modules['curl_cffi'] = None  # its libcurl makes connections of its own; yt-dlp does without
