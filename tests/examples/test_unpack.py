"""scripts/unpack.py behind curl, as the README shows it."""

import json
import subprocess
import tempfile
import unittest
from pathlib import Path

from system.clients import order
from system.deadlines import PATIENT_S
from system.fixture import Fixture, id_of
from system.harness import REPOSITORY

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


class Unpack(unittest.TestCase):

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def unpack(self, link):
        line = ('curl -s --noproxy "*" "$1download" -H "Content-Type: application/json" -d "$2" | "$3" "$4"')
        return subprocess.run(
            ['bash', '-c', line, 'bash', fixture.server.base_url, json.dumps(order(link)),
             REPOSITORY / 'scripts' / 'unpack.py', self.folder],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENT_S, check=False)

    def files(self):
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}

    def test_photos_and_their_sound(self):
        link = fixture.post(images=[{'media': 'photo1.jpg'}, {'media': 'photo.webp'}], music={'media': 'sound.mp3'})
        done = self.unpack(link)
        expected = {f'{id_of(link)}{end}': fixture.media(media) for end, media in (
            ('_01.jpg', 'photo1.jpg'), ('_02.webp', 'photo.webp'), ('.mp3', 'sound.mp3'))}
        self.assertTrue(self.files() == expected, self.files().keys())
        self.assertEqual([f'{self.folder / name}: {len(content)} bytes' for name, content in expected.items()],
                         done.stdout.splitlines())
        self.assertEqual((0, ''), (done.returncode, done.stderr))

    def test_what_broke_off(self):
        done = self.unpack(fixture.video('medium.mp4', behaviour='truncate:1000000', then='http:404'))
        self.assertEqual((1, '', 'the download broke off\n', {}),
                         (done.returncode, done.stdout, done.stderr, self.files()))

    def test_an_error(self):
        done = self.unpack(fixture.post(status_code=10222))
        self.assertEqual((1, {}), (done.returncode, self.files()))
        self.assertRegex(done.stderr, 'not a download: .*post.private')


if __name__ == '__main__':
    unittest.main()
