"""Ways around a block: proxies in turn, one for each delivery, and what becomes of those that fail."""

import signal
import unittest

from .clients import StrictDownload, order, post_json, strict_download
from .deadlines import SLOWNESS, until
from .expectations import assert_delivered, assert_no_files
from .fixture import CDN, OTHER_CDN, Fixture, fresh_id, id_of
from .harness import run_binary
from .proxies_case import ProxiesCase

fixture = Fixture()  # its own server is not used
setUpModule, tearDownModule = fixture.start, fixture.stop


class ProxiesTest(ProxiesCase):

    fixture = fixture

    def deliver(self, server, **spec):
        """Has a small video delivered, and returns its link."""
        link = fixture.post(**spec)
        assert_delivered(server.address, link, fixture.media('small.mp4'))
        return link


class InTurn(ProxiesTest):

    def test_all_of_a_delivery_goes_through_one(self):
        proxies = [self.proxy(kind=kind) for kind in ('http', 'https', 'socks5')]
        server = self.server(*proxies)
        seen = []
        for _ in range(6):
            # A video that its first host lacks, behind two short links.
            link = fixture.post(formats=[{'hosts': [{'host': CDN, 'behaviour': 'http:503'}, {'host': OTHER_CDN}]}])
            codes = ['ZM' + fresh_id() for _ in range(2)]
            fixture.standin.add_link(host='vt.tiktok.com', code=codes[1], location=link)
            fixture.standin.add_link(host='vm.tiktok.com', code=codes[0], location=f'https://vt.tiktok.com/{codes[1]}')
            assert_delivered(server.address, f'https://vm.tiktok.com/{codes[0]}', fixture.media('small.mp4'))
            self.assertEqual(len(fixture.requests(id_of(link))), 3)
            [via] = self.vias(id_of(link), *codes)
            seen.append(via)
        self.assertEqual(seen, [proxy.via for proxy in proxies] * 2)

    def test_all_files_of_a_post_go_through_one(self):
        server = self.server(self.proxy(), self.proxy())
        for _ in range(2):
            link = fixture.post(images=[{}, {}, {}], music={})
            self.assertEqual(len(strict_download(server.address, link).parts), 4)
            self.assertEqual(len(self.vias(id_of(link))), 1)

    def test_connections_of_one_user_are_not_used_by_another(self):
        """Where the proxies are one gateway that goes by the user, which is how they are sold."""
        users = {'one': 'secret', 'two': 'secret', 'three': 'secret'}
        for kind in ('http', 'https', 'socks5'):
            url = fixture.standin.add_proxy(name=f'gateway-{kind}', kind=kind, users=users)
            server = self.server(*[url.replace('://', f'://{user}:secret@') for user in users])
            seen = [self.vias(id_of(self.deliver(server))) for _ in range(6)]
            self.assertEqual(seen, [{f'gateway-{kind}:{user}'} for user in users] * 2)


class Failing(ProxiesTest):

    def assert_passed_over(self, bad, why, **settings):
        """The first delivery finds out that it fails, and goes through the other; the next ones leave it out."""
        good = self.proxy()
        server = self.server(bad, good, **settings)
        for _ in range(4):
            self.assertEqual(self.vias(id_of(self.deliver(server))), {good.via})
        server.wait_for_log(rf'proxy {bad.address} \(line 1\) rests for 10 s: {why}')
        self.assertLess(server.log.count('once more by'), 4)

    def test_one_that_is_not_there(self):
        for kind in ('http', 'https', 'socks5'):
            with self.subTest(kind):
                self.assert_passed_over(self.proxy(kind=kind, open=False), 'cannot be connected to')

    def test_one_that_does_not_take_the_credentials(self):
        for kind in ('http', 'https', 'socks5'):
            with self.subTest(kind):
                bad = self.proxy('wrong', kind=kind, users={'user': 'right'})
                self.assert_passed_over(bad, 'does not take our credentials')

    def test_one_that_refuses(self):
        bad = self.proxy()
        fixture.standin.set_proxy(bad.via, 'http:402')
        self.assert_passed_over(bad, 'refuses us, status 402')

    def test_one_that_reaches_nothing(self):
        bad = self.proxy()
        fixture.standin.set_proxy(bad.via, 'http:502')
        self.assert_passed_over(bad, 'does not lead to www.tiktok.com')

    def test_a_short_link_goes_through_another_as_well(self):
        dead, unconnected, good = self.proxy(open=False), self.proxy(), self.proxy()
        fixture.standin.set_proxy(unconnected.via, 'http:502')
        for bad in (dead, unconnected):
            server = self.server(bad, good)
            code = 'ZM' + fresh_id()
            fixture.standin.add_link(host='vm.tiktok.com', code=code, location=fixture.post())
            assert_delivered(server.address, f'https://vm.tiktok.com/{code}', fixture.media('small.mp4'))
            server.wait_for_log(rf'proxy {bad.address} .* rests for 10 s')

    def test_several_are_passed_over_but_not_without_end(self):
        server = self.server(*[self.proxy(open=False) for _ in range(6)], self.proxy())
        assert_no_files(server.address, fixture.post(), 'tiktok.error')
        self.deliver(server)
        self.assertEqual(server.log.count('once more by'), 4 + 1)

    def test_where_all_rest_one_is_used_all_the_same_and_works_again(self):
        proxies = [self.proxy(open=False), self.proxy(open=False)]
        server = self.server(*proxies)
        assert_no_files(server.address, fixture.post(), 'tiktok.error')
        server.wait_for_log(r'rests for 10 s', count=2)
        assert_no_files(server.address, fixture.post(), 'tiktok.error')
        for proxy in proxies:
            fixture.standin.set_proxy(proxy.via, 'ok')
        self.deliver(server)
        server.wait_for_log(r'proxy \S+ \(line \d\) works again')

    def test_one_that_fails_after_the_page_rests_and_the_delivery_fails(self):
        """It stays with its proxy: what the page names is for the address that asked."""
        bad, good = self.proxy(), self.proxy()
        # A request of a page may take a third of the time: the page comes late, and far from too late.
        server = self.server(bad, good, resolve_timeout_s=int(30 * SLOWNESS))
        link = fixture.post(page={'delay_ms': int(2000 * SLOWNESS)})
        with StrictDownload(server.address, link) as download:
            until(lambda: self.page_visits(link), 'the page is asked for')
            fixture.standin.set_proxy(bad.via, 'http:403')
            self.assertEqual(download.connection.read_answer('POST').json['code'], 'media.unavailable')
        server.wait_for_log(rf'proxy {bad.address} \(line 1\) rests for 10 s: refuses us, status 403')
        self.assertEqual(self.vias(id_of(link)), {bad.via})


class Blocked(ProxiesTest):

    def blocked_by(self, *proxies, behaviour='garbage'):
        return {'via': {proxy.via: {'behaviour': behaviour} for proxy in proxies}}

    def test_a_post_is_tried_once_through_another_and_stays_there(self):
        first, second, third = self.proxy('secret'), self.proxy('secret'), self.proxy('secret')
        server = self.server(first, second, third)
        for behaviour, blocked in (('garbage', first), ('http:403', third)):
            with self.subTest(behaviour):
                link = self.deliver(server, page=self.blocked_by(first, third, behaviour=behaviour))
                self.assertEqual(self.page_visits(link), [blocked.via, second.via])
                media = {entry['via'] for entry in fixture.requests(id_of(link)) if entry['host'] == CDN}
                self.assertEqual(media, {second.via})
        [line, _] = [line for line in server.log.splitlines() if 'once more by' in line]
        self.assertIn(f'code=tiktok.blocked by {first.address} (line 1): once more by {second.address} (line 2)', line)
        server.wait_for_log(rf'proxy {first.address} \(line 1\) rests for 10 s: TikTok blocks it')

    def test_a_post_that_is_blocked_through_both_fails(self):
        proxies = [self.proxy() for _ in range(3)]
        server = self.server(*proxies)
        link = fixture.post(page={'behaviour': 'garbage'})
        assert_no_files(server.address, link, 'tiktok.blocked')
        self.assertEqual(self.page_visits(link), [proxy.via for proxy in proxies[:2]])

    def test_without_another_it_fails_at_once(self):
        for settings in ({'proxies_file': self.file}, {'proxies_file': '', 'proxy': fixture.standin.http_proxy}):
            server = self.server(self.proxy(), **settings)
            link = fixture.post(page={'behaviour': 'garbage'})
            assert_no_files(server.address, link, 'tiktok.blocked')
            self.assertEqual(len(self.page_visits(link)), 1)

    def test_other_failures_are_not_tried_again(self):
        server = self.server(self.proxy(), self.proxy())
        for code, spec in (('post.private', {'status_code': 10222}), ('post.unavailable', {'status_code': 10204}),
                           ('post.login_required', {'page': {'behaviour': 'login'}})):
            link = fixture.post(**spec)
            assert_no_files(server.address, link, code)
            self.assertEqual(len(set(self.page_visits(link))), 1)
        self.assertNotIn(' rests for ', server.log)

    def test_a_short_link_is_tried_through_another_and_the_post_stays_there(self):
        first, second = self.proxy(), self.proxy()
        server = self.server(first, second)
        link, code = fixture.post(), 'ZM' + fresh_id()
        fixture.standin.add_link(host='vm.tiktok.com', code=code, location=link,
                                 **self.blocked_by(first, behaviour='http:403'))
        assert_delivered(server.address, f'https://vm.tiktok.com/{code}', fixture.media('small.mp4'))
        self.assertEqual([entry['via'] for entry in fixture.requests(code)], [first.via, second.via])
        self.assertEqual(self.vias(id_of(link)), {second.via})
        server.wait_for_log('link=https://vm.tiktok.com/' + code + '/? code=tiktok.blocked by .* once more by')


class Files(ProxiesTest):

    def assert_refused(self, *words, mentions):
        done = run_binary('--proxies-file', str(self.file), *words)
        self.assertEqual(done.returncode, 2, done)
        for mention in mentions:
            self.assertIn(mention, done.stderr)
        self.assertNotIn('hush', done.stderr + done.stdout)

    def test_a_bad_one_is_refused_at_the_start(self):
        self.write('# mine', 'http://user:hush@good:1', 'ftp://user:hush@bad:1', '', 'http://user:hush@bad:port')
        for words in ([], ['--check-config']):
            self.assert_refused(*words, mentions=[f'proxies_file: {self.file} line 3: must be a URL', 'line 5: must '])
        self.write('# none')
        self.assert_refused(mentions=['names no proxy'])

    def test_it_does_not_stand_beside_a_proxy(self):
        self.write('http://good:1')
        self.assert_refused('--proxy', 'http://user:hush@other:1', mentions=['proxy and proxies_file'])

    def test_it_is_read_again_on_sighup_and_a_bad_one_changes_nothing(self):
        first, second = self.proxy(), self.proxy()
        server = self.server(first)
        self.assertEqual(self.vias(id_of(self.deliver(server))), {first.via})
        self.write('nothing', second)
        server.send_signal(signal.SIGHUP)
        server.wait_for_log('error.*proxies_file: .* line 1: must be a URL.*; the proxies of before are used on')
        self.assertEqual(self.vias(id_of(self.deliver(server))), {first.via})
        self.write('# the next', second)
        server.send_signal(signal.SIGHUP)
        server.wait_for_log(f'1 proxies of {self.file} are used in turn', count=2)
        self.assertEqual(self.vias(id_of(self.deliver(server))), {second.via})

    def test_credentials_are_never_logged(self):
        good = self.proxy('hush-hush')
        others = [self.proxy('hush-hush', kind=kind, users={'user': 'right'}) for kind in ('http', 'socks5')]
        closed = self.proxy('hush-hush', open=False)
        server = self.server(*others, closed, good, log_level='trace')
        for _ in range(3):
            self.assertNotIn(b'hush-hush', post_json(server.address, order(fixture.post())).body)
        self.assertEqual(self.vias(id_of(self.deliver(server))), {good.via})
        link = fixture.post(page={'behaviour': 'garbage'})
        self.assertNotIn(b'hush-hush', post_json(server.address, order(link)).body)
        self.assertGreaterEqual(server.log.count(' rests for '), 4)
        self.write(good, good, 'http://user:hush-hush@bad:port')
        server.send_signal(signal.SIGHUP)
        server.wait_for_log('the proxies of before are used on')
        server.stop()
        for secret in ('hush-hush', 'user:', 'user@'):
            self.assertNotIn(secret, server.log)


if __name__ == '__main__':
    unittest.main()
