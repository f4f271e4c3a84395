"""More ways in: proxies with names, of their own kind and with their own users, that fail when they are told to."""

import re
import threading
from base64 import b64decode
from binascii import Error as Base64Error

from .listener import Listener
from .placement import check_keys

KEYS = {"name", "kind", "users", "open"}
BEHAVIOURS = re.compile(r"ok|hang|http:[45]\d\d")
HOSTS = {"http": "127.0.0.1", "https": "localhost", "socks5": "127.0.0.1"}


class Door:
    """What tells one proxy from another. `users` have passwords; without any, everybody may pass."""

    def __init__(self, name: str, users: dict[str, str] | None = None) -> None:
        self.name = name
        self.users = users or {}
        self.behaviour = "ok"

    def via(self, user: str) -> str:
        return f"{self.name}:{user}" if user else self.name

    def admits(self, user: str, password: str) -> bool:
        return not self.users or self.users.get(user) == password

    def user_of(self, authorization: str) -> str | None:
        """Who shows these Basic credentials (RFC 7617): a user, "" where none is needed, None for a stranger."""
        if not self.users:
            return ""
        try:
            user, _, password = b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        except (Base64Error, ValueError):
            return None
        return user if self.admits(user, password) else None

    @property
    def status(self) -> int | None:
        """What is answered to whoever wants to go anywhere; None: it is let through."""
        return int(self.behaviour.partition(":")[2]) if self.behaviour.startswith("http:") else None


class Doors:
    """Those that tests have added; thread-safe. `serve` has a function for each kind, which serves a connection."""

    def __init__(self, serve: dict) -> None:
        self._serve = serve
        self._lock = threading.Lock()
        self._doors: dict[str, tuple[Door, Listener]] = {}

    def add(self, spec: dict) -> str:
        """Returns the proxy's URL, without a user."""
        check_keys("proxy", spec, KEYS)
        kind = spec.get("kind", "http")
        serve, door = self._serve[kind], Door(spec["name"], spec.get("users"))
        listener = Listener(lambda connection: serve(connection, door), is_open=spec.get("open", True))
        with self._lock:
            if door.name in self._doors:
                listener.close()
                raise ValueError(f"there is a proxy {door.name!r}")
            self._doors[door.name] = door, listener
        return f"{kind}://{HOSTS[kind]}:{listener.port}"

    def behave(self, name: str, behaviour: str) -> None:
        if not BEHAVIOURS.fullmatch(behaviour):
            raise ValueError(f"unknown behaviour {behaviour!r}")
        with self._lock:
            door, listener = self._doors[name]
        door.behaviour = behaviour
        listener.open()

    def open_connections(self) -> int:
        with self._lock:
            return sum(listener.open_connections() for _, listener in self._doors.values())

    def close(self) -> None:
        with self._lock:
            for _, listener in self._doors.values():
                listener.close()
