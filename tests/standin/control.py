"""The client of a running stand-in's control interface."""

import http.client
import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Control:
    """What a stand-in prints when it listens, and calls to it; every call opens its own connection.

    RuntimeError with the stand-in's words when it refuses a call.
    """

    http_proxy: str
    https_proxy: str
    socks5_proxy: str
    ca_file: str
    control: str

    def add_post(self, **post) -> str:
        """Adds or replaces a post; the keywords are the README's keys. Returns its URL."""
        return self._call("POST", "/posts", post)["url"]

    def add_link(self, **link) -> str:
        """Adds a short link; the keywords are the README's keys. Returns its URL."""
        return self._call("POST", "/links", link)["url"]

    def add_proxy(self, **proxy) -> str:
        """Adds a proxy; the keywords are the README's keys. Returns its URL."""
        return self._call("POST", "/proxies", proxy)["url"]

    def set_proxy(self, name: str, behaviour: str) -> None:
        """From now on an added proxy, which is open, behaves so."""
        self._call("POST", f"/proxies/{name}", {"behaviour": behaviour})

    def log(self) -> list[dict]:
        return self._call("GET", "/log")

    def reset(self) -> None:
        self._call("POST", "/reset")

    def open(self) -> int:
        return self._call("GET", "/open")["open"]

    def open_gate(self) -> None:
        self._call("POST", "/gate/open")

    def media(self, name: str) -> Path:
        """The path of a media file, which is made first if need be."""
        self._call("HEAD", f"/media/{name}")
        return Path(self.ca_file).with_name("media") / name

    def _call(self, method: str, path: str, body: dict | None = None):
        connection = http.client.HTTPConnection(urlsplit(self.control).netloc)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        if response.status != 200:
            raise RuntimeError(f"{method} {path}: {response.status} {text.decode()}")
        return json.loads(text) if text else None
