"""The posts that the contenders are asked for."""

import itertools
from typing import NamedTuple

from system.fixture import CDN

_ids = itertools.count(7312345678901230001)

BIG, SMALL = 'large.mp4', 'small.mp4'


class Post(NamedTuple):
    link: str
    media: str


def add(standin, media, delay_ms=0, **host):
    """A post of one file, new to everybody; page and CDN each wait `delay_ms` before they answer."""
    page = {'delay_ms': delay_ms}
    formats = [{'media': media, 'hosts': [{'host': CDN, 'delay_ms': delay_ms, **host}]}]
    return Post(standin.add_post(id=str(next(_ids)), page=page, formats=formats), media)
