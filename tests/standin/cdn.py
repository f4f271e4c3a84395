"""A CDN host: one medium at one address, who may have it, and how its transfer fails."""

import itertools
import os
import re
import weakref
from typing import NamedTuple

from . import ranges
from .behaviour import Action, Behaviour
from .http1 import Answer, Exchange, Request
from .media import Medium
from .page import html, redirect

POST_PAGE = re.compile(r"https://www\.tiktok\.com/@[\w.-]*/(?:video|photo)/(\d+)(?:[?#].*)?")
# All that a browser tells another host of the page: the default of W3C's Referrer Policy.
ORIGIN = "https://www.tiktok.com/"

# The ways not to tell the length of a body: how a post names them, and an Exchange.
LENGTHS = {False: "chunked", "close": "close"}


class Gate:
    """Shut until it is opened, then open for good; a descriptor, so that it can be waited for along with a client."""

    def __init__(self) -> None:
        self.fd = os.eventfd(0)
        weakref.finalize(self, os.close, self.fd)

    def open(self) -> None:
        os.eventfd_write(self.fd, 1)


class Traits(NamedTuple):
    """How the answers of a CDN host look: `etag` is a string, "new", "weak" or None; `length` is True, or one of LENGTHS;
    `ranges` one of ranges.MODES."""

    etag: str | None
    length: bool | str
    ranges: bool | str


class Source:
    """`chain_token` is the cookie it wants, or None."""

    def __init__(self, post_id: str, chain_token: str | None, medium: Medium, behaviour: Behaviour, traits: Traits,
                 gate: Gate) -> None:
        self._post_id = post_id
        self._chain_token = chain_token
        self._medium = medium
        self._behaviour = behaviour
        self._traits = traits
        self._gate = gate
        self._serial = itertools.count(1)

    def serve(self, exchange: Exchange) -> None:
        request = exchange.request
        if not self._admits(request):
            exchange.send(html(403, "Access Denied"))
            return
        healthy = ranges.answer_for(request, self._medium, self._etag(), self._traits.ranges)
        action = self._behaviour.next(len(healthy.body) if exchange.wants_body else 0)
        if self._behaviour.delay_s:
            exchange.wait(self._behaviour.delay_s)
        match action:
            case Action("http", status):
                exchange.send(html(int(status), "Access Denied"))
            case Action("html"):
                exchange.send(html(200, "Service busy"))
            case Action("empty"):
                exchange.send(Answer(200, (("Content-Type", self._medium.content_type),)))
            case Action("redirect", location):
                exchange.send(redirect(302, location))
            case Action("hang"):
                exchange.wait()
            case Action("reset", ""):
                exchange.reset()
            case _:
                self._transfer(exchange, healthy, action)

    def _transfer(self, exchange: Exchange, answer: Answer, action: Action) -> None:
        body = memoryview(answer.body)
        exchange.begin(answer.status, answer.headers, LENGTHS.get(self._traits.length, len(body)))
        match action:
            case Action("slow", rate):
                exchange.write(body, int(rate))
            case Action("gate"):
                exchange.write(body[:len(body) // 2])
                if exchange.wants_body:
                    exchange.wait(event_fd=self._gate.fd)
                exchange.write(body[len(body) // 2:])
            case Action("stall" | "reset" | "truncate"):
                exchange.write(body[:action.strikes_after])
                {"stall": exchange.wait, "reset": exchange.reset, "truncate": exchange.cut}[action.name]()
            case _:
                exchange.write(body)
        exchange.end()

    def _admits(self, request: Request) -> bool:
        has_cookie = self._chain_token is None or request.cookies().get("tt_chain_token") == self._chain_token
        referer = request.headers.get("referer", "")
        page = POST_PAGE.fullmatch(referer)
        return has_cookie and (referer == ORIGIN or page is not None and page[1] == self._post_id)

    def _etag(self) -> str | None:
        match self._traits.etag:
            case None:
                return None
            case "new":
                return f'"{self._medium.etag}-{next(self._serial)}"'
            case "weak":
                return f'W/"{self._medium.etag}"'
            case tag:
                return f'"{tag}"'
