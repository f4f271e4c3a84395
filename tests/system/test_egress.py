"""Issue 2, "Fetching": media addresses come from a page that anybody may have written, and are not to be trusted."""

import contextlib
import socket
import unittest

from .expectations import assert_delivered, assert_no_files
from .fixture import CDN, Fixture, id_of

fixture = Fixture(stall_timeout_s=5)
setUpModule, tearDownModule = fixture.start, fixture.stop

# {port} is one where somebody listens on every loopback address.
PRIVATE = (
    'http://127.0.0.1:{port}/x.mp4', 'https://127.0.0.1:{port}/x.mp4', 'http://127.1:{port}/x',
    'http://2130706433:{port}/x', 'http://0x7f000001:{port}/x', 'http://0177.0.0.1:{port}/x', 'http://0.0.0.0:{port}/x',
    'http://127.8.8.8:{port}/x', 'http://localhost:{port}/x', 'http://LOCALHOST.:{port}/x',
    'http://sub.localhost:{port}/x', 'http://[::1]:{port}/x', 'http://[::ffff:127.0.0.1]:{port}/x',
    'http://[::ffff:7f00:1]:{port}/x', 'http://[::]:{port}/x', 'https://10.0.0.1/x', 'https://172.16.0.1/x',
    'https://192.168.1.1/x', 'http://169.254.169.254/latest/meta-data/', 'https://100.64.0.1/x', 'https://[fe80::1]/x',
    'https://[fc00::1]/x', 'https://[fd12:3456::1]/x', 'https://[::ffff:10.0.0.1]/x',
    'https://[64:ff9b::7f00:1]/x', 'https://224.0.0.1/x', 'https://255.255.255.255/x',
    'https://user:pass@127.0.0.1:{port}/x', 'https://v16-webapp-prime.tiktok.com@127.0.0.1:{port}/x',
)
OTHER_SCHEMES = ('file:///etc/passwd', 'FILE:///etc/passwd', 'ftp://127.0.0.1:{port}/x', 'gopher://127.0.0.1:{port}/_x',
                 'dict://127.0.0.1:{port}/x', 'scp://127.0.0.1:{port}/x', 'smb://127.0.0.1:{port}/x',
                 'data:video/mp4,x')


class Bystander:
    """Listens on one port of every loopback address and must never be connected to."""

    def __enter__(self):
        self._listener = socket.create_server(('::', 0), family=socket.AF_INET6, dualstack_ipv6=True)
        self._listener.setblocking(False)
        self.port = self._listener.getsockname()[1]
        return self

    def __exit__(self, *_):
        self._listener.close()

    def was_connected_to(self):
        """Loopback connections are complete before connect() returns, so nothing has to be waited for."""
        with contextlib.suppress(BlockingIOError):
            self._listener.accept()[0].close()
            return True
        return False


class EgressTest(unittest.TestCase):
    """Gives each test a bystander and a stand-in that was asked nothing."""

    def setUp(self):
        fixture.standin.reset()
        self.bystander = self.enterContext(Bystander())

    def assert_refused(self, link, own_hosts, code='media.unavailable'):
        """Fails as it should, and neither the proxy nor the bystander hears of anything but `own_hosts`."""
        assert_no_files(fixture.server.address, link, code)
        self.assertFalse(self.bystander.was_connected_to())
        self.assertLessEqual({entry['host'] for entry in fixture.standin.log()}, {'www.tiktok.com', *own_hosts})


class Sources(EgressTest):
    """Addresses that a page names."""

    def test_private_addresses(self):
        for url in PRIVATE:
            with self.subTest(url):
                hosts = [{'url': url.format(port=self.bystander.port)}]
                self.assert_refused(fixture.post(formats=[{'hosts': hosts}]), ())

    def test_other_schemes(self):
        for url in OTHER_SCHEMES:
            with self.subTest(url):
                hosts = [{'url': url.format(port=self.bystander.port)}]
                self.assert_refused(fixture.post(formats=[{'hosts': hosts}]), ())

    def test_an_honest_source_beside_them_is_used(self):
        for url in ('http://127.0.0.1:{port}/x', 'https://10.0.0.1/x', 'file:///etc/passwd'):
            with self.subTest(url):
                hosts = [{'url': url.format(port=self.bystander.port)}, {'host': CDN}]
                assert_delivered(fixture.server.address, fixture.post(formats=[{'hosts': hosts}]),
                                 fixture.media('small.mp4'))
                self.assertFalse(self.bystander.was_connected_to())


class Redirects(EgressTest):
    """Addresses that the CDN or a page leads to."""

    def test_of_the_cdn(self):
        for url in PRIVATE[:2] + PRIVATE[8:13] + PRIVATE[15:19] + OTHER_SCHEMES[:4]:
            with self.subTest(url):
                location = url.format(port=self.bystander.port)
                link = fixture.video(behaviour=f'redirect:{location}')
                self.assert_refused(link, {CDN})

    def test_of_the_cdn_in_circles(self):
        link = fixture.video(behaviour='redirect:/video/again')
        assert_no_files(fixture.server.address, link, 'media.unavailable')
        post_id = id_of(fixture.post())
        path = f'/video/tos/useast2a/tos-useast2a-ve-0068c001/{post_id}-format0-0/'
        link = fixture.post(id=post_id,
                            formats=[{'hosts': [{'host': CDN, 'behaviour': f'redirect:https://{CDN}{path}'}]}])
        assert_no_files(fixture.server.address, link, 'media.unavailable')
        self.assertLess(len(fixture.standin.log()), 40)

    def test_of_a_page(self):
        for url in ('http://127.0.0.1:{port}/', 'https://10.0.0.1/', 'https://example.com/', 'file:///etc/passwd'):
            with self.subTest(url):
                location = url.format(port=self.bystander.port)
                link = fixture.post(page={'behaviour': f'redirect:{location}'})
                with self.assertRaises(AssertionError):
                    assert_delivered(fixture.server.address, link, b'')
                self.assertFalse(self.bystander.was_connected_to())
                self.assertEqual({entry['host'] for entry in fixture.standin.log()}, {'www.tiktok.com'})
