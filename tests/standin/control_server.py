"""The control interface: plain HTTP, JSON in and out."""

import json
from collections.abc import Callable

from .catalogue import Catalogue
from .connection import Connection
from .doors import Doors
from .http1 import Answer, Exchange, read_body, read_request
from .journal import Journal
from .media import Library

MEDIA_PREFIX = "/media/"
PROXIES_PREFIX = "/proxies/"


class ControlServer:
    def __init__(self, catalogue: Catalogue, journal: Journal, library: Library, doors: Doors,
                 open_connections: Callable[[], int]) -> None:
        self._catalogue = catalogue
        self._journal = journal
        self._library = library
        self._doors = doors
        self._routes: dict[tuple[str, str], Callable[[bytes], object]] = {
            ("POST", "/posts"): self._add_post,
            ("POST", "/links"): self._add_link,
            ("POST", "/proxies"): self._add_proxy,
            ("POST", "/gate/open"): self._open_gate,
            ("POST", "/reset"): self._reset,
            ("GET", "/log"): lambda _: journal.entries(),
            ("GET", "/open"): lambda _: {"open": open_connections()},
        }

    def serve(self, connection: Connection) -> None:
        """Serves one connection until its client leaves."""
        while request := read_request(connection):
            body = read_body(connection, request)
            exchange = Exchange(connection, request, entry={"sent": 0})
            method = "GET" if request.method == "HEAD" else request.method
            exchange.send(self._answer(method, request.path, body))
            if not exchange.keep_alive:
                break
        connection.finish()

    def _answer(self, method: str, path: str, body: bytes) -> Answer:
        try:
            if method == "GET" and path.startswith(MEDIA_PREFIX):
                medium = self._library.get(path.removeprefix(MEDIA_PREFIX))
                return Answer(200, (("Content-Type", medium.content_type),), medium.data)
            if method == "POST" and path.startswith(PROXIES_PREFIX):
                self._doors.behave(path.removeprefix(PROXIES_PREFIX), json.loads(body)["behaviour"])
                return _json(200, {})
            route = self._routes.get((method, path))
            return _json(200, route(body)) if route else _json(404, {"error": f"no {method} {path}"})
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            return _json(400, {"error": f"{type(error).__name__}: {error}"})
        except (OSError, RuntimeError) as error:
            return _json(500, {"error": str(error)})

    def _add_post(self, body: bytes) -> dict:
        post = self._catalogue.add_post(json.loads(body))
        return {"id": post.id, "url": post.url}

    def _add_link(self, body: bytes) -> dict:
        return {"url": self._catalogue.add_link(json.loads(body))}

    def _add_proxy(self, body: bytes) -> dict:
        return {"url": self._doors.add(json.loads(body))}

    def _open_gate(self, _: bytes) -> dict:
        self._catalogue.open_gate()
        return {}

    def _reset(self, _: bytes) -> dict:
        self._catalogue.reset()
        self._journal.reset()
        return {}


def _json(status: int, value: object) -> Answer:
    return Answer(status, (("Content-Type", "application/json"),), json.dumps(value).encode())
