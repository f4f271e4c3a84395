"""Issue 4, line 7: whoever is being served is served to the end, whoever comes is told, and nothing is left behind."""

import concurrent.futures
import signal
import unittest

from . import processes
from .clients import StrictDownload, order, post_json
from .deadlines import until
from .expectations import assert_delivered, assert_same
from .fixture import Fixture, id_of
from .wire import Connection, CutOff, json_request

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


class Shutdown(unittest.TestCase):

    def begin_downloads(self, server, count):
        """Clients of one post that stands still in its middle."""
        link = fixture.gated_video()
        downloads = [self.enterContext(StrictDownload(server.address, link)) for _ in range(count)]
        for download in downloads:
            download.read_head().read_until(100_000)
        return link, downloads

    def wait_until_draining(self, server):
        server.wait_for_log('shutting down on SIGTERM')

    def test_all_clients_of_a_shared_download_get_everything(self):
        with fixture.new_server(shutdown_grace_s=300, cache_ttl_s=3600) as server:
            link, downloads = self.begin_downloads(server, 10)
            server.send_signal(signal.SIGTERM)
            self.wait_until_draining(server)
            fixture.standin.open_gate()
            with concurrent.futures.ThreadPoolExecutor(10) as threads:
                for download in threads.map(StrictDownload.read_rest, downloads):
                    assert_same(download.parts[0].data, fixture.media('medium.mp4'))
            self.assertEqual(server.wait(), 0)
            self.assertEqual(server.spooled_files(), [])
            self.assertEqual(server.kept_entries(), [f'{id_of(link)}-original'])

    def test_a_request_on_an_open_connection(self):
        with fixture.new_server(shutdown_grace_s=300) as server, Connection(server.address) as other:
            self.assertEqual(other.ask('GET', '/ping').status, 200)
            _, [download] = self.begin_downloads(server, 1)
            server.send_signal(signal.SIGTERM)
            self.wait_until_draining(server)
            other.send(json_request('/api/v3/download', order(fixture.post())))
            answer = other.read_answer('POST')
            self.assertEqual((answer.status, answer.json), (503, {'detail': 'Service Unavailable'}))
            self.assertRegex(answer.head.get('Retry-After') or '', r'^[1-9][0-9]*$')
            self.assertTrue(answer.head.closes)
            self.assertTrue(other.is_at_end())
            fixture.standin.open_gate()
            assert_same(download.read_rest().parts[0].data, fixture.media('medium.mp4'))
            self.assertEqual(server.wait(), 0)

    def test_all_are_cut_off_when_the_grace_is_over(self):
        with fixture.new_server(shutdown_grace_s=1, cache_ttl_s=3600) as server:
            kept = fixture.post()
            assert_delivered(server.address, kept, fixture.media('small.mp4'))
            _, downloads = self.begin_downloads(server, 5)
            family = [processes.identity(child) for child in server.children()]
            server.send_signal(signal.SIGTERM)
            for download in downloads:
                self.assertRaises(CutOff, download.read_rest)
            self.assertEqual(server.wait(), 0)
            self.assertFalse([who for who in family if who and processes.is_alive(who)])
            self.assertEqual(server.spooled_files(), [])
            self.assertEqual(server.kept_entries(), [f'{id_of(kept)}-original'])

    def test_while_a_video_of_photos_is_made(self):
        with fixture.new_server(shutdown_grace_s=0) as server:
            server.wait_for_log('ffmpeg ready')
            link = fixture.post(images=[{'media': f'noisy{number}.jpg'} for number in range(1, 11)] * 3)
            with StrictDownload(server.address, link, content_type='VIDEO_ONLY'):
                until(lambda: 'ffmpeg' in map(processes.name, server.children()), 'ffmpeg runs')
                server.stop()

    def test_the_next_server_goes_on_with_what_was_kept(self):
        with fixture.new_server(cache_ttl_s=3600) as server:
            link = fixture.post()
            self.assertEqual(post_json(server.address, order(link)).status, 200)
            server.stop()
            self.assertEqual(server.kept_entries(), [f'{id_of(link)}-original'])
            with fixture.new_server(cache_ttl_s=3600, cache_dir=server.cache_dir) as successor:
                assert_delivered(successor.address, link, fixture.media('small.mp4'))
                successor.wait_for_log('source=cache')
