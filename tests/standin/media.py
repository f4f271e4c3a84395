"""Real media, made by ffmpeg when first named and kept in the state directory."""

import fcntl
import functools
import hashlib
import subprocess
import threading
from pathlib import Path
from typing import NamedTuple

from .boxes import insert_after_ftyp, free_box
from .exif import with_orientation

BOUNDARY = b"--simple_boundary"

CONTENT_TYPES = {".mp4": "video/mp4", ".m4a": "audio/mp4", ".mp3": "audio/mpeg", ".jpg": "image/jpeg",
                 ".webp": "image/webp", ".png": "image/png", ".avif": "image/avif"}

H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")
HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-tag:v", "hvc1",
        "-x265-params", "log-level=error")
AAC = ("-c:a", "aac", "-b:a", "64k")
FAST_START = ("-movflags", "+faststart")


def _picture(seconds: int, filters: str = "null", source: str = "testsrc2", size: str = "720x1280") -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", f"{source}=size={size}:rate=30:duration={seconds},{filters}")


def _tone(seconds: int, hertz: int = 440) -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", f"sine=frequency={hertz}:duration={seconds}")


def _constant_rate(bits: int) -> tuple[str, ...]:
    """Padded to the rate, so that the size does not depend on the encoder's version."""
    rate = str(bits)
    return ("-b:v", rate, "-minrate", rate, "-maxrate", rate, "-bufsize", rate, "-x264-params", "nal-hrd=cbr")


def _photo(hue: int, size: str = "1080x1440", filters: str = "null") -> tuple[str, ...]:
    return (*_picture(1, f"hue=h={hue},{filters}", size=size), "-frames:v", "1")


NOISE = "noise=alls=60:allf=t"
SMALL_RATE = _constant_rate(480_000)

FFMPEG_ARGUMENTS = {
    "small.mp4": (*_picture(3), *_tone(3), *H264, *SMALL_RATE, *AAC, *FAST_START),
    "medium.mp4": (*_picture(10, NOISE), *_tone(10), *H264, *_constant_rate(3_930_000), *AAC, *FAST_START),
    "large.mp4": (*_picture(10, NOISE), *_tone(10), *H264, *_constant_rate(40_000_000), *AAC, *FAST_START),
    "other.mp4": (*_picture(3, source="smptebars"), *_tone(3, 880), *H264, *SMALL_RATE, *AAC, *FAST_START),
    "marked.mp4": (*_picture(3, "drawbox=x=40:y=40:w=200:h=80:color=white:t=fill"), *_tone(3), *H264, *SMALL_RATE,
                   *AAC, *FAST_START),
    "hevc.mp4": (*_picture(3), *_tone(3), *HEVC, "-b:v", "480k", *AAC, *FAST_START),
    "silent.mp4": (*_picture(3), *HEVC, "-b:v", "480k", *FAST_START),
    "mute.mp4": (*_picture(3, "hue=h=90"), *H264, *SMALL_RATE, *FAST_START),
    # The index behind the media.
    "late.mp4": (*_picture(3, "hue=h=180"), *_tone(3), *H264, *SMALL_RATE, *AAC),
    "late_mute.mp4": (*_picture(3, "hue=h=270"), *H264, *SMALL_RATE),
    "sound.m4a": (*_tone(3), *AAC, *FAST_START),
    "sound.mp3": (*_tone(3), "-c:a", "libmp3lame", "-b:a", "64k"),
    "photo1.jpg": _photo(0),
    "photo2.jpg": _photo(120),
    "photo3.jpg": _photo(240),
    "photo.webp": (*_photo(60), "-c:v", "libwebp"),
    "photo.png": _photo(180),
    "landscape1.jpg": _photo(30, "1440x1080"),
    "landscape2.jpg": _photo(200, "1920x800"),
    "square.jpg": _photo(300, "700x700"),
    "tiny.jpg": _photo(90, "121x161"),
    **{f"noisy{number}.jpg": (*_photo(36 * number, filters=f"noise=alls=40:all_seed={number}"), "-pix_fmt", "yuvj420p",
                              "-q:v", "3") for number in range(1, 11)},
    "huge.jpg": _photo(150, "3000x4000"),
    # The left half is transparent, the right half half so.
    "transparent.png": _photo(45, filters="format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='if(lt(X,W/2),0,128)'"),
    "animated.webp": (*_picture(1, "hue=h=270,fps=5", size="600x800"), "-c:v", "libwebp_anim"),
    "photo.avif": (*_photo(330, "540x720"), "-c:v", "libaom-av1", "-still-picture", "1", "-cpu-used", "8"),
    "short.mp3": (*_tone(1, 550), "-c:a", "libmp3lame", "-b:a", "64k"),
    "long.m4a": (*_tone(60, 660), *AAC, *FAST_START),
}

# Made from another file by changing some of its bytes.
DERIVED = {
    "boundary_head.mp4": ("small.mp4", lambda data: insert_after_ftyp(data, free_box(BOUNDARY))),
    "boundary_tail.mp4": ("medium.mp4", lambda data: data + free_box(BOUNDARY)),
    # Those from 5 on are to be shown a quarter turned: as high as landscape1.jpg is wide.
    **{f"turned{orientation}.jpg": ("landscape1.jpg", functools.partial(with_orientation, orientation=orientation))
       for orientation in range(2, 9)},
    # As phones write them, with a second picture behind the first.
    "double.jpg": ("photo3.jpg", lambda data: data + data[:10_000]),
    "cut.jpg": ("photo1.jpg", lambda data: data[:len(data) // 2]),
    "broken.jpg": ("photo1.jpg", lambda data: data[:20] + bytes(value ^ 0x5a for value in data[20:])),
    "broken.mp3": ("sound.mp3", lambda data: data[:4] + bytes(len(data))),
}

NAMES = (*FFMPEG_ARGUMENTS, *DERIVED)


class Medium(NamedTuple):
    name: str
    path: Path
    data: bytes
    etag: str
    content_type: str


class Library:
    """Thread-safe; two processes may share the directory."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._directory.mkdir(exist_ok=True)
        self._loaded: dict[str, Medium] = {}
        self._lock = threading.Lock()
        self._encoder: subprocess.Popen | None = None
        self._closed = False

    def get(self, name: str) -> Medium:
        """KeyError for a name that is not in NAMES; RuntimeError when ffmpeg cannot make it."""
        if name not in NAMES:
            raise KeyError(name)
        if name not in self._loaded:
            path = self._ensure(name)
            data = path.read_bytes()
            etag = hashlib.sha256(data).hexdigest()[:32]
            self._loaded[name] = Medium(name, path, data, etag, CONTENT_TYPES[path.suffix])
        return self._loaded[name]

    def close(self) -> None:
        """Stops an ffmpeg that is at work, and lets no other start."""
        with self._lock:
            self._closed = True
            if self._encoder:
                self._encoder.kill()

    def _ensure(self, name: str) -> Path:
        path = self._directory / name
        if name in DERIVED:
            original, derive = DERIVED[name]
            source = self._ensure(original)
        # One at a time, across threads and processes: ffmpeg uses every core by itself.
        with (self._directory / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if path.exists():
                return path
            unfinished = path.with_name(f".part-{name}")
            if name in DERIVED:
                unfinished.write_bytes(derive(source.read_bytes()))
            else:
                self._encode(FFMPEG_ARGUMENTS[name], unfinished)
            return unfinished.rename(path)

    def _encode(self, arguments: tuple[str, ...], target: Path) -> None:
        command = ["ffmpeg", "-nostdin", "-v", "error", "-y", *arguments, target]
        with self._lock:
            if self._closed:
                raise RuntimeError("the stand-in is closing")
            encoder = self._encoder = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            _, errors = encoder.communicate()
            if encoder.returncode:
                raise RuntimeError(f"ffmpeg could not make {target}: {errors.decode(errors='replace')}")
        except BaseException:
            encoder.kill()
            encoder.wait()
            target.unlink(missing_ok=True)
            raise
        finally:
            with self._lock:
                self._encoder = None
