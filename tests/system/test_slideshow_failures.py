"""VIDEO_ONLY of photo posts where something is wrong: an error, never half a video, and nothing left of it."""

import contextlib
import os
import resource
import signal
from concurrent.futures import ThreadPoolExecutor

from . import processes
from .clients import StrictDownload, order, post_json, strict_download
from .deadlines import until
from .expectations import assert_no_files
from .fixture import PHOTO_CDN, Fixture, id_of
from .slideshow_case import SlideshowTest

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


class Failures(SlideshowTest):
    fixture = fixture

    def test_a_photo_that_is_none(self):
        for media in ('broken.jpg', 'cut.jpg'):
            with self.subTest(media):
                link = self.add_post('photo1.jpg', media, 'photo2.jpg')
                assert_no_files(fixture.server.address, link, 'media.broken', 'VIDEO_ONLY')
                fixture.server.wait_for_log(f'post={id_of(link)} file=2 of 4 code=media.broken')

    def test_a_sound_that_is_none(self):
        link = self.add_post('photo1.jpg', sound='broken.mp3')
        assert_no_files(fixture.server.address, link, 'media.broken', 'VIDEO_ONLY')

    def test_a_photo_that_cannot_be_had(self):
        for behaviour in ('http:403', 'html', 'empty', 'reset'):
            with self.subTest(behaviour):
                images = [{}, {'hosts': [{'host': PHOTO_CDN, 'behaviour': behaviour}]}]
                link = fixture.post(images=images, music={})
                assert_no_files(fixture.server.address, link, 'media.unavailable', 'VIDEO_ONLY')

    def test_a_video_over_the_limit(self):
        with fixture.new_server(max_file_bytes=len(fixture.media('photo1.jpg'))) as server:
            link = self.add_post(*['photo1.jpg'] * 10)
            assert_no_files(server.address, link, 'post.too_large', 'VIDEO_ONLY')

    def test_nothing_is_left_over(self):
        at_rest = fixture.held_at_rest()
        for media in ('broken.jpg', 'photo1.jpg', 'animated.webp'):
            post_json(fixture.server.address, order(self.add_post(media, 'photo2.jpg'), 'VIDEO_ONLY'))
        self.assertEqual(at_rest, fixture.held_at_rest())


class WithoutFfmpeg(SlideshowTest):
    fixture = fixture

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
    fixture = fixture

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
