"""Takes the pictures in docs/pictures/ where TTSAVE_PICTURES names a folder for them; nothing otherwise."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from standin import running
from system.harness import Server

HERE = Path(__file__).resolve().parent
FOLDER = os.environ.get('TTSAVE_PICTURES')


@unittest.skipUnless(FOLDER, 'TTSAVE_PICTURES names no folder')
class Pictures(unittest.TestCase):

    def test_the_page_looks_good(self):
        state = Path(self.enterContext(tempfile.TemporaryDirectory()))
        # The stand-in takes what is there under a name for what it would make itself.
        media = state / 'media'
        media.mkdir()
        subprocess.run(['node', 'scenery.mjs', media], cwd=HERE, check=True)
        subprocess.run(
            ['ffmpeg', '-v', 'error', '-loop', '1', '-i', media / 'noisy1.jpg', '-f', 'lavfi', '-i', 'sine=duration=12',
             '-vf', 'scale=720:960,crop=540:960', '-t', '12', '-pix_fmt', 'yuv420p', '-movflags', '+faststart',
             media / 'small.mp4'], check=True)
        standin = self.enterContext(running(state))
        server = self.enterContext(Server(proxy=standin.http_proxy, ca_file=standin.ca_file))
        world = {'open': f'http://127.0.0.1:{server.port}/', 'control': standin.control,
                 'pictures': str(Path(FOLDER).resolve())}
        subprocess.run(['node', 'pictures.mjs'], cwd=HERE, check=True,
                       env={**os.environ, 'TTSAVE_WORLD': json.dumps(world)})
