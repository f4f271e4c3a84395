"""A client of the stand-in for its own tests: a page's visitor, and the real yt-dlp."""

import contextlib
import http.client
import json
import os
import re
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from . import running

# Kept between runs: it takes longer to make the media than to test with them.
STATE_DIR = Path(tempfile.gettempdir(), f"standin-tests-{os.getuid()}")
DEADLINE_S = 10
UNIVERSAL_DATA = re.compile(rb'<script id="__UNIVERSAL_DATA_FOR_REHYDRATION__"[^>]*>(.*?)</script>', re.DOTALL)

# Reads URLs from standard input and writes what became of each, one JSON object a line.
YT_DLP = """
import json, sys
from yt_dlp import YoutubeDL
from yt_dlp.utils import DownloadError
options = json.loads(sys.argv[1])
for url in sys.stdin.read().split():
    with YoutubeDL({**options, "quiet": True, "no_warnings": True, "cachedir": False, "noprogress": True}) as ydl:
        try:
            print(json.dumps({"info": ydl.sanitize_info(ydl.extract_info(url))}))
        except DownloadError as error:
            cause = error.exc_info[1]
            print(json.dumps({"classes": [each.__name__ for each in type(cause).__mro__], "text": str(error),
                              "status": getattr(cause, "status", None)}))
"""


class StandInTestCase(unittest.TestCase):
    """Has a stand-in to itself, empty before each test."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.standin = cls.enterClassContext(running(STATE_DIR))
        cls.tls = ssl.create_default_context(cafile=cls.standin.ca_file)
        # The default from Python 3.13 on.
        cls.tls.verify_flags |= ssl.VERIFY_X509_STRICT

    def setUp(self) -> None:
        self.standin.reset()

    @contextlib.contextmanager
    def tunnel(self, host: str, timeout: float = DEADLINE_S) -> Iterator[http.client.HTTPSConnection]:
        proxy = urlsplit(self.standin.http_proxy)
        connection = http.client.HTTPSConnection(proxy.hostname, proxy.port, context=self.tls, timeout=timeout)
        connection.set_tunnel(host, 443)
        with contextlib.closing(connection):
            yield connection

    def fetch(self, url: str, headers: dict[str, str] | None = None, method: str = "GET"):
        """The response and its body."""
        parts = urlsplit(url)
        with self.tunnel(parts.hostname) as connection:
            connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), headers=headers or {})
            response = connection.getresponse()
            return response, response.read()

    def visit(self, url: str) -> tuple[dict, dict[str, str]]:
        """A post's itemStruct, and the headers with which its media may be fetched."""
        response, body = self.fetch(url)
        data = json.loads(UNIVERSAL_DATA.search(body)[1])
        cookies = "; ".join(value.partition(";")[0] for value in response.headers.get_all("Set-Cookie"))
        item = data["__DEFAULT_SCOPE__"]["webapp.video-detail"]["itemInfo"]["itemStruct"]
        return item, {"Referer": url, "Cookie": cookies}

    def yt_dlp(self, *urls: str, **options) -> list[dict]:
        """What the real yt-dlp makes of each URL: {"info"} or {"classes", "text", "status"}."""
        options = {"proxy": self.standin.http_proxy, "compat_opts": ["no-certifi"], "socket_timeout": 1,
                   "allowed_extractors": ["tiktok", "vm.tiktok"], "skip_download": True, **options}
        done = subprocess.run([sys.executable, "-c", YT_DLP, json.dumps(options)], input="\n".join(urls), text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
                              env={**os.environ, "SSL_CERT_FILE": self.standin.ca_file})
        self.assertEqual(0, done.returncode, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def curl(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(["curl", "--silent", "--show-error", "--cacert", self.standin.ca_file, *arguments],
                              capture_output=True, timeout=DEADLINE_S)

    def eventually(self, holds: Callable[[], bool]) -> None:
        """Asks again and again; each question to the stand-in takes it a moment."""
        deadline = time.monotonic() + DEADLINE_S
        while not holds():
            self.assertLess(time.monotonic(), deadline, "did not come about")
