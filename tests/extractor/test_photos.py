"""Photo posts through the real yt-dlp, which knows nothing of photos."""

import unittest

from .loopback import POST_ID, LoopbackTestCase
from .process import Extractor

PHOTO_HOSTS = ('p16-sign-va.tiktokcdn.com', 'p19-sign-va.tiktokcdn.com')
SOUND_HOST = 'sf16-ies-music-va.tiktokcdn.com'
IMAGES = [{'width': 1080, 'height': 1440}, {'media': 'photo.webp', 'width': 800, 'height': 600}, {'media': 'photo.png'}]


def hosts_of(medium):
    return [source['url'].split('/')[2] for source in medium['sources']]


class PhotoPostTest(LoopbackTestCase):

    def test_its_photos_and_its_sound(self):
        url = self.add_post(desc='Three cats 😀', images=IMAGES, music={}, duration=15)
        post = self.resolve(url)
        self.assert_asked_for_page(1, url.replace('/photo/', '/video/'))
        *photos, sound = post.pop('media')
        self.assertEqual({'id': POST_ID, 'kind': 'photos', 'title': 'Three cats 😀', 'description': 'Three cats 😀',
                          'author': 'some.user', 'duration_s': 15}, post)
        self.assertEqual([('photo', 1080, 1440), ('photo', 800, 600), ('photo', 1080, 1440)],
                         [(photo['role'], photo['width'], photo['height']) for photo in photos])
        for number, photo in enumerate(photos):
            self.assertEqual(list(PHOTO_HOSTS), hosts_of(photo))
            self.assertIn(f'{POST_ID}-image{number}-0', photo['sources'][0]['url'])
        self.assertEqual(('sound', 'm4a', [SOUND_HOST]), (sound['role'], sound['ext'], hosts_of(sound)))
        for source in photos[0]['sources'] + sound['sources']:
            self.assertEqual(url.replace('/photo/', '/video/'), source['headers']['Referer'])

    def test_either_form_of_its_address(self):
        self.add_post(images=IMAGES)
        for form in ('@some.user/photo', '@some.user/video', '@/photo', '@_/photo', 'embed'):
            with self.subTest(form):
                self.assertEqual('photos', self.resolve(f'https://www.tiktok.com/{form}/{POST_ID}')['kind'])

    def test_one_without_sound(self):
        self.assertEqual(['photo'] * 3, self.roles(images=IMAGES))

    def test_an_address_for_videos_that_holds_the_sound_is_no_video(self):
        for play in ({'media': 'sound.mp3'}, {'media': 'sound.m4a', 'mime_type': False}):
            self.assertEqual(['photo', 'photo', 'photo', 'sound'], self.roles(images=IMAGES, play=play))

    def test_both_places_of_the_sound_are_named_the_musics_own_first(self):
        post = self.resolve(self.add_post(images=IMAGES, music={'media': 'sound.mp3'}, play={'media': 'sound.mp3'}))
        sound = post['media'][-1]
        self.assertEqual([SOUND_HOST, 'v16-webapp-prime.tiktok.com'], hosts_of(sound))
        self.assertEqual('mp3', sound['ext'])

    def test_thirty_five_photos(self):
        media = self.resolve(self.add_post(images=[{}] * 35, music={}))['media']
        self.assertEqual(['photo'] * 35 + ['sound'], [medium['role'] for medium in media])

    def test_a_post_with_photos_is_one_even_where_it_has_a_video(self):
        self.assertEqual(['photo'] * 3, self.roles(images=IMAGES, formats=[{}]))

    def test_a_photo_without_an_address_fails_the_whole_post(self):
        for address in ('ftp://p16-sign-va.tiktokcdn.com/a', 'javascript:alert(1)'):
            broken = {'hosts': [{'host': PHOTO_HOSTS[0], 'url': address}]}
            self.assert_fails('media.unavailable', self.add_post(images=[{}, broken], music={}))

    def test_sizes_that_are_none_are_left_out(self):
        photo = self.resolve(self.add_post(images=[{'width': 0, 'height': -1}]))['media'][0]
        self.assertEqual({'role', 'ext', 'sources'}, photo.keys())

    def test_one_job_has_nothing_of_the_photos_before(self):
        self.resolve(self.add_post(images=IMAGES, music={}))
        self.assertEqual(['video'], self.roles())
        self.resolve(self.add_post(images=IMAGES, music={}))
        self.assert_fails('post.unavailable', self.add_post(page={'behaviour': 'no_item'}))

    def roles(self, **post):
        return [medium['role'] for medium in self.resolve(self.add_post(**post))['media']]


class RehearsalTest(unittest.TestCase):
    """A yt-dlp that is too different is named at the start."""

    def assert_unusable(self, change, *words):
        preamble = f'import yt_dlp.extractor.tiktok as t\n{change}'
        with Extractor(preamble=preamble) as extractor:
            answer = extractor.configure()
            self.assertEqual('unusable', answer['event'], answer)
            for word in ('yt-dlp ', 'is too different', *words):
                self.assertIn(word, answer['message'])
            self.assertEqual(3, extractor.exit_status())

    def test_a_method_that_wants_something_else(self):
        self.assert_unusable('t.TikTokBaseIE._parse_aweme_video_web = lambda self, detail: {}', 'TypeError')

    def test_a_page_that_is_read_in_another_way(self):
        self.assert_unusable('t.TikTokIE._real_extract = lambda self, url: {"id": "1", "formats": []}')
