"""contract.md, "The process": how the server starts and ends."""

import signal
import socket
import unittest

from . import processes
from .clients import StrictDownload, order, post_json
from .deadlines import until
from .expectations import assert_delivered, assert_same
from .fixture import Fixture, id_of
from .harness import Server, run_binary
from .wire import Connection, CutOff

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


class Start(unittest.TestCase):
    """The listening line, and addresses that cannot be had."""

    def assert_in_use(self, port, *words):
        done = run_binary('--port', str(port), '--address', '127.0.0.1', *words)
        self.assertEqual(done.returncode, 1, done)
        self.assertRegex(done.stderr, rf'127\.0\.0\.1:{port}.*(?i:in use)')
        self.assertNotIn('listening on', done.stderr)

    def test_an_address_that_another_instance_has(self):
        self.assert_in_use(fixture.server.port, '--cache-dir', str(fixture.server.cache_dir))
        self.assertEqual(post_json(fixture.server.address, {}).status, 400)

    def test_an_address_that_something_else_has(self):
        for reuse_port in (False, True):
            with self.subTest(reuse_port=reuse_port):
                with socket.create_server(('127.0.0.1', 0), reuse_port=reuse_port) as listener:
                    self.assert_in_use(listener.getsockname()[1])

    def test_an_address_that_is_not_ours(self):
        done = run_binary('--port', '0', '--address', '192.0.2.1')
        self.assertEqual(done.returncode, 1, done)
        self.assertIn('192.0.2.1', done.stderr)

    def test_an_address_is_free_again_at_once(self):
        with Server() as server, Connection(server.address) as connection:
            self.assertEqual(connection.ask('GET', '/ping').status, 200)
            server.stop()
            with Server(port=server.port) as successor:
                self.assertEqual(successor.port, server.port)

    def test_other_addresses(self):
        for address in ('0.0.0.0', '::1', '::'):
            with self.subTest(address), Server(address=address) as server:
                self.assertEqual(server.host, address)
                with Connection((address, server.port)) as connection:
                    self.assertEqual(connection.ask('GET', '/ping').status, 200)

    def test_it_listens_before_the_extractors_are_ready_and_says_when_they_are(self):
        with Server(workers=3) as server:
            server.wait_for_log('extractor ready', count=3)
            log = server.log
            self.assertLess(log.index('listening on'), log.index('extractor ready'))
            self.assertRegex(log, r'extractor ready.*20\d\d\.\d\d\.\d\d')
            self.assertEqual(len(server.extractors()), 3)


class Stop(unittest.TestCase):
    """SIGTERM and SIGINT alike: what runs may finish within the grace period, then all is ended; status 0."""

    def test_idle(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number), fixture.new_server(shutdown_grace_s=30) as server:
                server.wait_for_log('extractor ready')
                with Connection(server.address) as idle, Connection(server.address) as used:
                    self.assertEqual(used.ask('GET', '/ping').status, 200)
                    server.stop(number)
                    self.assertTrue(idle.is_at_end())
                    self.assertTrue(used.is_at_end())

    def test_at_once_after_the_start(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number), fixture.new_server(workers=4) as server:
                server.stop(number)

    def test_a_running_download_is_finished(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number), fixture.new_server(shutdown_grace_s=300) as server:
                link = fixture.gated_video()
                with StrictDownload(server.address, link) as download:
                    download.read_head().read_until(100_000)
                    server.send_signal(number)
                    until(lambda: not accepts(server.address), 'the server stops accepting')
                    fixture.standin.open_gate()
                    assert_same(download.read_rest().parts[0].data, fixture.media('medium.mp4'))
                    self.assertEqual(server.wait(), 0)

    def test_a_request_on_an_open_connection_is_refused_while_shutting_down(self):
        with fixture.new_server(shutdown_grace_s=300) as server, Connection(server.address) as other:
            with StrictDownload(server.address, fixture.gated_video()) as download:
                download.read_head().read_until(100_000)
                self.assertEqual(other.ask('GET', '/ping').status, 200)
                server.send_signal(signal.SIGTERM)
                until(lambda: not accepts(server.address), 'the server stops accepting')
                self.assert_closed_or_unavailable(other)
                fixture.standin.open_gate()
                download.read_rest()
            self.assertEqual(server.wait(), 0)

    def assert_closed_or_unavailable(self, connection):
        try:
            connection.send(b'POST /api/v3/download HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}')
            answer = connection.read_answer('POST')
        except (CutOff, BrokenPipeError, ConnectionResetError):
            return
        self.assertIn((answer.status, answer.json['detail']), [(503, 'Service Unavailable'), (400, 'URL is required')])

    def test_grace_exceeded(self):
        before = fixture.standin.open()
        with fixture.new_server(shutdown_grace_s=1) as server:
            with StrictDownload(server.address, fixture.gated_video()) as download:
                download.read_head().read_until(100_000)
                server.send_signal(signal.SIGTERM)
                self.assertRaises(CutOff, download.read_rest)
                self.assertEqual(server.wait(), 0)
                self.assertEqual(server.spooled_files(), [])
            until(lambda: fixture.standin.open() <= before, 'nothing is left of the download upstream')

    def test_no_grace(self):
        with fixture.new_server(shutdown_grace_s=0) as server:
            with StrictDownload(server.address, fixture.gated_video()) as download:
                download.read_head().read_until(100_000)
                server.send_signal(signal.SIGTERM)
                self.assertRaises(CutOff, download.read_rest)
                self.assertEqual(server.wait(), 0)

    def test_a_second_signal_does_not_make_it_unclean(self):
        with fixture.new_server(shutdown_grace_s=1) as server:
            with StrictDownload(server.address, fixture.gated_video()) as download:
                download.read_head().read_until(100_000)
                server.send_signal(signal.SIGINT)
                server.send_signal(signal.SIGTERM)
                self.assertEqual(server.wait(), 0)

    def test_while_a_post_is_being_resolved(self):
        with fixture.new_server(shutdown_grace_s=1) as server:
            server.wait_for_log('extractor ready')
            link = fixture.post(page={'behaviour': 'hang'})
            with StrictDownload(server.address, link) as download:
                until(lambda: fixture.requests(id_of(link)), 'the page is asked for')
                family = [processes.identity(child) for child in server.children()]
                server.send_signal(signal.SIGTERM)
                self.assertEqual(server.wait(), 0)
                self.assertFalse([who for who in family if processes.is_alive(who)])
                # A 503 or nothing at all, but no download.
                with self.assertRaises((AssertionError, CutOff)):
                    download.read_head()

    def test_killed_hard_it_leaves_no_extractor_behind(self):
        with fixture.new_server(workers=2) as server:
            server.wait_for_log('extractor ready', count=2)
            busy = fixture.post(page={'behaviour': 'hang'})
            with StrictDownload(server.address, busy):
                until(lambda: fixture.requests(id_of(busy)), 'one extractor is busy')
                family = [processes.identity(child) for child in server.children()]
                self.assertEqual(len(family), 2)
                server.send_signal(signal.SIGKILL)
                server.wait()
                until(lambda: not any(map(processes.is_alive, family)), 'the extractors are gone')
            self.assertEqual(server.spooled_files(), [])

    def test_the_next_start_works_after_a_hard_end_in_mid_download(self):
        with fixture.new_server() as server:
            with StrictDownload(server.address, fixture.gated_video()) as download:
                download.read_head().read_until(100_000)
                server.send_signal(signal.SIGKILL)
                server.wait()
                self.assertRaises(CutOff, download.read_rest)
            with fixture.new_server(cache_dir=server.cache_dir, port=server.port) as successor:
                assert_delivered(successor.address, fixture.post(), fixture.media('small.mp4'))
                successor.stop()
            self.assertEqual(server.spooled_files(), [])


def accepts(address):
    """Whether new connections get an answer; one that is only reset or closed does not."""
    try:
        with Connection(address) as connection:
            return connection.ask('GET', '/ping').status == 200
    except (OSError, CutOff):
        return False


class ShuttingDown(unittest.TestCase):
    """What waits in the queue is told so."""

    def test_an_order_in_the_queue(self):
        with fixture.new_server(shutdown_grace_s=1) as server:
            server.wait_for_log('extractor ready')
            busy = fixture.post(page={'behaviour': 'hang'})
            waiting = fixture.post()
            with StrictDownload(server.address, busy) as first:
                until(lambda: fixture.requests(id_of(busy)), 'the extractor is busy')
                with StrictDownload(server.address, waiting) as second:
                    server.send_signal(signal.SIGTERM)
                    for download in (first, second):
                        try:
                            answer = download.connection.read_answer('POST')
                        except CutOff:
                            continue
                        self.assertEqual((answer.status, answer.json['detail']), (503, 'Service Unavailable'))
                    self.assertEqual(server.wait(), 0)
        self.assertEqual(post_json(fixture.server.address, order(fixture.post())).status, 200)
