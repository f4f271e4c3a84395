"""The CDN hosts: who may have a medium, ranges and validators, and every way to fail."""

import contextlib
import http.client
import time
from urllib.parse import urlsplit

from .visitor import StandInTestCase

HOST = "v16-webapp-prime.tiktok.com"
STALL_TIMEOUT_S = 0.3


class CdnTestCase(StandInTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.data = self.standin.media("small.mp4").read_bytes()

    def place(self, **host) -> tuple[str, dict[str, str]]:
        """The URL of a medium on a host that behaves so, and the headers it wants."""
        url = self.standin.add_post(id="1", formats=[{"hosts": [{"host": HOST, **host}]}])
        item, headers = self.visit(url)
        return item["video"]["bitrateInfo"][0]["PlayAddr"]["UrlList"][0], headers

    @contextlib.contextmanager
    def response(self, url: str, headers: dict[str, str], timeout: float = STALL_TIMEOUT_S):
        parts = urlsplit(url)
        with self.tunnel(parts.hostname, timeout) as connection:
            connection.request("GET", parts.path, headers=headers)
            yield connection.getresponse()

    def range(self, url: str, headers: dict[str, str], wanted: str, **more: str):
        return self.fetch(url, {**headers, "Range": wanted, **more})


class Admission(CdnTestCase):
    def test_wants_the_pages_cookie_and_referer(self):
        url, headers = self.place()
        self.assertEqual(200, self.fetch(url, headers)[0].status)
        other, _ = self.visit(self.standin.add_post(id="2"))
        for change in ({"Cookie": ""}, {"Cookie": "tt_chain_token=forged"}, {"Referer": ""},
                       {"Referer": "https://www.tiktok.com/@some.user/video/2"},
                       {"Referer": "https://example.com/@some.user/video/1"}):
            with self.subTest(change):
                self.assertEqual(403, self.fetch(url, {**headers, **change})[0].status)
        self.assertEqual(404, self.fetch(f"https://{HOST}/nothing/here", headers)[0].status)
        self.assertEqual("2", other["id"])

    def test_no_cookie_outside_its_domain(self):
        url, headers = self.place(host="v16.tiktokcdn.com")
        self.assertEqual(self.data, self.fetch(url, {"Referer": headers["Referer"]})[1])
        self.assertEqual(self.data, self.fetch(url, {"Referer": "https://www.tiktok.com/"})[1])

    def test_a_deep_host_has_a_certificate(self):
        url, headers = self.place(host="v16-webapp-prime.us.tiktok.com")
        self.assertEqual(self.data, self.fetch(url, headers)[1])

    def test_a_url_of_ones_own(self):
        self.assertEqual("ftp://127.0.0.1/x", self.place(url="ftp://127.0.0.1/x")[0])


class Ranges(CdnTestCase):
    def test_healthy(self):
        url, headers = self.place()
        whole, body = self.fetch(url, headers)
        self.assertEqual((self.data, "bytes", "video/mp4"),
                         (body, whole.headers["Accept-Ranges"], whole.headers["Content-Type"]))
        size = len(self.data)
        for wanted, start, end in (("bytes=0-0", 0, 1), ("bytes=1000-", 1000, size), ("bytes=-500", size - 500, size),
                                   (f"bytes=10-{size * 2}", 10, size)):
            with self.subTest(wanted):
                response, body = self.range(url, headers, wanted)
                self.assertEqual((206, f"bytes {start}-{end - 1}/{size}", self.data[start:end]),
                                 (response.status, response.headers["Content-Range"], body))
        response, _ = self.range(url, headers, f"bytes={size}-")
        self.assertEqual((416, f"bytes */{size}"), (response.status, response.headers["Content-Range"]))
        response, body = self.fetch(url, headers, "HEAD")
        self.assertEqual((str(size), b""), (response.headers["Content-Length"], body))

    def test_if_range(self):
        url, headers = self.place()
        whole, _ = self.fetch(url, headers)
        for condition, status in ((whole.headers["ETag"], 206), (whole.headers["Last-Modified"], 206),
                                  ('"another"', 200), ("Thu, 01 Jan 1970 00:00:00 GMT", 200)):
            with self.subTest(condition):
                response, _ = self.range(url, headers, "bytes=5-", **{"If-Range": condition})
                self.assertEqual(status, response.status)

    def test_etags(self):
        url, headers = self.place(etag="mine")
        self.assertEqual('"mine"', self.fetch(url, headers)[0].headers["ETag"])
        url, headers = self.place(etag=None)
        self.assertIsNone(self.fetch(url, headers)[0].headers["ETag"])
        for flag in ("new", "weak"):
            url, headers = self.place(etag=flag)
            etag = self.fetch(url, headers)[0].headers["ETag"]
            self.assertEqual(flag == "weak", etag.startswith("W/"))
            self.assertEqual(200, self.range(url, headers, "bytes=5-", **{"If-Range": etag})[0].status)
            self.assertEqual(flag == "new", etag != self.fetch(url, headers)[0].headers["ETag"])

    def test_without_a_length(self):
        url, headers = self.place(length=False)
        response, body = self.fetch(url, headers)
        self.assertEqual(("chunked", None, self.data),
                         (response.headers["Transfer-Encoding"], response.headers["Content-Length"], body))

    def test_without_any_framing(self):
        """Whether all of it has come is then not to be told."""
        for behaviour, expected in (("ok", self.data), ("truncate:100", self.data[:100])):
            url, headers = self.place(length="close", behaviour=behaviour)
            response, body = self.fetch(url, headers)
            self.assertEqual((None, None, "close"), tuple(response.headers[name] for name in (
                "Transfer-Encoding", "Content-Length", "Connection")))
            self.assertEqual(expected, body)

    def test_dishonest_ranges(self):
        size = len(self.data)
        tail, total = self.data[5:], f"bytes 5-{size - 1}/{size}"
        wrong_total = f"bytes 5-{size - 1}/{size + 1}"
        for mode, status, content_range, same_bytes, same_etag in (
                ("ignored", 200, None, False, True), ("416", 416, f"bytes */{size}", False, False),
                ("other", 206, total, False, False), ("swap", 206, total, False, False),
                ("wrong_total", 206, wrong_total, True, True)):
            with self.subTest(mode):
                url, headers = self.place(ranges=mode)
                etag = self.fetch(url, headers)[0].headers["ETag"]
                response, body = self.range(url, headers, "bytes=5-", **{"If-Range": etag})
                self.assertEqual((status, content_range, same_bytes, same_etag),
                                 (response.status, response.headers["Content-Range"], body == tail,
                                  response.headers["ETag"] == etag))
                if mode in ("other", "swap"):
                    self.assertEqual((len(tail), mode == "other"), (len(body), "ETag" in response.headers))


class Failures(CdnTestCase):
    def test_refusals(self):
        for behaviour, status, body_length in (("http:503", 503, None), ("html", 200, None), ("empty", 200, 0),
                                               ("redirect:https://www.tiktok.com/", 302, None)):
            with self.subTest(behaviour):
                url, headers = self.place(behaviour=behaviour, times=1)
                response, body = self.fetch(url, headers)
                self.assertEqual(status, response.status)
                self.assertEqual("text/html; charset=utf-8" if body_length is None else "video/mp4",
                                 response.headers["Content-Type"])
                self.assertEqual(body_length or 0, len(body) if body_length is not None else 0)
                self.assertEqual(self.data, self.fetch(url, headers)[1])

    def test_hang_ends_with_its_client(self):
        url, headers = self.place(behaviour="hang")
        with self.assertRaises(TimeoutError), self.response(url, headers):
            pass
        self.eventually(lambda: self.standin.open() == 0)
        self.assertEqual(0, self.standin.log()[-1]["status"])

    def test_reset_before_the_status(self):
        url, headers = self.place(behaviour="reset")
        self.assert_reset(url, headers)

    def test_reset_in_mid_body(self):
        self.assert_reset(*self.place(behaviour="reset:1000"))

    def assert_reset(self, url: str, headers: dict[str, str]) -> None:
        """By curl: the ssl of Python 3.11 takes an RST for the end of the stream."""
        words = [word for name, value in headers.items() for word in ("--header", f"{name}: {value}")]
        self.assertIn(b"Connection reset by peer", self.curl("--proxy", self.standin.http_proxy, *words, url).stderr)

    def test_slow(self):
        url, headers = self.place(behaviour="slow:100000")
        started = time.monotonic()
        with self.response(url, headers) as response:
            response.read(60_000)
        self.assertGreater(time.monotonic() - started, 0.4)

    def test_gate(self):
        url, headers = self.place(behaviour="gate")
        half = len(self.data) // 2
        with self.response(url, headers) as response:
            self.assertEqual(self.data[:half], response.read(half))
            with self.assertRaises(TimeoutError):
                response.read(1)
        with self.response(url, headers) as response:
            start = response.read(half)
            self.assertEqual(half, self.standin.log()[-1]["sent"])
            self.standin.open_gate()
            self.assertEqual(self.data, start + response.read())

    def test_reset_opens_the_gate_for_who_waits(self):
        url, headers = self.place(behaviour="gate")
        with self.response(url, headers) as response:
            self.standin.reset()
            self.assertEqual(self.data, response.read())

    def test_faults_in_mid_body_strike_once(self):
        broken = (ConnectionResetError, http.client.IncompleteRead)
        for behaviour, error in (("stall:1000", TimeoutError), ("reset:1000", broken), ("truncate:1000", broken)):
            with self.subTest(behaviour):
                url, headers = self.place(behaviour=behaviour)
                self.fetch(url, headers, "HEAD")
                self.assertEqual(self.data[:1000], self.range(url, headers, "bytes=0-999")[1])
                with self.response(url, headers) as response:
                    self.assertEqual(self.data[:1000], response.read(1000))
                    with self.assertRaises(error):
                        response.read()
                self.assertEqual(1000, self.standin.log()[-1]["sent"])
                self.assertEqual(self.data[1000:], self.range(url, headers, "bytes=1000-")[1])
