"""Load on a contender, and what it was like."""

import json
import re
import subprocess
import tempfile
from typing import NamedTuple

WRK_THREADS = 2


class Load(NamedTuple):
    """Latencies in milliseconds, as (median, 99th percentile); cpu_s is the server's alone."""

    requests: int
    seconds: float
    payload_bytes: int
    cpu_s: float
    first_byte_ms: tuple
    whole_ms: tuple

    @property
    def per_s(self):
        return self.requests / self.seconds

    @property
    def cpu_us(self):
        return self.cpu_s / self.requests * 1e6

    @property
    def mb_per_s(self):
        return self.payload_bytes / self.seconds / 1e6

    @property
    def cpu_s_per_gb(self):
        return self.cpu_s / (self.payload_bytes / 1e9)


def ping(contender, connections, seconds):
    """wrk on /ping."""
    before = contender.cpu_s()
    done = subprocess.run(['wrk', '--latency', f'-t{WRK_THREADS}', f'-c{connections}', f'-d{seconds}s',
                           f'http://127.0.0.1:{contender.port}/ping'], capture_output=True, text=True, check=True)
    cpu_s = contender.cpu_s() - before
    if 'Socket errors' in done.stdout or 'Non-2xx' in done.stdout:
        raise AssertionError(f'{contender.name}: {done.stdout}')
    requests, took = re.search(r'(\d+) requests in ([\d.]+)s', done.stdout).groups()
    latencies = tuple(_milliseconds(re.search(rf'^ *{share}% +(\S+)$', done.stdout, re.M)[1]) for share in (50, 99))
    return Load(int(requests), float(took), 4 * int(requests), cpu_s, latencies, latencies)


def _milliseconds(text):
    number, unit = re.fullmatch(r'([\d.]+)(us|ms|s)', text).groups()
    return float(number) * {'us': 1e-3, 'ms': 1, 's': 1e3}[unit]


class Client:
    """The load client for responses with bodies; `program` is bench/load's."""

    def __init__(self, program):
        self._program = program

    def repeat(self, contender, post, expected, connections, seconds):
        """One post again and again; `expected` is what Verified tells of its response."""
        return self._run(contender, [contender.request(post)], expected, connections, seconds)

    def once(self, contender, posts, expected, connections):
        """Each post once."""
        return self._run(contender, [contender.request(post) for post in posts], expected, connections, 0)

    def _run(self, contender, requests, expected, connections, seconds):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b'\0'.join(requests))
            file.flush()
            before = contender.cpu_s()
            done = subprocess.run([self._program, str(contender.port), str(connections), str(seconds),
                                   str(expected.payload), str(expected.before_file), file.name],
                                  capture_output=True, text=True, check=False)
            cpu_s = contender.cpu_s() - before
        if done.returncode:
            raise AssertionError(f'{contender.name}: {done.stderr}')
        told = json.loads(done.stdout)
        return Load(told['requests'], told['seconds'], told['payload_bytes'], cpu_s,
                    tuple(us / 1000 for us in told['first_byte_us']), tuple(us / 1000 for us in told['whole_us']))


class Verified(NamedTuple):
    """The shape of a response whose file was compared with the original."""

    payload: int
    before_file: int


def verify(contender, post, content):
    """Downloads the post (with that it is kept) and compares every byte."""
    data, payload, before_file = contender.download(post)
    if data != content:
        raise AssertionError(f'{contender.name} gives other bytes for {post.media}')
    return Verified(payload, before_file)
