"""Issue 4, line 4: `max_spool_bytes` bounds what is on its way; more is a 503 with Retry-After, at once."""

import unittest

from .clients import StrictDownload, order, post_json, strict_download
from .deadlines import until
from .expectations import assert_delivered, assert_same
from .fixture import CDN, PHOTO_CDN, Fixture

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


class SpoolLimit(unittest.TestCase):
    """small.mp4 has some 0.2 MB, medium.mp4 some 5 MB."""

    def assert_unavailable(self, server, link):
        answer = post_json(server.address, order(link))
        self.assertEqual((answer.status, answer.json['detail']), (503, 'Service Unavailable'))
        self.assertRegex(answer.head.get('Retry-After') or '', r'^[1-9][0-9]*$')

    def test_a_file_that_never_fits(self):
        with fixture.new_server(max_spool_bytes=3_000_000) as server:
            link = fixture.video('medium.mp4')
            for _ in range(3):
                self.assert_unavailable(server, link)
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))

    def test_what_is_under_way_counts_whole(self):
        with fixture.new_server(max_spool_bytes=6_000_000) as server:
            content = fixture.media('medium.mp4')
            with StrictDownload(server.address, fixture.gated_video()) as first:
                first.read_head()
                self.assert_unavailable(server, fixture.video('medium.mp4'))
                assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))
                fixture.standin.open_gate()
                assert_same(first.read_rest().parts[0].data, content)
            second = fixture.video('medium.mp4')
            until(lambda: post_json(server.address, order(second)).status == 200, 'there is room again')

    def test_a_client_that_leaves_gives_its_room_back(self):
        with fixture.new_server(max_spool_bytes=6_000_000) as server:
            with StrictDownload(server.address, fixture.gated_video()) as first:
                first.read_head()
                second = fixture.video('medium.mp4')
                self.assert_unavailable(server, second)
                first.connection.close()
                until(lambda: post_json(server.address, order(second)).status == 200, 'there is room again')

    def test_a_file_of_unknown_size_that_outgrows_it(self):
        """Whoever has begun to receive it gets it all."""
        fixture.standin.reset()
        with fixture.new_server(max_spool_bytes=4_000_000) as server:
            held_back = {'host': CDN, 'length': False, 'behaviour': 'gate'}
            link = fixture.post(formats=[{'media': 'medium.mp4', 'hosts': [held_back]}])
            with StrictDownload(server.address, link) as download:
                download.read_head()
                fixture.standin.open_gate()
                assert_same(download.read_rest().parts[0].data, fixture.media('medium.mp4'))
            server.wait_for_log('served without the disk from byte [1-9]')

    def test_the_photos_of_a_post_together(self):
        """What is too much for the disk once something has been sent is served without it."""
        content = fixture.media('photo1.jpg')
        with fixture.new_server(max_spool_bytes=9 * len(content)) as server:
            download = strict_download(server.address, fixture.post(images=[{'media': 'photo1.jpg'}] * 8))
            self.assertEqual(len(download.parts), 8)
        fixture.standin.reset()
        # One after the other, so that none of them is too much before somebody reads.
        held_back = {'media': 'photo1.jpg', 'hosts': [{'host': PHOTO_CDN, 'behaviour': 'gate'}]}
        link = fixture.post(images=[{'media': 'photo1.jpg'}] + [held_back] * 7)
        with fixture.new_server(max_spool_bytes=5 * len(content), parallel_fetches=1) as server:
            with StrictDownload(server.address, link) as download:
                download.read_head().read_until(len(content))
                fixture.standin.open_gate()
                for part in download.read_rest().parts:
                    assert_same(part.data, content)
            server.wait_for_log('max_spool_bytes is reached')
            server.wait_for_log('served without the disk')

    def test_what_is_kept_does_not_count(self):
        with fixture.new_server(max_spool_bytes=6_000_000, cache_ttl_s=3600) as server:
            content = fixture.media('medium.mp4')
            links = [fixture.video('medium.mp4') for _ in range(3)]
            for number, link in enumerate(links, 1):
                assert_delivered(server.address, link, content)
                until(lambda: len(server.kept_entries()) == number, 'it is kept')
            for link in links:
                assert_delivered(server.address, link, content)
            server.wait_for_log('source=cache', count=3)
