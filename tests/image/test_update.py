"""docker/README.md, "A newer yt-dlp": a container that can write to nothing but its volumes gets one while it runs."""

import tempfile
import unittest
from pathlib import Path

from standin import running
from system import yt_dlps
from system.expectations import assert_delivered
from system.fixture import fresh_id
from system.wire import Connection

from .container import Container, free_port, new_volume, standin_dir

VERSIONS = '/var/lib/ttsave'
NEWER = '2099.01.01'


class Update(unittest.TestCase):

    def setUp(self):
        self.standin = self.enterContext(running(standin_dir()))
        versions = self.enterContext(new_volume())
        self.settings = {
            'volume': self.enterContext(new_volume()), 'options': ('--volume', f'{versions}:{VERSIONS}'),
            'port': free_port(), 'proxy': self.standin.http_proxy, 'ca_file': self.standin.ca_file,
            'canary_urls': self.standin.add_post(id=fresh_id()), 'canary_interval_s': 0,
        }

    def version_in_use(self, container):
        """And a post is delivered with it."""
        container.wait_for_log('extractor ready')
        assert_delivered(container.address, self.standin.add_post(id=fresh_id()),
                         self.standin.media('small.mp4').read_bytes())
        with Connection(container.address) as connection:
            return connection.ask('GET', '/readyz').json['checks']['yt_dlp']['version']

    @staticmethod
    def pack(folder):
        return yt_dlps.pack(yt_dlps.make(Path(folder), NEWER), Path(folder, f'yt_dlp-{NEWER}-py3-none-any.whl'))

    def test_there_and_back_across_restarts(self):
        with tempfile.TemporaryDirectory() as folder, Container(**self.settings) as container:
            wheel = self.pack(folder)
            debians = self.version_in_use(container)
            container.put(wheel, VERSIONS)
            self.assertEqual((0, []), container.execute('ttsave-update', '--watch', '0', f'{VERSIONS}/{wheel.name}'))
            self.assertEqual(NEWER, self.version_in_use(container))
            self.assertEqual(0, container.stop())
        with Container(**self.settings) as container:
            self.assertEqual(NEWER, self.version_in_use(container))
            self.assertEqual((0, []), container.execute('ttsave-update', '--rollback'))
            self.assertEqual(debians, self.version_in_use(container))
            self.assertEqual(0, container.stop())
        with Container(**self.settings) as container:
            self.assertEqual(debians, self.version_in_use(container))
            self.assertEqual((0, []), container.execute('ttsave-update', '--rollback'))
            self.assertEqual(NEWER, self.version_in_use(container))

    def test_by_the_pip_of_the_image(self):
        """Which finds the newest in a folder instead of on the Internet."""
        with tempfile.TemporaryDirectory() as folder, Container(**self.settings) as container:
            container.put(self.pack(folder), VERSIONS)
            offline = ('PIP_NO_INDEX=1', f'PIP_FIND_LINKS={VERSIONS}')
            self.assertEqual((0, []), container.execute('env', *offline, 'ttsave-update', '--watch', '0'))
            self.assertEqual(NEWER, self.version_in_use(container))
