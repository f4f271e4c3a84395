"""The media: real, of the promised sizes, and playable."""

import json
import subprocess
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import running
from .media import BOUNDARY, NAMES, Library
from .visitor import STATE_DIR

STREAMS = {
    "small.mp4": {"h264/avc1", "aac/mp4a"}, "medium.mp4": {"h264/avc1", "aac/mp4a"},
    "large.mp4": {"h264/avc1", "aac/mp4a"}, "other.mp4": {"h264/avc1", "aac/mp4a"},
    "marked.mp4": {"h264/avc1", "aac/mp4a"}, "hevc.mp4": {"hevc/hvc1", "aac/mp4a"}, "silent.mp4": {"hevc/hvc1"},
    "mute.mp4": {"h264/avc1"}, "late.mp4": {"h264/avc1", "aac/mp4a"}, "late_mute.mp4": {"h264/avc1"},
    "boundary_head.mp4": {"h264/avc1", "aac/mp4a"}, "boundary_tail.mp4": {"h264/avc1", "aac/mp4a"},
    "sound.m4a": {"aac/mp4a"}, "long.m4a": {"aac/mp4a"}, "sound.mp3": {"mp3"},
    "short.mp3": {"mp3"},
    **{f"{name}.jpg": {"mjpeg"} for name in (
        "photo1", "photo2", "photo3", "double", "landscape1", "landscape2", "square", "tiny", "huge",
        *(f"noisy{number}" for number in range(1, 11)), *(f"turned{number}" for number in range(2, 9)))},
    "photo.webp": {"webp"}, "animated.webp": {"webp"}, "photo.avif": {"av1"},
    "photo.png": {"png"}, "transparent.png": {"png"},
}
DAMAGED = {"broken.jpg", "cut.jpg", "broken.mp3"}
SIZES = {"small.mp4": 200_000, "other.mp4": 200_000, "medium.mp4": 5_000_000, "large.mp4": 50_000_000,
         "boundary_tail.mp4": 5_000_000}
LARGE_MADE_WITHIN_S = 15


class Media(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        STATE_DIR.mkdir(exist_ok=True)
        library = Library(STATE_DIR / "media")
        cls.media = {name: library.get(name) for name in NAMES}

    def test_streams(self):
        self.assertEqual(STREAMS.keys() | DAMAGED, self.media.keys())
        for name, medium in ((name, self.media[name]) for name in STREAMS):
            with self.subTest(name):
                probe = subprocess.run(["ffprobe", "-v", "error", "-show_streams", "-of", "json", medium.path],
                                       capture_output=True, check=True)
                streams = json.loads(probe.stdout)["streams"]
                is_tagged = name.endswith((".mp4", ".m4a"))
                codecs = {each["codec_name"] + (f"/{each['codec_tag_string']}" if is_tagged else "") for each in streams}
                self.assertEqual(STREAMS[name], codecs)
                if name.endswith(".mp4"):
                    self.assertEqual("yuv420p", streams[0]["pix_fmt"])
                    has_late_index = medium.data.index(b"moov") > medium.data.index(b"mdat")
                    self.assertEqual(name.startswith("late"), has_late_index)

    def test_damaged(self):
        for name in DAMAGED:
            command = ["ffmpeg", "-nostdin", "-v", "error", "-xerror", "-err_detect", "explode", "-i",
                       self.media[name].path, "-f", "null", "-"]
            with self.subTest(name):
                self.assertTrue(subprocess.run(command, capture_output=True).returncode)

    def test_sizes(self):
        for name, size in SIZES.items():
            tolerance = 0.2 if size < 1_000_000 else 0.1
            self.assertAlmostEqual(1, len(self.media[name].data) / size, delta=tolerance, msg=name)
        self.assertEqual(len(NAMES), len({medium.data for medium in self.media.values()}))

    def test_boundaries(self):
        head, tail = self.media["boundary_head.mp4"], self.media["boundary_tail.mp4"]
        self.assertIn(BOUNDARY, head.data[:1024])
        self.assertIn(BOUNDARY, tail.data[-1024:])
        for name, medium in self.media.items():
            self.assertEqual(int(medium in (head, tail)), medium.data.count(BOUNDARY), name)

        def decoded(medium) -> bytes:
            return subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-xerror", "-i", medium.path, "-f", "md5", "-"],
                                  capture_output=True, check=True).stdout

        self.assertEqual(decoded(self.media["small.mp4"]), decoded(head))

    def test_made_at_once_by_two_processes(self):
        with tempfile.TemporaryDirectory() as directory, running(directory) as one, running(directory) as two:
            with ThreadPoolExecutor() as pool:
                list(pool.map(lambda standin: standin.media("small.mp4"), (one, two)))
            started = time.monotonic()
            one.media("large.mp4")
            self.assertLess(time.monotonic() - started, LARGE_MADE_WITHIN_S)
            files = {path.name for path in Path(directory, "media").iterdir()}
            self.assertEqual({".lock", "small.mp4", "large.mp4"}, files)
