"""The real nginx with the configuration of docker/balancer, in front of servers on loopback."""

import contextlib
import shutil
import signal
import socket
import subprocess
import tempfile
from pathlib import Path

from .deadlines import PATIENT_S, until
from .harness import clean_environment

FOLDER = Path(__file__).resolve().parents[2] / 'docker' / 'balancer'
CONFIGURATION = FOLDER / 'nginx.conf'
FOLLOW = FOLDER / 'follow-replicas.sh'
LISTEN = 'listen 4347 '


def free_port():
    """One that nobody has; between this and its use somebody might take it, which no test run has seen."""
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Balancer:
    """A run of nginx. As a context manager it serves inside the block. `addresses` are the servers'; with a `command`,
    which gets the configuration and the folder as its last words, that starts nginx and knows them."""

    def __init__(self, addresses=(), command=(), environment=None):
        self.folder = Path(tempfile.mkdtemp(prefix='ttsave-balancer-'))
        self.port = free_port()
        text = CONFIGURATION.read_text()
        assert text.count(LISTEN) == 1
        configuration = self.folder / 'given.conf' if command else self.folder / 'nginx.conf'
        configuration.write_text(text.replace(LISTEN, f'listen 127.0.0.1:{self.port} '))
        if not command:
            (self.folder / 'replicas.conf').write_text(
                ''.join(f'server {host}:{port} max_fails=1 fail_timeout=10s;\n' for host, port in addresses))
        self._command = [*command, configuration, self.folder] if command else [
            'nginx', '-e', 'stderr', '-p', self.folder, '-c', configuration, '-g', 'daemon off;']
        self._environment = clean_environment(environment)

    def __enter__(self):
        self._log = (self.folder / 'log').open('w+b')
        self._process = subprocess.Popen(self._command, env=self._environment, stdin=subprocess.DEVNULL,
                                         stdout=self._log, stderr=self._log)
        try:
            until(self._accepts, 'nginx accepts')
        except BaseException:
            print(self.log)
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(PATIENT_S)
        finally:
            self._process.kill()
            self._process.wait()
            self._log.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def address(self):
        return '127.0.0.1', self.port

    @property
    def pid(self):
        return self._process.pid

    @property
    def log(self):
        return (self.folder / 'log').read_text(errors='replace')

    def _accepts(self):
        assert self._process.poll() is None, self.log
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(self.address, PATIENT_S).close()
            return True
