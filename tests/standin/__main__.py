"""The stand-in as a command: prints where it listens, runs until SIGTERM or the end of standard input."""

import argparse
import contextlib
import json
import signal
import sys
from pathlib import Path

from .authority import Authority
from .catalogue import Catalogue
from .control_server import ControlServer
from .doors import Doors
from .journal import Journal
from .listener import Listener
from .media import Library
from .proxy import Proxies

DEMO_POSTS = (
    {"id": "7300000000000000001", "user": "demo", "desc": "A small video"},
    {"id": "7300000000000000002", "user": "demo", "desc": "A medium video", "duration": 10,
     "formats": [{"media": "medium.mp4"}]},
    {"id": "7300000000000000003", "user": "demo", "desc": "A private video", "status_code": 10222},
    {"id": "7300000000000000004", "user": "demo", "desc": "Four photos", "music": {},
     "images": [{}, {"media": "photo.webp"}, {"media": "landscape1.jpg", "width": 1440, "height": 1080}, {}]},
)
DEMO_LINK = {"host": "vm.tiktok.com", "code": "ZMdemo",
             "location": "https://www.tiktok.com/@demo/video/7300000000000000001"}


@contextlib.contextmanager
def listening(state_dir: Path, demo: bool):
    """Plays TikTok while it is entered; yields what to tell the world about it."""
    state_dir.mkdir(parents=True, exist_ok=True)
    authority = Authority(state_dir)
    library = Library(state_dir / "media")
    catalogue = Catalogue(authority, library)
    journal = Journal()
    proxies = Proxies(authority, catalogue, journal)
    with contextlib.ExitStack() as stack:
        def listen(serve) -> Listener:
            listener = Listener(serve)
            stack.callback(listener.close)
            return listener

        http, https, socks5 = (listen(serve) for serve in (
            proxies.serve_http, proxies.serve_https, proxies.serve_socks5))
        doors = Doors({"http": proxies.serve_http, "https": proxies.serve_https, "socks5": proxies.serve_socks5})
        stack.callback(doors.close)
        control = listen(ControlServer(catalogue, journal, library, doors, lambda: sum(
            listener.open_connections() for listener in (http, https, socks5, doors))).serve)
        # Last in, first out: a control connection may be waiting for ffmpeg.
        stack.callback(library.close)
        if demo:
            for post in DEMO_POSTS:
                catalogue.add_post(post)
            catalogue.add_link(DEMO_LINK)
        yield {
            "http_proxy": f"http://127.0.0.1:{http.port}",
            "https_proxy": f"https://localhost:{https.port}",
            "socks5_proxy": f"socks5://127.0.0.1:{socks5.port}",
            "ca_file": str(authority.certificate),
            "control": f"http://127.0.0.1:{control.port}",
        }


def main() -> None:
    parser = argparse.ArgumentParser(prog="standin", description="A TikTok that runs on loopback.")
    parser.add_argument("--state-dir", type=Path, required=True, help="certificates and media, kept for the next start")
    parser.add_argument("--demo", action="store_true", help="with a few posts to begin with")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    with listening(options.state_dir.resolve(), options.demo) as addresses:
        print(json.dumps(addresses), flush=True)
        while sys.stdin.buffer.read1():
            pass


if __name__ == "__main__":
    main()
