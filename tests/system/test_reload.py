"""Issue 7, line 3: SIGHUP reloads settings and replaces the extractors without failing a request."""

import re
import signal
import tempfile
import unittest
from pathlib import Path

from .clients import StrictDownload, order, post_json
from .deadlines import until
from .expectations import assert_delivered, assert_same
from .fixture import Fixture, id_of
from .wire import Connection

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop

COOKIES = '# Netscape HTTP Cookie File\n.tiktok.com\tTRUE\t/\tTRUE\t0\tsessionid\t{}\n'


class ReloadTest(unittest.TestCase):
    """A server with a configuration file of the test's own."""

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.config = self.folder / 'ttsave.conf'

    def start(self, text='', **settings):
        self.config.write_text(text)
        self.server = self.enterContext(fixture.new_server(words=['--config', self.config], **settings))
        self.server.wait_for_log('extractor ready', count=settings.get('workers', 1))

    def reload(self, text=None, said='the extractors are renewed'):
        if text is not None:
            self.config.write_text(text)
        before = len(re.findall(f'(?m){said}', self.server.log))
        self.server.send_signal(signal.SIGHUP)
        return self.server.wait_for_log(said, count=before + 1)

    def deliver(self, link=None):
        assert_delivered(self.server.address, link or fixture.post(), fixture.media('small.mp4'))

    def ask(self):
        return post_json(self.server.address, order(fixture.post()))


class Settings(ReloadTest):
    """What can change does, and the log names what cannot."""

    def test_limits(self):
        self.start('rate_limit_per_min = 1\n')
        self.assertEqual([self.ask().status for _ in range(2)], [200, 429])
        self.reload('max_file_bytes = 1000\n', 'settings are reloaded, changed: max_file_bytes, rate_limit_per_min$')
        answer = self.ask()
        self.assertEqual((answer.status, answer.json.get('code')), (400, 'post.too_large'))
        self.reload('', 'changed: max_file_bytes$')
        self.deliver()

    def test_max_deliveries(self):
        self.start('max_deliveries = 1\n')
        with StrictDownload(self.server.address, fixture.gated_video()) as download:
            download.read_head()
            self.assertEqual(self.ask().status, 503)
            self.reload('max_deliveries = 2\n', 'changed: max_deliveries$')
            self.deliver()
            self.reload('max_deliveries = 1\n', 'changed: max_deliveries$')
            self.assertEqual(self.ask().status, 503)
            fixture.standin.open_gate()
            assert_same(download.read_rest().parts[0].data, fixture.media('medium.mp4'))

    def test_max_clients(self):
        self.start('max_clients = 1\n')
        with StrictDownload(self.server.address, fixture.gated_video()) as first:
            first.read_head()
            self.assert_no_room()
            self.reload('max_clients = 2\n', 'changed: max_clients$')
            with StrictDownload(self.server.address, fixture.video('medium.mp4', behaviour='gate')) as second:
                second.read_head()
                self.assert_no_room()
                self.reload('max_clients = 1\n', 'changed: max_clients$')
                fixture.standin.open_gate()
                for download in (first, second):
                    assert_same(download.read_rest().parts[0].data, fixture.media('medium.mp4'))

    def assert_no_room(self):
        """A client is told so before it has asked for anything."""
        with Connection(self.server.address) as connection:
            self.assertEqual(connection.read_answer().status, 503)

    def test_max_spool_bytes(self):
        """medium.mp4 has some 5 MB."""
        link, content = fixture.video('medium.mp4'), fixture.media('medium.mp4')
        self.start('max_spool_bytes = 3000000\n')
        self.assertEqual(post_json(self.server.address, order(link)).status, 503)
        self.reload('max_spool_bytes = 6000000\n', 'changed: max_spool_bytes$')
        assert_delivered(self.server.address, link, content)
        self.reload('max_spool_bytes = 3000000\n', 'changed: max_spool_bytes$')
        self.assertEqual(post_json(self.server.address, order(link)).status, 503)

    def test_the_level_of_the_log(self):
        self.start()
        self.assertNotIn(' debug ', self.server.log)
        self.reload('log_level = debug\n')
        self.deliver()
        self.server.wait_for_log(' debug ')
        self.reload('log_level = warning\n', 'settings are reloaded, changed: log_level')
        until(self.is_quiet, 'nothing is said any more')

    def is_quiet(self):
        before = self.server.log
        self.deliver()
        self.deliver()
        return self.server.log == before

    def test_what_needs_a_restart(self):
        self.start('negative_ttl_s = 7\n')
        for _ in range(2):
            self.reload('base_path = /other\nthreads = 1\nqueue_limit = 50\n',
                        'warning settings that were changed and need a restart: base_path, threads$')
        self.deliver()
        self.assertNotIn('negative_ttl_s', self.server.log)  # the command line has it, and counts

    def test_mistakes_leave_everything_as_it_is(self):
        self.start('rate_limit_per_min = 1\n')
        before = self.server.extractors()
        self.reload('rate_limit_per_min = 0\nqueue_limit = none\nlog_level = loud\nnonsense\n', 'error nothing is reloaded')
        for mistake in ('line 2: queue_limit must be', 'line 3: log_level must be', 'line 4: is not NAME = VALUE'):
            self.assertRegex(self.server.log, f'error settings: {self.config} {mistake}')
        self.assertEqual([self.ask().status for _ in range(2)], [200, 429])
        self.config.unlink()
        self.reload(None, f'error settings: config: {self.config} cannot be read')
        self.assertEqual(self.ask().status, 429)
        self.assertEqual(self.server.extractors(), before)
        self.assertNotIn('renewed', self.server.log)

    def test_cookies(self):
        """Another file in the place of the first, and another place."""
        first, second = self.folder / 'first.txt', self.folder / 'second.txt'
        first.write_text(COOKIES.format('one'))
        self.start(f'cookies_file = {first}\n')
        self.assert_sent('one')
        second.write_text(COOKIES.format('two'))
        second.rename(first)
        self.reload()
        self.assert_sent('two')
        second.write_text(COOKIES.format('three'))
        self.reload(f'cookies_file = {second}\n')
        self.assert_sent('three')

    def assert_sent(self, session):
        link = fixture.post()
        self.deliver(link)
        self.assertIn(f'sessionid={session}', fixture.requests(id_of(link))[0]['headers']['cookie'])


class Renewing(ReloadTest):
    """Fresh extractors in the place of all that are there, and nobody notices."""

    def test_under_fifty_downloads(self):
        self.start(workers=2, max_workers=4)
        fixture.standin.reset()
        running = self.begin([fixture.video('small.mp4', behaviour='gate') for _ in range(50)])
        for download in running:
            download.read_head().read_until(50_000)
        before = set(self.server.extractors())
        links = [fixture.post(page={'delay_ms': 500}) for _ in range(12)]
        resolving = self.begin(links)
        until(lambda: fixture.requests(id_of(links[0])), 'posts are being resolved')
        self.server.send_signal(signal.SIGHUP)
        self.server.send_signal(signal.SIGHUP)
        self.reload()
        for download in resolving:
            assert_same(download.read_head().read_rest().parts[0].data, fixture.media('small.mp4'))
        fixture.standin.open_gate()
        for download in running:
            assert_same(download.read_rest().parts[0].data, fixture.media('small.mp4'))
        until(lambda: not before & set(self.server.extractors()), 'those of before are gone')
        self.assertNotRegex(self.server.log, ' (warning|error) ')

    def begin(self, links):
        downloads = [StrictDownload(self.server.address, link) for link in links]
        for download in downloads:
            self.addCleanup(download.connection.close)
        return downloads

    def test_of_one_that_has_a_job(self):
        self.start(workers=1)
        [first] = self.server.extractors()
        link = fixture.post(page={'delay_ms': 2000})
        with StrictDownload(self.server.address, link) as download:
            until(lambda: fixture.requests(id_of(link)), 'the page is asked for')
            self.reload()
            assert_same(download.read_head().read_rest().parts[0].data, fixture.media('small.mp4'))
        pages = [asked for asked in fixture.requests(id_of(link)) if asked['host'] == 'www.tiktok.com']
        self.assertEqual(len(pages), 1, 'the job was begun once')
        until(lambda: first not in self.server.extractors(), 'the first one is gone')

    def test_with_a_broken_yt_dlp(self):
        broken, python = self.folder / 'yt_dlp.py', self.folder / 'python'
        python.write_text(f'#!/bin/sh\nPYTHONPATH={self.folder}:$PYTHONPATH exec /usr/bin/python3 "$@"\n')
        python.chmod(0o755)
        self.start(workers=2, python=python)
        before = self.server.extractors()
        broken.write_text('import no_such_module\n')
        self.reload(None, 'error the extractors are not renewed, those of before go on working: yt-dlp cannot be '
                          "imported: ModuleNotFoundError: No module named 'no_such_module'; once that is mended")
        self.deliver()
        until(lambda: self.server.extractors() == before, 'those of before are there, and no others')
        broken.unlink()
        self.reload()
        self.deliver()
        until(lambda: not set(before) & set(self.server.extractors()), 'those of before are gone')


class Blocked(ReloadTest):
    """The log says in words what may help, once."""

    def test_until_tiktok_shows_posts_again(self):
        self.start()
        for _ in range(7):
            answer = post_json(self.server.address, order(fixture.post(page={'behaviour': 'http:403'})))
            self.assertEqual(answer.json['code'], 'tiktok.blocked')
        self.server.wait_for_log(r'error TikTok refuses this server, or yt-dlp no longer understands it: 5 of the last 5 '
                                 r'posts failed with tiktok.blocked. What helps: a newer yt-dlp \(ttsave-update\)')
        self.deliver()
        self.server.wait_for_log('TikTok shows posts again, after 7 in a row')
        self.assertEqual(self.server.log.count('TikTok refuses'), 1)
