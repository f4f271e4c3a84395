"""Gives the media of one post their addresses on the CDN."""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from . import ranges
from .authority import in_zone
from .behaviour import KEYS as BEHAVIOUR_KEYS
from .behaviour import OF_A_CDN_HOST, Behaviour
from .cdn import LENGTHS, Gate, Source, Traits
from .media import Library, Medium

HOST_KEYS = BEHAVIOUR_KEYS | {"host", "url", "etag", "length", "ranges"}

# Another stand-in's cookies are worth nothing here.
SECRET = secrets.token_bytes(16)


class Shelf(NamedTuple):
    """Where one kind of medium stands; {token} makes its path unique, {mime_type} is a parameter of the query."""

    address: str
    hosts: Sequence[str]


VIDEO = Shelf("/video/tos/useast2a/tos-useast2a-ve-0068c001/{token}/?a=1988{mime_type}&tk=tt_chain_token",
              ("v16-webapp-prime.tiktok.com", "v19-webapp-prime.tiktok.com"))
SILENT = VIDEO._replace(address=VIDEO.address.replace("{token}/", "{token}/media-video-hvc1/"))
IMAGE = Shelf("/tos-useast2a-i-photomode/{token}~tplv-photomode-image.jpeg?x-expires=1900000000",
              ("p16-sign-va.tiktokcdn.com", "p19-sign-va.tiktokcdn.com"))
MUSIC = Shelf("/obj/tos-useast2a-ve-2774/{token}?a=1988{mime_type}", ("sf16-ies-music-va.tiktokcdn.com",))


class Placed(NamedTuple):
    """What a post says about a medium, the medium, and a URL on each of its hosts."""

    spec: dict
    medium: Medium
    urls: list[str]


def chain_token(post_id: str) -> str:
    """The cookie that a post's page sets and that the CDN wants back."""
    return base64.b64encode(hashlib.sha256(SECRET + post_id.encode()).digest()[:16]).decode()


def check_keys(what: str, spec: dict, known: set[str]) -> None:
    if unknown := spec.keys() - known:
        raise ValueError(f"unknown key of a {what}: {', '.join(sorted(unknown))}")


class Placement:
    """`sources` maps host and path to what stands there."""

    def __init__(self, post_id: str, library: Library, gate: Gate) -> None:
        self._post_id = post_id
        self._library = library
        self._gate = gate
        self.sources: dict[tuple[str, str], Source] = {}

    def place(self, slot: str, spec: dict, shelf: Shelf, default_media: str) -> Placed:
        """`slot` is what the medium is to the post; ValueError for a wrong `spec`."""
        medium = self._library.get(spec.get("media", default_media))
        mime_type = f"&mime_type={medium.content_type.replace('/', '_')}" if spec.get("mime_type", True) else ""
        hosts = spec.get("hosts") or [{"host": host} for host in shelf.hosts]
        urls = [
            host.get("url") or self._place_on(
                host, medium, shelf.address.format(token=f"{self._post_id}-{slot}-{number}", mime_type=mime_type))
            for number, host in enumerate(hosts)]
        return Placed(spec, medium, urls)

    def _place_on(self, spec: dict, medium: Medium, address: str) -> str:
        check_keys("host", spec, HOST_KEYS)
        host = spec["host"]
        if not in_zone(host):
            raise ValueError(f"{host} is not a host of TikTok's")
        traits = Traits(spec.get("etag", medium.etag), spec.get("length", True), spec.get("ranges", True))
        if traits.ranges not in ranges.MODES:
            raise ValueError(f"unknown ranges {traits.ranges!r}")
        if traits.length is not True and traits.length not in LENGTHS:
            raise ValueError(f"unknown length {traits.length!r}")
        # The cookie's domain is .tiktok.com: no client sends it to the other zones.
        token = chain_token(self._post_id) if host.endswith(".tiktok.com") else None
        url = f"https://{host}{address}"
        self.sources[host, urlsplit(url).path] = Source(
            self._post_id, token, medium, Behaviour(spec, OF_A_CDN_HOST), traits, self._gate)
        return url
