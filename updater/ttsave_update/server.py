"""The server: its settings, its process, and what it says of itself."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from .words import Failure

# What the binary does besides serving.
TASKS = ('--help', '--version', '--check-config', '--print-config', '--print-setting', '--generate-key', '--healthcheck',
         '--try-extractor')


def _words(file):
    return os.fsdecode(file.read_bytes()).split('\0')[:-1]


class Server:
    """The server's binary with its settings, and the process that serves with them, if there is one."""

    def __init__(self, binary, pid, config, url):
        self._binary = binary
        self.pid = pid or self._find()
        self._url = url
        self._words = ['--config', config] if config else []
        self._environment, self._folder = dict(os.environ), None
        if self.pid:
            self._take_settings()

    def _find(self):
        parents = {}
        for entry in Path('/proc').glob('[0-9]*'):
            with contextlib.suppress(OSError):
                is_server = os.path.samefile(entry / 'exe', self._binary)
                if is_server and not any(word.startswith(TASKS) for word in _words(entry / 'cmdline')):
                    parents[int(entry.name)] = int((entry / 'stat').read_text().rpartition(')')[2].split()[1])
        # A child that is about to become another program is still the same one.
        found = sorted(pid for pid, parent in parents.items() if parent not in parents)
        if len(found) > 1:
            raise Failure(f'There are {len(found)} servers, processes {found}: choose one by --pid.', 2)
        return found[0] if found else None

    def _take_settings(self):
        """The process' own: from its command line, its environment, and where it was started."""
        process = Path('/proc', str(self.pid))
        try:
            self._words = _words(process / 'cmdline')[1:] + self._words
            entries = _words(process / 'environ')
            self._folder = os.readlink(process / 'cwd')
        except OSError as error:
            raise Failure(f'Process {self.pid} cannot be looked into ({error.strerror}): run this as its user.') from error
        self._environment = dict(entry.split('=', 1) for entry in entries if '=' in entry)

    def run(self, *words):
        return subprocess.run([self._binary, *self._words, *words], env=self._environment, cwd=self._folder,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False)

    def setting(self, name):
        done = self.run('--print-setting', name)
        if done.returncode != 0:
            raise Failure('The settings of the server cannot be read.', 2)
        return done.stdout.rstrip('\n')

    def compile(self, folder):
        """Spares each extractor that starts the half of its time; they cannot write. Whether it works shows when tried."""
        with contextlib.suppress(OSError):
            subprocess.run([self.setting('python'), '-m', 'compileall', '-q', folder], env=self._environment, cwd='/',
                           stdin=subprocess.DEVNULL, capture_output=True, check=False)

    def reload(self):
        try:
            os.kill(self.pid, signal.SIGHUP)
        except OSError as error:
            raise Failure(f'Process {self.pid} cannot be told to reload: {error.strerror}.') from error

    def checks(self):
        """What /readyz says; nothing while it says nothing."""
        self._url = self._url or self._listening_at()
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(self._url + '/readyz', timeout=10) as answer:
                return json.load(answer)['checks']
        except urllib.error.HTTPError as answer:
            with contextlib.suppress(ValueError, KeyError):
                return json.load(answer)['checks']
        except (OSError, ValueError, KeyError):
            pass
        return None

    def _listening_at(self):
        """As the kernel knows it: the port may be any free one, and the socket systemd's."""
        process = Path('/proc', str(self.pid))
        sockets = set()
        for entry in (process / 'fd').iterdir():
            with contextlib.suppress(OSError):
                sockets.add(os.readlink(entry))
        for table, any_host in (('tcp', '127.0.0.1'), ('tcp6', '[::1]')):
            for line in (process / 'net' / table).read_text().splitlines()[1:]:
                _, local, _, state, *rest = line.split()
                if state == '0A' and f'socket:[{rest[5]}]' in sockets:
                    address, port = local.split(':')
                    return f'http://{self._host(address) or any_host}:{int(port, 16)}'
        raise Failure(f'Process {self.pid} listens nowhere: say where by --url.', 2)

    @staticmethod
    def _host(address):
        """Words of four bytes, in this machine's order; nothing for any address."""
        words = (int(address[i:i + 8], 16).to_bytes(4, sys.byteorder) for i in range(0, len(address), 8))
        packed = b''.join(words)
        if not any(packed):
            return None
        return socket.inet_ntop(socket.AF_INET, packed) if len(packed) == 4 else (
            f'[{socket.inet_ntop(socket.AF_INET6, packed)}]')
