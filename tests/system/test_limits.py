"""contract.md, "Errors": 503 over the limits, 500 when a file cannot be written, and files that are too large."""

import contextlib
import resource
import shutil
import unittest

from .clients import StrictDownload, order, post_json
from .deadlines import PROMPT_S, until, until_stable
from .expectations import assert_cut_off, assert_delivered, assert_no_files, assert_same
from .fixture import CDN, Fixture, id_of
from .wire import Connection, CutOff

fixture = Fixture(max_file_bytes=1_000_000)
setUpModule, tearDownModule = fixture.start, fixture.stop


class Unavailable(unittest.TestCase):
    """Over the limit is a 503 with Retry-After, at once; below it again, all is well."""

    def assert_unavailable(self, server):
        answer = post_json(server.address, order(fixture.post()))
        self.assertEqual((answer.status, answer.json['detail']), (503, 'Service Unavailable'))
        self.assertRegex(answer.head.get('Retry-After') or '', r'^[1-9][0-9]*$')

    def test_queue_limit(self):
        with fixture.new_server(queue_limit=2, resolve_timeout_s=300) as server:
            server.wait_for_log('extractor ready')
            with contextlib.ExitStack() as stack:
                busy = fixture.post(page={'behaviour': 'hang', 'times': 1})
                stack.enter_context(StrictDownload(server.address, busy))
                until(lambda: fixture.requests(id_of(busy)), 'the extractor is busy')
                for _ in range(2):
                    stack.enter_context(StrictDownload(server.address, fixture.post()))
                until(lambda: post_json(server.address, order(fixture.post())).status == 503, 'the queue is full')
                self.assert_unavailable(server)
            until(lambda: post_json(server.address, order(fixture.post())).status == 200, 'the queue is empty again')

    def test_max_deliveries(self):
        with fixture.new_server(max_deliveries=2) as server:
            first, second = fixture.gated_video(), fixture.video('medium.mp4', behaviour='gate')
            with StrictDownload(server.address, first) as one, StrictDownload(server.address, second) as two:
                one.read_head()
                two.read_head()
                self.assert_unavailable(server)
                one.connection.close()
                until(lambda: post_json(server.address, order(fixture.post())).status == 200, 'there is room again')
                fixture.standin.open_gate()
                assert_same(two.read_rest().parts[0].data, fixture.media('medium.mp4'))
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))


class Clients(unittest.TestCase):
    """Connections at a time."""

    def setUp(self):
        self.server = self.enterContext(fixture.new_server(max_clients=3))
        assert_delivered(self.server.address, fixture.post(), fixture.media('small.mp4'))
        self.rest = until_stable(self.descriptors, 'the descriptors')

    def descriptors(self):
        """But for connections to the CDN, which are kept for the next post."""
        return len(self.server.open_descriptors()) - fixture.standin.open()

    def enter_downloads(self, count):
        """That many clients, each in the middle of a file."""
        fixture.standin.reset()
        downloads = [self.enterContext(StrictDownload(self.server.address, fixture.video('medium.mp4', behaviour='gate')))
                     for _ in range(count)]
        for download in downloads:
            download.read_head().read_until(100_000)
        return downloads

    def assert_refused(self, connection):
        answer = connection.read_answer()
        self.assertEqual((answer.status, answer.json), (503, {'detail': 'Service Unavailable'}))
        self.assertRegex(answer.head.get('Retry-After') or '', r'^[1-9][0-9]*$')
        self.assertTrue(answer.head.closes)
        self.assertTrue(connection.is_at_end())

    def serves(self):
        """Whether a new client gets what it asks for; it may be refused, and where too many are, without a word."""
        with Connection(self.server.address) as connection, contextlib.suppress(CutOff, OSError):
            return connection.ask('GET', '/ping').status == 200
        return False

    def test_one_too_many_is_told_so_without_having_asked(self):
        downloads = self.enter_downloads(3)
        for _ in range(5):
            with Connection(self.server.address) as connection:
                self.assert_refused(connection)
        downloads[0].connection.close()
        until(self.serves, 'there is room again')
        fixture.standin.open_gate()
        for download in downloads[1:]:
            assert_same(download.read_rest().parts[0].data, fixture.media('medium.mp4'))
        self.assertEqual(self.server.log.count('3 clients are connected'), 1)

    def test_the_refused_hold_nothing(self):
        """Neither while they wait, beyond a small number, nor after."""
        downloads = self.enter_downloads(3)
        at_most = self.descriptors() + 100
        refused = [self.enterContext(Connection(self.server.address)) for _ in range(200)]
        for connection in refused:
            connection.send(b'GET /ping HTTP/1.1\r\n')
        self.assertLess(self.descriptors(), at_most)
        for connection in refused + [download.connection for download in downloads]:
            connection.close()
        until(self.serves, 'there is room again')
        until(lambda: self.descriptors() <= self.rest, 'nothing is held', PROMPT_S)

    def test_an_idle_connection_makes_room(self):
        with Connection(self.server.address) as idle:
            self.assertEqual(idle.ask('GET', '/ping').status, 200)
            self.enter_downloads(2)
            self.assertTrue(self.serves())
            self.assertTrue(idle.is_at_end())

    def test_the_refused_do_not_hold_up_the_end(self):
        downloads = self.enter_downloads(3)
        refused = [self.enterContext(Connection(self.server.address)) for _ in range(80)]
        fixture.standin.open_gate()
        for download in downloads:
            download.read_rest()
        self.server.stop()
        for connection in refused:
            connection.drain()


class TooLarge(unittest.TestCase):
    """`post.too_large` as long as the header has not left."""

    def test_by_what_the_page_says(self):
        link = fixture.post(formats=[{'media': 'small.mp4', 'data_size': 2_000_000}])
        answer = post_json(fixture.server.address, order(link))
        # A page that exaggerates may be believed or not; a file within the limit may be delivered.
        self.assertIn((answer.status, answer.status == 400 and answer.json['code']),
                      [(200, False), (400, 'post.too_large')])

    def test_by_what_the_cdn_says(self):
        link = fixture.post(formats=[{'media': 'medium.mp4', 'data_size': 200_000}])
        assert_no_files(fixture.server.address, link, 'post.too_large')

    def test_by_what_arrives(self):
        link = fixture.post(formats=[{'media': 'medium.mp4', 'data_size': 200_000,
                                      'hosts': [{'host': CDN, 'length': False}]}])
        download = assert_cut_off(fixture.server.address, link, fixture.media('medium.mp4'))
        self.assertLessEqual(download.received, 1_000_000)

    def test_a_smaller_rendition_is_taken_instead(self):
        """A post that has one within the limit is not too large."""
        large = {'media': 'medium.mp4', 'res': '1080p'}
        link = fixture.post(formats=[large, {'media': 'small.mp4', 'res': '540p'}])
        assert_delivered(fixture.server.address, link, fixture.media('small.mp4'))


class Storage(unittest.TestCase):
    """The file could not be written."""

    def assert_storage_failed(self, server):
        answer = post_json(server.address, order(fixture.post()))
        self.assertEqual((answer.status, answer.json['detail'], answer.json['code']),
                         (500, 'Failed to save the file', 'storage.failed'))
        self.assertNotIn(str(server.cache_dir).encode(), answer.body)

    def test_cache_dir_is_gone(self):
        with fixture.new_server() as server:
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))
            shutil.rmtree(server.cache_dir)
            server.cache_dir.write_text('in the way')
            self.assert_storage_failed(server)
            server.cache_dir.unlink()
            server.cache_dir.mkdir()
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))

    def test_no_room_for_the_first_byte(self):
        with fixture.new_server() as server:
            limit_files(server, 0)
            self.assert_storage_failed(server)
            self.assert_storage_failed(server)

    def test_no_room_for_the_rest(self):
        """Whoever has begun to receive is served without the disk."""
        with fixture.new_server() as server:
            limit_files(server, 3_000_000)
            with StrictDownload(server.address, fixture.gated_video()) as download:
                download.read_head()
                fixture.standin.open_gate()
                assert_same(download.read_rest().parts[0].data, fixture.media('medium.mp4'))
            server.wait_for_log('served without the disk from byte [1-9]')
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))

    def test_a_cache_dir_that_cannot_be_made_is_said_at_the_start(self):
        with fixture.new_server(cache_dir='/proc/no/such/place') as server:
            server.wait_for_log(r'(error|warning).*/proc/no/such/place')
            self.assert_storage_failed(server)


def limit_files(server, size):
    """Writing more to a file fails from now on, as on a full disk."""
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (size, size))
