"""What the stand-in plays at the moment: posts, short links and the addresses of media."""

import re
import threading

from .authority import Authority
from .behaviour import KEYS as BEHAVIOUR_KEYS
from .behaviour import OF_A_PAGE, Behaviour, by_via
from .cdn import Gate, Source
from .media import Library
from .page import Page, redirect
from .placement import check_keys
from .post import Post, build_post

SHORT_HOSTS = ("vm.tiktok.com", "vt.tiktok.com")
PAGE_HOSTS = ("www.tiktok.com", "m.tiktok.com", "tiktok.com", "www.tiktokv.com")
HOME = "https://www.tiktok.com/"

SHORT_PATH = re.compile(r"/(\w+)/?")
SHORT_PATH_ON_PAGE_HOST = re.compile(r"/t/(\w+)/?")


class Catalogue:
    """Thread-safe; look-ups take no lock, each being one read of a dictionary."""

    def __init__(self, authority: Authority, library: Library) -> None:
        self._authority = authority
        self._library = library
        self._lock = threading.Lock()
        self._gate = Gate()
        self._clear()

    def _clear(self) -> None:
        self._posts: dict[str, Post] = {}
        self._sources: dict[tuple[str, str], Source] = {}
        self._cdn_hosts: set[str] = set()
        self._links: dict[tuple[str, str], Page] = {}

    def add_post(self, spec: dict) -> Post:
        """Replaces a post of the same id; raises what build_post does."""
        post = build_post(spec, self._library, self._gate)
        hosts = {host for host, _ in post.sources}
        for host in hosts:
            self._authority.context_for(host)
        with self._lock:
            if replaced := self._posts.get(post.id):
                for address in replaced.sources:
                    del self._sources[address]
            self._posts[post.id] = post
            self._sources.update(post.sources)
            self._cdn_hosts |= hosts
        return post

    def add_link(self, spec: dict) -> str:
        """Returns the link's URL."""
        check_keys("link", spec, BEHAVIOUR_KEYS | {"host", "code", "location", "via"})
        if spec["host"] not in SHORT_HOSTS + PAGE_HOSTS:
            raise ValueError(f"{spec['host']} has no short links")
        if {spec.get("behaviour"), spec.get("then")} & {"classified", "no_item"}:
            raise ValueError("a link has no item")
        page = Page(Behaviour(spec, OF_A_PAGE), {"ok": redirect(301, spec.get("location", HOME))},
                    by_via(spec, OF_A_PAGE))
        with self._lock:
            self._links[spec["host"], spec["code"]] = page
        return f"https://{spec['host']}/{'' if spec['host'] in SHORT_HOSTS else 't/'}{spec['code']}"

    def open_gate(self) -> None:
        self._gate.open()

    def reset(self) -> None:
        """Lets go of who waits at the gate: nobody could open it any more."""
        with self._lock:
            self._gate.open()
            self._gate = Gate()
            self._clear()

    def knows_host(self, host: str) -> bool:
        return host in SHORT_HOSTS or host in PAGE_HOSTS or host in self._cdn_hosts

    def post(self, post_id: str) -> Post | None:
        return self._posts.get(post_id)

    def source(self, host: str, path: str) -> Source | None:
        return self._sources.get((host, path))

    def link(self, host: str, path: str) -> Page | None:
        code = (SHORT_PATH if host in SHORT_HOSTS else SHORT_PATH_ON_PAGE_HOST).fullmatch(path)
        return self._links.get((host, code[1])) if code else None
