"""Without a proxy the server looks up names itself, and connects to public addresses only, whatever a name means.

What a name means is checked where the connection is opened, so that nothing can change between the check and the use.
"""

import contextlib
import itertools
import socket
import unittest
from pathlib import Path

from . import without_listener
from .clients import order, post_json
from .expectations import NO_FILES, assert_delivered, assert_no_files
from .fixture import CDN, Fixture, fresh_id
from .hostile_urls import FEW, URLS, sources, together
from .internet import ODD_PORT, Internet

internet = Internet()
fixture = Fixture(proxy='', stall_timeout_s=5)

WWW, WWW_ADDRESS = 'www.tiktok.com', '8.0.0.1'

# What a name may turn out to mean: nobody on the public Internet.
FORBIDDEN = (
    '127.0.0.1', '127.8.8.8', '0.0.0.0', '10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', '198.18.0.1',
    '169.254.169.254', '100.100.100.200', '168.63.129.16', '192.0.0.192',  # where clouds answer their machines
    '::1', '::', 'fc00::1', 'fd00::1', 'fd00:ec2::254', 'fec0::1', '2001:db8::1', '::127.0.0.1',
    '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '64:ff9b::7f00:1', '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::7f00:1', '2002:7f00:1::1', '2001:0:7f00:1::1',
)

_public_addresses = (f'8.1.0.{number}' for number in itertools.count(1))


def setUpModule():
    internet.start()
    unittest.addModuleCleanup(internet.stop)
    fixture.start()
    unittest.addModuleCleanup(fixture.stop)
    internet.play(fixture.standin)
    internet.add_host(WWW, WWW_ADDRESS)
    internet.add_host(CDN, '8.0.0.2')
    internet.add_host('vm.tiktok.com', '8.0.0.3')


def fresh_host():
    """A host of the CDN that nobody has looked up yet, and that no connection is open to."""
    return f'v{fresh_id()}.tiktokcdn.com'


def post_on(*hosts, **behaviour):
    return fixture.post(formats=[{'hosts': [{'host': host, **behaviour} for host in hosts]}])


class DirectTest(unittest.TestCase):

    def setUp(self):
        fixture.standin.reset()
        internet.names.set(WWW, [WWW_ADDRESS])
        internet.names.asked.clear()
        internet.touched()

    def assert_untouched(self):
        self.assertEqual(internet.touched(), [])


class Sink(DirectTest):
    """That the other tests would see what must not happen."""

    def test_it_sees_connections_to_any_address(self):
        for address in (*FORBIDDEN, '8.8.8.8', '2600::1'):
            with self.subTest(address), socket.create_connection((address, 443), 5) as connection:
                self.assertEqual(connection.recv(1), b'')
                [place] = internet.touched()
                self.assertEqual(place[1], 443)

    def test_what_is_public_is_reached(self):
        for address in (next(_public_addresses), '2600::1:1'):
            with self.subTest(address):
                host, code = fresh_host(), 'ZM' + fresh_id()
                internet.add_host(host, address)
                short = fixture.standin.add_link(host='vm.tiktok.com', code=code, location=post_on(host))
                assert_delivered(fixture.server.address, short, fixture.media('small.mp4'))
                self.assertLessEqual({WWW, host}, set(internet.names.asked))
                self.assert_untouched()


class Media(DirectTest):

    def test_addresses_that_must_not_be_asked(self):
        for urls in together(URLS):
            with self.subTest(urls):
                assert_no_files(fixture.server.address, fixture.post(formats=[{'hosts': sources(*urls)}]),
                                'media.unavailable')
                self.assert_untouched()
        for location in FEW:
            with self.subTest(location):
                link = post_on(CDN, behaviour=f'redirect:{location}')
                assert_no_files(fixture.server.address, link, 'media.unavailable')
                self.assert_untouched()

    def test_names_that_mean_no_public_address(self):
        names = {fresh_host(): address for address in FORBIDDEN}
        for name, address in names.items():
            internet.names.set(name, [address])
        for hosts in together(list(names)):
            with self.subTest([names[host] for host in hosts]):
                assert_no_files(fixture.server.address, post_on(*hosts), 'media.unavailable')
                self.assertLessEqual(set(hosts), set(internet.names.asked))
                self.assert_untouched()

    def test_a_forbidden_address_beside_a_public_one(self):
        for forbidden in ('127.0.0.1', '10.0.0.1', '::1', '64:ff9b::7f00:1', '::ffff:10.0.0.1'):
            for is_first in (True, False):
                with self.subTest(forbidden, is_first=is_first):
                    host, public = fresh_host(), next(_public_addresses)
                    internet.add_host(host, public)
                    internet.names.set(host, [forbidden, public] if is_first else [public, forbidden])
                    assert_delivered(fixture.server.address, post_on(host), fixture.media('small.mp4'))
                    self.assert_untouched()

    def test_a_forbidden_address_after_one_that_cannot_be_reached(self):
        for forbidden in ('127.0.0.1', 'fd00::1'):
            with self.subTest(forbidden):
                host, public = fresh_host(), next(_public_addresses)
                internet.cut_off(public)
                internet.names.set(host, [public, forbidden])
                assert_no_files(fixture.server.address, post_on(host), 'media.unavailable')
                self.assert_untouched()

    def test_a_name_that_means_another_address_in_the_middle(self):
        host, public = fresh_host(), next(_public_addresses)
        internet.add_host(host, public)
        internet.names.set(host, [public], ['127.0.0.1'])
        link = fixture.post(formats=[{'media': 'medium.mp4', 'hosts': [{'host': host, 'behaviour': 'reset:1000000'}]}])
        with contextlib.suppress(AssertionError):  # what was looked up before may still be known
            assert_delivered(fixture.server.address, link, fixture.media('medium.mp4'))
        self.assert_untouched()

    def test_a_redirect_to_a_name_that_means_no_public_address(self):
        for address in ('10.0.0.1', '169.254.169.254', 'fd00::1'):
            with self.subTest(address):
                inner = fresh_host()
                internet.names.set(inner, [address])
                link = post_on(CDN, behaviour=f'redirect:https://{inner}/x.mp4')
                assert_no_files(fixture.server.address, link, 'media.unavailable')
                self.assertIn(inner, internet.names.asked)
                self.assert_untouched()


class Pages(DirectTest):
    """What the extractor asks for passes the gate, which connects it under the same rules."""

    RUN_BY = ()

    @classmethod
    def setUpClass(cls):
        settings = {'proxy': '', 'stall_timeout_s': 5, 'run_by': cls.RUN_BY}
        cls.server = cls.enterClassContext(fixture.new_server(**settings)) if cls.RUN_BY else fixture.server

    def test_a_page_whose_name_means_no_public_address(self):
        for address in ('127.0.0.1', '10.0.0.1', '169.254.169.254', '::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1'):
            with self.subTest(address):
                internet.names.set(WWW, [address])
                assert_no_files(self.server.address, fixture.post(), 'tiktok.error')
                self.assert_untouched()

    def test_a_name_that_means_another_address_the_next_time(self):
        internet.names.set(WWW, [WWW_ADDRESS], ['127.0.0.1'])
        assert_delivered(self.server.address, post_on(CDN), fixture.media('small.mp4'))
        assert_no_files(self.server.address, post_on(CDN), 'tiktok.error')
        self.assert_untouched()

    def test_a_name_that_means_another_address_for_the_second_try(self):
        internet.names.set(WWW, [WWW_ADDRESS], ['10.0.0.1'])
        link = fixture.post(page={'behaviour': 'reset', 'times': 1})
        assert_no_files(self.server.address, link, 'tiktok.error')
        self.assert_untouched()

    def test_a_page_that_leads_away(self):
        internet.names.set('evil.example', ['8.8.8.8'])
        for place in ('https://10.0.0.1/', 'https://127.0.0.1/', 'https://169.254.169.254/', 'https://[::1]/',
                      'https://evil.example/', 'https://evil.example#.tiktok.com/', f'https://{WWW}@evil.example/',
                      'http://evil.example/', f'http://127.0.0.1:{ODD_PORT}/', f'https://{WWW}:{ODD_PORT}/',
                      f'http://{WWW}/'):
            with self.subTest(place):
                link = fixture.post(page={'behaviour': f'redirect:{place}'})
                self.assertEqual(post_json(self.server.address, order(link)).json['detail'], NO_FILES)
                self.assert_untouched()
        # Nor has the extractor looked it up by itself.
        self.assertNotIn('evil.example', internet.names.asked)

    def test_a_short_link_whose_host_means_no_public_address(self):
        with fixture.new_server(proxy='', run_by=self.RUN_BY) as server:
            internet.names.set('vt.tiktok.com', ['127.0.0.1', '10.0.0.1', 'fd00::1'])
            assert_no_files(server.address, 'https://vt.tiktok.com/ZMabc', 'tiktok.error')
            self.assertIn('vt.tiktok.com', internet.names.asked)
        self.assert_untouched()


class PagesByPort(Pages):
    """Also where it connects to the gate by itself."""

    RUN_BY = without_listener.COMMAND


class Environment(DirectTest):

    def test_no_variable_changes_the_way(self):
        proxies = {name: f'http://127.0.0.1:{ODD_PORT}' for name in ('http_proxy', 'https_proxy', 'all_proxy')}
        variables = {**proxies, **{name.upper(): value for name, value in proxies.items()}, 'no_proxy': '*',
                     'NO_PROXY': '*'}
        with fixture.new_server(proxy='', environment=variables) as server:
            assert_delivered(server.address, post_on(CDN), fixture.media('small.mp4'))
            for extractor in server.extractors():
                known = Path(f'/proc/{extractor}/environ').read_bytes().lower()
                self.assertNotIn(b'proxy', known)
        self.assert_untouched()
