"""Issue 6, line 4: clients that keep the server waiting cost it little, and nobody else anything they would notice."""

import contextlib
import unittest

from . import crowd, processes
from .clients import StrictDownload
from .deadlines import PROMPT_S, SLOWNESS, until, until_stable
from .expectations import assert_delivered
from .fixture import Fixture
from .harness import is_linked_with
from .wire import Connection

fixture = Fixture(cache_ttl_s=3600)
setUpModule, tearDownModule = fixture.start, fixture.stop

COUNT = int(4000 / SLOWNESS)
PING_S = 3
SECOND = SLOWNESS

# Of the server's own memory for each of them. What a sanitizer keeps beside it is not the server's.
MOST_BYTES_EACH = 64 * 1024 * SLOWNESS


class CrowdTest(unittest.TestCase):

    def assert_answered(self, server):
        pings = crowd.ping_for(server.address, PING_S, at_least=20)
        self.assertLessEqual(pings.slowest_s, PROMPT_S)
        self.assertLessEqual(pings.failed, 0.001 * pings.count, pings)


class Crowds(CrowdTest):

    def assert_borne(self, behaviour, **settings):
        with fixture.new_server(max_clients=COUNT + 100, max_deliveries_per_client=COUNT + 100, cache_ttl_s=3600,
                                **settings) as server:
            if behaviour.reads:
                assert_delivered(server.address, self.link, fixture.media('large.mp4'))
                until(server.kept_entries, 'it is kept')
            until_stable(lambda: len(server.open_descriptors()), 'the start')
            before = processes.anonymous_memory_bytes(server.pid)
            with crowd.Crowd(server.address, COUNT, behaviour):
                self.assert_answered(server)
                grown = processes.anonymous_memory_bytes(server.pid) - before
                self.assertLessEqual(grown / COUNT, MOST_BYTES_EACH)
            self.assert_answered(server)

    def test_silent_ones(self):
        self.assert_borne(crowd.SILENT)

    def test_slow_headers(self):
        self.assert_borne(crowd.SLOW_HEADER)

    def test_slow_bodies(self):
        self.assert_borne(crowd.SLOW_BODY)

    def test_slow_readers(self):
        self.link = fixture.video('large.mp4')
        self.assert_borne(crowd.slow_reading(self.link))

    def test_more_than_may_be(self):
        """Whoever is waited for makes room, however many there are, and however quickly they come back."""
        for behaviour in (crowd.SILENT, crowd.SLOW_HEADER, crowd.SLOW_BODY):
            with fixture.new_server(max_clients=COUNT // 4) as server, \
                    crowd.Crowd(server.address, COUNT, behaviour) as those:
                self.assert_answered(server)
                self.assertGreater(those.opened, COUNT)


@unittest.skipIf(is_linked_with('libubsan'), 'UBSan looks at an object through a pipe, for which no descriptor is left')
class Descriptors(CrowdTest):

    def test_more_than_there_are(self):
        """Those who are waited for make room; nobody is told more than once."""
        with fixture.new_server(run_by=('prlimit', '--nofile=150:150')) as server, \
                crowd.Crowd(server.address, 400, crowd.SILENT):
            self.assert_answered(server)
            self.assertEqual(server.log.count('none can be accepted'), 1)

    def test_none_for_anybody(self):
        """Nothing burns meanwhile; a moment after there are some again, everybody is answered."""
        with fixture.new_server(run_by=('prlimit', '--nofile=150:150'), max_deliveries_per_client=1000) as server:
            link = fixture.gated_video()
            with contextlib.ExitStack() as stack:
                # The file flows before descriptors run out: without one to fetch it with, all would be refused, and idle.
                readers = [stack.enter_context(StrictDownload(server.address, link)).read_head()]
                readers += [stack.enter_context(StrictDownload(server.address, link)) for _ in range(150)]
                server.wait_for_log('none can be accepted')
                begin = processes.cpu_s(server.pid)
                with self.assertRaises(TimeoutError), Connection(server.address, timeout=SECOND) as connection:
                    connection.ask('GET', '/ping')
                self.assertLess(processes.cpu_s(server.pid) - begin, 0.2 * SECOND)
                for reader in readers:
                    reader.connection.close()
            with Connection(server.address, timeout=SECOND) as connection:
                self.assertEqual(connection.ask('GET', '/ping').body, b'pong')
            self.assertEqual(server.log.count('none can be accepted'), 1)
