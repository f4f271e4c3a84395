"""What tests of videos of photos share: posts of photos, and what is asserted of their videos."""

import tempfile
import unittest
from pathlib import Path

from .clients import strict_download
from .fixture import id_of
from .videos import assert_decodes, first_frame, likeness, probe

SIZES = {
    'landscape1.jpg': (1440, 1080), 'landscape2.jpg': (1920, 800), 'turned2.jpg': (1440, 1080),
    'turned3.jpg': (1440, 1080), 'turned4.jpg': (1440, 1080), 'square.jpg': (700, 700), 'tiny.jpg': (121, 161),
    'huge.jpg': (3000, 4000), 'animated.webp': (600, 800), 'photo.avif': (540, 720),
}

# Every kind and size that a photo comes in.
MIXED = ('photo1.jpg', 'photo.webp', 'landscape1.jpg', 'photo.png', 'animated.webp', 'photo.avif', 'tiny.jpg',
         'huge.jpg', 'square.jpg', 'double.jpg')

FRAMES_A_SECOND = 25

# Noise and text of the test pictures cost some; a wrong, cropped or stretched photo is far below.
ALIKE = 0.97


def size_of(media):
    return SIZES.get(media, (1080, 1440))


def area_of(size, canvas):
    """Where a photo of that size stands in the picture: width, height, x, y."""
    scale = min(canvas[0] / size[0], canvas[1] / size[1])
    width, height = (round(side * scale / 2) * 2 for side in size)
    return width, height, (canvas[0] - width) // 2, (canvas[1] - height) // 2


class SlideshowTest(unittest.TestCase):
    """Subclasses name the `fixture` of their module."""

    fixture = None

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def add_post(self, *media, sound='sound.m4a', claimed=None):
        """Adds a post whose page tells the photos' true sizes, unless it claims others. Returns its link."""
        images = [{'media': each, **dict(zip(('width', 'height'), claimed or size_of(each)))} for each in media]
        return self.fixture.post(images=images, **({'music': {'media': sound}} if sound else {}))

    def save(self, data):
        path = self.folder / 'video.mp4'
        path.write_bytes(data)
        return path

    def download(self, link, server=None):
        """The video's path, after the checks that any video has to pass."""
        download = strict_download((server or self.fixture.server).address, link, content_type='VIDEO_ONLY')
        [part] = download.parts
        self.assertEqual((f'{id_of(link)}.mp4', 'video/mp4'), (part.name, part.media_type))
        self.assertEqual(len(part.data), part.declared_length)
        self.assertEqual('photos', download.meta['type'])
        self.assertLess(part.data.index(b'moov'), part.data.index(b'mdat'))
        path = self.save(part.data)
        assert_decodes(path)
        return path

    def assert_facts(self, path, canvas, seconds, has_sound=True):
        facts = probe(path)
        self.assertEqual(2 if has_sound else 1, facts.count)
        video = facts.video
        self.assertEqual(('h264', 'High', 'yuv420p', 'avc1'),
                         (video['codec_name'], video['profile'], video['pix_fmt'], video['codec_tag_string']))
        self.assertEqual(canvas, (video['width'], video['height']))
        self.assertEqual(('tv', 'bt709', 'bt709', 'bt709'), tuple(video[key] for key in (
            'color_range', 'color_space', 'color_primaries', 'color_transfer')))
        self.assertEqual(video['r_frame_rate'], video['avg_frame_rate'])
        self.assertEqual(FRAMES_A_SECOND, facts.rate)
        self.assertAlmostEqual(seconds, float(video['duration']), delta=0.05)
        if has_sound:
            self.assertEqual(('aac', 'LC'), (facts.sound['codec_name'], facts.sound['profile']))
            self.assertAlmostEqual(seconds, float(facts.sound['duration']), delta=0.05)

    def assert_shows(self, path, media, canvas, seconds, filters=None):
        """In the middle of each photo's time, and at its two ends, that photo is what is seen."""
        for index, name in enumerate(media):
            times_s = [(index + place) * seconds / len(media) for place in (0.02, 0.5, 0.96)]
            seen = likeness(path, times_s, area_of(size_of(name), canvas), self.photo(name),
                            (filters or {}).get(name, 'null'))
            self.assertGreaterEqual(min(seen), ALIKE, f'photo {index}, {name}, {dict(zip(times_s, seen))}')

    def photo(self, name):
        """The path of a photo that ffmpeg can read."""
        if name != 'animated.webp':
            return self.fixture.standin.media(name)
        still = self.folder / 'still.webp'
        still.write_bytes(first_frame(self.fixture.media(name)))
        return still
