"""What the tests of one module share: one server and one stand-in TikTok that it reaches."""

import contextlib
import itertools
import os
import tempfile
from pathlib import Path
from typing import NamedTuple

from standin import running

from .deadlines import until_stable
from .harness import Server

# Media made by ffmpeg and the authority's key are kept here from one module to the next.
_OWN_STANDIN_DIR = Path(tempfile.gettempdir(), f'ttsave-standin-{os.getuid()}')
_STANDIN_DIR = Path(os.environ.get('TTSAVE_STANDIN_DIR', _OWN_STANDIN_DIR))

# Each post of a test run has its own id, so that no test meets what another left in the stand-in or in the server.
_ids = itertools.count(7312345678901230001)

# The two hosts that a post's media stand on, its photos, and its sound.
CDN, OTHER_CDN = 'v16-webapp-prime.tiktok.com', 'v19-webapp-prime.tiktok.com'
PHOTO_CDN, OTHER_PHOTO_CDN = 'p16-sign-va.tiktokcdn.com', 'p19-sign-va.tiktokcdn.com'
SOUND_CDN = 'sf16-ies-music-va.tiktokcdn.com'


def fresh_id():
    """An id that no other post of this test run has."""
    return str(next(_ids))


def id_of(link):
    """The id in a post's link."""
    return link.rpartition('/')[2]


class Footprint(NamedTuple):
    """What a server holds: processes below it, descriptors, files in cache_dir, connections to the stand-in."""

    processes: int
    descriptors: int
    files: int
    upstream_connections: int


class Fixture:
    """What the tests of one module share: a stand-in, and a server that reaches it.

    A module says `fixture = Fixture(...)` and `setUpModule, tearDownModule = fixture.start, fixture.stop`.
    """

    def __init__(self, **settings):
        self._settings = settings
        self._stack = contextlib.ExitStack()

    def start(self):
        with contextlib.ExitStack() as stack:
            _STANDIN_DIR.mkdir(exist_ok=True)
            self.standin = stack.enter_context(running(_STANDIN_DIR))
            self.server = stack.enter_context(self.new_server(**self._settings))
            self._stack = stack.pop_all()

    def stop(self):
        self._stack.close()

    def new_server(self, **settings):
        """Another server on the same stand-in, not yet started."""
        return Server(**{'proxy': self.standin.http_proxy, 'ca_file': self.standin.ca_file, **settings})

    # The stand-in

    def post(self, **spec):
        """Adds a post with an id of its own (unless given) and returns its link; README's keys."""
        return self.standin.add_post(**{'id': fresh_id(), **spec})

    def video(self, media='small.mp4', **host):
        """Adds a post of one file on one host, which behaves as the keywords say. Returns its link."""
        return self.post(formats=[{'media': media, 'hosts': [{'host': CDN, **host}]}])

    def gated_video(self, media='medium.mp4'):
        """A video whose second half waits for standin.open_gate(). Forgets all posts before, whose gate may be open."""
        self.standin.reset()
        return self.video(media, behaviour='gate')

    def media(self, name):
        """The bytes of one of the stand-in's files."""
        return self.standin.media(name).read_bytes()

    def requests(self, part=''):
        """What was asked of the stand-in with `part` (a post's id, a host) in host or path, in order."""
        return [entry for entry in self.standin.log() if part in entry['host'] + entry.get('path', '')]

    def at_rest(self):
        """Waits for what the server holds when nothing is going on; returns it as a Footprint."""
        return until_stable(self.footprint, 'what the server holds')

    def held_at_rest(self):
        """The same but for connections to the CDN, which are kept for the next post."""
        held = self.at_rest()
        return held.processes, held.files, held.descriptors - held.upstream_connections

    def footprint(self):
        return Footprint(len(self.server.children()), len(self.server.open_descriptors()),
                         len(self.server.spooled_files()), self.standin.open())
