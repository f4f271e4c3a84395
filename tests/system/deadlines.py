"""Waiting: always for something, never for longer than a deadline that slower builds may stretch."""

import os
import threading
import time

# How many times slower than a release build the server under test is (sanitizers: 3 to 5).
SLOWNESS = float(os.environ.get('TTSAVE_SLOWNESS', '1'))

# The answer to any request that does not wait for an upstream.
PROMPT_S = 15 * SLOWNESS

# A download, or a failure the server itself has to time out on.
PATIENT_S = 60 * SLOWNESS

_never = threading.Event()


def until(condition, what, seconds=PATIENT_S):
    """Returns the first true value of `condition()`. For states that nothing announces: /proc, counters elsewhere."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f'after {seconds:.0f} s still not: {what}')
        _never.wait(0.02)


def until_stable(read, what, seconds=PATIENT_S):
    """Returns the value of `read()` once it has stayed the same for a while."""
    last = [read()]

    def is_as_before():
        _never.wait(0.25 * SLOWNESS)
        before, last[0] = last[0], read()
        return before == last[0]
    until(is_as_before, f'{what} settles', seconds)
    return last[0]
