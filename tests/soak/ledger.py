"""What has happened in a soak, and what should not have. Thread-safe."""

import collections
import threading
import time

MOST_TOLD = 20


class Ledger:
    """Counts and problems. `begun` holds when the run began, for times that a reader can place."""

    def __init__(self):
        self._lock = threading.Lock()
        self._begun = time.monotonic()
        self.counts = collections.Counter()
        self.problems = []

    def count(self, group, what, by=1):
        with self._lock:
            self.counts[group, what] += by

    def most(self, group, what, value):
        with self._lock:
            self.counts[group, what] = max(self.counts[group, what], round(value, 1))

    def problem(self, text):
        with self._lock:
            self.problems.append(f'after {time.monotonic() - self._begun:.1f} s: {text}')

    def print(self):
        with self._lock:
            for (group, what), number in sorted(self.counts.items()):
                print(f'{group:<20} {what:<32} {number:>12}')
            for text in self.problems[:MOST_TOLD]:
                print(f'PROBLEM {text}')
            if len(self.problems) > MOST_TOLD:
                print(f'... and {len(self.problems) - MOST_TOLD} more')
