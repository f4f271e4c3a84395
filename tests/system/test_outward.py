"""The ways out: proxies of every kind, cookies_file, ca_file, and what of them must stay secret."""

import tempfile
import unittest
from pathlib import Path
from urllib.parse import urlsplit

from .clients import order, post_json
from .expectations import assert_delivered
from .fixture import Fixture, fresh_id, id_of

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop

COOKIES = """# Netscape HTTP Cookie File
# A comment that has to stay

.tiktok.com\tTRUE\t/\tTRUE\t2147483647\tsessionid\tsecret-session
.tiktok.com\tTRUE\t/\tTRUE\t0\tsid_tt\tno-expiry
#HttpOnly_.tiktok.com\tTRUE\t/\tTRUE\t2147483647\thidden\tfrom-scripts
.example.com\tTRUE\t/\tTRUE\t2147483647\tforeign\tnot-for-tiktok
"""


class Proxies(unittest.TestCase):
    """http, https and SOCKS 5: for the page, for short links and for the media alike."""

    def test_each_kind(self):
        for kind in ('http', 'https', 'socks5'):
            with self.subTest(kind), fixture.new_server(proxy=getattr(fixture.standin, kind + '_proxy')) as server:
                link = fixture.post()
                code = 'ZM' + fresh_id()
                fixture.standin.add_link(host='vm.tiktok.com', code=code, location=link)
                assert_delivered(server.address, 'https://vm.tiktok.com/' + code, fixture.media('small.mp4'))
                entries = fixture.requests(id_of(link)) + fixture.requests(code)
                self.assertEqual({entry['via'] for entry in entries}, {kind})
                self.assertGreaterEqual(len(entries), 3)
                assert_delivered(server.address, fixture.video('medium.mp4'), fixture.media('medium.mp4'))

    def test_a_password_of_the_proxy_is_shown_to_nobody(self):
        parts = urlsplit(fixture.standin.http_proxy)
        with fixture.new_server(proxy=f'http://user:hush-hush@{parts.netloc}', log_level='trace') as server:
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))
            failed = post_json(server.address, order(fixture.video(behaviour='http:403')))
            self.assertNotIn(b'hush-hush', failed.body)
            for child in server.children():
                self.assertNotIn(b'hush-hush', Path(f'/proc/{child}/cmdline').read_bytes())
            server.stop()
            self.assertNotIn('hush-hush', server.log)

    def test_a_proxy_that_is_not_there(self):
        with fixture.new_server(proxy='http://127.0.0.1:1') as server:
            for link in (fixture.post(), 'https://vm.tiktok.com/ZMx/'):
                answer = post_json(server.address, order(link))
                self.assertEqual((answer.status, answer.json['code']), (400, 'tiktok.error'))

    def test_an_authority_that_is_not_trusted(self):
        with fixture.new_server(ca_file='') as server:
            answer = post_json(server.address, order(fixture.post()))
            self.assertEqual((answer.status, answer.json['code'].partition('.')[0]), (400, 'tiktok'))


class Cookies(unittest.TestCase):
    """cookies_file is sent where its cookies belong, and never written to."""

    def setUp(self):
        self.path = Path(self.enterContext(tempfile.TemporaryDirectory()), 'cookies.txt')
        self.path.write_text(COOKIES)

    def cookies_sent(self, link, host_part):
        entries = [entry for entry in fixture.requests(id_of(link)) if host_part in entry['host']]
        return entries[-1]['headers'].get('cookie', '')

    def test_they_are_sent_and_the_file_stays_as_it_is(self):
        before = self.path.stat()
        with fixture.new_server(cookies_file=self.path) as server:
            for _ in range(3):
                link = fixture.post()
                assert_delivered(server.address, link, fixture.media('small.mp4'))
                sent = self.cookies_sent(link, 'www.')
                for expected in ('sessionid=secret-session', 'sid_tt=no-expiry', 'hidden=from-scripts'):
                    self.assertIn(expected, sent)
                self.assertNotIn('foreign', sent)
                # Those that the post before was given do not go out with this one.
                self.assertNotIn('tt_chain_token', sent)
        after = self.path.stat()
        self.assertEqual(self.path.read_text(), COOKIES)
        self.assertEqual((before.st_mtime_ns, before.st_ino), (after.st_mtime_ns, after.st_ino))
        self.assertEqual([path.name for path in self.path.parent.iterdir()], ['cookies.txt'])

    def test_a_change_of_the_file_is_seen(self):
        with fixture.new_server(cookies_file=self.path) as server:
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))
            self.path.write_text(COOKIES.replace('secret-session', 'another-session'))
            link = fixture.post()
            assert_delivered(server.address, link, fixture.media('small.mp4'))
            self.assertIn('sessionid=another-session', self.cookies_sent(link, 'www.'))

    def test_another_file_in_its_place_is_seen(self):
        """Their box keeps extractors from files that were not there when they started."""
        with fixture.new_server(cookies_file=self.path, workers=2) as server:
            for session in ('first', 'second'):
                other = self.path.with_suffix('.new')
                other.write_text(COOKIES.replace('secret-session', session))
                other.rename(self.path)
                for _ in range(3):
                    link = fixture.post()
                    assert_delivered(server.address, link, fixture.media('small.mp4'))
                    self.assertIn(f'sessionid={session}', self.cookies_sent(link, 'www.'))

    def test_they_stay_secret(self):
        with fixture.new_server(cookies_file=self.path, log_level='trace') as server:
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))
            assert_delivered(server.address, fixture.video('medium.mp4', behaviour='reset:1000000'),
                             fixture.media('medium.mp4'))
            server.stop()
            self.assertNotIn('secret-session', server.log)

    def test_a_file_that_has_gone_or_is_broken_does_not_stop_the_service(self):
        with fixture.new_server(cookies_file=self.path) as server:
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))
            self.path.write_text('{"not": "netscape"}')
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))
            self.path.unlink()
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))
