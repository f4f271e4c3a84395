"""The page in Debian's Chromium: starts the servers that *.test.mjs drive it on, and has Node run these."""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from system.fixture import Fixture

HERE = Path(__file__).resolve().parent

KEYS = {'keys': [
    {'name': 'friend', 'key': 'a-friends-secret', 'rate_limit_per_min': 0},
    {'name': 'guest', 'key': 'a-guests-secret', 'rate_limit_per_min': 1},
]}

fixture = Fixture(workers=2)
setUpModule, tearDownModule = fixture.start, fixture.stop


def origin_of(server):
    """Where a browser finds the page of a server."""
    return f'http://127.0.0.1:{server.port}/'


class Browser(unittest.TestCase):

    def test_the_page(self):
        keys_file = Path(self.enterContext(tempfile.TemporaryDirectory()), 'keys.json')
        keys_file.write_text(json.dumps(KEYS))
        keyed = self.enterContext(fixture.new_server(api_keys_file=keys_file))
        impatient = self.enterContext(fixture.new_server(resolve_timeout_s=2))
        narrow = self.enterContext(fixture.new_server(max_file_bytes=1_000_000, max_deliveries=1,
                                                      ffmpeg=keys_file.parent / 'missing'))
        world = {
            'open': origin_of(fixture.server),
            'keyed': origin_of(keyed),
            'impatient': origin_of(impatient),
            'narrow': origin_of(narrow),
            'control': fixture.standin.control,
            'media': str(Path(fixture.standin.ca_file).with_name('media')),
        }
        tests = sorted(str(path) for path in HERE.glob('*.test.mjs'))
        # One file after another: they share the stand-in's gate.
        done = subprocess.run(
            ['node', '--test', '--test-concurrency=1', '--test-reporter=spec', *tests], cwd=HERE, check=False,
            stdout=sys.stderr, env={**os.environ, 'TTSAVE_WORLD': json.dumps(world)})
        self.assertEqual(0, done.returncode, 'tests of the page failed')
