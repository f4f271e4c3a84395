"""A soak from its beginning to its verdict."""

import contextlib
import functools
import random
import threading
import time

from system.clients import strict_download
from system.deadlines import PATIENT_S, SLOWNESS
from system.fixture import Fixture

from . import census
from .ledger import Ledger
from .torment import Torment
from .visitors import Visitor
from .world import World

EXTRACTORS = 4
CACHE_TTL_S = 10
# Everything small or short enough to be met often: eviction, expiry, recycling, refusals.
SETTINGS = {'workers': EXTRACTORS, 'worker_max_jobs': 40, 'cache_ttl_s': CACHE_TTL_S, 'cache_max_bytes': 25_000_000,
            'negative_ttl_s': 2, 'max_spool_bytes': 1_000_000_000, 'max_deliveries': 25, 'max_clients': 45,
            'resolve_timeout_s': int(10 * SLOWNESS), 'stall_timeout_s': int(3 * SLOWNESS), 'slideshow_jobs': 1,
            'photo_min_s': 1, 'photo_max_s': 1, 'slideshow_background': 'black'}
EPOCH_S = 60

# What a server at rest may have more than after the first minute. Its own memory is what malloc keeps in the arenas of
# ten threads, and the most that many clients at once ever took; every minute may meet a new most, but a leak of a
# kilobyte for each post would be past it within the hour. An extractor grows with its jobs until it is replaced.
SERVER_MAY_GROW_BYTES = 24_000_000
EXTRACTOR_MAY_GROW_BYTES = 40_000_000


class Soak:
    """What the threads of a run share."""

    def __init__(self, fixture, seed, posts, clients):
        self.fixture = fixture
        self.ledger = Ledger()
        self.world = World(fixture.standin, seed, posts)
        self.ended = threading.Event()
        self.current = []
        # Both would starve the others: of the processor, and of extractors.
        self.making_a_video, self.holding_up = threading.Lock(), threading.Lock()
        self.torment = None
        self._seed, self._clients = seed, clients

    @functools.cache
    def media(self, name):
        return self.fixture.media(name)

    def log_of(self, post_id):
        """What the server said of a post, and at that time."""
        return '\n'.join(line for line in self.fixture.server.log_tail(400).splitlines()
                         if post_id in line or 'info' not in line)

    def warm_up(self):
        """Everything has worked once, so that what is kept for good is there."""
        self.fixture.server.wait_for_log('extractor ready', count=EXTRACTORS)
        for _ in range(EXTRACTORS):
            strict_download(self.fixture.server.address, self.fixture.post())
        strict_download(self.fixture.server.address, self.fixture.post(images=[{'media': 'tiny.jpg'}]),
                        content_type='VIDEO_ONLY')

    def run_epoch(self, number, seconds):
        """A world of posts, and clients who ask for them for that long; returns when the last of them has ended."""
        self.world.renew()
        for post in self.world.posts:
            self.ledger.count('posts added by fault', post.fault)
        self.ended.clear()
        self.torment = Torment(self.fixture.server, self.ledger, f'{self._seed} {number}')
        visitors = [Visitor(each, f'{self._seed} {number}', self) for each in range(self._clients)]
        for thread in (self.torment, *visitors):
            thread.start()
        self.ended.wait(seconds)
        self.torment.finish()
        self.ended.set()
        deadline = time.monotonic() + 2 * PATIENT_S
        for visitor in visitors:
            visitor.join(max(0, deadline - time.monotonic()))
            if visitor.is_alive():
                self.ledger.problem('a client does not end')
        if not self.fixture.server.is_running:
            raise AssertionError('the server has ended by itself')

    def compare(self, first, now):
        """Holds what rests now against what rested first."""
        if now.held != first.held:
            kinds = sorted(self.fixture.server.open_descriptors().values())
            self.ledger.problem(f'at rest {first} became {now}: {kinds}')
        if now.server_bytes > first.server_bytes + SERVER_MAY_GROW_BYTES * SLOWNESS:
            self.ledger.problem(f'the server has grown: {first} became {now}')
        if now.extractor_bytes > first.extractor_bytes + EXTRACTOR_MAY_GROW_BYTES:
            self.ledger.problem(f'an extractor has grown: {first} became {now}')


def run(seconds, seed, posts=300, clients=50):
    """Returns whether all is well; tells what happened on standard output."""
    seed = seed or random.SystemRandom().randrange(1, 10 ** 9)
    print(f'soak of {seconds} s, seed {seed}', flush=True)
    fixture = Fixture(**SETTINGS)
    with contextlib.ExitStack() as stack:
        fixture.start()
        stack.callback(fixture.stop)
        soak = Soak(fixture, seed, posts, clients)
        try:
            _epochs(soak, seconds)
        except Exception as error:
            soak.ledger.problem(f'{type(error).__name__}: {error}')
        server = fixture.server
        soak.ledger.count('extractors', 'ready', server.log.count('extractor ready'))
        soak.ledger.print()
        if soak.ledger.problems:
            print(f'the server said last:\n{server.log_tail(30)}')
    print(f'seed {seed}: {"FAILED" if soak.ledger.problems else "all is well"}')
    return not soak.ledger.problems


def _epochs(soak, seconds):
    soak.warm_up()
    watch = census.CacheWatch(soak.fixture.server.cache_dir, CACHE_TTL_S, soak.ledger)
    watch.start()
    try:
        first = None
        epoch_s = min(EPOCH_S, seconds / 3)
        for number in range(max(2, round(seconds / epoch_s))):
            soak.run_epoch(number, epoch_s)
            now = census.take(soak.fixture, first)
            print(f'epoch {number}: {now}', flush=True)
            if first:
                soak.compare(first, now)
            first = first or now
    finally:
        watch.finish()
