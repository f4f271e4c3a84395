"""contract.md, "The process": extractor processes that die, are missing or are wrong."""

import os
import tempfile
import time
import unittest
from pathlib import Path

from . import processes
from .clients import StrictDownload, order, post_json, strict_download
from .deadlines import PROMPT_S, until, until_stable
from .expectations import NO_FILES, assert_delivered, assert_same
from .fixture import Fixture, id_of
from .wire import Connection

fixture = Fixture(workers=2, resolve_timeout_s=60)
setUpModule, tearDownModule = fixture.start, fixture.stop


def sockets_of(pid):
    """The sockets a process holds, by the kernel's numbers for them."""
    return {target for target in processes.open_descriptors(pid).values() if target.startswith('socket:')}


class Dying(unittest.TestCase):
    """A process that dies takes only its own job with it, and that job is tried once more on another."""

    def setUp(self):
        self.server = self.enterContext(fixture.new_server(workers=1, resolve_timeout_s=60))
        self.server.wait_for_log('extractor ready')

    def kill_at_work(self, link, times):
        """Waits until the page has been asked for that many times, and kills the extractor."""
        until(lambda: len(fixture.requests(id_of(link))) >= times, f'request {times} for the page')
        processes.kill_hard(*self.server.extractors())

    def test_once_in_the_middle_of_a_job(self):
        link = fixture.post(page={'behaviour': 'hang', 'times': 1})
        with StrictDownload(self.server.address, link) as download:
            self.kill_at_work(link, 1)
            assert_same(download.read_head().read_rest().parts[0].data, fixture.media('small.mp4'))

    def test_twice_in_the_middle_of_a_job(self):
        link = fixture.post(page={'behaviour': 'hang'})
        with StrictDownload(self.server.address, link) as download:
            self.kill_at_work(link, 1)
            self.kill_at_work(link, 2)
            answer = download.connection.read_answer('POST')
        self.assertEqual((answer.status, answer.json['detail'], answer.json['code']),
                         (400, NO_FILES, 'extractor.failed'))
        self.assertEqual(len(fixture.requests(id_of(link))), 2)
        assert_delivered(self.server.address, fixture.post(), fixture.media('small.mp4'))

    def test_while_idle(self):
        held = set()
        for round_number in range(1, 5):
            self.server.wait_for_log('extractor ready', count=round_number)
            assert_delivered(self.server.address, fixture.post(), fixture.media('small.mp4'))
            held.add(until_stable(lambda: len(self.server.open_descriptors()), 'the number of descriptors'))
            processes.kill_hard(*self.server.extractors())
        self.assertEqual(len(held), 1, 'descriptors of dead extractors stay open')

    def test_a_running_download_does_not_notice(self):
        healthy = fixture.gated_video()
        hanging = fixture.post(page={'behaviour': 'hang'})
        with StrictDownload(self.server.address, healthy) as running:
            running.read_head().read_until(100_000)
            with StrictDownload(self.server.address, hanging) as doomed:
                self.kill_at_work(hanging, 1)
                self.kill_at_work(hanging, 2)
                self.assertEqual(doomed.connection.read_answer('POST').json['code'], 'extractor.failed')
            fixture.standin.open_gate()
            assert_same(running.read_rest().parts[0].data, fixture.media('medium.mp4'))

    def test_another_extractor_takes_over(self):
        fixture.server.wait_for_log('extractor ready', count=2)
        idle = {child: sockets_of(child) for child in fixture.server.extractors()}
        link = fixture.post(page={'behaviour': 'hang', 'times': 1})
        with StrictDownload(fixture.server.address, link) as download:
            until(lambda: fixture.requests(id_of(link)), 'the page is asked for')
            [busy] = [child for child in idle if sockets_of(child) - idle[child]]
            processes.kill_hard(busy)
            assert_same(download.read_head().read_rest().parts[0].data, fixture.media('small.mp4'))
        fixture.server.wait_for_log('extractor ready', count=3)
        self.assertEqual(set(idle) & set(fixture.server.extractors()), set(idle) - {busy})


class Queueing(unittest.TestCase):
    """Requests wait for an extractor, also for the first one of all."""

    def test_a_request_that_comes_before_an_extractor_is_ready(self):
        with fixture.new_server() as server:
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))

    def test_more_requests_than_extractors(self):
        links = [fixture.post(page={'delay_ms': 100}) for _ in range(12)]
        downloads = [StrictDownload(fixture.server.address, link) for link in links]
        for download in downloads:
            self.addCleanup(download.connection.close)
        for download in downloads:
            assert_same(download.read_head().read_rest().parts[0].data, fixture.media('small.mp4'))


class Missing(unittest.TestCase):
    """With no workers the server starts too, says so, and answers what it still can."""

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def program(self, text):
        path = self.folder / 'python'
        path.write_text(text)
        path.chmod(0o755)
        return path

    def assert_says_so_and_answers(self, said, **settings):
        with fixture.new_server(**{'resolve_timeout_s': 10, **settings}) as server:
            server.wait_for_log(said)
            for _ in range(2):
                with Connection(server.address) as connection:
                    self.assertEqual(connection.ask('GET', '/ping').status, 200)
                begun = time.monotonic()
                answer = post_json(server.address, order(fixture.post()))
                self.assertIn((answer.status, answer.json.get('code')), [(400, 'extractor.failed'), (503, None)])
                self.assertLess(time.monotonic() - begun, PROMPT_S)
            self.assertNotIn('extractor ready', server.log)

    def test_no_python(self):
        self.assert_says_so_and_answers(r'(error|warning).*/no/such/python', python='/no/such/python')

    def test_no_yt_dlp(self):
        """Without its site directories Python has the standard library only."""
        python = self.program('#!/bin/sh\nexec /usr/bin/python3 -S "$@"\n')
        self.assert_says_so_and_answers(r'(error|warning).*yt_dlp', python=python)

    def test_a_python_that_ends_at_once(self):
        self.assert_says_so_and_answers('(error|warning).*extractor', python=self.program('#!/bin/sh\nexit 3\n'))

    def test_an_extractor_of_another_version(self):
        ready = '{"event":"ready","yt_dlp":"2026.10.26","python":"3.11.2","protocol":99}'
        python = self.program(f"#!/bin/sh\necho '{ready}'\nexec cat >/dev/null\n")
        self.assert_says_so_and_answers('(error|warning).*protocol', python=python)

    def test_a_python_that_babbles(self):
        self.assert_says_so_and_answers('(error|warning).*extractor', python=self.program('#!/bin/sh\nexec yes\n'))

    def test_a_python_that_says_nothing_and_ignores_sigterm(self):
        python = self.program('#!/bin/sh\ntrap "" TERM\nwhile :; do read line || exec tail -f /dev/null; done\n')
        with fixture.new_server(python=python, resolve_timeout_s=1) as server:
            answer = post_json(server.address, order(fixture.post()))
            self.assertIn(answer.status, (400, 503))
            until(server.children, 'the program runs')

    def test_restarts_are_paced(self):
        """A program that cannot run must not be started again and again without a pause."""
        count = self.folder / 'count'
        python = self.program(f'#!/bin/sh\necho x >>{count}\nexit 3\n')
        with fixture.new_server(python=python) as server:
            server.wait_for_log('(error|warning).*extractor')
            begun = time.monotonic()
            for _ in range(20):
                self.assertIn(post_json(server.address, order(fixture.post())).status, (400, 503))
            self.assertLess(count.read_text().count('x'), 30 + 5 * (time.monotonic() - begun))


class Environment(unittest.TestCase):
    """What an extractor process has from the server."""

    def test_it_has_a_process_group_of_its_own_and_none_of_the_sockets(self):
        with fixture.new_server() as server, Connection(server.address) as connection:
            self.assertEqual(connection.ask('GET', '/ping').status, 200)
            server.wait_for_log('extractor ready')
            [first] = server.extractors()
            self.assertNotEqual(os.getpgid(first), os.getpgid(server.pid))
            self.assertEqual(sockets_of(first) & sockets_of(server.pid), set())
            processes.kill_hard(first)
            server.wait_for_log('extractor ready', count=2)
            [second] = server.extractors()
            self.assertEqual(sockets_of(second) & sockets_of(server.pid), set())

    def test_it_does_not_keep_the_connections_of_clients_open(self):
        with fixture.new_server() as server, Connection(server.address, timeout=PROMPT_S) as connection:
            self.assertEqual(connection.ask('GET', '/ping').status, 200)
            server.wait_for_log('extractor ready')
            processes.kill_hard(*server.extractors())
            server.wait_for_log('extractor ready', count=2)
            self.assertTrue(connection.ask('GET', '/ping', fields=[('Connection', 'close')]).head.closes)
            self.assertTrue(connection.is_at_end())

    def test_posts_share_nothing(self):
        texts = [f'text {number}' for number in range(5)]
        links = [fixture.post(desc=text) for text in texts]
        self.assertEqual([strict_download(fixture.server.address, link).meta['desc'] for link in links], texts)
