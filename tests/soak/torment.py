"""Signals to the extractors, and what they excuse."""

import random
import signal
import threading
import time

from system import processes
from system.deadlines import SLOWNESS, until

# Between two signals: about as long as it takes to start an extractor, so that there is always one that works.
PAUSE_S = (1.5, 6)
STOPPED_S = (0.5, 4)
STOPPED_FOR_LONG_S = 20 * SLOWNESS


class Torment(threading.Thread):
    """Kills or stops an extractor now and then, or has all of them replaced, until `finish`."""

    def __init__(self, server, ledger, seed):
        super().__init__(daemon=True)
        self._server = server
        self._ledger = ledger
        self._draw = random.Random(f'{seed} torment')
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._kills = []
        self._stops = []

    def run(self):
        while not self._ended.wait(self._draw.uniform(*PAUSE_S)):
            if self._draw.random() < 0.15:
                self._renew()
                continue
            extractors = self._server.extractors()
            victim = processes.identity(self._draw.choice(extractors)) if extractors else None
            if victim:
                (self._kill if self._draw.random() < 0.6 else self._let_stand)(victim)

    def finish(self):
        self._ended.set()
        self.join()
        until(self._is_renewed, 'the last renewal is over')

    def _renew(self):
        """Which excuses nothing."""
        self._ledger.count('extractors', 'SIGHUP')
        said = 'settings are reloaded'
        before = self._server.log.count(said)
        self._server.send_signal(signal.SIGHUP)
        self._server.wait_for_log(said, count=before + 1)

    def _is_renewed(self):
        log = self._server.log
        ended = log.count('the extractors are renewed') + log.count('the extractors are not renewed')
        return log.count('the extractors are being renewed') == ended

    def _kill(self, victim):
        self._ledger.count('extractors', 'SIGKILL')
        with self._lock:
            self._kills.append(time.monotonic())
        processes.kill_hard(victim[0])

    def _let_stand(self, victim):
        is_long = self._draw.random() < 0.2
        self._ledger.count('extractors', 'SIGSTOP for long' if is_long else 'SIGSTOP')
        span = [time.monotonic(), float('inf')]
        with self._lock:
            self._stops.append(span)
        processes.send(victim, signal.SIGSTOP)
        self._ended.wait(STOPPED_FOR_LONG_S if is_long else self._draw.uniform(*STOPPED_S))
        processes.send(victim, signal.SIGCONT)
        span[1] = time.monotonic()

    def excuses(self, code, begun, ended):
        """Whether a healthy post may have failed so between these times: its job was on a process that stood still,
        or on two that were killed."""
        with self._lock:
            is_stopped = any(start <= ended and begun <= end for start, end in self._stops)
            kills = sum(begun <= when <= ended for when in self._kills)
        return (code in ('tiktok.timeout', 'extractor.failed') and is_stopped
                or code == 'extractor.failed' and kills + is_stopped >= 2)
