"""What stands at the address of a post or a short link, and how it misbehaves."""

from collections.abc import Mapping

from .behaviour import Behaviour
from .challenge import HTML, Challenge
from .http1 import Answer, Exchange

DRIP_RATE = 1


def html(status: int, text: str) -> Answer:
    return Answer(status, (HTML,), f"<!DOCTYPE html><html><head><title>{text}</title></head></html>".encode())


def redirect(status: int, location: str) -> Answer:
    answer = html(status, "Moved")
    return answer._replace(headers=(*answer.headers, ("Location", location)))


CHALLENGE = Challenge(solvable=True)
UNSOLVABLE = Challenge(solvable=False)

COMMON_VARIANTS: Mapping[str, Answer] = {
    "unsolvable": UNSOLVABLE.answer,
    "please_wait": html(200, "Please wait..."),
    "garbage": html(200, "Make Your Day"),
    "empty": Answer(200, (HTML,)),
    "login": redirect(302, "/login"),
}


class Page:
    """`variants` are the answers that are its own; `ok` must be among them. Through the proxies of `by_via` it behaves
    in another way."""

    def __init__(self, behaviour: Behaviour, variants: Mapping[str, Answer],
                 by_via: Mapping[str, Behaviour] | None = None) -> None:
        self._behaviour = behaviour
        self._by_via = by_via or {}
        self._variants = {**COMMON_VARIANTS, **variants}

    def serve(self, exchange: Exchange) -> None:
        behaviour = self._by_via.get(exchange.via, self._behaviour)
        action = behaviour.next()
        if behaviour.delay_s:
            exchange.wait(behaviour.delay_s)
        healthy = self._variants["ok"]
        match action.name:
            case "challenge":
                exchange.send(healthy if CHALLENGE.solved_by(exchange.request) else CHALLENGE.answer)
            case "http":
                exchange.send(html(int(action.argument), "Access Denied"))
            case "redirect":
                exchange.send(redirect(302, action.argument))
            case "hang":
                exchange.wait()
            case "reset":
                exchange.reset()
            case "truncate":
                exchange.begin(healthy.status, healthy.headers, len(healthy.body))
                exchange.write(healthy.body[:len(healthy.body) // 2])
                exchange.cut()
            case "drip":
                exchange.begin(healthy.status, healthy.headers, len(healthy.body))
                exchange.write(healthy.body, DRIP_RATE)
            case variant:
                exchange.send(self._variants[variant])
