"""What ffprobe and ffmpeg say of a video, for comparison with what it was made of."""

import json
import struct
import subprocess
from fractions import Fraction
from types import SimpleNamespace


def _run(*words):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done


def probe(path):
    """The facts about a video: `video` and `sound` as ffprobe gives their streams (None without), `duration_s`."""
    told = json.loads(_run('ffprobe', '-v', 'error', '-show_streams', '-show_format', '-of', 'json', path).stdout)
    of_kind = {stream['codec_type']: stream for stream in told['streams']}
    return SimpleNamespace(video=of_kind.get('video'), sound=of_kind.get('audio'), count=len(told['streams']),
                           duration_s=float(told['format']['duration']), rate=Fraction(of_kind['video']['r_frame_rate']))


def likeness(video, times_s, area, photo, filters='null', matrix='bt709'):
    """SSIM of an `area` (width, height, x, y) of the frame at each of the times and a photo that went through
    `filters`; 1 is the same. ffmpeg itself turns a JPEG as its EXIF orientation says. `matrix` is that of the video's
    colours."""
    width, height, x, y = area
    count = len(times_s)
    frames = ''.join(
        f'[{index}:v]trim=end_frame=1,crop={width}:{height}:{x}:{y},setpts=0,format=yuv420p[{index}];'
        for index in range(count))
    joined = ''.join(f'[{index}]' for index in range(count))
    graph = (f'{frames}{joined}concat=n={count}[shown];'
             f'[{count}:v]{filters},scale={width}:{height}:out_color_matrix={matrix}:out_range=tv,setsar=1,setpts=0,'
             f'format=yuv420p[photo];[shown][photo]ssim=stats_file=-')
    shown = [word for time_s in times_s for word in ('-ss', str(time_s), '-i', video)]
    done = _run('ffmpeg', '-nostdin', '-v', 'error', *shown, '-i', photo, '-filter_complex', graph, '-f', 'null', '-')
    seen = [float(line.split('All:')[1].split()[0]) for line in done.stdout.splitlines()]
    assert len(seen) == count, done.stdout
    return seen


def brightness(video, time_s, area):
    """The mean luma of an area of the frame at a time: 16 is black."""
    width, height, x, y = area
    graph = (f'crop={width}:{height}:{x}:{y},signalstats,'
             'metadata=mode=print:key=lavfi.signalstats.YAVG:file=-')
    done = _run('ffmpeg', '-nostdin', '-v', 'error', '-ss', str(time_s), '-i', video, '-vf', graph, '-frames:v', '1', '-f', 'null', '-')
    return float(done.stdout.split('YAVG=')[1].split()[0])


def first_frame(animation):
    """The first frame of an animated WebP as a still one; ffmpeg reads only such (RFC 9649 section 2.7.1.1)."""
    start = animation.index(b'ANMF')
    size, = struct.unpack_from('<I', animation, start + 4)
    frame = animation[start + 8 + 16:start + 8 + size]
    return b'RIFF' + struct.pack('<I', 4 + len(frame)) + b'WEBP' + frame


def sound_packets(path):
    """A checksum of each packet of a file's sound, in order."""
    lines = _run('ffmpeg', '-nostdin', '-v', 'error', '-i', path, '-map', '0:a', '-c', 'copy', '-f', 'framecrc',
                 '-').stdout.splitlines()
    return [line.split(',')[5].strip() for line in lines if not line.startswith('#')]


def silences(path):
    """How many stretches of over 0.2 s are silent."""
    done = _run('ffmpeg', '-nostdin', '-hide_banner', '-i', path, '-map', '0:a', '-af', 'silencedetect=d=0.2:n=-50dB',
                '-f', 'null', '-')
    return done.stderr.count('silence_start')


def assert_decodes(path):
    """Every picture and every sound of it, without a word of complaint."""
    done = _run('ffmpeg', '-nostdin', '-v', 'warning', '-xerror', '-i', path, '-f', 'null', '-')
    assert not done.stderr, done.stderr
