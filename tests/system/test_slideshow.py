"""VIDEO_ONLY of photo posts: one MP4 with their sound, as long as it should be, for every client."""

from .clients import pyttsave_download
from .fixture import Fixture, id_of
from .slideshow_case import MIXED, SlideshowTest
from .videos import assert_decodes, silences, sound_packets

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


class Sounds(SlideshowTest):
    fixture = fixture

    def test_the_sound_decides_how_long_photos_are_shown(self):
        for count, sound, seconds in ((1, 'long.m4a', 10), (4, 'long.m4a', 40), (12, 'long.m4a', 60),
                                      (3, 'sound.m4a', 9), (2, None, 6)):
            with self.subTest(count=count, sound=sound):
                path = self.download(self.add_post(*['photo1.jpg'] * count, sound=sound))
                self.assert_facts(path, (1080, 1440), seconds, has_sound=sound is not None)

    def test_times_are_settings(self):
        with fixture.new_server(photo_min_s=1, photo_max_s=2) as server:
            path = self.download(self.add_post('photo1.jpg', 'photo2.jpg', sound=None), server)
            self.assert_facts(path, (1080, 1440), 2, has_sound=False)
            path = self.download(self.add_post('photo1.jpg', 'photo2.jpg', sound='long.m4a'), server)
            self.assert_facts(path, (1080, 1440), 4)

    def test_aac_is_not_encoded_again(self):
        path = self.download(self.add_post(*['photo1.jpg'] * 12, sound='long.m4a'))
        original = sound_packets(fixture.standin.media('long.m4a'))
        copied = sound_packets(path)
        self.assertGreater(len(copied), 2500)
        self.assertEqual(original[:len(copied)], copied[:len(original)])

    def test_a_short_sound_is_repeated_to_the_end(self):
        for sound in ('short.mp3', 'sound.mp3', 'sound.m4a'):
            with self.subTest(sound):
                path = self.download(self.add_post('photo1.jpg', 'photo2.jpg', 'photo3.jpg', sound=sound))
                self.assert_facts(path, (1080, 1440), 9)
                self.assertEqual(0, silences(path))

    def test_an_mp3_that_tiktok_calls_a_video(self):
        link = fixture.post(images=[{'media': 'photo1.jpg'}], play={'media': 'sound.mp3'})
        self.assert_facts(self.download(link), (1080, 1440), 3)


class Clients(SlideshowTest):
    fixture = fixture

    def assert_pyttsave_gets(self, link, address, media, has_sound=True):
        [(name, content)] = pyttsave_download(fixture.server.base_url, address, 'VIDEO_ONLY').files
        self.assertEqual(f'{id_of(link)}.mp4', name)
        path = self.save(content.removesuffix(b'\r\n'))
        assert_decodes(path)
        self.assert_facts(path, (1080, 1440), 3 * len(media), has_sound)
        self.assert_shows(path, media, (1080, 1440), 3 * len(media))

    def test_pyttsave_with_every_form_of_the_link(self):
        media = ('photo1.jpg', 'photo2.jpg')
        link = self.add_post(*media)
        short = fixture.standin.add_link(host='vt.tiktok.com', code='ZMslides', location=link)
        for address in (link, link.replace('/photo/', '/video/'), short):
            with self.subTest(address):
                self.assert_pyttsave_gets(link, address, media)

    def test_pyttsave_with_every_kind_of_post(self):
        link = self.add_post(*MIXED, sound='sound.mp3')
        self.assert_pyttsave_gets(link, link, MIXED)
        link = self.add_post('photo2.jpg', sound=None)
        self.assert_pyttsave_gets(link, link, ('photo2.jpg',), has_sound=False)
        link = fixture.post(images=[{'media': 'photo3.jpg'}], play={'media': 'sound.mp3'})
        self.assert_pyttsave_gets(link, link, ('photo3.jpg',))
