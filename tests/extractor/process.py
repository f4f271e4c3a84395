"""The real extractor process, started and spoken to as the server does it."""

import contextlib
import itertools
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from .gate import NOWHERE

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE_DIR = REPOSITORY / 'extractor'

# How many times slower than usual the machine is; stretches every deadline and every job's time.
SLOWNESS = float(os.environ.get('TTSAVE_SLOWNESS', '1'))

# For whatever should happen at once: nothing waits this long unless something is wrong.
DEADLINE_S = 20 * SLOWNESS

# A job's time where no test wants it to run out.
AMPLE_S = 15 * SLOWNESS

# A stand-in's media and authority, kept from one run to the next.
STANDIN_DIR = Path(os.environ.get('TTSAVE_STANDIN_DIR') or Path(tempfile.gettempdir(), f'ttsave-standin-{os.getuid()}'))

_LISTENED = Path(__file__).with_name('listened.py')

_AFTER_PREAMBLE = '\nimport sys\nfrom ttsave_extractor.__main__ import main\nsys.exit(main())\n'


class Extractor:
    """A running extractor process; a context manager that leaves none behind.

    `preamble` is Python that runs in the process before the extractor does, for playing a library that misbehaves;
    `first_path` comes before everything else that Python imports from. It comes to `gate`; without, there is nothing at
    the address that it is given. Without `reads_output`, nobody holds the other end of its standard output.
    """

    def __init__(self, *, gate=None, ca_file='', preamble='', first_path='', reads_output=True):
        environment = {
            'LANG': 'C.UTF-8',
            'PATH': '/usr/local/bin:/usr/bin:/bin',
            'PYTHONDONTWRITEBYTECODE': '1',
            'PYTHONPATH': os.pathsep.join(filter(None, [str(first_path), str(PACKAGE_DIR)])),
            'PYTHONSAFEPATH': '1',
        }
        if ca_file:
            environment['SSL_CERT_FILE'] = str(ca_file)
        how = ['-c', preamble + _AFTER_PREAMBLE] if preamble else ['-m', 'ttsave_extractor']
        program = [sys.executable, *how]
        self._gate_url = gate.url if gate else NOWHERE
        with gate.admit() if gate else contextlib.nullcontext() as way:
            handed = [way.fileno()] if way else []
            if way:
                program = [sys.executable, '-S', _LISTENED, str(way.fileno()), *program]
            self._process = subprocess.Popen(program, env=environment, cwd='/', pass_fds=handed,
                                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self._ids = itertools.count(1)
        self._lines = queue.SimpleQueue()
        self._log = []
        self._log_reader = threading.Thread(target=self._read_log)
        self._readers = [self._log_reader]
        if reads_output:
            self._readers.append(threading.Thread(target=self._read_output))
        else:
            self._process.stdout.close()
        for reader in self._readers:
            reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait(DEADLINE_S)
        for reader in self._readers:
            reader.join(DEADLINE_S)
        self.close_input()
        self._process.stdout.close()
        self._process.stderr.close()

    @property
    def pid(self):
        return self._process.pid

    def tell(self, **message):
        """Sends one message."""
        self.tell_bytes(json.dumps(message).encode() + b'\n')

    def tell_bytes(self, data):
        self._process.stdin.write(data)
        self._process.stdin.flush()

    def close_input(self):
        try:
            self._process.stdin.close()
        except BrokenPipeError:
            pass  # it had ended before it read everything

    def hear_line(self):
        """The next line of standard output without its newline, or None when there are no more."""
        return self._lines.get(timeout=DEADLINE_S)

    def hear(self):
        """The next message. ValueError when it is not one UTF-8 JSON object with the newline at its end only."""
        line = self.hear_line()
        if line is None:
            raise EOFError(f'the extractor has ended; its log:\n{self.log()}')
        message = json.loads(line.decode(), parse_constant=_refuse_constant)
        if not isinstance(message, dict):
            raise ValueError(f'not an object: {line!r}')
        return message

    def configure(self, cookies_file='', user_agent='', extractor_args=''):
        """Returns the first message: ready or unusable."""
        self.tell(op='configure', protocol=5, gate=self._gate_url, cookies_file=str(cookies_file),
                  user_agent=user_agent, extractor_args=extractor_args)
        return self.hear()

    def resolve(self, url, timeout_s=AMPLE_S):
        """Has one job done and returns its answer without the id, which is checked."""
        job = next(self._ids)
        self.tell(id=job, op='resolve', url=url, timeout_s=timeout_s, request=f'request-{job}')
        answer = self.hear()
        if answer.pop('id') != job:
            raise ValueError('the answer to another job')
        return answer

    def signal(self, number):
        self._process.send_signal(number)

    def exit_status(self):
        """Waits for the process to end by itself, and returns how; -N for signal N."""
        return self._process.wait(DEADLINE_S)

    def log(self):
        """What it has written to standard error; all of it once it has ended."""
        if self._process.poll() is not None:
            self._log_reader.join(DEADLINE_S)
        return b''.join(self._log).decode(errors='replace')

    def _read_output(self):
        for line in self._process.stdout:
            if not line.endswith(b'\n'):
                line += b' (cut off)'
            self._lines.put(line.removesuffix(b'\n'))
        self._lines.put(None)

    def _read_log(self):
        for line in self._process.stderr:
            self._log.append(line)


def _refuse_constant(name):
    raise ValueError(f'{name} is not JSON')
