"""What the README promises first: scripts/run.sh --demo builds, starts, and prints a curl line that saves a video."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import unittest
import urllib.request
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]

# A build from nothing on a small machine.
BUILD_S = 1800
PROMPT_S = 60


class Demo(unittest.TestCase):

    def setUp(self):
        self.demo = subprocess.Popen([REPOSITORY / 'scripts' / 'run.sh', '--demo', '--port', '0'], text=True,
                                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                     process_group=0)
        self.addCleanup(self.demo.stderr.close)
        self.addCleanup(self.demo.wait)
        self.addCleanup(self.signal_all, signal.SIGKILL)

    def signal_all(self, number):
        try:
            os.killpg(self.demo.pid, number)
        except ProcessLookupError:
            pass

    def read_command(self):
        """The command between the empty lines of what the demo prints; `page` is the address that came before, if any."""
        guard = threading.Timer(BUILD_S, self.signal_all, [signal.SIGKILL])
        guard.start()
        said = ''
        for line in self.demo.stderr:
            said += line
            if found := re.search(r'^  (curl .*)\\\n  (.*)\n\n', said, re.MULTILINE):
                guard.cancel()
                self.page = (re.findall(r'^The page is at (\S+)$', said, re.MULTILINE) or [None])[0]
                return found[1] + found[2]
        raise AssertionError(said)

    def test_its_command_saves_a_video_that_plays(self):
        command = self.read_command()
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(['bash', '-o', 'pipefail', '-c', command], cwd=folder, timeout=PROMPT_S, check=True,
                           stdout=subprocess.DEVNULL)
            video, = Path(folder).iterdir()
            self.assertEqual('7300000000000000001.mp4', video.name)
            probed = subprocess.run(['ffprobe', '-v', 'error', '-show_streams', '-of', 'json', video], text=True,
                                    capture_output=True, check=True)
        self.assertEqual({'h264', 'aac'}, {stream['codec_name'] for stream in json.loads(probed.stdout)['streams']})

    @unittest.skipUnless(shutil.which('npm'), 'the page is built where npm is')
    def test_its_page_is_there(self):
        self.read_command()
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(self.page, timeout=PROMPT_S) as answer:
            self.assertIn('text/html', answer.headers['Content-Type'])

    def test_ctrl_c_ends_everything(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                self.read_command()
                # A terminal sends SIGINT to the whole group, `kill` sends SIGTERM to the script alone.
                (self.signal_all if number == signal.SIGINT else self.demo.send_signal)(number)
                rest = threading.Thread(target=self.demo.stderr.read)
                rest.start()
                self.assertEqual(0, self.demo.wait(PROMPT_S))
                # Whoever lived on would hold the other end of this pipe.
                rest.join(PROMPT_S)
                self.assertFalse(rest.is_alive())
                if number == signal.SIGINT:
                    self.setUp()


if __name__ == '__main__':
    unittest.main()
