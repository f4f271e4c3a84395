"""How an address answers: what it does first, how many times, and what it does then."""

import math
import re
import threading
from typing import NamedTuple

OF_A_PAGE = re.compile(r"ok|challenge|unsolvable|please_wait|garbage|empty|login|classified|no_item|hang|reset|truncate"
                       r"|drip|http:[2-5]\d\d|redirect:.+")
OF_A_CDN_HOST = re.compile(r"ok|html|empty|hang|reset|gate|http:[2-5]\d\d|redirect:.+|slow:[1-9]\d*"
                           r"|(?:stall|reset|truncate):\d+")

KEYS = {"behaviour", "delay_ms", "times", "then"}


class Action(NamedTuple):
    name: str
    argument: str = ""

    @property
    def strikes_after(self) -> int | None:
        """The number of body bytes after which a fault strikes, for those that do so."""
        if self.name in ("stall", "reset", "truncate") and self.argument:
            return int(self.argument)
        return None


OK = Action("ok")


class Behaviour:
    """Counts the requests it has answered; thread-safe. `spec` holds some of KEYS; ValueError for a wrong one."""

    def __init__(self, spec: dict, known: re.Pattern[str]) -> None:
        self._first = _parse(spec.get("behaviour", "ok"), known)
        self._then = _parse(spec.get("then", "ok"), known)
        self.delay_s = spec.get("delay_ms", 0) / 1000
        times = spec.get("times")
        if times is None:
            times = math.inf if self._first.strikes_after is None else 1
        self._left = times
        self._lock = threading.Lock()

    def next(self, body_length: int = 0) -> Action:
        """What to do with one more request. A fault that its body is too short for waits for a longer one."""
        with self._lock:
            action = self._first if self._left > 0 else self._then
            if action.strikes_after is not None and action.strikes_after >= body_length:
                return OK
            self._left -= 1
            return action


def by_via(spec: dict, known: re.Pattern[str]) -> dict[str, Behaviour]:
    """The behaviours that `spec` has for single proxies; ValueError for a wrong one."""
    found = {}
    for name, own in spec.get("via", {}).items():
        if unknown := own.keys() - KEYS:
            raise ValueError(f"unknown keys of a behaviour: {unknown}")
        found[name] = Behaviour(own, known)
    return found


def _parse(text: str, known: re.Pattern[str]) -> Action:
    if not known.fullmatch(text):
        raise ValueError(f"unknown behaviour {text!r}")
    name, _, argument = text.partition(":")
    return Action(name, argument)
