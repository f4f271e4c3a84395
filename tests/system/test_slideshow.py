"""VIDEO_ONLY of photo posts: one MP4 that plays everywhere, in which every photo is seen, and the sound heard."""

import contextlib
import os
import resource
import signal
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import processes
from .clients import StrictDownload, order, post_json, pyttsave_download, strict_download
from .deadlines import until
from .expectations import assert_no_files
from .fixture import Fixture, id_of
from .videos import assert_decodes, brightness, first_frame, likeness, probe, silences, sound_packets

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop

CDN = 'p16-sign-va.tiktokcdn.com'
SIZES = {'landscape1.jpg': (1440, 1080), 'landscape2.jpg': (1920, 800), 'square.jpg': (700, 700),
         'tiny.jpg': (121, 161), 'huge.jpg': (3000, 4000), 'animated.webp': (600, 800), 'photo.avif': (540, 720)}
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

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def add_post(self, *media, sound='sound.m4a', claimed=None):
        """Adds a post whose page tells the photos' true sizes, unless it claims others. Returns its link."""
        images = [{'media': each, **dict(zip(('width', 'height'), claimed or size_of(each)))} for each in media]
        return fixture.post(images=images, **({'music': {'media': sound}} if sound else {}))

    def save(self, data):
        path = self.folder / 'video.mp4'
        path.write_bytes(data)
        return path

    def download(self, link, server=None):
        """The video's path, after the checks that any video has to pass."""
        download = strict_download((server or fixture.server).address, link, content_type='VIDEO_ONLY')
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
            for place in (0.02, 0.5, 0.96):
                seen = likeness(path, (index + place) * seconds / len(media), area_of(size_of(name), canvas),
                                self.photo(name), (filters or {}).get(name, 'null'))
                self.assertGreaterEqual(seen, ALIKE, f'photo {index}, {name}, at {place} of its time')

    def photo(self, name):
        """The path of a photo that ffmpeg can read."""
        if name != 'animated.webp':
            return fixture.standin.media(name)
        still = self.folder / 'still.webp'
        still.write_bytes(first_frame(fixture.media(name)))
        return still


class Pictures(SlideshowTest):

    def test_photos_of_one_size(self):
        media = ('photo1.jpg', 'photo2.jpg', 'photo3.jpg')
        path = self.download(self.add_post(*media, sound='long.m4a'))
        self.assert_facts(path, (1080, 1440), 30)
        self.assert_shows(path, media, (1080, 1440), 30)

    def test_every_kind_and_size(self):
        media = ('photo1.jpg', 'photo.webp', 'landscape1.jpg', 'photo.png', 'animated.webp', 'photo.avif', 'tiny.jpg',
                 'huge.jpg', 'square.jpg')
        path = self.download(self.add_post(*media))
        self.assert_facts(path, (1080, 1440), 27)
        self.assert_shows(path, media, (1080, 1440), 27)

    def test_a_photo_that_is_to_be_turned(self):
        SIZES['turned.jpg'] = (1080, 1440)
        media = ('turned.jpg', 'photo1.jpg')
        for claimed in (None, (1440, 1080)):  # the page may tell the size before or after turning
            path = self.download(self.add_post(*media, claimed=claimed))
            self.assert_facts(path, (1080, 1440), 6)
            self.assert_shows(path, media, (1080, 1440), 6, {'turned.jpg': 'transpose=clock'})

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

    def test_pyttsave(self):
        link = self.add_post('photo1.jpg', 'photo2.jpg')
        for address in (link, link.replace('/photo/', '/video/')):
            [(name, content)] = pyttsave_download(fixture.server.base_url, address, 'VIDEO_ONLY').files
            self.assertEqual(f'{id_of(link)}.mp4', name)
            path = self.save(content.removesuffix(b'\r\n'))
            assert_decodes(path)
            self.assert_facts(path, (1080, 1440), 6)
            self.assert_shows(path, ('photo1.jpg', 'photo2.jpg'), (1080, 1440), 6)


class Failures(SlideshowTest):
    """An error, never half a video; and nothing is left of it."""

    def test_a_photo_that_is_none(self):
        for media in ('broken.jpg', 'cut.jpg'):
            with self.subTest(media):
                link = self.add_post('photo1.jpg', media, 'photo2.jpg')
                assert_no_files(fixture.server.address, link, 'media.broken', 'VIDEO_ONLY')

    def test_a_sound_that_is_none(self):
        link = self.add_post('photo1.jpg', sound='broken.mp3')
        assert_no_files(fixture.server.address, link, 'media.broken', 'VIDEO_ONLY')

    def test_a_photo_that_cannot_be_had(self):
        for behaviour in ('http:403', 'html', 'empty', 'reset'):
            with self.subTest(behaviour):
                images = [{}, {'hosts': [{'host': CDN, 'behaviour': behaviour}]}]
                link = fixture.post(images=images, music={})
                assert_no_files(fixture.server.address, link, 'media.unavailable', 'VIDEO_ONLY')

    def test_a_video_over_the_limit(self):
        with fixture.new_server(max_file_bytes=len(fixture.media('photo1.jpg'))) as server:
            link = self.add_post(*['photo1.jpg'] * 10)
            assert_no_files(server.address, link, 'post.too_large', 'VIDEO_ONLY')

    def test_nothing_is_left_over(self):
        at_rest = self.held()
        for media in ('broken.jpg', 'photo1.jpg', 'animated.webp'):
            post_json(fixture.server.address, order(self.add_post(media, 'photo2.jpg'), 'VIDEO_ONLY'))
        self.assertEqual(at_rest, self.held())

    def held(self):
        held = fixture.at_rest()
        return held.processes, held.files, held.descriptors - held.upstream_connections


class WithoutFfmpeg(SlideshowTest):

    def test_everything_else_works_and_it_is_said(self):
        program = self.folder / 'ffmpeg'
        with fixture.new_server(ffmpeg=program) as server:
            server.wait_for_log('ffmpeg cannot be started: No such file or directory')
            server.wait_for_log('no video can be made of photos')
            link = self.add_post('photo1.jpg')
            self.assert_refused(server, link)
            self.assertEqual(2, len(strict_download(server.address, link).parts))
            strict_download(server.address, fixture.post(), content_type='VIDEO_ONLY')
            # Installed later, it is found.
            program.symlink_to('/usr/bin/ffmpeg')
            self.assert_facts(self.download(link, server), (1080, 1440), 3)
            server.wait_for_log('ffmpeg ready')
            program.unlink()
            self.assert_refused(server, link)

    def test_one_that_is_unfit(self):
        program = self.folder / 'ffmpeg'
        program.write_text('#!/bin/bash\nexec /usr/bin/ffmpeg "${@/libx264/no_such_encoder}"\n')
        program.chmod(0o755)
        with fixture.new_server(ffmpeg=program) as server:
            server.wait_for_log('ffmpeg cannot make H.264')
            self.assert_refused(server, self.add_post('photo1.jpg'))

    def assert_refused(self, server, link):
        answer = post_json(server.address, order(link, 'VIDEO_ONLY'))
        self.assertEqual((500, 'slideshow.unavailable'), (answer.status, answer.json['code']))
        self.assertEqual('Internal Server Error', answer.json['message'])
        self.assertTrue(answer.json['detail'].startswith('Error: '))


class Interruptions(SlideshowTest):

    def setUp(self):
        super().setUp()
        fixture.server.wait_for_log('ffmpeg ready')  # its start has an ffmpeg of its own

    def encoders(self):
        """The ffmpeg processes at work for the server."""
        return [pid for pid in fixture.server.children() if processes.name(pid) == 'ffmpeg']

    def test_ffmpeg_is_killed(self):
        for number in (signal.SIGKILL, signal.SIGTERM):
            with self.subTest(number):
                link = self.add_post(*['huge.jpg'] * 20)
                with ThreadPoolExecutor() as pool:
                    asked = pool.submit(post_json, fixture.server.address, order(link, 'VIDEO_ONLY'))
                    while not asked.done():
                        for pid in self.encoders():
                            with contextlib.suppress(ProcessLookupError):
                                os.kill(pid, number)
                    answer = asked.result()
                self.assertEqual((500, 'slideshow.failed'), (answer.status, answer.json['code']))
                self.assert_leaves_nothing()
        self.assert_facts(self.download(self.add_post('photo1.jpg')), (1080, 1440), 3)

    def test_the_last_client_leaves(self):
        link = self.add_post(*['huge.jpg'] * 35)
        with StrictDownload(fixture.server.address, link, content_type='VIDEO_ONLY'):
            until(self.encoders, 'ffmpeg at work')
        self.assert_leaves_nothing()
        self.assertNotIn('ffmpeg', [processes.name(pid) for pid in fixture.server.children()])

    def test_the_server_is_stopped(self):
        link = self.add_post(*['huge.jpg'] * 35)
        with fixture.new_server(shutdown_grace_s=0) as server, \
                StrictDownload(server.address, link, content_type='VIDEO_ONLY'):
            until(lambda: [pid for pid in server.children() if processes.name(pid) == 'ffmpeg'], 'ffmpeg at work')
            server.stop()  # asserts that nothing is left behind

    def test_the_disk_is_full(self):
        with fixture.new_server() as server:
            link = self.add_post('photo1.jpg', 'photo2.jpg')
            # The photos fit, and the stream of them does not.
            size = len(fixture.media('photo1.jpg')) + 20_000
            resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (size, size))
            answer = post_json(server.address, order(link, 'VIDEO_ONLY'))
            self.assertEqual((500, 'storage.failed'), (answer.status, answer.json['code']))

    def test_jobs_have_a_limit(self):
        with fixture.new_server(slideshow_jobs=1) as server:
            server.wait_for_log('ffmpeg ready')
            links = [self.add_post(*['photo1.jpg'] * 10) for _ in range(3)]
            downloads = [self.enterContext(StrictDownload(server.address, link, content_type='VIDEO_ONLY'))
                         for link in links]
            seen = []
            while len(seen) < 50:
                running = [pid for pid in server.children() if processes.name(pid) == 'ffmpeg']
                seen += [running] if running else []
            self.assertEqual({1}, {len(running) for running in seen})
            for download in downloads:
                download.read_head().read_rest()

    def assert_leaves_nothing(self):
        held = fixture.at_rest()
        self.assertEqual((1, 0), (held.processes, held.files))
