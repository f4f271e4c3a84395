"""The proxies, what they refuse, the control interface, and the life of the process."""

import json
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from . import PACKAGE, running
from .visitor import STATE_DIR, StandInTestCase

PARALLEL = 50
ROUNDS = 20
CURL_COULD_NOT_USE_PROXY = 97
PROMPTLY_S = 3


class Proxies(StandInTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.url = self.standin.add_post(id="1")
        self.ways = {
            "http": ("--proxy", self.standin.http_proxy),
            "https": ("--proxy", self.standin.https_proxy, "--proxy-cacert", self.standin.ca_file),
            "socks5": ("--socks5-hostname", urlsplit(self.standin.socks5_proxy).netloc),
        }

    def test_all_lead_to_the_page(self):
        expected = self.fetch(self.url)[1]
        for way, options in self.ways.items():
            with self.subTest(way):
                self.assertEqual(expected, self.curl(*options, self.url).stdout)
                entry = self.standin.log()[-1]
                self.assertEqual((way, "www.tiktok.com", "GET", "/@some.user/video/1", 200, len(expected)),
                                 tuple(entry[key] for key in ("via", "host", "method", "path", "status", "sent")))

    def test_reset_shows_through_all(self):
        self.standin.add_post(id="1", page={"behaviour": "reset"})
        for way, options in self.ways.items():
            with self.subTest(way):
                self.assertIn(b"Connection reset by peer", self.curl(*options, self.url).stderr)

    def test_foreign_targets_are_refused_and_logged(self):
        targets = ("example.com", "127.0.0.1", "[::1]", "localhost", "v16-webapp-prime.tiktok.com.example.com",
                   "p77.tiktokcdn.com", "www.tiktok.com:8443")
        for way, options in self.ways.items():
            for target in targets:
                with self.subTest(way, target=target):
                    done = self.curl(*options, f"https://{target}/")
                    self.assertEqual(CURL_COULD_NOT_USE_PROXY if way == "socks5" else 56, done.returncode)
                    entry = self.standin.log()[-1]
                    host = target.strip("[]").removesuffix(":8443")
                    self.assertEqual((way, "CONNECT", host, 403, 0),
                                     tuple(entry[key] for key in ("via", "method", "host", "status", "sent")))

    def test_socks_says_not_allowed(self):
        proxy = urlsplit(self.standin.socks5_proxy)
        with socket.create_connection((proxy.hostname, proxy.port)) as client, client.makefile("rb") as replies:
            client.sendall(b"\x05\x01\x00")
            self.assertEqual(b"\x05\x00", replies.read(2))
            client.sendall(b"\x05\x01\x00\x03\x0bexample.com\x01\xbb")
            self.assertEqual(b"\x05\x02\x00\x01" + bytes(6), replies.read())

    def test_plain_requests_are_refused_and_logged(self):
        done = self.curl("--write-out", "%{http_code}", "--proxy", self.standin.http_proxy, "http://www.tiktok.com/x")
        self.assertEqual(b"403", done.stdout)
        entry, = self.standin.log()
        self.assertEqual(("GET", "www.tiktok.com", 403), (entry["method"], entry["host"], entry["status"]))

    def test_an_untrusting_client_is_a_failed_connect(self):
        subprocess.run(["curl", "--silent", "--proxy", self.standin.http_proxy, self.url], timeout=30)
        self.eventually(self.standin.log)
        entry, = self.standin.log()
        self.assertEqual(("CONNECT", 0), (entry["method"], entry["status"]))

    def test_many_at_once(self):
        def visit_often(_) -> set[int]:
            with self.tunnel("www.tiktok.com") as connection:
                statuses = set()
                for _ in range(ROUNDS):
                    connection.request("GET", "/@some.user/video/1")
                    response = connection.getresponse()
                    response.read()
                    statuses.add(response.status)
                return statuses

        with ThreadPoolExecutor(PARALLEL) as pool:
            self.assertEqual([{200}] * PARALLEL, list(pool.map(visit_often, range(PARALLEL))))
        log = self.standin.log()
        self.assertEqual(PARALLEL * ROUNDS, len(log))
        self.assertEqual(1, len({entry["sent"] for entry in log}))
        self.eventually(lambda: self.standin.open() == 0)


class ControlInterface(StandInTestCase):
    def test_mistakes_are_refused(self):
        for post in ({"id": "1", "pages": {}}, {"id": "x"}, {}, {"id": "1", "page": {"behaviour": "odd"}},
                     {"id": "1", "formats": [{"media": "none.mp4"}]}, {"id": "1", "formats": [{"codec": "vp9"}]},
                     {"id": "1", "formats": [{"hosts": [{"host": "example.com"}]}]},
                     {"id": "1", "formats": [{"hosts": [{"host": "v1.tiktok.com", "ranges": "odd"}]}]}):
            with self.subTest(post), self.assertRaisesRegex(RuntimeError, "400"):
                self.standin.add_post(**post)

    def test_reset_forgets(self):
        url = self.standin.add_post(id="1", formats=[{"hosts": [{"host": "v77.tiktokcdn.com"}]}])
        self.visit(url)
        with self.tunnel("v77.tiktokcdn.com") as connection:
            connection.connect()
            self.eventually(lambda: self.standin.open() == 1)
        self.standin.reset()
        self.assertEqual([], self.standin.log())
        with self.assertRaisesRegex(OSError, "403"), self.tunnel("v77.tiktokcdn.com") as connection:
            connection.connect()

    def test_media(self):
        with self.assertRaisesRegex(RuntimeError, "400"):
            self.standin.media("none.mp4")
        self.assertTrue(self.standin.media("photo.png").read_bytes().startswith(b"\x89PNG"))


class Life(StandInTestCase):
    def test_hanging_clients_do_not_delay_the_end(self):
        with running(STATE_DIR) as standin:
            proxy = urlsplit(standin.http_proxy)
            client = socket.create_connection((proxy.hostname, proxy.port))
            client.sendall(b"CONNECT www.tiktok.com:443 HTTP/1.1\r\n\r\n")
            self.assertIn(b" 200 ", client.recv(1000))
            started = time.monotonic()
        self.assertLess(time.monotonic() - started, PROMPTLY_S)
        with client:
            self.assertEqual(b"", client.recv(1))

    def test_sigterm_and_demo(self):
        process = subprocess.Popen([sys.executable, "-m", "standin", "--state-dir", STATE_DIR, "--demo"],
                                   cwd=PACKAGE.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with process:
            line = json.loads(process.stdout.readline())
            self.assertEqual({"http_proxy", "https_proxy", "socks5_proxy", "ca_file", "control"}, line.keys())
            done = subprocess.run(["curl", "--silent", "--cacert", line["ca_file"], "--proxy", line["http_proxy"],
                                   "--location", "https://vm.tiktok.com/ZMdemo"], capture_output=True)
            self.assertIn(b"7300000000000000001", done.stdout)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(0, process.wait(PROMPTLY_S))
