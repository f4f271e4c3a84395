"""contract.md, "Codes of posts that cannot be had": each failing post by its status, detail and code."""

import time
import unittest

from .clients import order, post_json
from .deadlines import SLOWNESS
from .expectations import assert_delivered, assert_no_files
from .fixture import CDN, OTHER_CDN, Fixture, id_of

RESOLVE_TIMEOUT_S = 3
STALL_TIMEOUT_S = 2

fixture = Fixture(workers=2, resolve_timeout_s=RESOLVE_TIMEOUT_S, stall_timeout_s=STALL_TIMEOUT_S,
                  max_file_bytes=1_000_000)
setUpModule, tearDownModule = fixture.start, fixture.stop


class FailureTest(unittest.TestCase):
    """Fails posts, and asserts after each test that the server is as healthy as before."""

    @classmethod
    def setUpClass(cls):
        # Everything has worked once, so that what is kept for good (idle connections) is part of the footprint.
        fixture.server.wait_for_log('extractor ready', count=2)
        stations = (('vm.tiktok.com', 'ZMa'), ('vt.tiktok.com', 'ZMb'), ('www.tiktok.com', 'ZMc'))
        following = ('https://vt.tiktok.com/ZMb', 'https://www.tiktok.com/t/ZMc', fixture.post())
        for (host, code), location in zip(stations, following):
            fixture.standin.add_link(host=host, code=code, location=location)
        for _ in range(4):
            assert_delivered(fixture.server.address, 'vm.tiktok.com/ZMa', fixture.media('small.mp4'))
        cls.footprint = fixture.at_rest()

    def tearDown(self):
        self.assert_healthy()

    def assert_healthy(self):
        assert_delivered(fixture.server.address, fixture.post(), fixture.media('small.mp4'))
        after = fixture.at_rest()
        self.assertEqual((after.processes, after.files), (self.footprint.processes, 0))
        self.assertLessEqual(after.descriptors, self.footprint.descriptors)
        self.assertLessEqual(after.upstream_connections, self.footprint.upstream_connections)

    def assert_fails(self, link, code):
        assert_no_files(fixture.server.address, link, code)


class Posts(FailureTest):
    """What the page says of the post."""

    def test_private(self):
        for status in (10216, 10222):
            with self.subTest(status):
                self.assert_fails(fixture.post(status_code=status), 'post.private')

    def test_unavailable(self):
        for status in (10204, 10000, 10231):
            with self.subTest(status):
                self.assert_fails(fixture.post(status_code=status), 'post.unavailable')
        self.assert_fails(fixture.post(page={'behaviour': 'no_item'}), 'post.unavailable')
        self.assert_fails('https://www.tiktok.com/@nobody/video/7000000000000000000', 'post.unavailable')

    def test_login_required(self):
        for behaviour in ('login', 'classified'):
            with self.subTest(behaviour):
                self.assert_fails(fixture.post(page={'behaviour': behaviour}), 'post.login_required')

    def test_blocked(self):
        for behaviour in ('unsolvable', 'please_wait', 'garbage', 'empty', 'http:403', 'http:429'):
            with self.subTest(behaviour):
                self.assert_fails(fixture.post(page={'behaviour': behaviour}), 'tiktok.blocked')

    def test_too_large(self):
        self.assert_fails(fixture.video('medium.mp4'), 'post.too_large')
        self.assert_fails(fixture.post(formats=[{'media': 'medium.mp4', 'data_size': 200_000}]), 'post.too_large')

    def test_both_content_types_fail_alike(self):
        for content_type in ('ORIGINAL', 'VIDEO_ONLY'):
            link = fixture.post(status_code=10222)
            assert_no_files(fixture.server.address, link, 'post.private', content_type)

    def test_a_failure_leaves_the_connection_and_no_details(self):
        answer = post_json(fixture.server.address, order(fixture.post(status_code=10222)))
        self.assertNotIn(b'yt', answer.body)
        self.assertNotIn(b'/', answer.body)


class Pages(FailureTest):
    """The page's server in trouble: tried twice, within the time for resolving."""

    def test_twice_in_trouble(self):
        for behaviour in ('http:503', 'http:500', 'http:502', 'reset', 'truncate'):
            with self.subTest(behaviour):
                link = fixture.post(page={'behaviour': behaviour})
                self.assert_fails(link, 'tiktok.error')
                self.assertEqual(len(fixture.requests(id_of(link))), 2)

    def test_once_in_trouble(self):
        content = fixture.media('small.mp4')
        for behaviour in ('http:503', 'http:500', 'reset', 'truncate'):
            with self.subTest(behaviour):
                link = fixture.post(page={'behaviour': behaviour, 'times': 1})
                assert_delivered(fixture.server.address, link, content)

    def test_no_answer(self):
        for behaviour in ('hang', 'drip'):
            with self.subTest(behaviour):
                begun = time.monotonic()
                self.assert_fails(fixture.post(page={'behaviour': behaviour}), 'tiktok.timeout')
                self.assertLess(time.monotonic() - begun, (RESOLVE_TIMEOUT_S + 3) * SLOWNESS)

    def test_no_answer_once(self):
        link = fixture.post(page={'behaviour': 'hang', 'times': 1})
        assert_delivered(fixture.server.address, link, fixture.media('small.mp4'))

    def test_a_page_that_turns_in_circles(self):
        link = fixture.post(page={'behaviour': 'redirect:https://www.tiktok.com/@some.user'})
        self.assertEqual(post_json(fixture.server.address, order(link)).status, 400)


class Media(FailureTest):
    """Every source of the media fails."""

    def test_no_source_gives_it(self):
        for behaviour in ('http:403', 'http:404', 'http:500', 'http:503', 'html', 'empty', 'reset', 'hang'):
            with self.subTest(behaviour):
                begun = time.monotonic()
                hosts = [{'host': host, 'behaviour': behaviour} for host in (CDN, OTHER_CDN)]
                self.assert_fails(fixture.post(formats=[{'hosts': hosts}]), 'media.unavailable')
                self.assertLess(time.monotonic() - begun, (STALL_TIMEOUT_S * 2 + 8) * SLOWNESS)

    def test_each_source_fails_in_its_own_way(self):
        hosts = [{'host': CDN, 'behaviour': 'html'}, {'host': OTHER_CDN, 'behaviour': 'http:403'}]
        self.assert_fails(fixture.post(formats=[{'hosts': hosts}]), 'media.unavailable')

    def test_files_that_are_no_video(self):
        """Not one of the leading bytes that a video has; the URL and the type say mp4."""
        hosts = [{'host': CDN, 'behaviour': 'truncate:3', 'times': 99}]
        self.assert_fails(fixture.post(formats=[{'hosts': hosts}]), 'media.unavailable')


class ShortLinks(FailureTest):
    """A short link that leads to anything but a post; nothing is asked of where it leads, unless that is TikTok."""

    def assert_unsupported(self, location, host='vm.tiktok.com'):
        self.assert_link_fails('post.unsupported', host=host, location=location)

    def assert_link_fails(self, code, host='vm.tiktok.com', **link):
        fixture.standin.reset()
        fixture.standin.add_link(host=host, code='ZMbad', **link)
        start = 'https://www.tiktok.com/t/ZMbad' if host == 'www.tiktok.com' else f'https://{host}/ZMbad/'
        self.assert_fails(start, code)
        asked = {entry['host'] for entry in fixture.standin.log()}
        self.assertLessEqual(asked, {'vm.tiktok.com', 'vt.tiktok.com', 'www.tiktok.com'})

    def test_elsewhere_on_tiktok(self):
        for path in ('', '@some.user', '@some.user/live', 'foryou', 'music/original-7312345678901234567', 'tag/fun'):
            with self.subTest(path):
                self.assert_unsupported('https://www.tiktok.com/' + path)

    def test_other_hosts(self):
        for location in ('https://example.com/@a/video/7312345678901234567', 'http://169.254.169.254/latest/meta-data/',
                         'https://127.0.0.1/@a/video/7312345678901234567', 'http://[::1]/', 'https://10.0.0.1/video/1',
                         'https://www.tiktok.com.example.com/@a/video/7312345678901234567', 'http://localhost:22/',
                         'https://user:pass@example.com/', 'https://www.tiktok.com:8443/@a/video/7312345678901234567',
                         'https://www.tiktok.com@example.com/video/7312345678901234567', '//example.com/video/1',
                         'https://2130706433/', 'https://www.youtube.com/watch?v=dQw4w9WgXcQ'):
            for host in ('vm.tiktok.com', 'www.tiktok.com'):
                with self.subTest(location, host=host):
                    self.assert_unsupported(location, host)

    def test_other_schemes(self):
        for location in ('file:///etc/passwd', 'ftp://www.tiktok.com/x', 'gopher://127.0.0.1:70/x',
                         'javascript:alert(1)', 'data:text/html,x', 'ttsearch:x',
                         'snssdk1233://aweme/detail/7312345678901234567'):
            with self.subTest(location):
                self.assert_unsupported(location)

    def test_an_unknown_code(self):
        fixture.standin.reset()
        self.assert_fails('https://vm.tiktok.com/ZMunknown/', 'post.unsupported')

    def test_circles(self):
        fixture.standin.reset()
        fixture.standin.add_link(host='vm.tiktok.com', code='ZMring', location='https://vt.tiktok.com/ZMring/')
        fixture.standin.add_link(host='vt.tiktok.com', code='ZMring', location='https://vm.tiktok.com/ZMring/')
        self.assert_fails('https://vm.tiktok.com/ZMring/', 'post.unsupported')
        self.assertLess(len(fixture.standin.log()), 40)

    def test_short_hosts_in_trouble(self):
        self.assert_link_fails('tiktok.error', behaviour='http:503')
        self.assert_link_fails('tiktok.error', behaviour='reset')
        self.assert_link_fails('tiktok.timeout', behaviour='hang')
        self.assert_link_fails('tiktok.blocked', behaviour='http:403')
        fixture.standin.add_link(host='vm.tiktok.com', code='ZMonce', location=fixture.post(), behaviour='http:503',
                                 times=1)
        assert_delivered(fixture.server.address, 'vm.tiktok.com/ZMonce', fixture.media('small.mp4'))
