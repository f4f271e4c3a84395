"""The image does the main job with as little as an operator can leave it: no root, no capabilities, a read-only root."""

import contextlib
import json
import re
import tempfile
import unittest
from pathlib import Path

from standin import running
from system import processes
from system.clients import strict_download
from system.deadlines import until
from system.expectations import assert_delivered
from system.fixture import fresh_id
from system.videos import assert_decodes, probe

from .container import USER, Container, free_port, image, new_volume, podman, run_once, standin_dir

LARGEST_BYTES = 200_000_000


class Description(unittest.TestCase):
    """What engines and people are told of it."""

    @classmethod
    def setUpClass(cls):
        [cls.told] = json.loads(podman('image', 'inspect', image()))

    def test_its_size(self):
        self.assertLess(self.told['Size'], LARGEST_BYTES)

    def test_how_it_wants_to_be_run(self):
        config = self.told['Config']
        self.assertEqual(f'{USER}:{USER}', config['User'])
        self.assertEqual(['4347/tcp'], list(config['ExposedPorts']))
        self.assertEqual({'/var/cache/ttsave', '/var/lib/ttsave'}, set(config['Volumes']))

    def test_its_version_is_the_servers(self):
        status, lines, _ = run_once('--version')
        version = self.told['Labels']['org.opencontainers.image.version']
        self.assertEqual((0, [f'ttsave-server {version}']), (status, lines))

    def test_its_health_check_says_when_nobody_is_there(self):
        status, _, [line] = run_once('--port', str(free_port()), '--healthcheck')
        self.assertEqual(1, status)
        self.assertRegex(line, 'does not answer: Connection refused$')


class Running(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        with contextlib.ExitStack() as stack:
            cls.standin = stack.enter_context(running(standin_dir()))
            cls.volume = stack.enter_context(new_volume())
            cls.settings = {'volume': cls.volume, 'port': free_port(), 'proxy': cls.standin.http_proxy,
                            'ca_file': cls.standin.ca_file}
            cls.container = stack.enter_context(Container(**cls.settings))
            cls.addClassCleanup(stack.pop_all().close)

    def add_photos(self):
        images = [{'media': media, 'width': 1080, 'height': 1440} for media in ('photo1.jpg', 'photo.webp')]
        return self.standin.add_post(id=fresh_id(), images=images, music={'media': 'sound.mp3'})

    def media(self, name):
        return self.standin.media(name).read_bytes()

    def test_a_video_in_both_modes(self):
        for mode in ('ORIGINAL', 'VIDEO_ONLY'):
            link = self.standin.add_post(id=fresh_id())
            assert_delivered(self.container.address, link, self.media('small.mp4'), content_type=mode)

    def test_photos_and_their_sound(self):
        download = strict_download(self.container.address, self.add_photos())
        self.assertEqual([self.media(name) for name in ('photo1.jpg', 'photo.webp', 'sound.mp3')],
                         [part.data for part in download.parts])

    def test_a_video_of_photos(self):
        [part] = strict_download(self.container.address, self.add_photos(), content_type='VIDEO_ONLY').parts
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, 'video.mp4')
            path.write_bytes(part.data)
            assert_decodes(path)
            facts = probe(path)
        self.assertEqual(('h264', 'aac', 1080, 1440), (facts.video['codec_name'], facts.sound['codec_name'],
                                                       facts.video['width'], facts.video['height']))

    def test_it_is_well(self):
        self.assertEqual((0, []), self.container.check_health())

    def test_who_it_is_and_what_it_may(self):
        self.container.wait_for_log('extractor ready')
        for pid in (self.container.init, *processes.descendants(self.container.init)):
            status = processes.status(pid)
            self.assertEqual(({str(USER)}, {str(USER)}), (set(status['Uid'].split()), set(status['Gid'].split())))
            self.assertEqual(('0' * 16, '0' * 16, '1'), (status['CapBnd'], status['CapEff'], status['NoNewPrivs']))
        with self.assertRaisesRegex(OSError, 'Read-only file system'):
            Path(self.container.root(), 'tmp', 'file').write_text('')

    def test_no_wall_around_extractors_is_missing_that_the_kernel_has(self):
        """Container engines have filters of system calls of their own, which may know nothing of Landlock."""
        def warnings(container):
            return re.findall('warning (.*)', container.log())
        options = ('--security-opt=seccomp=unconfined',)
        with Container(**{**self.settings, 'port': free_port(), 'options': options, 'cache_ttl_s': 0}) as free:
            self.assertEqual(warnings(free), warnings(self.container))

    def test_orphans_are_reaped(self):
        self.assertEqual((0, []), self.container.execute('sh', '-c', '(sleep 0.1 &)'))
        until(lambda: 'sleep' not in map(processes.name, processes.descendants(self.container.init)), 'it is gone')

    def test_it_ends_when_told_to_and_finds_again_what_it_kept(self):
        link = self.standin.add_post(id=fresh_id())
        with new_volume() as volume:
            settings = {**self.settings, 'volume': volume, 'port': free_port()}
            for _ in range(2):
                with Container(**settings) as container:
                    assert_delivered(container.address, link, self.media('small.mp4'))
                    self.assertEqual(0, container.stop())
        asked = [entry for entry in self.standin.log() if link.rpartition('/')[2] in entry.get('path', '')
                 and entry['method'] == 'GET']
        self.assertEqual(2, len(asked))  # one page, one file
