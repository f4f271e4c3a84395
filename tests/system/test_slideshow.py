"""VIDEO_ONLY of photo posts: one MP4 that plays everywhere, in which every photo is seen, and the sound heard."""

from .clients import pyttsave_download
from .fixture import Fixture, id_of
from .slideshow_case import ALIKE, SlideshowTest, area_of
from .videos import assert_decodes, brightness, likeness, silences, sound_packets

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop

# Every kind and size that a photo comes in.
MIXED = ('photo1.jpg', 'photo.webp', 'landscape1.jpg', 'photo.png', 'animated.webp', 'photo.avif', 'tiny.jpg', 'huge.jpg',
         'square.jpg', 'double.jpg')


class Pictures(SlideshowTest):
    fixture = fixture

    def test_photos_of_one_size(self):
        media = ('photo1.jpg', 'photo2.jpg', 'photo3.jpg')
        path = self.download(self.add_post(*media, sound='long.m4a'))
        self.assert_facts(path, (1080, 1440), 30)
        self.assert_shows(path, media, (1080, 1440), 30)

    def test_every_kind_and_size(self):
        path = self.download(self.add_post(*MIXED))
        self.assert_facts(path, (1080, 1440), 30)
        self.assert_shows(path, MIXED, (1080, 1440), 30)

    def test_photos_that_are_to_be_turned(self):
        media = ('turned5.jpg', 'turned6.jpg', 'turned7.jpg', 'turned8.jpg', 'turned2.jpg', 'turned3.jpg', 'turned4.jpg')
        for claimed in (None, (1440, 1080)):  # the page may tell the sizes before turning
            path = self.download(self.add_post(*media, claimed=claimed))
            self.assert_facts(path, (1080, 1440), 21)
            self.assert_shows(path, media, (1080, 1440), 21)

    def test_the_picture_follows_most_of_the_photos(self):
        media = ('landscape1.jpg', 'photo1.jpg', 'landscape2.jpg')
        path = self.download(self.add_post(*media))
        self.assert_facts(path, (1440, 1080), 9)
        self.assert_shows(path, media, (1440, 1080), 9)

    def test_a_page_that_tells_no_size_or_a_wrong_one(self):
        media = ('landscape1.jpg', 'photo1.jpg', 'landscape1.jpg')
        for claimed in ((0, 0), (400, 300), (1080, 1440), (10**9, 10**9)):
            with self.subTest(claimed=claimed):
                path = self.download(self.add_post(*media, claimed=claimed))
                self.assert_facts(path, (1440, 1080), 9)
                self.assert_shows(path, media, (1440, 1080), 9)

    def test_one_photo_and_thirty_five(self):
        path = self.download(self.add_post('huge.jpg'))
        self.assert_facts(path, (1080, 1440), 3)
        self.assert_shows(path, ('huge.jpg',), (1080, 1440), 3)
        media = [f'photo{number % 3 + 1}.jpg' for number in range(35)]
        path = self.download(self.add_post(*media, sound='long.m4a'))
        self.assert_facts(path, (1080, 1440), 105)
        for index in range(35):
            self.assertGreaterEqual(likeness(path, 3 * index + 1.5, area_of((1080, 1440), (1080, 1440)),
                                             self.photo(media[index])), ALIKE, index)

    def test_what_is_around_a_photo(self):
        link = self.add_post('photo1.jpg', 'landscape1.jpg', 'photo1.jpg')
        above, below = (1080, 280, 0, 0), (1080, 280, 0, 1160)
        blurred = self.download(link)
        for area in (above, below):
            self.assertGreater(brightness(blurred, 4.5, area), 40)
        with fixture.new_server(slideshow_background='black') as server:
            black = self.download(link, server)
            for area in (above, below):
                self.assertAlmostEqual(brightness(black, 4.5, area), 16, delta=0.5)
            self.assert_shows(black, ('photo1.jpg', 'landscape1.jpg', 'photo1.jpg'), (1080, 1440), 9)

    def test_transparency_shows_what_is_behind(self):
        with fixture.new_server(slideshow_background='black') as server:
            path = self.download(self.add_post('transparent.png', 'photo1.jpg'), server)
        self.assert_shows(path, ('transparent.png', 'photo1.jpg'), (1080, 1440), 6,
                          {'transparent.png': 'format=gbrap,premultiply=inplace=1,format=gbrp'})
        # The left half is transparent altogether.
        self.assertAlmostEqual(brightness(path, 1.5, (500, 1440, 0, 0)), 16, delta=0.5)


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
