"""A TikTok that runs on loopback; see README.md."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .control import Control

__all__ = ["Control", "running"]

PACKAGE = Path(__file__).parent
STOP_TIMEOUT_S = 10


@contextlib.contextmanager
def running(state_dir: str | Path, demo: bool = False) -> Iterator[Control]:
    """Runs a stand-in as a process of its own and ends it; `state_dir` may be kept for the next one."""
    command = [sys.executable, "-m", PACKAGE.name, "--state-dir", Path(state_dir).resolve(), *(["--demo"] * demo)]
    process = subprocess.Popen(command, cwd=PACKAGE.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        try:
            line = process.stdout.readline()
            if not line:
                raise RuntimeError("the stand-in did not start")
            yield Control(**json.loads(line))
        finally:
            process.stdin.close()
            try:
                process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
