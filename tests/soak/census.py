"""What the server holds: at rest, and in its cache."""

import threading
import time
from pathlib import Path
from typing import NamedTuple

from system import processes
from system.deadlines import SLOWNESS, until, until_stable

LOOK_S = 0.25


class Census(NamedTuple):
    """Descriptors without those of connections to the CDN and of kept files, which stay open for the next request;
    resident bytes without those of files, which are the kernel's to give back."""

    processes: int
    descriptors: int
    files: int
    server_bytes: int
    extractor_bytes: int

    @property
    def held(self):
        return self.processes, self.descriptors, self.files


def take(fixture, expected=None, seconds=60 * SLOWNESS):
    """Waits until the server rests, with as many extractors as before if `expected`; what it holds then."""
    server = fixture.server

    def is_kept(path):
        return '/entries/' in path and not path.endswith(' (deleted)')

    def now():
        children = server.children()
        others = [path for path in server.open_descriptors().values() if not is_kept(path)]
        return Census(len(children), len(others) - fixture.standin.open(),
                      len(server.spooled_files()), processes.anonymous_memory_bytes(server.pid),
                      max((processes.anonymous_memory_bytes(child) for child in children), default=0))

    def as_expected():
        held = now()
        return held if held.held == expected.held else None

    if expected:
        try:
            return until(as_expected, 'the server holds what it held', seconds)
        except AssertionError:
            return now()  # the caller compares
    until_stable(lambda: now().held, 'what the server holds', seconds)
    return now()


class CacheWatch(threading.Thread):
    """Counts what leaves the cache, as far as a look every quarter of a second shows it."""

    def __init__(self, cache_dir, ttl_s, ledger):
        super().__init__(daemon=True)
        self._entries = Path(cache_dir) / 'entries'
        self._ttl_s = ttl_s
        self._ledger = ledger
        self._ended = threading.Event()

    def run(self):
        seen = {}
        while not self._ended.wait(LOOK_S):
            now = time.monotonic()
            entries = self._sizes()
            self._ledger.most('cache', 'most bytes seen', sum(entries.values()))
            for key in seen.keys() - entries.keys():
                age = now - seen.pop(key)
                self._ledger.count('cache', 'expired' if age >= self._ttl_s - 1 else 'evicted')
            for key in entries.keys() - seen.keys():
                seen[key] = now
                self._ledger.count('cache', 'kept')

    def finish(self):
        self._ended.set()
        self.join()

    def _sizes(self):
        sizes = {}
        for directory in self._entries.glob('*'):
            try:
                sizes[directory.name] = sum(path.stat().st_size for path in directory.iterdir())
            except (FileNotFoundError, NotADirectoryError):
                continue
        return sizes
