"""The pages: what the real yt-dlp makes of them, healthy and not."""

import contextlib
import tempfile
import time
from http.client import HTTPException
from pathlib import Path

from .visitor import StandInTestCase

BEHAVIOUR_FAILURES = {
    "unsolvable": ("ExtractorError", "Unable to solve JS challenge"),
    "please_wait": ("ExtractorError", "Unable to extract challenge data"),
    "garbage": ("ExtractorError", "Unexpected response from webpage request"),
    "empty": ("ExtractorError", "Unexpected response from webpage request"),
    "login": ("ExtractorError", "TikTok is requiring login"),
    "classified": ("ExtractorError", "This post may not be comfortable"),
    "no_item": ("ExtractorError", "Video not available, status code 0"),
    "http:404": ("HTTPError", "Unable to download webpage: HTTP Error 404"),
    "http:503": ("HTTPError", "Unable to download webpage: HTTP Error 503"),
    "hang": ("TransportError", "Unable to download webpage"),
    "reset": ("TransportError", "Unable to download webpage"),
    "truncate": ("IncompleteRead", "Error reading response"),
    "redirect:https://example.com/": ("ProxyError", "Unable to download webpage"),
}

STATUS_FAILURES = {
    10204: "Your IP address is blocked from accessing this post",
    10216: "You do not have permission to view this post",
    10222: "You do not have permission to view this post",
    10101: "Video not available, status code 10101",
}


class HealthyPages(StandInTestCase):
    def test_yt_dlp_downloads_identical_bytes(self):
        url = self.standin.add_post(id="7312345678901234567", user="some.user", desc="a </script> & \"text\" 🎉")
        with tempfile.TemporaryDirectory() as target:
            result, = self.yt_dlp(url, skip_download=False, outtmpl=f"{target}/file")
            self.assertEqual(self.standin.media("small.mp4").read_bytes(), Path(target, "file").read_bytes())
        info = result["info"]
        self.assertEqual("a </script> & \"text\" 🎉", info["description"])
        self.assertEqual(("some.user", "Some User", 3), (info["uploader"], info["channel"], info["duration"]))

    def test_formats_as_told(self):
        url = self.standin.add_post(id="1", formats=[
            {"codec": "h264", "res": "540p", "bitrate": 500_000, "data_size": 12345},
            {"codec": "bytevc1", "res": "1080p", "media": "hevc.mp4", "hosts": [{"host": "v16.tiktokcdn-us.com"}]},
            {"codec": "bytevc1", "res": "720p", "silent": True},
            {"codec": "bytevc2", "res": "1080p"}], play={}, download={}, music={"media": "sound.mp3"})
        result, = self.yt_dlp(url, format="all", check_formats=False)
        formats = {each["format_id"].partition("-")[0]: each for each in result["info"]["formats"]}
        self.assertEqual({"audio", "play", "download", "h264_540p_500000", "bytevc1_1080p_900000",
                          "bytevc1_720p_900000", "bytevc2_1080p_900000"}, formats.keys())
        self.assertEqual((12345, 576, "h264"), tuple(formats["h264_540p_500000"][key] for key in
                                                     ("filesize", "width", "vcodec")))
        self.assertEqual("none", formats["bytevc1_720p_900000"]["acodec"])
        self.assertEqual("mp3", formats["audio"]["ext"])
        self.assertIn("//v16.tiktokcdn-us.com/", formats["bytevc1_1080p_900000"]["url"])

    def test_photo_post(self):
        url = self.standin.add_post(id="2", images=[{}, {"media": "photo.webp", "width": 800, "height": 600}], music={})
        self.assertTrue(url.endswith("/photo/2"), url)
        item, headers = self.visit(url)
        sizes = [(image["imageWidth"], image["imageHeight"]) for image in item["imagePost"]["images"]]
        self.assertEqual([(1080, 1440), (800, 600)], sizes)
        for image, name in zip(item["imagePost"]["images"], ("photo1.jpg", "photo.webp")):
            for source in image["imageURL"]["urlList"]:
                self.assertEqual(self.standin.media(name).read_bytes(), self.fetch(source, headers)[1])
        result, = self.yt_dlp(url.replace("photo", "video"))
        self.assertEqual(["audio"], [each["format_id"] for each in result["info"]["formats"]])

    def test_short_links(self):
        url = self.standin.add_post(id="3", user="some.user")
        direct = self.standin.add_link(host="vm.tiktok.com", code="ZMabc", location=url)
        chain = self.standin.add_link(host="vt.tiktok.com", code="ZSabc", location=direct + "/")
        on_page_host = self.standin.add_link(host="www.tiktok.com", code="ZTabc", location=url)
        for result in self.yt_dlp(direct, chain, on_page_host):
            self.assertEqual("3", result["info"]["id"])
        broken = self.standin.add_link(host="vm.tiktok.com", code="ZMbad", behaviour="http:503", times=1, location=url)
        first, second = self.yt_dlp(broken, broken)
        self.assertEqual((503, "3"), (first["status"], second["info"]["id"]))
        response, _ = self.fetch("https://vm.tiktok.com/ZMnone")
        self.assertEqual((302, "https://www.tiktok.com/"), (response.status, response.headers["Location"]))

    def test_every_form_of_a_posts_address(self):
        self.standin.add_post(id="4")
        for address in ("www.tiktok.com/@/video/4", "www.tiktok.com/@a/photo/4", "www.tiktok.com/embed/v2/4",
                        "m.tiktok.com/v/4.html", "tiktok.com/video/4", "www.tiktokv.com/share/video/4/?a=b"):
            with self.subTest(address):
                self.assertEqual("4", self.visit(f"https://{address}")[0]["id"])


class FailingPages(StandInTestCase):
    def test_each_behaviour_fails_as_known(self):
        urls = [self.standin.add_post(id=str(number), page={"behaviour": behaviour})
                for number, behaviour in enumerate(BEHAVIOUR_FAILURES)]
        for (behaviour, (kind, text)), result in zip(BEHAVIOUR_FAILURES.items(), self.yt_dlp(*urls), strict=True):
            with self.subTest(behaviour):
                self.assertIn(f": {text}", result["text"])
                self.assertIn(kind, result["classes"])
                if kind == "HTTPError":
                    self.assertEqual(behaviour, f"http:{result['status']}")
        refused = [entry for entry in self.standin.log() if entry["method"] == "CONNECT"]
        self.assertEqual([("example.com", 403)], [(entry["host"], entry["status"]) for entry in refused])

    def test_each_status_fails_as_known(self):
        urls = [self.standin.add_post(id=str(status), status_code=status) for status in STATUS_FAILURES]
        for text, result in zip(STATUS_FAILURES.values(), self.yt_dlp(*urls), strict=True):
            self.assertIn(f": {text}", result["text"])
        result, = self.yt_dlp("https://www.tiktok.com/@a/video/404")
        self.assertIn(STATUS_FAILURES[10204], result["text"])

    def test_the_challenge_is_passed(self):
        url = self.standin.add_post(id="5", page={"behaviour": "challenge"})
        result, = self.yt_dlp(url)
        self.assertEqual("5", result["info"]["id"])
        first, second = self.standin.log()
        self.assertNotIn("_wafchallengeid", first["headers"].get("cookie", ""))
        self.assertIn("_wafchallengeid", second["headers"]["cookie"])

    def test_times_and_then(self):
        url = self.standin.add_post(id="6", page={"behaviour": "http:503", "times": 2, "then": "http:429"})
        self.assertEqual([503, 503, 429, 429], [self.fetch(url)[0].status for _ in range(4)])

    def test_delay(self):
        url = self.standin.add_post(id="7", page={"delay_ms": 300})
        started = time.monotonic()
        self.fetch(url)
        self.assertGreaterEqual(time.monotonic() - started, 0.3)

    def test_drip_sends_a_byte_a_second(self):
        url = self.standin.add_post(id="8", page={"behaviour": "drip"})
        with self.tunnel("www.tiktok.com") as connection:
            connection.request("GET", url.removeprefix("https://www.tiktok.com"))
            response = connection.getresponse()
            self.assertEqual(b"<", response.read(1))
            started = time.monotonic()
            self.assertEqual(b"!", response.read(1))
            self.assertGreater(time.monotonic() - started, 0.5)
        self.eventually(lambda: self.standin.open() == 0)
        self.assertEqual(2, self.standin.log()[0]["sent"])

    def test_head_has_no_body(self):
        for behaviour in ("ok", "http:503", "truncate", "drip"):
            url = self.standin.add_post(id="9", page={"behaviour": behaviour})
            with self.subTest(behaviour), contextlib.suppress(HTTPException):
                response, body = self.fetch(url, method="HEAD")
                self.assertEqual((503 if behaviour == "http:503" else 200, b""), (response.status, body))
                self.assertNotEqual("0", response.headers["Content-Length"])
