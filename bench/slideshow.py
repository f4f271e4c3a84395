#!/usr/bin/env python3
"""What a video of photos costs, with ffmpeg's plain way to make one beside it. See README.md."""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / 'tests'))
os.environ.setdefault('TTSAVE_PREFIX', str(REPOSITORY / 'build' / 'release' / 'prefix'))

from system.clients import strict_download  # noqa: E402
from system.fixture import PHOTO_CDN, Fixture  # noqa: E402
from system.processes import descendants  # noqa: E402
from system.videos import likeness  # noqa: E402

SIZE = (1080, 1440)
SECONDS_EACH = 3
SOUND = 'sound.m4a'

LEAST_RATIO = 6
LEAST_LIKENESS = 0.97
MOST_MEMORY_MB = 200
MOST_AFTER_LAST_S = 2


def cpu_s(pid):
    """Processor time of a process and of those of its children that have ended."""
    fields = Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()
    return sum(int(field) for field in fields[11:15]) / os.sysconf('SC_CLK_TCK')


class MemoryWatch:
    """Samples what the ffmpeg processes below a server hold together: `peak_mb`, shared pages counted once (PSS)."""

    def __init__(self, pid):
        self._pid = pid
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.peak_mb = 0

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        self._thread.join()

    def _run(self):
        while not self._end.wait(0.01):
            held = sum(self._held_mb(pid) for pid in descendants(self._pid))
            self.peak_mb = max(self.peak_mb, held)

    @staticmethod
    def _held_mb(pid):
        try:
            if Path(f'/proc/{pid}/comm').read_text().strip() != 'ffmpeg':
                return 0
            lines = Path(f'/proc/{pid}/smaps_rollup').read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            return 0
        return next((int(line.split()[1]) / 1024 for line in lines if line.startswith('Pss:')), 0)


def plain_way(fixture, media, folder):
    """The concat demuxer and the encoders' defaults, on files that are already there."""
    listing = Path(folder, 'photos.txt')
    lines = [f"file '{fixture.standin.media(name)}'\nduration {SECONDS_EACH}\n" for name in media]
    listing.write_text(''.join(lines) + lines[-1].partition('\n')[0] + '\n')
    video = Path(folder, 'plain.mp4')
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(['ffmpeg', '-nostdin', '-v', 'error', '-y', '-f', 'concat', '-safe', '0', '-i', listing,
                    '-stream_loop', '-1', '-i', fixture.standin.media(SOUND), '-vf', 'fps=25,format=yuv420p',
                    '-c:v', 'libx264', '-c:a', 'aac', '-t', str(SECONDS_EACH * len(media)), '-movflags', '+faststart',
                    video], stdin=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return SimpleNamespace(name='ffmpeg, the plain way', wall=wall, cpu=cpu, memory=after.ru_maxrss / 1024, video=video,
                           matrix='bt601')


def our_way(fixture, media, folder):
    """A request to the running server; page, extraction and fetching are part of its time."""
    link = fixture.post(images=[photo(name) for name in media], music={'media': SOUND})
    pid = fixture.server.pid
    extractors = fixture.server.children()
    before = cpu_s(pid) + sum(map(cpu_s, extractors))
    with MemoryWatch(pid) as watch:
        begin = time.perf_counter()
        download = strict_download(fixture.server.address, link, content_type='VIDEO_ONLY')
        wall = time.perf_counter() - begin
    cpu = cpu_s(pid) + sum(map(cpu_s, extractors)) - before
    video = Path(folder, 'ours.mp4')
    video.write_bytes(download.parts[0].data)
    return SimpleNamespace(name='ttsave-server', wall=wall, cpu=cpu, memory=watch.peak_mb, video=video,
                           matrix='bt709')


def photo(name, **host):
    return {'media': name, 'width': SIZE[0], 'height': SIZE[1], 'hosts': [{'host': PHOTO_CDN, **host}]}


def after_the_last_photo(fixture, media):
    """Seconds from the arrival of the last photo's last half to the end of the video; the others are there already."""
    fixture.standin.reset()
    images = [photo(name) for name in media[:-1]] + [photo(media[-1], behaviour='gate')]
    link = fixture.post(images=images, music={'media': SOUND})
    ended = []

    def ask():
        strict_download(fixture.server.address, link, content_type='VIDEO_ONLY')
        ended.append(time.perf_counter())
    client = threading.Thread(target=ask)
    client.start()
    time.sleep(5)  # far more than the others take
    arrived = time.perf_counter()
    fixture.standin.open_gate()
    client.join()
    return ended[0] - arrived


def least_likeness(fixture, way, media):
    area = (*SIZE, 0, 0)
    return min(likeness(way.video, (index + 0.5) * SECONDS_EACH, area, fixture.standin.media(name), matrix=way.matrix)
               for index, name in enumerate(media))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--photos', type=int, default=10, help='how many photos the post has')
    options = parser.parse_args()
    media = [f'noisy{number % 10 + 1}.jpg' for number in range(options.photos)]

    fixture = Fixture()
    fixture.start()
    try:
        with tempfile.TemporaryDirectory(prefix='ttsave-bench-') as folder:
            fixture.server.wait_for_log('extractor ready')
            fixture.server.wait_for_log('ffmpeg ready')
            our_way(fixture, media, folder)  # makes the stand-in's media, too
            ours, plain = our_way(fixture, media, folder), plain_way(fixture, media, folder)
            last = after_the_last_photo(fixture, media)
            title = f'{options.photos} photos'
            print(f'{title:22}{"wall s":>10}{"CPU s":>10}{"memory MB":>12}{"video MB":>10}{"SSIM":>8}')
            for way in (plain, ours):
                way.likeness = least_likeness(fixture, way, media)
                print(f'{way.name:22}{way.wall:10.2f}{way.cpu:10.2f}{way.memory:12.0f}'
                      f'{way.video.stat().st_size / 1e6:10.1f}{way.likeness:8.3f}')
    finally:
        fixture.stop()

    wall, cpu = plain.wall / ours.wall, plain.cpu / ours.cpu
    promises = {
        f'{wall:.1f} times less wall time, promised: {LEAST_RATIO}': wall >= LEAST_RATIO,
        f'{cpu:.1f} times less CPU time, promised: {LEAST_RATIO}': cpu >= LEAST_RATIO,
        f'SSIM {ours.likeness:.3f}, promised: {LEAST_LIKENESS}': ours.likeness >= LEAST_LIKENESS,
        f'{ours.memory:.0f} MB, promised: under {MOST_MEMORY_MB}': ours.memory < MOST_MEMORY_MB,
        f'complete {last:.2f} s after the last photo, promised: {MOST_AFTER_LAST_S}': last <= MOST_AFTER_LAST_S,
    }
    for promise, holds in promises.items():
        print(f'{promise}. {"Kept." if holds else "BROKEN."}')
    return 0 if all(promises.values()) else 1


if __name__ == '__main__':
    sys.exit(main())
