"""What is seen in videos of photos: each photo, whole, in its time."""

from .fixture import Fixture
from .slideshow_case import ALIKE, MIXED, SlideshowTest, area_of
from .videos import brightness, likeness

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


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
        for name in sorted(set(media)):
            times_s = [3 * index + 1.5 for index in range(35) if media[index] == name]
            self.assertGreaterEqual(min(likeness(path, times_s, area_of((1080, 1440), (1080, 1440)), self.photo(name))),
                                    ALIKE, name)

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
