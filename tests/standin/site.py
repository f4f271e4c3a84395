"""Answers what comes through a tunnel: finds out what stands at an address and lets it serve the exchange."""

import re

from .catalogue import HOME, PAGE_HOSTS, SHORT_HOSTS, Catalogue
from .connection import Connection
from .http1 import Exchange, read_body, read_request
from .journal import Journal
from .page import html, redirect
from .post import unknown_post

POST_PATHS = re.compile(r"/(?:@[\w.-]*/(?:video|photo)|(?:share/)?video|embed(?:/v2)?)/(\d+)/?|/v/(\d+)\.html")
PROFILE_PATH = re.compile(r"/@[\w.-]+/?")
PLAIN_PAGES = {"/": "TikTok - Make Your Day", "/login": "Log in | TikTok"}

UNKNOWN_POST = unknown_post()


class Site:
    def __init__(self, catalogue: Catalogue, journal: Journal) -> None:
        self._catalogue = catalogue
        self._journal = journal

    def serve(self, connection: Connection, host: str, via: str) -> None:
        """Serves the requests of one tunnel to `host` until one of the two ends it."""
        while request := read_request(connection):
            exchange = Exchange(connection, request, self._journal.record(via, host, request))
            read_body(connection, request)
            if request.method in ("GET", "HEAD"):
                self._answer(exchange, host)
            else:
                exchange.send(html(405, "Method Not Allowed"))
            if not exchange.keep_alive:
                break
        connection.finish()

    def _answer(self, exchange: Exchange, host: str) -> None:
        path = exchange.request.path
        if place := self._catalogue.source(host, path) or self._catalogue.link(host, path):
            place.serve(exchange)
        elif host in SHORT_HOSTS:
            exchange.send(redirect(302, HOME))
        elif host not in PAGE_HOSTS:
            exchange.send(html(404, "Not Found"))
        elif found := POST_PATHS.fullmatch(path):
            post = self._catalogue.post(found[1] or found[2])
            (post.page if post else UNKNOWN_POST).serve(exchange)
        elif path in PLAIN_PAGES or PROFILE_PATH.fullmatch(path):
            exchange.send(html(200, PLAIN_PAGES.get(path, "TikTok")))
        else:
            exchange.send(html(404, "Not Found"))
