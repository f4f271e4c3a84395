"""contract.md, "Success": files that are still on their way, clients that are slow or leave, and the boundary."""

import unittest

from .clients import StrictDownload, pyttsave_download
from .deadlines import PROMPT_S, SLOWNESS, until, until_stable
from .expectations import assert_cut_off, assert_delivered, assert_same, download_or_beginning
from .fixture import Fixture, id_of

BOUNDARY = b'simple_boundary'

# How much of the first half may still be under way inside the server.
SLACK = 64 * 1024

# What three clients at a time may cost, whose 150 MB nobody reads.
SLOW_CLIENTS_MAY_COST = 40_000_000 * min(SLOWNESS, 2)

fixture = Fixture(resolve_timeout_s=60, stall_timeout_s=60)
setUpModule, tearDownModule = fixture.start, fixture.stop


class WhileItArrives(unittest.TestCase):
    """The client receives while the server still downloads."""

    def test_bytes_come_before_the_upstream_has_sent_all(self):
        content = fixture.media('medium.mp4')
        with StrictDownload(fixture.server.address, fixture.gated_video()) as download:
            download.read_head().read_until(len(content) // 2 - SLACK)
            self.assertLess(download.received, len(content))
            fixture.standin.open_gate()
            assert_same(download.read_rest().parts[0].data, content)

    def test_the_head_waits_for_the_first_bytes(self):
        link = fixture.video(delay_ms=1500)
        with StrictDownload(fixture.server.address, link) as download:
            self.assertTrue(download.connection.is_silent_for(0.5))
            assert_same(download.read_head().read_rest().parts[0].data, fixture.media('small.mp4'))

    def test_a_slow_upstream(self):
        link = fixture.video(behaviour='slow:150000')
        assert_delivered(fixture.server.address, link, fixture.media('small.mp4'))

    def test_a_steady_slow_upstream_is_not_a_stall(self):
        with fixture.new_server(stall_timeout_s=1) as server:
            link = fixture.video(behaviour='slow:60000')
            assert_delivered(server.address, link, fixture.media('small.mp4'))


class Boundary(unittest.TestCase):
    """Should a file hold the boundary, the body must still mean the same."""

    def test_in_the_first_bytes(self):
        content = fixture.media('boundary_head.mp4')
        boundaries = set()
        for _ in range(3):
            link = fixture.video('boundary_head.mp4')
            download = assert_delivered(fixture.server.address, link, content)
            self.assertNotIn(BOUNDARY, download.boundary)
            boundaries.add(download.boundary)
            self.assertEqual(pyttsave_download(fixture.server.base_url, link).files[0][1], content + b'\r\n')
        self.assertEqual(len(boundaries), 3)

    def test_in_the_last_bytes(self):
        """Whole under a fresh boundary, or cut off: the strict client would see a forged part."""
        content = fixture.media('boundary_tail.mp4')
        for _ in range(3):
            self.assert_honest(download_or_beginning(fixture.server.address, fixture.video('boundary_tail.mp4')),
                               content)

    def test_in_the_last_bytes_after_the_head_has_left(self):
        content = fixture.media('boundary_tail.mp4')
        with StrictDownload(fixture.server.address, fixture.gated_video('boundary_tail.mp4')) as download:
            download.read_head().read_until(100_000)
            self.assertEqual(download.boundary, BOUNDARY)
            fixture.standin.open_gate()
            rest = download.connection.drain()
        self.assertFalse(rest.endswith(b'\r\n0\r\n\r\n'))
        self.assertNotIn(b'--' + BOUNDARY, rest)
        self.assertGreater(len(rest), len(content) // 4)

    def assert_honest(self, download, content):
        if download.was_cut_off:
            self.assertEqual(download.boundary, BOUNDARY)
            assert_same(download.parts[0].data, content[:download.received])
        else:
            self.assertNotIn(BOUNDARY, download.boundary)
            assert_same(download.parts[0].data, content)


class SlowClients(unittest.TestCase):
    """A slow client must not make the server hold the file in memory."""

    def test_memory_stays_bounded(self):
        content = fixture.media('large.mp4')
        assert_delivered(fixture.server.address, fixture.video('medium.mp4'), fixture.media('medium.mp4'))
        before = fixture.server.peak_memory_bytes()
        links = [fixture.video('large.mp4') for _ in range(3)]
        downloads = [StrictDownload(fixture.server.address, link, receive_buffer=4096) for link in links]
        for download in downloads:
            self.addCleanup(download.connection.close)
            download.read_head()
        until_stable(lambda: [entry['sent'] for entry in fixture.standin.log()], 'the upstream')
        self.assertLess(fixture.server.peak_memory_bytes() - before, SLOW_CLIENTS_MAY_COST)
        for download in downloads[1:]:
            download.connection.close()
        assert_same(downloads[0].read_rest().parts[0].data, content)

    def test_others_do_not_wait_for_a_slow_client(self):
        with StrictDownload(fixture.server.address, fixture.video('large.mp4'), receive_buffer=4096) as slow:
            slow.read_head()
            for _ in range(5):
                assert_delivered(fixture.server.address, fixture.post(), fixture.media('small.mp4'))


class VanishingClients(unittest.TestCase):
    """A delivery whose last client has left is over: its connections, descriptors and files are gone."""

    @classmethod
    def setUpClass(cls):
        assert_delivered(fixture.server.address, fixture.post(), fixture.media('small.mp4'))
        cls.rest = fixture.at_rest()

    def assert_gone(self):
        """Long before any timeout could have ended it."""
        def is_gone():
            now = fixture.footprint()
            return (now.processes == self.rest.processes and now.descriptors <= self.rest.descriptors
                    and now.upstream_connections <= self.rest.upstream_connections)
        until(is_gone, 'the delivery is gone', PROMPT_S)
        assert_delivered(fixture.server.address, fixture.post(), fixture.media('small.mp4'))

    def test_while_bytes_flow(self):
        for leave in ('close', 'reset', 'finish_sending'):
            with self.subTest(leave):
                link = fixture.gated_video()
                with StrictDownload(fixture.server.address, link) as download:
                    download.read_head().read_until(100_000)
                    self.assertEqual([entry['status'] for entry in fixture.requests(id_of(link))], [200, 200])
                    getattr(download.connection, leave)()
                    self.assert_gone()

    def test_while_the_client_does_not_read(self):
        download = StrictDownload(fixture.server.address, fixture.video('large.mp4'), receive_buffer=4096)
        download.read_head()
        until_stable(lambda: [entry['sent'] for entry in fixture.standin.log()], 'the upstream')
        download.connection.reset()
        self.assert_gone()

    def test_before_the_first_byte(self):
        link = fixture.video(behaviour='hang')
        with StrictDownload(fixture.server.address, link) as download:
            until(lambda: len(fixture.requests(id_of(link))) == 2, 'the CDN is asked')
            download.connection.close()
            self.assert_gone()

    def test_while_the_page_is_awaited(self):
        link = fixture.post(page={'behaviour': 'hang'})
        with StrictDownload(fixture.server.address, link) as download:
            until(lambda: fixture.requests(id_of(link)), 'the page is asked for')
            download.connection.close()
            self.assert_gone()

    def test_many_at_a_time(self):
        links = [fixture.video('medium.mp4', behaviour='slow:200000') for _ in range(10)]
        downloads = [StrictDownload(fixture.server.address, link) for link in links]
        for download in downloads:
            self.addCleanup(download.connection.close)
            download.read_head()
        for download in downloads:
            download.connection.reset()
        self.assert_gone()


class FailingForGood(unittest.TestCase):
    """If the transfer fails after the header has left, the connection is closed without the last chunk."""

    def test_the_source_is_gone_in_the_middle(self):
        content = fixture.media('medium.mp4')
        for fault in ('truncate:1000000', 'reset:1000000'):
            for then in ('http:404', 'http:403', 'html', 'empty', 'reset'):
                with self.subTest(fault=fault, then=then):
                    assert_cut_off(fixture.server.address, fixture.video('medium.mp4', behaviour=fault, then=then),
                                   content)
