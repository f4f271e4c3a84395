"""The installed server as a process: started, listened to, looked into and ended as an operator would."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from . import processes
from .deadlines import PATIENT_S, PROMPT_S

REPOSITORY = Path(__file__).resolve().parents[2]

_SANITIZER_REPORT = re.compile(r'ERROR: \w+Sanitizer|WARNING: ThreadSanitizer|runtime error:')


def binary():
    """The server that TTSAVE_PREFIX names."""
    return Path(os.environ['TTSAVE_PREFIX']) / 'bin' / 'ttsave-server'


def is_linked_with(library):
    """Whether the server uses a shared library whose name begins so."""
    return f'{library}.so'.encode() in binary().read_bytes()


def clean_environment(extra=None):
    """This process' environment without what would configure the server or lead it past the stand-in."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith('TTSAVE_') and not name.lower().endswith('_proxy')
    }
    # ASan keeps freed memory for a while; a small quarantine leaves the resident set comparable to a plain build's.
    environment['ASAN_OPTIONS'] = os.environ.get('ASAN_OPTIONS', 'quarantine_size_mb=4')
    return {**environment, **(extra or {})}


def arguments(settings):
    """Settings as the command line spells them: resolve_timeout_s=5 becomes --resolve-timeout-s 5."""
    return [word for key, value in settings.items() for word in ('--' + key.replace('_', '-'), str(value))]


def run_binary(*words, environment=None, run_by=()):
    """Runs the server to its own end, for starts that are meant to end by themselves; `run_by` as a Server's."""
    return subprocess.run([*run_by, binary(), *words], env=clean_environment(environment), stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=PATIENT_S, check=False)


class Server:
    """One run of the server. As a context manager it is up inside the block, and leaves nothing behind after it."""

    def __init__(self, *, words=(), environment=None, run_by=(), pass_fds=(), cache_dir=None, **settings):
        """`settings` go to the command line, after those that every test needs; nothing is kept or remembered.
        `run_by` is a command that runs another in its own place, in front of it; it gets the descriptors `pass_fds`.
        A `cache_dir` that is given is its giver's to delete."""
        program = binary()
        self._owns_cache_dir = cache_dir is None
        self.cache_dir = Path(cache_dir or tempfile.mkdtemp(prefix='ttsave-cache-'))
        base = {'port': 0, 'address': '127.0.0.1', 'cache_dir': self.cache_dir, 'workers': 1, 'cache_ttl_s': 0,
                'negative_ttl_s': 0}
        chosen = {**base, **settings}
        chosen.setdefault('max_workers', chosen['workers'])
        self._command = [*run_by, program, *words, *arguments(chosen)]
        self._environment = clean_environment(environment)
        self._pass_fds = pass_fds
        self._lines = []
        self._news = threading.Condition()
        self._may_read = threading.Lock()
        self._log_ended = False
        self._process = None
        self._was_ended = False

    def begin(self):
        """Starts the command without waiting for anything; the block goes on from there."""
        self._process = subprocess.Popen(
            self._command, env=self._environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, pass_fds=self._pass_fds)
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()

    def __enter__(self):
        if self._process is None:
            self.begin()
        try:
            found = self.wait_for_log(r'listening on (\S+):(\d+)')
        except BaseException:
            self.kill()
            raise
        self.host, self.port = found[1].strip('[]'), int(found[2])
        return self

    def __exit__(self, kind, error, trace):
        try:
            if kind is not None:
                print(f'\nthe server said, before the test failed:\n{self.log_tail()}')
            elif not self._was_ended:
                assert self.is_running, f'the server ended by itself, status {self.wait()}:\n{self.log_tail()}'
                self.stop()
        finally:
            self.kill()
            if self._owns_cache_dir:
                shutil.rmtree(self.cache_dir, ignore_errors=True)

    # The process

    @property
    def pid(self):
        return self._process.pid

    @property
    def is_running(self):
        return self._process.poll() is None

    def send_signal(self, number):
        self._process.send_signal(number)

    def wait(self, seconds=PATIENT_S):
        """Returns the exit status, once the process has ended and its log has been read to the end."""
        self._was_ended = True
        status = self._process.wait(seconds)
        self._reader.join(PROMPT_S)
        return status

    def stop(self, number=signal.SIGTERM):
        """Ends the server as an operator does, and asserts the promises about it: status 0, nothing left behind."""
        family = [processes.identity(child) for child in self.children()]
        self.send_signal(number)
        status = self.wait()
        assert status == 0, f'exit status {status}\n{self.log_tail()}'
        left = [who for who in family if who and processes.is_alive(who)]
        assert not left, f'processes left behind: {left}'
        assert not self.spooled_files(), f'files left behind: {self.spooled_files()}'
        assert not _SANITIZER_REPORT.search(self.log), self.log

    def kill(self):
        """Ends whatever still runs; the clean-up of a test that failed."""
        children = self.children() if self.is_running else []
        self._process.kill()
        self._process.wait()
        for child in children:
            processes.kill_hard(child)
        self._reader.join(PROMPT_S)
        self._process.stderr.close()

    def children(self):
        """Process numbers of the extractors and whatever else runs below the server."""
        return processes.descendants(self.pid)

    def extractors(self):
        """Those of them that resolve posts."""
        return [child for child in self.children() if (processes.name(child) or '').startswith('python')]

    def open_descriptors(self):
        return processes.open_descriptors(self.pid)

    def peak_memory_bytes(self):
        return processes.peak_memory_bytes(self.pid)

    def spooled_files(self):
        """Every file below cache_dir but its lock and finished entries: what should be gone with its delivery."""
        entries = self.cache_dir / 'entries'
        return [str(path) for path in self.cache_dir.rglob('*')
                if not path.is_dir() and path != self.cache_dir / 'lock' and entries not in path.parents]

    def kept_entries(self):
        """The keys of what is kept in cache_dir, as far as it is finished."""
        return sorted(path.name for path in (self.cache_dir / 'entries').glob('*'))

    # The log

    @property
    def log(self):
        with self._news:
            return '\n'.join(self._lines)

    def log_tail(self, lines=60):
        with self._news:
            return '\n'.join(self._lines[-lines:])

    def wait_for_log(self, pattern, seconds=PATIENT_S, count=1):
        """Returns the match of the `count`-th line, from the start of the log, that holds `pattern`."""
        deadline = time.monotonic() + seconds
        with self._news:
            while True:
                found = [match for match in (re.search(pattern, line) for line in self._lines) if match]
                if len(found) >= count:
                    return found[count - 1]
                if self._log_ended or not self._news.wait(max(0, deadline - time.monotonic())):
                    tail = '\n'.join(self._lines[-60:])
                    raise AssertionError(f'the log has no line {count} with {pattern!r}:\n{tail}')

    def unread_log(self):
        """A context in which nobody reads what the server logs: its pipe becomes full."""
        return self._may_read

    def _read_log(self):
        for line in self._process.stderr:
            with self._may_read, self._news:
                self._lines.append(line.decode('utf-8', 'backslashreplace').rstrip('\n'))
                self._news.notify_all()
        with self._news:
            self._log_ended = True
            self._news.notify_all()

    # Its address

    @property
    def address(self):
        return self.host, self.port

    @property
    def base_url(self):
        """What a user of PyTTSave sets as api_url."""
        return f'http://{self.host}:{self.port}/api/v3/'
