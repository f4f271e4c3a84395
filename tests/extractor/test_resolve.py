"""Whole jobs of the real extractor process against the stand-in TikTok."""

import time
import urllib.request
from ssl import create_default_context

from .loopback import POST_ID, LoopbackTestCase
from .process import SLOWNESS

HOSTS = ('v16-webapp-prime.tiktok.com', 'v19-webapp-prime.tiktok.com')

# A job's time where it runs out: each of a try's requests gets a third of it.
SHORT_S = 2 * SLOWNESS


class PostTest(LoopbackTestCase):

    def test_a_plain_post(self):
        url = self.add_post(desc='A cat.\nIt sleeps 😀', user='some.user', duration=12)
        post = self.resolve(url)
        self.assert_asked_for_page(1, url)
        medium, = post.pop('media')
        sources = medium.pop('sources')
        self.assertEqual({'id': POST_ID, 'kind': 'video', 'title': 'A cat.\nIt sleeps 😀', 'author': 'some.user',
                          'description': 'A cat.\nIt sleeps 😀', 'duration_s': 12}, post)
        self.assertEqual({'role': 'video', 'sound': True, 'ext': 'mp4', 'codec': 'h264', 'width': 720, 'height': 1280,
                          'size_bytes': self.standin.media('small.mp4').stat().st_size}, medium)
        self.assertEqual(list(HOSTS), [source['url'].split('/')[2] for source in sources])
        for source in sources:
            self.assertEqual(url, source['headers']['Referer'])
            self.assertIn('Mozilla/5.0', source['headers']['User-Agent'])
            names = {name.lower() for name in source['headers']}
            self.assertEqual(set(), names & {'cookie', 'accept-encoding', 'host'})
            self.assertIn('tt_chain_token=', source['cookies'])

    def test_a_long_description_is_whole_and_the_title_a_part_of_it(self):
        text = 'Кот спит. ' * 200
        post = self.resolve(self.add_post(desc=text))
        self.assertEqual(text, post['description'])
        self.assertLessEqual(len(post['title']), 72)
        self.assertTrue(text.startswith(post['title'].rstrip('.')[:60]))

    def test_its_sources_give_the_media(self):
        media = self.standin.media('small.mp4').read_bytes()
        handlers = (urllib.request.ProxyHandler({'https': self.standin.http_proxy}),
                    urllib.request.HTTPSHandler(context=create_default_context(cafile=self.standin.ca_file)))
        for source in self.resolve(self.add_post())['media'][0]['sources']:
            request = urllib.request.Request(source['url'], None, {**source['headers'], 'Cookie': source['cookies']})
            with urllib.request.build_opener(*handlers).open(request) as got:
                self.assertEqual(media, got.read())

    def test_the_best_renditions_come_first(self):
        url = self.add_post(
            formats=[{'codec': 'bytevc1', 'res': '1080p', 'silent': True}, {'codec': 'bytevc1', 'res': '1080p'},
                     {'codec': 'bytevc2', 'res': '1080p'}, {'res': '540p'}, {'res': '720p', 'data_size': 500_000},
                     {'res': '720p', 'data_size': 400_000}], download={})
        medium, = self.resolve(url)['media']
        places = [source['url'].split(f'/{POST_ID}-')[1].split('/')[0] for source in medium['sources']]
        self.assertEqual(['format5-0', 'format5-1', 'format4-0', 'format4-1', 'format3-0', 'format3-1', 'download-0',
                          'format1-0'], places)
        self.assertEqual(('h264', 400_000, 720), (medium['codec'], medium['size_bytes'], medium['width']))

    def test_whether_the_post_has_sound(self):
        silent = {'codec': 'bytevc1', 'res': '1080p', 'silent': True}
        for formats, has_sound in (([silent], False), ([silent, {'res': '360p'}], True), ([{}], True)):
            medium, = self.resolve(self.add_post(formats=formats))['media']
            self.assertIs(has_sound, medium['sound'])

    def test_cookies_stay_with_the_domain_they_are_for(self):
        hosts = [{'host': 'v16m.tiktokcdn.com'}, {'host': HOSTS[0]}]
        foreign, own = self.resolve(self.add_post(formats=[{'hosts': hosts}]))['media'][0]['sources']
        self.assertNotIn('cookies', foreign)
        self.assertIn('cookies', own)

    def test_addresses_off_the_web_are_left_out(self):
        urls = ['ftp://v16-webapp-prime.tiktok.com/a', '//v19-webapp-prime.tiktok.com/a', 'http://10.0.0.1/a']
        hosts = [{'host': HOSTS[0], 'url': url} for url in urls]
        medium, = self.resolve(self.add_post(formats=[{'hosts': hosts}]))['media']
        self.assertEqual(['https://v19-webapp-prime.tiktok.com/a', 'http://10.0.0.1/a'],
                         [source['url'] for source in medium['sources']])

    def test_sizes_that_the_protocol_cannot_carry_are_left_out(self):
        for size in (2**63, 10**30, 0, -5):
            medium, = self.resolve(self.add_post(formats=[{'data_size': size}]))['media']
            self.assertNotIn('size_bytes', medium)
        medium, = self.resolve(self.add_post(formats=[{'data_size': 2**63 - 1}]))['media']
        self.assertEqual(2**63 - 1, medium['size_bytes'])

    def test_forms_of_the_address(self):
        self.add_post()
        for url in (f'https://www.tiktok.com/@_/video/{POST_ID}', f'https://www.tiktok.com/@/video/{POST_ID}',
                    f'https://www.tiktok.com/embed/{POST_ID}', f'https://www.tiktokv.com/share/video/{POST_ID}/?a=b#c'):
            self.assertEqual(POST_ID, self.resolve(url)['id'])
        self.assertEqual(['GET www.tiktok.com'] * 4, self.asked())

    def test_a_challenge_is_solved(self):
        url = self.add_post(page={'behaviour': 'challenge'})
        cookies = self.resolve(url)['media'][0]['sources'][0]['cookies']
        self.assert_asked_for_page(2, url)
        first, second = self.cookies()
        self.assertEqual({}, first)
        self.assertIn('_wafchallengeid', second)
        # A browser forgets it within a second, and the CDN never sees it.
        self.assertNotIn('_wafchallengeid', cookies)


class RefusedTest(LoopbackTestCase):

    def test_what_is_no_post_is_not_even_asked_for(self):
        self.standin.add_link(host='vm.tiktok.com', code='ZMabc', location=self.add_post())
        for url in ('https://www.tiktok.com/@some.user', 'https://www.tiktok.com/@some.user/live', 'tiktokuser:MS4wLj',
                    'https://www.tiktok.com/tag/cats', 'https://www.tiktok.com/music/a-1', 'https://www.tiktok.com/',
                    'https://vm.tiktok.com/ZMabc', f'https://m.tiktok.com/v/{POST_ID}.html',
                    f'https://www.tiktok.com/photo/{POST_ID}', f'ftp://www.tiktok.com/embed/{POST_ID}',
                    f'https://www.tiktok.com.evil.example/@some.user/video/{POST_ID}', 'http://127.0.0.1:1/', '\ud800',
                    f'https://evil.example/?https://www.tiktok.com/embed/{POST_ID}', '', '\0', 'file:///etc/passwd',
                    f'https://user@www.tiktok.com/embed/{POST_ID}', f'https://www.tiktok.com:8443/embed/{POST_ID}',
                    'https://www.youtube.com/watch?v=BaW_jenozKc'):
            with self.subTest(url=ascii(url)):
                self.assert_fails('post.unsupported', url)
        self.assertEqual([], self.standin.log())

    def test_a_page_that_leads_away_is_not_followed(self):
        for place in ('https://evil.example/', 'http://evil.example/', 'https://127.0.0.1/', 'ftp://www.tiktok.com/a',
                      'file:///etc/passwd'):
            with self.subTest(place=place):
                self.standin.reset()
                self.assert_fails('tiktok.blocked', self.add_post(page={'behaviour': f'redirect:{place}'}))
                redirect, *refused = (entry['status'] for entry in self.standin.log())
                self.assertEqual(302, redirect)
                self.assertIn(refused, ([], [403]))


class FailureTest(LoopbackTestCase):
    """Each way in which a page can fail: its code, and how often it was asked for."""

    def assert_code(self, code, tries, behaviour='ok', **post):
        with self.subTest(behaviour, **post):
            self.standin.reset()
            url = self.add_post(page={'behaviour': behaviour}, **post)
            self.assert_fails(code, url)
            self.assert_asked_for_page(tries, url)

    def test_the_post_is_not_to_be_had(self):
        for status in (10216, 10222):
            self.assert_code('post.private', 1, status_code=status)
        for status in (10204, 10101, 1):
            self.assert_code('post.unavailable', 1, status_code=status)
        self.assert_code('post.unavailable', 1, 'no_item')
        self.assert_code('post.unavailable', 1, 'http:404')
        self.assert_code('post.unavailable', 1, 'http:410')
        self.assert_code('post.login_required', 1, 'classified')

    def test_no_such_post(self):
        self.assert_fails('post.unavailable', f'https://www.tiktok.com/@some.user/video/{POST_ID}')

    def test_the_login_page(self):
        self.assert_fails('post.login_required', self.add_post(page={'behaviour': 'login'}))
        self.assertEqual(['GET www.tiktok.com'] * 2, self.asked())

    def test_a_page_that_is_not_understood(self):
        for behaviour in ('unsolvable', 'please_wait', 'garbage', 'empty', 'http:400', 'http:403', 'http:429'):
            self.assert_code('tiktok.blocked', 1, behaviour)

    def test_passing_trouble_is_tried_again_once(self):
        for behaviour in ('http:500', 'http:502', 'http:503', 'reset', 'truncate'):
            self.assert_code('tiktok.error', 2, behaviour)
        for behaviour in ('http:408', 'http:504'):
            self.assert_code('tiktok.timeout', 2, behaviour)

    def test_passing_trouble_passes(self):
        for behaviour in ('http:500', 'http:503', 'http:504', 'reset', 'truncate'):
            with self.subTest(behaviour):
                self.standin.reset()
                url = self.add_post(page={'behaviour': behaviour, 'times': 1})
                self.assertEqual(POST_ID, self.resolve(url)['id'])
                self.assert_asked_for_page(2, url)

    def test_the_second_try_has_the_last_word(self):
        for behaviour, code in (('http:404', 'post.unavailable'), ('garbage', 'tiktok.blocked'),
                                ('hang', 'tiktok.timeout')):
            with self.subTest(behaviour):
                self.standin.reset()
                url = self.add_post(page={'behaviour': 'http:503', 'times': 1, 'then': behaviour})
                self.assert_fails(code, url, timeout_s=SHORT_S)
                self.assert_asked_for_page(2, url)


class DeadlineTest(LoopbackTestCase):

    def assert_takes_less(self, seconds, resolve):
        begin = time.monotonic()
        resolve()
        self.assertLess(time.monotonic() - begin, seconds)

    def test_a_page_that_hangs_is_given_up_in_time(self):
        url = self.add_post(page={'behaviour': 'hang'})
        self.assert_takes_less(SHORT_S, lambda: self.assert_fails('tiktok.timeout', url, timeout_s=SHORT_S))
        self.assert_asked_for_page(2, url)

    def test_a_page_slower_than_a_third_of_the_time_is_given_up(self):
        url = self.add_post(page={'behaviour': 'ok', 'delay_ms': int(450 * SHORT_S)})
        self.assert_fails('tiktok.timeout', url, timeout_s=SHORT_S)
        self.assert_asked_for_page(2, url)

    def test_a_page_that_hangs_behind_its_challenge_too(self):
        url = self.add_post(page={'behaviour': 'challenge', 'times': 1, 'then': 'hang'})
        self.assert_takes_less(SHORT_S, lambda: self.assert_fails('tiktok.timeout', url, timeout_s=SHORT_S))
        self.assert_asked_for_page(3, url)

    def test_a_page_that_hangs_once_is_had_all_the_same(self):
        url = self.add_post(page={'behaviour': 'hang', 'times': 1})
        self.assert_takes_less(SHORT_S, lambda: self.resolve(url, timeout_s=SHORT_S))
        self.assert_asked_for_page(2, url)

    def test_there_is_no_second_try_without_time_for_it(self):
        url = self.add_post(page={'behaviour': 'hang'})
        self.assert_fails('tiktok.timeout', url, timeout_s=0.001)
        self.assertLessEqual(len(self.standin.log()), 1)

    def test_one_jobs_haste_is_not_the_nexts(self):
        self.assert_fails('tiktok.timeout', self.add_post(page={'behaviour': 'hang'}), timeout_s=0.001)
        self.resolve(self.add_post(page={'behaviour': 'ok', 'delay_ms': int(800 * SLOWNESS)}))
