"""The JavaScript challenge in front of a page: find the number whose hash is given, and send it back in a cookie."""

import base64
import hashlib
import json
import secrets

from .http1 import Answer, Request

COOKIE = "_wafchallengeid"
# TikTok's numbers go up to a million, which costs yt-dlp half a second.
HIGHEST_NUMBER = 10_000

HTML = ("Content-Type", "text/html; charset=utf-8")

PAGE = """<!DOCTYPE html><html><head><title>Please wait...</title></head><body>
<p id="wci" class="_wafchallengeid"></p>
<p id="cs" class="{puzzle}"></p>
<p id="rci" class="waforiginalreid"></p>
<p id="rs" class="{request_id}"></p>
<script>(function(){{var c=document.getElementById("cs").className;/* the browser's solver */}})();</script>
</body></html>"""


class Challenge:
    def __init__(self, solvable: bool) -> None:
        salt = secrets.token_bytes(32)
        number = str(secrets.randbelow(HIGHEST_NUMBER)) if solvable else "no number"
        digest = hashlib.sha256(salt + number.encode()).digest()
        self._puzzle = {"v": {"a": _base64(salt), "b": 0, "c": _base64(digest)}, "s": _base64(secrets.token_bytes(24))}
        self._solution = {**self._puzzle, "d": _base64(number.encode())}
        page = PAGE.format(puzzle=_base64(json.dumps(self._puzzle).encode()).rstrip("="),
                           request_id=secrets.token_hex(16))
        self.answer = Answer(200, (HTML,), page.encode())

    def solved_by(self, request: Request) -> bool:
        try:
            return json.loads(base64.b64decode(request.cookies()[COOKIE])) == self._solution
        except (KeyError, ValueError):
            return False


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
