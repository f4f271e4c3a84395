"""The image as a container: run with as little as an operator can leave it, listened to, looked into and ended."""

import contextlib
import itertools
import json
import os
import re
import socket
import subprocess
import tempfile
from pathlib import Path

from system import processes
from system.deadlines import PATIENT_S, until

# No root, no capabilities, nothing to write to but the volume. The limits are named since a sandbox may not let Podman
# raise them to its own defaults; the network is the host's since the stand-in listens on its loopback.
LITTLE = ('--read-only', '--read-only-tmpfs=false', '--cap-drop=all', '--security-opt=no-new-privileges',
          '--network=host', '--ulimit=nofile=4096:4096', '--ulimit=nproc=4096:4096')

# The user that the image names.
USER = 10001

_names = itertools.count()


def image():
    """The image that TTSAVE_IMAGE names."""
    return os.environ['TTSAVE_IMAGE']


def podman(*words):
    """Runs Podman to its end and returns what it prints."""
    done = subprocess.run(['podman', *map(str, words)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=PATIENT_S, check=False)
    assert done.returncode == 0, f'podman {words[0]}: {done.stderr}'
    return done.stdout


def _lines(text):
    """What a container has written, without Podman's own remarks on the machine it is on."""
    return [line for line in text.splitlines() if not line.startswith('time="')]


def run_once(*words, options=()):
    """Runs the image to its own end: the exit status, and the lines on either output. `options` are Podman's."""
    done = subprocess.run(['podman', 'run', '--rm', *LITTLE, *options, image(), *words], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=PATIENT_S, check=False)
    return done.returncode, done.stdout.splitlines(), _lines(done.stderr)


@contextlib.contextmanager
def new_volume():
    """A volume that is gone in the end; its name."""
    name = f'ttsave-test-{os.getpid()}-{next(_names)}'
    podman('volume', 'create', name)
    try:
        yield name
    finally:
        podman('volume', 'rm', '--force', name)


class Container:
    """One run of the image. As a context manager the server in it is up inside the block."""

    def __init__(self, *, volume, port, ca_file=None, options=(), **settings):
        """`settings` go to the environment; `ca_file` is a file of this machine; `options` are Podman's."""
        self.address = '127.0.0.1', port
        self._name = f'ttsave-test-{os.getpid()}-{next(_names)}'
        self._words = ['run', '--detach', '--name', self._name, *LITTLE, *options]
        self._words += ['--volume', f'{volume}:/var/cache/ttsave']
        chosen = {'address': '127.0.0.1', 'port': port, 'workers': 1, **settings}
        if ca_file:
            inside = '/run/secrets/ca.pem'
            self._words += ['--volume', f'{ca_file}:{inside}:ro']
            chosen['ca_file'] = inside
        for key, value in chosen.items():
            self._words += ['--env', f'TTSAVE_{key.upper()}={value}']

    def __enter__(self):
        podman(*self._words, image())
        try:
            self.wait_for_log('listening on ')
            self.init = int(podman('inspect', '--format', '{{.State.Pid}}', self._name))
            [self.server] = [pid for pid in processes.descendants(self.init)
                             if processes.name(pid) == 'ttsave-server' and self._parent(pid) == self.init]
        except BaseException:
            print(f'\nthe container said, before the test failed:\n{self.log()}')
            self._remove()
            raise
        return self

    def __exit__(self, kind, error, trace):
        if kind is not None:
            print(f'\nthe container said, before the test failed:\n{self.log()}')
        self._remove()

    @staticmethod
    def _parent(pid):
        return int(processes.status(pid)['PPid'])

    def _remove(self):
        podman('rm', '--force', '--volumes', '--time', '0', self._name)

    def log(self):
        done = subprocess.run(['podman', 'logs', self._name], capture_output=True, text=True, check=True)
        return done.stdout + done.stderr

    def wait_for_log(self, pattern):
        return until(lambda: re.search(pattern, self.log()), f'the log has {pattern!r}')

    def execute(self, *command):
        """Runs a command in it: the exit status, and the lines on its standard error."""
        done = subprocess.run(['podman', 'exec', self._name, *command], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=PATIENT_S, check=False)
        return done.returncode, _lines(done.stderr)

    def put(self, path, folder):
        """Copies a file into it."""
        podman('cp', path, f'{self._name}:{folder}')

    def check_health(self):
        """Does what a container engine does with the image's health check."""
        [told] = json.loads(podman('image', 'inspect', image()))
        kind, *command = told['Healthcheck']['Test']
        assert kind == 'CMD', kind
        return self.execute(*command)

    def stop(self):
        """Ends it as `docker stop` does: SIGTERM. The exit status."""
        podman('stop', '--time', int(PATIENT_S) // 2, self._name)
        return int(podman('inspect', '--format', '{{.State.ExitCode}}', self._name))

    def root(self):
        """Its file system, as it sees it."""
        return Path('/proc', str(self.init), 'root')


def free_port():
    """A port that nobody listens on at the moment. 0 would not do: the health check has to know it."""
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def standin_dir():
    """Where the stand-in keeps what it makes from one run to the next."""
    folder = Path(os.environ.get('TTSAVE_STANDIN_DIR', Path(tempfile.gettempdir(), f'ttsave-standin-{os.getuid()}')))
    folder.mkdir(exist_ok=True)
    return folder
