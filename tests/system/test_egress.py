"""Media addresses come from a page that anybody may have written, redirects from whoever answers: neither is trusted.

With a proxy, which resolves names: they are judged by what they say. tests/system/test_direct.py judges what they mean.
"""

import contextlib
import unittest

from .clients import order, post_json
from .expectations import NO_FILES, assert_delivered, assert_no_files
from .fixture import CDN, OTHER_PHOTO_CDN, PHOTO_CDN, SOUND_CDN, Fixture, fresh_id, id_of
from .hostile_urls import FEW, URLS, sources, together
from .internet import ODD_PORT, Internet
from .wire import CutOff

internet = Internet()
fixture = Fixture(stall_timeout_s=5)

# Where the stand-in keeps videos.
PATH = '/video/tos/useast2a/tos-useast2a-ve-0068c001'


def setUpModule():
    internet.start()
    unittest.addModuleCleanup(internet.stop)
    fixture.start()
    unittest.addModuleCleanup(fixture.stop)


class EgressTest(unittest.TestCase):

    def setUp(self):
        fixture.standin.reset()
        internet.names.asked.clear()
        internet.touched()

    def assert_refused(self, link, own_hosts, code='media.unavailable'):
        """Fails as it should, and neither the proxy nor anybody else hears of anything but `own_hosts`."""
        assert_no_files(fixture.server.address, link, code)
        self.assert_asked_only({'www.tiktok.com', *own_hosts})

    def assert_asked_only(self, hosts):
        self.assertEqual(internet.touched(), [])
        self.assertEqual(internet.names.asked, [])
        self.assertLessEqual({entry['host'] for entry in fixture.standin.log()}, hosts)


class Sources(EgressTest):
    """Addresses that a page names."""

    def test_of_a_video(self):
        for urls in together(URLS):
            with self.subTest(urls):
                self.assert_refused(fixture.post(formats=[{'hosts': sources(*urls)}]), ())

    def test_of_a_photo(self):
        for urls in together(URLS):
            with self.subTest(urls):
                self.assert_refused(fixture.post(images=[{'hosts': sources(*urls)}]), ())

    def test_of_a_sound(self):
        own = {PHOTO_CDN, OTHER_PHOTO_CDN}
        for url in FEW[:9]:
            with self.subTest(url):
                link = fixture.post(images=[{}], music={'hosts': sources(url)})
                with contextlib.suppress(CutOff):  # where the photo was there first
                    assert_no_files(fixture.server.address, link, 'media.unavailable')
                self.assert_asked_only({'www.tiktok.com', *own})

    def test_an_honest_source_beside_them_is_used(self):
        for url in FEW:
            with self.subTest(url):
                link = fixture.post(formats=[{'hosts': [*sources(url), {'host': CDN}]}])
                assert_delivered(fixture.server.address, link, fixture.media('small.mp4'))
                self.assert_asked_only({'www.tiktok.com', CDN})


class Redirects(EgressTest):
    """Addresses that the CDN, a page or a short link leads to."""

    def test_of_the_cdn(self):
        for location in FEW:
            with self.subTest(location):
                self.assert_refused(fixture.video(behaviour=f'redirect:{location}'), {CDN})

    def test_of_the_cdn_in_chains(self):
        hosts = [f'v{number}.tiktokcdn.com' for number in range(4)]
        for location in FEW:
            with self.subTest(location):
                fixture.standin.reset()
                post_id = fresh_id()
                links = [f'https://{host}{PATH}/{post_id}-format0-{number}/' for number, host in enumerate(hosts)]
                chain = zip(hosts, [*links[1:], location])
                link = fixture.post(id=post_id, formats=[{'hosts': [
                    {'host': host, 'behaviour': f'redirect:{target}'} for host, target in chain]}])
                self.assert_refused(link, set(hosts))
                self.assertEqual([entry['host'] for entry in fixture.requests(PATH)][:4], hosts)

    def test_of_the_cdn_in_circles(self):
        post_id = fresh_id()
        path = f'{PATH}/{post_id}-format0-0/'
        link = fixture.post(id=post_id,
                            formats=[{'hosts': [{'host': CDN, 'behaviour': f'redirect:https://{CDN}{path}'}]}])
        assert_no_files(fixture.server.address, link, 'media.unavailable')
        self.assertEqual(len(fixture.requests(path)), 6)

    def test_to_another_host_go_neither_cookies_nor_the_page(self):
        post_id = fresh_id()
        target = f'https://{SOUND_CDN}/obj/tos-useast2a-ve-2774/{post_id}-music-0'
        link = fixture.post(id=post_id, music={'media': 'small.mp4'},
                            formats=[{'hosts': [{'host': CDN, 'behaviour': f'redirect:{target}'}]}])
        assert_delivered(fixture.server.address, link, fixture.media('small.mp4'))
        [first], [second] = fixture.requests(CDN), fixture.requests(SOUND_CDN)
        self.assertIn('tt_chain_token', first['headers']['cookie'])
        self.assertIn(id_of(link), first['headers']['referer'])
        self.assertEqual(second['headers']['referer'], 'https://www.tiktok.com/')
        self.assertLessEqual(second['headers'].keys(), {'host', 'user-agent', 'accept', 'accept-language', 'referer'})

    def test_of_a_page(self):
        for location in (*FEW, 'https://example.com/', 'https://127.0.0.1#.tiktok.com/'):
            with self.subTest(location):
                link = fixture.post(page={'behaviour': f'redirect:{location}'})
                self.assertEqual(post_json(fixture.server.address, order(link)).json['detail'], NO_FILES)
                self.assert_asked_only({'www.tiktok.com'})

    def test_of_a_short_link(self):
        for location in (*FEW, 'https://example.com/', f'https://{CDN}/x'):
            with self.subTest(location):
                code = 'ZM' + fresh_id()
                short = fixture.standin.add_link(host='vm.tiktok.com', code=code, location=location)
                self.assert_refused(short, {'vm.tiktok.com'}, 'post.unsupported')


class Environment(EgressTest):

    def test_no_variable_leads_past_the_proxy(self):
        variables = {'no_proxy': '*', 'NO_PROXY': '*', 'http_proxy': f'http://127.0.0.1:{ODD_PORT}',
                     'https_proxy': f'http://127.0.0.1:{ODD_PORT}', 'ALL_PROXY': f'http://127.0.0.1:{ODD_PORT}'}
        with fixture.new_server(environment=variables) as server:
            assert_delivered(server.address, fixture.video(), fixture.media('small.mp4'))
        self.assert_asked_only({'www.tiktok.com', CDN})
