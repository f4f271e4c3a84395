"""A post: from what a test says about it to its page and its media on the CDN."""

import json
import re
from typing import NamedTuple

from .behaviour import KEYS as BEHAVIOUR_KEYS
from .behaviour import OF_A_PAGE, Behaviour, by_via
from .cdn import Gate, Source
from .challenge import HTML
from .http1 import Answer
from .media import Library
from .page import Page
from .placement import IMAGE, MUSIC, SILENT, VIDEO, Placed, Placement, chain_token, check_keys
from .post_json import CODEC_TYPES, Parts, classified_item, item_struct, page_json

DEFAULTS = {"user": "some.user", "desc": "text", "nickname": "Some User", "duration": 3, "page": {}, "status_code": 0,
            "play": None, "download": None, "music": None, "images": []}
MEDIUM_KEYS = {"media", "hosts", "mime_type"}
FORMAT_KEYS = MEDIUM_KEYS | {"codec", "res", "bitrate", "silent", "data_size"}
IMAGE_KEYS = MEDIUM_KEYS | {"width", "height"}

# What TikTok says of a post that it does not know.
UNKNOWN_STATUS = 10204

SURROGATE = re.compile("[\ud800-\udfff]")

# What surrounds the data on TikTok: styles and scripts that a reader has to get past.
PAGE_WEIGHT = "\n".join(f".tux-{number:04x}{{display:flex;margin:{number}px}}" for number in range(6000))

HTML_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="UTF-8"><title>TikTok - Make Your Day</title>
<link rel="canonical" href="https://www.tiktok.com/"><style>{weight}</style></head><body><div id="app"></div>
<script id="__UNIVERSAL_DATA_FOR_REHYDRATION__" type="application/json">{data}</script>
<script id="__LOADABLE_REQUIRED_CHUNKS__" type="application/json">[]</script></body></html>"""


class Post(NamedTuple):
    """`sources` has the CDN's addresses: host and path."""

    id: str
    url: str
    page: Page
    sources: dict[tuple[str, str], Source]


def build_post(spec: dict, library: Library, gate: Gate) -> Post:
    """KeyError or ValueError when `spec` is not as the README says; RuntimeError when its media cannot be made."""
    check_keys("post", spec, DEFAULTS.keys() | {"id", "formats"})
    check_keys("page", spec.get("page", {}), BEHAVIOUR_KEYS | {"via"})
    spec = {**DEFAULTS, **spec}
    if not spec["id"].isdecimal():
        raise ValueError("a post's id is a string of digits")
    placement = Placement(spec["id"], library, gate)
    parts = _place(spec, placement)
    item = item_struct(spec, parts)
    healthy = page_json({}, spec["status_code"]) if spec["status_code"] else page_json(item)
    page = Page(Behaviour(spec["page"], OF_A_PAGE), {
        "ok": _page_answer(healthy, spec["id"]),
        "classified": _page_answer(page_json(classified_item(spec)), spec["id"]),
        "no_item": _page_answer(page_json({}), spec["id"]),
    }, by_via(spec["page"], OF_A_PAGE))
    url = f"https://www.tiktok.com/@{spec['user']}/{'photo' if parts.images else 'video'}/{spec['id']}"
    return Post(spec["id"], url, page, placement.sources)


def unknown_post() -> Page:
    return Page(Behaviour({}, OF_A_PAGE), {"ok": _page_answer(page_json({}, UNKNOWN_STATUS), "0")})


def _place(spec: dict, placement: Placement) -> Parts:
    formats = spec.get("formats", [] if spec["images"] else [{}])
    for medium in formats:
        check_keys("format", medium, FORMAT_KEYS)
        if medium.get("codec", "h264") not in CODEC_TYPES:
            raise ValueError(f"unknown codec {medium['codec']!r}")
    for medium in spec["images"]:
        check_keys("image", medium, IMAGE_KEYS)
    for name in ("play", "download", "music"):
        check_keys(name, spec[name] or {}, MEDIUM_KEYS)

    def single(name, shelf, default_media):
        return None if spec[name] is None else placement.place(name, spec[name], shelf, default_media)

    return Parts(
        formats=[_place_format(number, medium, placement) for number, medium in enumerate(formats)],
        play=single("play", VIDEO._replace(hosts=VIDEO.hosts[:1]), "small.mp4"),
        download=single("download", VIDEO._replace(hosts=VIDEO.hosts[:1]), "marked.mp4"),
        music=single("music", MUSIC, "sound.m4a"),
        images=[placement.place(f"image{number}", medium, IMAGE, f"photo{number % 3 + 1}.jpg")
                for number, medium in enumerate(spec["images"])])


def _place_format(number: int, spec: dict, placement: Placement) -> Placed:
    slot = f"format{number}"
    if spec.get("silent"):
        return placement.place(slot, spec, SILENT, "silent.mp4")
    return placement.place(slot, spec, VIDEO, "hevc.mp4" if spec.get("codec") == "bytevc1" else "small.mp4")


def _page_answer(data: dict, post_id: str) -> Answer:
    # As TikTok does: no text of a post may end the script element.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003C").replace("/", "\\u002F")
    # UTF-8 has no surrogates: only an escape can carry one, as it does on TikTok when a text is cut in an emoji.
    text = SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", text)
    common = "Domain=.tiktok.com; Path=/; Secure"
    return Answer(200, (
        HTML,
        ("Set-Cookie", f"tt_chain_token={chain_token(post_id)}; {common}; HttpOnly; Max-Age=15552000"),
        ("Set-Cookie", f"ttwid=1%7Cstandin%7C{post_id}; {common}; HttpOnly; Max-Age=31536000"),
        ("Set-Cookie", f"msToken=standin{post_id}; {common}; Max-Age=864000"),
    ), HTML_PAGE.format(weight=PAGE_WEIGHT, data=text).encode())
