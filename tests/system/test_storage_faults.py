"""contract.md, "Errors", and issue 4, line 6: disks that are full or forbidden."""

from . import mounts
from .clients import StrictDownload, order, post_json
from .deadlines import until, until_stable
from .expectations import assert_delivered, assert_same
from .fixture import id_of
from .storage_case import STORAGE_FAILED, StorageTest, fixture, setUpModule, tearDownModule  # noqa: F401
from .wire import CutOff


class Full(StorageTest):
    """ENOSPC."""

    def test_at_the_start(self):
        server = self.make_server_on_tmpfs()
        ballast = mounts.fill(server.cache_dir)
        self.enterContext(server)
        self.assert_storage_failed(server, cause='No space left on device')
        ballast.unlink()
        self.assert_works(server)

    def test_no_file_can_be_made(self):
        server = self.make_server_on_tmpfs('size=8m,nr_inodes=5', cache_ttl_s=3600)  # one is the directory's own
        places = [server.cache_dir / f'place-{number}' for number in range(4)]
        for place in places:
            place.touch()
        self.enterContext(server)
        self.assert_storage_failed(server, cause='No space left on device')
        for place in places:
            place.unlink()
        self.assert_works(server)

    def test_between_two_requests(self):
        server = self.make_server_on_tmpfs()
        self.enterContext(server)
        self.assert_works(server)
        ballast = mounts.fill(server.cache_dir)
        self.assert_storage_failed(server, cause='No space left on device')
        ballast.unlink()
        self.assert_works(server)

    def test_in_mid_stream(self):
        server = self.make_server_on_tmpfs()
        self.enterContext(server)
        downloads = self.begin_downloads(server, 3)
        ballast = mounts.fill(server.cache_dir)
        self.assert_storage_failed(server)
        fixture.standin.open_gate()
        self.assert_finished(downloads)
        server.wait_for_log('served without the disk from byte [1-9]')
        ballast.unlink()
        self.assert_works(server)

    def test_in_mid_stream_with_a_client_that_reads_late(self):
        """It is waited for, but no other can join it: what there is in memory begins in the middle."""
        server = self.make_server_on_tmpfs()
        self.enterContext(server)
        [late] = self.begin_downloads(server, 1, receive_buffer=4096)
        ballast = mounts.fill(server.cache_dir)
        fixture.standin.open_gate()
        until_stable(lambda: fixture.requests(id_of(late.link))[-1]['sent'], 'the upstream')
        late.read_until(len(fixture.media('medium.mp4')) // 2 + 200_000)
        self.assert_storage_failed(server, late.link)
        self.assert_finished([late])
        ballast.unlink()
        self.assert_works(server)

    def test_in_mid_stream_with_a_client_in_the_way_of_another(self):
        """Both cannot be served for long where one of them stands still."""
        server = self.make_server_on_tmpfs()
        self.enterContext(server)
        early, stuck = self.begin_downloads(server, 2, receive_buffer=4096)
        ballast = mounts.fill(server.cache_dir)
        fixture.standin.open_gate()
        self.assert_finished([early])
        self.assertRaises(CutOff, stuck.read_rest)
        assert_same(stuck.parts[0].data, fixture.media('medium.mp4')[:stuck.received])
        ballast.unlink()
        self.assert_works(server)

    def test_what_is_kept_is_served_to_the_end(self):
        """It gives way to what needs the room, but its last reader holds it."""
        server = self.make_server_on_tmpfs(cache_ttl_s=3600)
        self.enterContext(server)
        kept = fixture.video('medium.mp4')
        assert_delivered(server.address, kept, fixture.media('medium.mp4'))
        until(server.kept_entries, 'it is kept')
        reader = self.enterContext(StrictDownload(server.address, kept, receive_buffer=4096))
        reader.read_head().read_until(1)
        ballast = mounts.fill(server.cache_dir)
        self.assert_storage_failed(server)
        assert_same(reader.read_rest().parts[0].data, fixture.media('medium.mp4'))
        ballast.unlink()
        self.assert_works(server)

    def test_a_video_of_photos(self):
        server = self.make_server_on_tmpfs()
        ballast = mounts.fill(server.cache_dir)
        self.enterContext(server)
        link = fixture.post(images=[{'media': 'tiny.jpg'}])
        answer = post_json(server.address, order(link, 'VIDEO_ONLY'))
        self.assertEqual((answer.status, answer.json), (500, STORAGE_FAILED))
        ballast.unlink()
        answer = post_json(server.address, order(link, 'VIDEO_ONLY'))
        self.assertEqual(answer.status, 200)


class Forbidden(StorageTest):
    """EACCES, for a server that has no power to override it."""

    def make_powerless_server(self):
        return self.make_server(run_by=('setpriv', '--bounding-set=-dac_override,-dac_read_search'))

    def test_at_the_start(self):
        server = self.make_powerless_server()
        server.cache_dir.chmod(0o500)
        self.enterContext(server)
        self.assert_storage_failed(server, cause='Permission denied')
        server.cache_dir.chmod(0o700)
        self.assert_works(server)

    def test_between_two_requests(self):
        server = self.make_powerless_server()
        self.enterContext(server)
        self.assert_works(server)
        server.cache_dir.chmod(0)
        self.assert_storage_failed(server, cause='Permission denied')
        server.cache_dir.chmod(0o700)
        self.assert_works(server)

    def test_in_mid_stream(self):
        server = self.make_powerless_server()
        self.enterContext(server)
        downloads = self.begin_downloads(server, 2)
        server.cache_dir.chmod(0)
        self.assert_storage_failed(server)
        fixture.standin.open_gate()
        self.assert_finished(downloads)
        server.cache_dir.chmod(0o700)
        self.assert_works(server)
