"""Proxies that tests add: who may pass, what they do when they are told to, and who is blocked through which."""

import itertools
from urllib.parse import urlsplit, urlunsplit

from .visitor import StandInTestCase

_numbers = itertools.count(1)


class Doors(StandInTestCase):
    def add(self, **proxy) -> tuple[str, str]:
        """The proxy's name and URL."""
        name = f"door{next(_numbers)}"
        return name, self.standin.add_proxy(name=name, **proxy)

    def visit_through(self, proxy: str, user: str = ""):
        parts = urlsplit(proxy)
        scheme = parts.scheme.replace("socks5", "socks5h")
        proxy = urlunsplit(parts._replace(scheme=scheme, netloc=f"{user}@{parts.netloc}" if user else parts.netloc))
        return self.curl("--proxy", proxy, "--proxy-cacert", self.standin.ca_file, "--write-out", "%{http_code}",
                         "--output", "/dev/null", "https://www.tiktok.com/")

    def test_each_kind_leads_to_the_page_under_its_name(self):
        for kind in ("http", "https", "socks5"):
            name, proxy = self.add(kind=kind)
            self.assertEqual(b"200", self.visit_through(proxy).stdout)
            self.assertEqual(name, self.standin.log()[-1]["via"])

    def test_users_have_to_show_their_passwords(self):
        for kind in ("http", "https", "socks5"):
            name, proxy = self.add(kind=kind, users={"one": "secret", "two": "other"})
            with self.subTest(kind):
                for user, password in (("one", "secret"), ("two", "other")):
                    self.assertEqual(b"200", self.visit_through(proxy, f"{user}:{password}").stdout)
                    self.assertEqual(f"{name}:{user}", self.standin.log()[-1]["via"])
                for stranger in ("", "one:other", "three:secret"):
                    self.assertNotEqual(b"200", self.visit_through(proxy, stranger).stdout)

    def test_one_that_is_not_open_refuses_connections_until_it_is(self):
        for kind in ("http", "socks5"):
            name, proxy = self.add(kind=kind, open=False)
            self.assertEqual(7, self.visit_through(proxy).returncode)
            self.standin.set_proxy(name, "ok")
            self.assertEqual(b"200", self.visit_through(proxy).stdout)

    def test_one_refuses_as_it_is_told(self):
        name, proxy = self.add()
        for status in (403, 502):
            self.standin.set_proxy(name, f"http:{status}")
            self.visit_through(proxy)
            self.assertEqual(("CONNECT", status), tuple(self.standin.log()[-1][key] for key in ("method", "status")))

    def test_a_page_behaves_by_where_its_visitor_comes_from(self):
        name, blocked = self.add()
        _, other = self.add()
        self.standin.add_post(id="1", page={"behaviour": "ok", "via": {name: {"behaviour": "http:403", "times": 1}}})
        url = "https://www.tiktok.com/@some.user/video/1"
        statuses = [self.curl("--proxy", proxy, "--write-out", "%{http_code}", "--output", "/dev/null", url).stdout
                    for proxy in (other, blocked, blocked)]
        self.assertEqual([b"200", b"403", b"200"], statuses)

    def test_mistakes_are_refused(self):
        name, _ = self.add()
        for proxy in ({"name": name}, {"name": "x", "kind": "ftp"}, {"name": "x", "user": "y"}, {}):
            with self.subTest(proxy), self.assertRaisesRegex(RuntimeError, "400"):
                self.standin.add_proxy(**proxy)
        for behaviour in ("odd", "http:200"):
            with self.assertRaisesRegex(RuntimeError, "400"):
                self.standin.set_proxy(name, behaviour)
        with self.assertRaisesRegex(RuntimeError, "400"):
            self.standin.add_post(id="1", page={"via": {"x": {"behaviour": "odd"}}})
