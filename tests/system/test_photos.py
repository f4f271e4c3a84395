"""Photo posts as they are: every photo in order, then the sound, byte for byte; or an error, never a short set."""

import unittest

from .clients import (StrictDownload, curl_download, order, post_json, pyttsave_download, requests_download,
                      strict_download)
from .deadlines import until
from .expectations import assert_no_files
from .fixture import OTHER_PHOTO_CDN, PHOTO_CDN, SOUND_CDN, Fixture, id_of
from .wire import CutOff

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop

# One of each kind that a photo comes as; all are called .jpeg by TikTok.
PHOTOS = ('photo1.jpg', 'photo.webp', 'photo.png', 'animated.webp', 'photo.avif', 'photo2.jpg')
TYPES = {'jpg': 'image/jpeg', 'webp': 'image/webp', 'png': 'image/png', 'avif': 'image/avif', 'm4a': 'audio/mp4',
         'mp3': 'audio/mpeg'}


def photo(media='photo1.jpg', **host):
    """A photo on one host, which behaves as the keywords say."""
    return {'media': media, 'hosts': [{'host': PHOTO_CDN, **host}]}


def photo_post(*media, sound='sound.m4a', **spec):
    """Adds a post of these photos on two healthy hosts each. Returns its link."""
    music = {'music': {'media': sound}} if sound else {}
    return fixture.post(images=[{'media': each} for each in media], **music, **spec)


def expected_parts(link, *media, sound='sound.m4a'):
    """What the parts of such a post are: name, type and content."""
    names = [f'{id_of(link)}_{number:02}.{each.rpartition(".")[2]}' for number, each in enumerate(media, 1)]
    if sound:
        media, names = (*media, sound), [*names, f'{id_of(link)}.{sound.rpartition(".")[2]}']
    return [(name, TYPES[name.rpartition('.')[2]], fixture.media(each)) for name, each in zip(names, media)]


def parts_of(download):
    return [(part.name, part.media_type, bytes(part.data)) for part in download]


class Originals(unittest.TestCase):

    def assert_comes(self, link, *media, sound='sound.m4a'):
        download = strict_download(fixture.server.address, link)
        self.assertEqual(expected_parts(link, *media, sound=sound), parts_of(download.parts))
        return download

    def test_every_kind_of_photo_for_every_client(self):
        link = photo_post(*PHOTOS, desc='Шесть фото \U0001f600')
        expected = expected_parts(link, *PHOTOS)
        download = self.assert_comes(link, *PHOTOS)
        self.assertEqual(('photos', 'Шесть фото \U0001f600'), (download.meta['type'], download.meta['desc']))
        files = pyttsave_download(fixture.server.base_url, link)
        self.assertEqual([(name, content + b'\r\n') for name, _, content in expected], files.files)
        for client in (requests_download, curl_download):
            with self.subTest(client.__name__):
                self.assertEqual(expected, parts_of(client(fixture.server.base_url, link)))

    def test_every_form_of_the_link(self):
        link = photo_post('photo1.jpg')
        short = fixture.standin.add_link(host='vm.tiktok.com', code='ZMphoto', location=link)
        for form in (link, link.replace('/photo/', '/video/'), short):
            with self.subTest(form):
                parts = strict_download(fixture.server.address, form).parts
                self.assertEqual(expected_parts(link, 'photo1.jpg'), parts_of(parts))

    def test_an_mp3_and_no_sound(self):
        self.assert_comes(photo_post('photo1.jpg', 'photo2.jpg', sound='sound.mp3'), 'photo1.jpg', 'photo2.jpg',
                          sound='sound.mp3')
        self.assert_comes(photo_post('photo3.jpg', sound=None), 'photo3.jpg', sound=None)

    def test_pyttsave_without_sound_and_with_an_mp3_that_tiktok_calls_a_video(self):
        for sound, play in ((None, {}), ('sound.mp3', {'play': {'media': 'sound.mp3'}})):
            link = photo_post('photo1.jpg', 'photo.webp', sound=None, **play)
            expected = expected_parts(link, 'photo1.jpg', 'photo.webp', sound=sound)
            files = pyttsave_download(fixture.server.base_url, link).files
            self.assertEqual([(name, content + b'\r\n') for name, _, content in expected], files)

    def test_an_mp3_that_tiktok_calls_a_video(self):
        link = photo_post('photo1.jpg', sound=None, play={'media': 'sound.mp3'})
        self.assert_comes(link, 'photo1.jpg', sound='sound.mp3')

    def test_thirty_five_photos(self):
        media = [f'photo{number % 3 + 1}.jpg' for number in range(35)]
        self.assert_comes(photo_post(*media), *media)

    def test_each_photo_is_had_from_its_other_host(self):
        failures = ({'behaviour': 'http:403'}, {'behaviour': 'html'}, {'behaviour': 'empty'}, {'behaviour': 'reset'})
        for broken, healthy in ((PHOTO_CDN, OTHER_PHOTO_CDN), (OTHER_PHOTO_CDN, PHOTO_CDN)):
            images = [{'media': 'photo1.jpg', 'hosts': sorted([{'host': broken, **failure}, {'host': healthy}],
                                                              key=lambda host: host['host'])}
                      for failure in failures]
            link = fixture.post(images=images)
            self.assert_comes(link, *['photo1.jpg'] * len(images), sound=None)

    def test_photos_are_fetched_several_at_a_time_and_sent_as_they_come(self):
        fixture.standin.reset()
        images = [photo('photo1.jpg'), photo('photo2.jpg', behaviour='gate'), photo('photo3.jpg')]
        link = fixture.post(images=images, music={})
        with StrictDownload(fixture.server.address, link) as download:
            download.read_head().read_until(len(fixture.media('photo1.jpg')) + 1)
            # The second is stuck, and the third and the sound are on their way all the same.
            for part in ('-image2', '-music'):
                until(lambda: fixture.requests(id_of(link) + part), f'a request for {part}')
            self.assertEqual(2, len(download.parts))
            fixture.standin.open_gate()
            download.read_rest()
            expected = expected_parts(link, 'photo1.jpg', 'photo2.jpg', 'photo3.jpg')
            self.assertEqual(expected, parts_of(download.parts))


class Failures(unittest.TestCase):
    """A photo or the sound that cannot be had fails the whole response."""

    BROKEN = ('http:403', 'http:500', 'html', 'empty', 'reset')

    def test_the_first_photo_cannot_be_had(self):
        for behaviour in self.BROKEN:
            with self.subTest(behaviour):
                images = [photo(behaviour=behaviour), photo()]
                assert_no_files(fixture.server.address, fixture.post(images=images, music={}), 'media.unavailable')

    def test_another_cannot_be_had(self):
        for behaviour in self.BROKEN:
            with self.subTest(behaviour):
                images = [photo(), photo(), photo(behaviour=behaviour)]
                self.assert_fails_or_breaks_off(fixture.post(images=images, music={}))

    def test_the_sound_cannot_be_had(self):
        for behaviour in self.BROKEN:
            with self.subTest(behaviour):
                music = {'hosts': [{'host': SOUND_CDN, 'behaviour': behaviour}]}
                self.assert_fails_or_breaks_off(fixture.post(images=[photo(), photo()], music=music))

    def test_a_failure_that_is_known_before_the_first_photo_is_a_400(self):
        fixture.standin.reset()
        link = fixture.post(images=[photo(delay_ms=1000), photo(behaviour='http:404')])
        assert_no_files(fixture.server.address, link, 'media.unavailable')

    def test_the_log_tells_which_file_it_was(self):
        link = fixture.post(images=[photo(), photo(behaviour='http:404')], music={})
        self.assert_fails_or_breaks_off(link)
        fixture.server.wait_for_log(f'post={id_of(link)} file=2 of 3 code=media.unavailable')

    def test_what_is_no_photo_is_none(self):
        for media in ('sound.mp3', 'small.mp4'):
            link = fixture.post(images=[photo(media)], music={})
            assert_no_files(fixture.server.address, link, 'media.unavailable')

    def test_a_photo_over_the_limit(self):
        limit = len(fixture.media('photo1.jpg'))
        with fixture.new_server(max_file_bytes=limit) as server:
            link = photo_post('photo1.jpg')
            strict_download(server.address, link)
            assert_no_files(server.address, photo_post('photo.png'), 'post.too_large')

    def test_nothing_is_left_over(self):
        at_rest = fixture.held_at_rest()
        for _ in range(5):
            self.assert_fails_or_breaks_off(fixture.post(images=[photo()] * 20 + [photo(behaviour='http:403')]))
            with StrictDownload(fixture.server.address, photo_post(*['photo1.jpg'] * 20)) as download:
                download.read_head()
        self.assertEqual(at_rest, fixture.held_at_rest())

    def assert_fails_or_breaks_off(self, link):
        """An error, or a response that breaks off; which of the two is a matter of time."""
        try:
            answer = post_json(fixture.server.address, order(link))
        except CutOff:
            return
        self.assertEqual((400, 'media.unavailable'), (answer.status, answer.json['code']))
