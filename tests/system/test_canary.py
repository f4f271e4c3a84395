"""Issue 7, line 3: `canary_urls` are asked for now and then, and /readyz, /metrics and the log tell how it went."""

import re
import signal
import tempfile
import time
import unittest
from pathlib import Path

from .deadlines import until
from .fixture import Fixture, id_of
from .harness import run_binary
from .wire import Connection

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


def ask(server, target):
    with Connection(server.address) as connection:
        return connection.ask('GET', target)


def checks(server):
    return ask(server, '/readyz').json['checks']


def sample(server, name):
    found = re.search(rf'(?m)^{name} (\S+)$', ask(server, '/metrics').body.decode())
    return found and float(found[1])


class Canary(unittest.TestCase):

    def setUp(self):
        self.config = Path(self.enterContext(tempfile.TemporaryDirectory()), 'ttsave.conf')

    def start(self, links, interval_s=120):
        self.write(links, interval_s)
        self.server = self.enterContext(fixture.new_server(words=['--config', self.config], cache_ttl_s=60,
                                                           negative_ttl_s=60))

    def write(self, links, interval_s=120):
        self.config.write_text(f'canary_urls = {" ".join(links)}\ncanary_interval_s = {interval_s}\n')

    def reload(self, links, interval_s=120):
        self.write(links, interval_s)
        self.server.send_signal(signal.SIGHUP)

    def wait_until(self, is_ok, failed, besides=lambda check: True):
        def is_so():
            check = checks(self.server).get('canary', {})
            return check if 'last_run' in check and check['failed'] == failed and besides(check) else None
        check = until(is_so, f'the canary has run and found {failed!r}')
        self.assertEqual(check['ok'], is_ok)
        self.assertEqual(sample(self.server, 'ttsave_canary_success'), is_ok)
        return check

    def test_a_post_a_short_link_and_photos(self):
        before = time.time()
        post = fixture.post()
        short = fixture.standin.add_link(host='vm.tiktok.com', code='ZMcanary', location=post)
        self.start([post, short])
        check = self.wait_until(True, '')
        self.assertLess(abs(check['last_run'] - before), 120)
        self.assertEqual(sample(self.server, 'ttsave_canary_last_run_timestamp_seconds'), check['last_run'])
        pages = [each for each in fixture.requests(id_of(post)) if each['host'] == 'www.tiktok.com']
        self.assertEqual(len(pages), 2, 'each link is asked for, and nothing is remembered')
        self.assertFalse([each for each in fixture.requests() if each['host'].startswith('v1')], 'no media are fetched')

    def test_it_begins_to_fail_and_works_again(self):
        """And being down with it is no reason for a balancer to send clients elsewhere."""
        link = fixture.post()
        self.start([link], interval_s=10)
        first = self.wait_until(True, '')
        fixture.standin.add_post(id=id_of(link), page={'behaviour': 'http:403'})
        check = self.wait_until(False, 'tiktok.blocked')
        self.assertEqual(check['reason'], '1 of 1 canary_urls fail: tiktok.blocked')
        self.assertEqual(ask(self.server, '/readyz').status, 200)
        self.server.wait_for_log(f'warning canary_urls: 1 of 1 fail: link={link} code=tiktok.blocked')
        self.assertGreater(check['last_run'], first['last_run'])
        other, good = fixture.post(page={'behaviour': 'http:403'}), fixture.post()
        self.reload([other, good, fixture.post(status_code=10222)])
        self.wait_until(False, 'tiktok.blocked, post.private')
        self.reload([good])
        self.wait_until(True, '')
        self.server.wait_for_log('info canary_urls: all of them work again')
        self.assertEqual(self.server.log.count('canary_urls: '), 2, 'the log tells the beginning and the end')

    def test_it_is_switched_on_and_off(self):
        self.start([])
        self.assertNotIn('canary', checks(self.server))
        link = fixture.post()
        self.reload([link])
        self.wait_until(True, '')
        self.reload([link], interval_s=0)
        until(lambda: 'canary' not in checks(self.server), 'it is off')
        self.assertIsNone(sample(self.server, 'ttsave_canary_success'))

    def test_a_reload_that_changes_nothing_asks_nothing(self):
        link = fixture.post()
        self.start([link])
        before = self.wait_until(True, '')
        self.reload([link])
        self.server.wait_for_log('the extractors are renewed')
        self.assertEqual(checks(self.server)['canary'], before)

    def test_a_link_that_is_none_is_a_mistake(self):
        self.start([fixture.post()])
        self.wait_until(True, '')
        self.reload(['https://www.tiktok.com/@somebody'])
        self.server.wait_for_log('error settings: canary_urls: https://www.tiktok.com/@somebody is not a link to a post')
        self.wait_until(True, '')


class Trial(unittest.TestCase):
    """`--try-extractor` on Debian's own yt-dlp; test_update has others."""

    PATH = '/usr/lib/python3/dist-packages'

    def try_it(self, *links, path=PATH):
        return run_binary('--try-extractor', path, '--proxy', fixture.standin.http_proxy, '--ca-file',
                          fixture.standin.ca_file, '--canary-urls', ' '.join(links), '--cache-dir', '/no/such/folder')

    def test_each_link_has_its_line(self):
        good, private = fixture.post(), fixture.post(status_code=10222)
        done = self.try_it(good, private)
        lines = done.stdout.splitlines()
        self.assertRegex(lines[0], r'^ready: yt-dlp \d{4}\.')
        self.assertEqual((lines[1:], done.returncode), ([f'ok: {good}', f'post.private: {private}'], 0), done)

    def test_without_links(self):
        self.assertEqual(self.try_it().returncode, 0)

    def test_one_that_is_blocked(self):
        done = self.try_it(fixture.post(), fixture.post(page={'behaviour': 'http:403'}))
        self.assertEqual(done.returncode, 1, done)
        self.assertIn('tiktok.blocked: ', done.stdout)

    def test_what_is_not_there(self):
        done = self.try_it(path='/no/such/yt-dlp')
        self.assertEqual((done.returncode, done.stdout), (1, 'not ready: /no/such/yt-dlp is not there\n'))

    def test_a_setting_is_printed(self):
        done = run_binary('--print-setting', 'port', environment={'TTSAVE_PORT': '1234'})
        self.assertEqual((done.returncode, done.stdout), (0, '1234\n'))
        self.assertEqual(run_binary('--print-setting', 'prot').returncode, 2)
