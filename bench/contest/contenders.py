"""The three servers, started alike and asked for the same bytes."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from system.clients import DOWNLOAD, order
from system.harness import binary, clean_environment
from system.multipart import MultipartReader, boundary_of
from system.wire import Connection, json_request, request_bytes

from . import usage

HERE = Path(__file__).resolve().parent
CORES = os.cpu_count()
START_S = 30


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class Contender:
    """A server as a process. `command` and `environment` are its kind's."""

    def __init__(self, directory):
        self.directory = Path(directory)
        self.directory.mkdir()
        self.port = free_port()

    def __enter__(self):
        with (self.directory / 'log').open('wb') as log:
            begin = time.perf_counter()
            self._process = subprocess.Popen(self.command(), env=clean_environment(self.environment()),
                                             stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            self._wait_for_ping(begin + START_S)
        except BaseException:
            self.__exit__()
            raise
        self.started_in_s = time.perf_counter() - begin
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(START_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def environment(self):
        return {}

    @property
    def pid(self):
        return self._process.pid

    @property
    def address(self):
        return '127.0.0.1', self.port

    def log(self):
        return (self.directory / 'log').read_text(errors='replace')

    def cpu_s(self):
        return usage.cpu_s(usage.family(self.pid))

    def ping(self):
        with Connection(self.address) as connection:
            return connection.ask('GET', '/ping').body

    def _wait_for_ping(self, deadline):
        while True:
            with contextlib.suppress(ConnectionError):
                assert self.ping() == b'pong'
                return
            if self._process.poll() is not None or time.perf_counter() > deadline:
                raise AssertionError(f'{self.name} does not start:\n{self.log()}')


class MultipartContender(Contender):
    """One that is asked for posts by their links."""

    def request(self, post):
        return json_request(DOWNLOAD, order(post.link))

    def download(self, post):
        """The file, how much payload the response has, and how much of it is in front of the file."""
        with Connection(self.address) as connection:
            connection.send(self.request(post))
            head = connection.read_head()
            assert head.status == 200, f'{self.name}: status {head.status}\n{self.log()}'
            body = b''.join(connection.read_body(head, 'POST'))
        reader = MultipartReader(boundary_of(head))
        reader.feed(body)
        reader.finish()
        part, = reader.parts
        return bytes(part.data), len(body), body.index(b'\r\n\r\n') + 4


class Ttsave(MultipartContender):
    name = 'ttsave'

    def __init__(self, directory, standin, **settings):
        super().__init__(directory)
        self._settings = {'port': self.port, 'address': '127.0.0.1', 'cache_dir': self.directory / 'cache',
                          'proxy': standin.http_proxy, 'ca_file': standin.ca_file, 'log_level': 'warning',
                          'max_deliveries_per_client': 1000, **settings}

    def command(self):
        return [binary(), *(word for key, value in self._settings.items()
                            for word in ('--' + key.replace('_', '-'), str(value)))]


class Peer(MultipartContender):
    """One process, as people run it, or one for each core."""

    def __init__(self, directory, standin, workers):
        super().__init__(directory)
        self.name = 'fastapi' if workers == 1 else f'fastapi x{workers}'
        self._standin, self._workers = standin, workers

    def command(self):
        return [sys.executable, '-m', 'uvicorn', 'app:app', '--app-dir', HERE.parent / 'peer', '--host', '127.0.0.1',
                '--port', str(self.port), '--workers', str(self._workers), '--loop', 'uvloop', '--http', 'httptools',
                '--no-access-log', '--log-level', 'warning']

    def environment(self):
        return {'PEER_CACHE_DIR': str(self.directory), 'PEER_PROXY': self._standin.http_proxy,
                'SSL_CERT_FILE': self._standin.ca_file}


class Nginx(Contender):
    name = 'nginx'

    def __init__(self, directory):
        super().__init__(directory)
        self._files = self.directory / 'files'
        self._files.mkdir()
        text = (HERE / 'nginx.conf.in').read_text()
        for name, value in {'DIRECTORY': self.directory, 'PORT': self.port, 'FILES': self._files}.items():
            text = text.replace(f'@{name}@', str(value))
        (self.directory / 'nginx.conf').write_text(text)

    def command(self):
        return ['nginx', '-p', self.directory, '-c', self.directory / 'nginx.conf']

    def add(self, path):
        shutil.copyfile(path, self._files / path.name)

    def request(self, post):
        return request_bytes('GET', f'/{post.media}')

    def download(self, post):
        with Connection(self.address) as connection:
            connection.send(self.request(post))
            answer = connection.read_answer('GET')
        return answer.body, len(answer.body), 0
