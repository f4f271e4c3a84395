"""The response a CDN host gives for a medium, whole or a range of it (RFC 9110, section 14), right or wrong."""

import re
from email.utils import formatdate

from .http1 import Answer, Request
from .media import Medium

# True: as the RFC says; the others are the ways not to.
MODES = (True, "ignored", "416", "other", "wrong_total", "swap")

RANGE = re.compile(r"bytes=(\d*)-(\d*)")
LAST_MODIFIED = formatdate(1_700_000_000, usegmt=True)
# Makes a file of equal length that differs in every byte.
OTHER_FILE = bytes(255 - byte for byte in range(256))


def answer_for(request: Request, medium: Medium, etag: str | None, mode: bool | str) -> Answer:
    """`etag` as it stands in the header; `mode` is one of MODES."""
    size = len(medium.data)
    about = (("Content-Type", medium.content_type), ("Last-Modified", LAST_MODIFIED))
    tag = (("ETag", etag),) if etag else ()
    whole = Answer(200, (*about, *tag, *(() if mode == "ignored" else (("Accept-Ranges", "bytes"),))), medium.data)
    wanted = RANGE.fullmatch(request.headers.get("range", ""))
    if mode == "ignored" or not wanted or wanted[0] == "bytes=-":
        return whole
    if mode not in ("other", "swap") and not _is_current(request.headers.get("if-range"), etag):
        return whole

    start, end = _bounds(wanted[1], wanted[2], size)
    if mode == "416" or start >= end:
        return Answer(416, (*about, ("Content-Range", f"bytes */{size}")))
    body = memoryview(medium.data)[start:end]
    if mode in ("other", "swap"):
        body = bytes(body).translate(OTHER_FILE)
        tag = (("ETag", f'"other-{medium.etag}"'),) if mode == "other" else ()
    total = size + 1 if mode == "wrong_total" else size
    return Answer(206, (*about, *tag, ("Content-Range", f"bytes {start}-{end - 1}/{total}")), body)


def _is_current(condition: str | None, etag: str | None) -> bool:
    """If-Range wants a strong validator: a weak ETag never matches."""
    if condition is None or condition == LAST_MODIFIED:
        return True
    return condition == etag and not condition.startswith("W/")


def _bounds(first: str, last: str, size: int) -> tuple[int, int]:
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size
