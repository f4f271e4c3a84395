"""Issue 4, line 3: what is the post's own fault is remembered for a while, and nothing else."""

import concurrent.futures
import unittest

from .clients import order, post_json
from .deadlines import until
from .expectations import assert_delivered, assert_no_files
from .fixture import CDN, Fixture, fresh_id, id_of

PAGE_HOSTS = ('www.tiktok.com',)

fixture = Fixture(workers=2, negative_ttl_s=600, max_file_bytes=1_000_000, stall_timeout_s=2)
setUpModule, tearDownModule = fixture.start, fixture.stop


class RememberedTest(unittest.TestCase):
    """What TikTok is asked, by how often something is asked of the server."""

    def pages(self, post_id):
        return [entry for entry in fixture.requests(post_id) if entry['host'] in PAGE_HOSTS]

    def ask_often(self, link, code, content_type='ORIGINAL'):
        for _ in range(4):
            assert_no_files(fixture.server.address, link, code, content_type)
        with concurrent.futures.ThreadPoolExecutor(8) as threads:
            for answer in threads.map(lambda _: post_json(fixture.server.address, order(link, content_type)), range(8)):
                self.assertEqual((answer.status, answer.json['code']), (400, code))


class OfThePost(RememberedTest):
    """One question, however often it is asked."""

    def test_what_the_page_says(self):
        for code, post in (('post.private', {'status_code': 10222}), ('post.unavailable', {'status_code': 10204}),
                           ('post.unavailable', {'page': {'behaviour': 'no_item'}}),
                           ('post.login_required', {'page': {'behaviour': 'login'}}),
                           ('post.login_required', {'page': {'behaviour': 'classified'}})):
            with self.subTest(post=post):
                link = fixture.post(**post)
                self.ask_often(link, code)
                self.assertEqual(len(self.pages(id_of(link))), 1)

    def test_in_both_modes(self):
        link = fixture.post(status_code=10222)
        assert_no_files(fixture.server.address, link, 'post.private', 'ORIGINAL')
        assert_no_files(fixture.server.address, link, 'post.private', 'VIDEO_ONLY')
        self.assertEqual(len(self.pages(id_of(link))), 1)

    def test_short_links_that_lead_nowhere(self):
        for code, link in (('post.unsupported', {'location': 'https://www.tiktok.com/@somebody'}),
                           ('post.unavailable', {'location': '', 'behaviour': 'http:404'})):
            with self.subTest(link=link):
                name = f'ZM{fresh_id()}'
                self.ask_often(fixture.standin.add_link(host='vm.tiktok.com', code=name, **link), code)
                self.assertEqual(len(fixture.requests(name)), 1)

    def test_too_large(self):
        link = fixture.video('medium.mp4')
        for content_type in ('ORIGINAL', 'VIDEO_ONLY'):
            self.ask_often(link, 'post.too_large', content_type)
        self.assertEqual(len(self.pages(id_of(link))), 1)

    def test_a_photo_that_no_video_can_be_made_of(self):
        """The photos themselves can be had."""
        link = fixture.post(images=[{'media': 'tiny.jpg'}, {'media': 'broken.jpg'}])
        self.ask_often(link, 'media.broken', 'VIDEO_ONLY')
        self.assertEqual(len(self.pages(id_of(link))), 1)
        self.assertEqual(post_json(fixture.server.address, order(link)).status, 200)


class OfOthers(RememberedTest):
    """What was TikTok's fault, or ours, is tried again at once."""

    def test_pages(self):
        for behaviour, code in (('please_wait', 'tiktok.blocked'), ('garbage', 'tiktok.blocked'),
                                ('http:403', 'tiktok.blocked')):
            with self.subTest(behaviour):
                link = fixture.post(page={'behaviour': behaviour, 'times': 1})
                assert_no_files(fixture.server.address, link, code)
                assert_delivered(fixture.server.address, link, fixture.media('small.mp4'))

    def test_pages_that_fail_twice(self):
        link = fixture.post(page={'behaviour': 'http:503', 'times': 2})
        assert_no_files(fixture.server.address, link, 'tiktok.error')
        assert_delivered(fixture.server.address, link, fixture.media('small.mp4'))

    def test_pages_that_hang(self):
        with fixture.new_server(negative_ttl_s=600, resolve_timeout_s=2) as server:
            server.wait_for_log('extractor ready')
            link = fixture.post(page={'behaviour': 'hang', 'times': 2})
            assert_no_files(server.address, link, 'tiktok.timeout')
            until(lambda: post_json(server.address, order(link)).status == 200, 'the post is had')

    def test_media(self):
        link = fixture.post(formats=[{'media': 'small.mp4', 'hosts': [{'host': CDN, 'behaviour': 'http:404',
                                                                      'times': 1}]}])
        assert_no_files(fixture.server.address, link, 'media.unavailable')
        assert_delivered(fixture.server.address, link, fixture.media('small.mp4'))

    def test_short_links(self):
        name = f'ZM{fresh_id()}'
        link = fixture.standin.add_link(host='vm.tiktok.com', code=name, location=fixture.post(), behaviour='http:403',
                                        times=1)
        assert_no_files(fixture.server.address, link, 'tiktok.blocked')
        assert_delivered(fixture.server.address, link, fixture.media('small.mp4'))


class ForAWhile(RememberedTest):
    """Until negative_ttl_s has passed."""

    def test_it_is_asked_again(self):
        with fixture.new_server(negative_ttl_s=1) as server:
            post_id = fresh_id()
            link = fixture.post(id=post_id, status_code=10222)
            assert_no_files(server.address, link, 'post.private')
            fixture.post(id=post_id)
            until(lambda: post_json(server.address, order(link)).status == 200, 'the post is public')

    def test_not_at_all(self):
        with fixture.new_server(negative_ttl_s=0) as server:
            link = fixture.post(status_code=10222)
            for _ in range(3):
                assert_no_files(server.address, link, 'post.private')
            self.assertEqual(len(self.pages(id_of(link))), 3)
