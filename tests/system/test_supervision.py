"""Extractor processes that are replaced while the server works, that stop, and that are repaired: the real ones."""

import errno
import os
import signal
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import processes
from .clients import StrictDownload, order, post_json, strict_download
from .deadlines import until, until_stable
from .expectations import assert_delivered, assert_same
from .fixture import Fixture, id_of

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


def only_extractor(server):
    """The extractor of a server that has one, once the check of ffmpeg at the start is through."""
    server.wait_for_log('extractor ready')
    [child] = until(lambda: len(server.children()) == 1 and server.children(), 'one child is left')
    return child


class Replacing(unittest.TestCase):
    """worker_max_jobs: a process that has done its share is followed by another, unnoticed by those who download."""

    def setUp(self):
        self.server = self.enterContext(fixture.new_server(workers=1, worker_max_jobs=3))
        self.first = only_extractor(self.server)

    def deliver(self, posts):
        for _ in range(posts):
            assert_delivered(self.server.address, fixture.post(), fixture.media('small.mp4'))

    def held_at_rest(self):
        """What the server has open, but for connections to the CDN; one extractor stands beside it."""
        return until_stable(lambda: (len(self.server.extractors()),
                                     len(self.server.open_descriptors()) - fixture.standin.open()), 'what it holds')

    def test_twenty_posts_in_a_row(self):
        self.deliver(4)
        self.server.wait_for_log('extractor 0 changes over', count=1)
        before = self.held_at_rest()
        self.assertEqual(before[0], 1)
        self.deliver(16)
        # Several posts may be done while the next process starts, so that not each third one is a change.
        self.server.wait_for_log('extractor 0 changes over', count=2)
        self.assertEqual(self.held_at_rest(), before)
        self.assertNotIn(self.first, self.server.extractors())
        self.assertNotRegex(self.server.log, r' (warning|error) ')


class Reserves(unittest.TestCase):
    """max_workers: posts that wait for an extractor bring in more of them."""

    def test_many_posts_behind_a_slow_upstream(self):
        server = self.enterContext(fixture.new_server(workers=1, max_workers=3))
        server.wait_for_log('extractor ready')
        links = [fixture.post(page={'delay_ms': 500}) for _ in range(12)]
        with ThreadPoolExecutor(len(links)) as clients:
            for answer in [clients.submit(strict_download, server.address, link) for link in links]:
                self.assertEqual(bytes(answer.result().parts[0].data), fixture.media('small.mp4'))
        server.wait_for_log('extractor ready number=[12]', count=2)
        self.assertLessEqual(len(server.extractors()), 3)


class Following(unittest.TestCase):
    """The process that is to be replaced works until the next one is ready, however long that takes."""

    def setUp(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.gate, python = folder / 'gate', folder / 'python'
        # Where there is a gate, whoever opens it waits until the test does (fifo(7)).
        python.write_text(f'#!/bin/sh\n[ -e {self.gate} ] && : <{self.gate}\nexec /usr/bin/python3 "$@"\n')
        python.chmod(0o755)
        self.server = self.enterContext(fixture.new_server(python=python, workers=1, worker_max_jobs=3))
        self.first = only_extractor(self.server)
        os.mkfifo(self.gate)

    def deliver(self, posts):
        for _ in range(posts):
            assert_delivered(self.server.address, fixture.post(), fixture.media('small.mp4'))

    def open_gate(self):
        """Waits until the next process stands there, and lets it through; later ones meet no gate."""
        def open_for_writing():
            try:
                return (os.open(self.gate, os.O_WRONLY | os.O_NONBLOCK),)
            except OSError as error:
                self.assertEqual(error.errno, errno.ENXIO)  # nobody reads yet
        [opened] = until(open_for_writing, 'the next process stands at the gate')
        self.gate.unlink()
        os.close(opened)

    def test_meanwhile_it_works_on(self):
        self.deliver(10)
        [following] = set(self.server.extractors()) - {self.first}
        self.open_gate()
        self.server.wait_for_log(f'changes over: pid={self.first} jobs=10 .* then pid={following}')
        until(lambda: self.server.extractors() == [following], 'the first one is gone')
        self.deliver(1)

    def test_should_it_die_its_job_waits_for_the_next(self):
        self.deliver(3)
        link = fixture.post(page={'behaviour': 'hang', 'times': 1})
        with StrictDownload(self.server.address, link) as download:
            until(lambda: fixture.requests(id_of(link)), 'the page is asked for')
            processes.kill_hard(self.first)
            self.server.wait_for_log('is lost on post=')
            self.open_gate()
            assert_same(download.read_head().read_rest().parts[0].data, fixture.media('small.mp4'))


class Stopping(unittest.TestCase):
    """SIGSTOP: a process that neither reads nor answers, and that SIGTERM does not reach."""

    def setUp(self):
        self.server = self.enterContext(fixture.new_server(workers=1, resolve_timeout_s=30))
        self.stopped = only_extractor(self.server)

    def test_while_idle(self):
        os.kill(self.stopped, signal.SIGSTOP)
        assert_delivered(self.server.address, fixture.post(), fixture.media('small.mp4'))
        self.server.wait_for_log('does not take up its job')
        until(lambda: self.stopped not in self.server.extractors(), 'it is gone')

    def test_on_a_job(self):
        with fixture.new_server(workers=1, resolve_timeout_s=3) as server:
            stopped = only_extractor(server)
            link = fixture.post(page={'behaviour': 'hang', 'times': 1})
            with StrictDownload(server.address, link) as download:
                until(lambda: fixture.requests(id_of(link)), 'the page is asked for')
                os.kill(stopped, signal.SIGSTOP)
                answer = download.connection.read_answer('POST')
            self.assertEqual((answer.status, answer.json['code']), (400, 'tiktok.timeout'))
            server.wait_for_log('extractor ready', count=2)
            until(lambda: stopped not in server.extractors(), 'it is gone')
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))

    def test_when_the_server_ends(self):
        os.kill(self.stopped, signal.SIGSTOP)
        self.server.stop()


class Repairing(unittest.TestCase):
    """A yt-dlp that cannot be imported is told by name, and what is repaired works again by itself."""

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.broken = self.folder / 'yt_dlp.py'
        self.python = self.folder / 'python'
        self.python.write_text(f'#!/bin/sh\nPYTHONPATH={self.folder}:$PYTHONPATH exec /usr/bin/python3 "$@"\n')
        self.python.chmod(0o755)

    def assert_heals(self, said):
        with fixture.new_server(python=self.python, workers=2) as server:
            server.wait_for_log(r' error extractor \d cannot work: ' + said)
            server.wait_for_log(r' error no extractor can work: ' + said)
            self.assertEqual(post_json(server.address, order(fixture.post())).json['code'], 'extractor.failed')
            self.broken.unlink()
            server.wait_for_log('an extractor can work again')
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))

    def test_a_module_that_it_needs_is_missing(self):
        self.broken.write_text('import no_such_module\n')
        self.assert_heals("yt-dlp cannot be imported: ModuleNotFoundError: No module named 'no_such_module'")

    def test_a_file_is_cut_off(self):
        self.broken.write_text('def main(:\n')
        self.assert_heals('yt-dlp cannot be imported: SyntaxError')

    def test_it_gives_up_itself(self):
        self.broken.write_text('import sys\nsys.exit("Python is too old")\n')
        self.assert_heals('yt-dlp cannot be imported: SystemExit: Python is too old')

    def test_it_takes_the_process_with_it(self):
        self.broken.write_text('import os, sys\nprint("no such CPU", file=sys.stderr)\nsys.stderr.flush()\nos.abort()\n')
        self.assert_heals('ended before it was ready: no such CPU')
