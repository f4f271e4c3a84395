"""The compose files as they are, brought up by Compose with Podman in the place of Docker's engine."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from system.deadlines import PATIENT_S, until

from .container import USER, podman, run_once

DOCKER = Path(__file__).resolve().parents[2] / 'docker'
TLS = ('-f', 'compose.yml', '-f', 'compose.tls.yml')


def run(*words, **environment):
    """Runs a command in the compose files' folder and returns what it prints."""
    done = subprocess.run(words, cwd=DOCKER, env={**os.environ, **environment}, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=PATIENT_S, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def make_private_files(folder, *others):
    """Puts them into an empty folder as docker/README.md does, and `others` beside them. Returns the key."""
    status, [entry], _ = run_once('--generate-key', 'me')
    assert status == 0, status
    (folder / 'keys.json').write_text(f'{{"keys": [{entry}]}}')
    for other in others:
        shutil.copy(other, folder)
    for path in (*folder.iterdir(), folder):
        shutil.chown(path, USER, USER)
        path.chmod(path.stat().st_mode & 0o700)
    return json.loads(entry)['key']


class Project:
    """As a context manager, up inside the block; nothing of it is left after it."""

    def __init__(self, *files, changes, **environment):
        """`files` and `environment` as in docker/README.md; `changes` is what would stand in one more file."""
        self._changes = changes
        self._files = files
        self._environment = environment

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        changes, engine = (Path(self._folder.name, name) for name in ('changes.json', 'engine'))
        changes.write_text(json.dumps(self._changes))
        self._command = ['docker-compose', '-p', f'ttsave-test-{os.getpid()}', *self._files, '-f', changes]
        self._environment['DOCKER_HOST'] = f'unix://{engine}'
        self._engine = subprocess.Popen(['podman', 'system', 'service', '--time', '0', f'unix://{engine}'],
                                        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until(engine.exists, 'Podman serves')
            self.compose('up', '--detach', '--no-build')
        except BaseException:
            self._end(failed=True)
            raise
        return self

    def __exit__(self, kind, error, trace):
        self._end(failed=kind is not None)

    def _end(self, failed):
        try:
            if failed:
                print(f'\nthe containers said, before the test failed:\n{self.compose("logs", "--no-color")}')
            self.compose('down', '--volumes', '--timeout', '5')
        finally:
            self._engine.terminate()
            self._engine.wait()
            self._folder.cleanup()

    def compose(self, *words):
        return run(*self._command, *words, **self._environment)

    def log(self, service):
        return self.compose('logs', '--no-color', service)

    def fetch(self, service, path, into):
        """Copies a file out of a service's container."""
        [container] = self.compose('ps', '--quiet', service).split()
        podman('cp', f'{container}:{path}', into)
