"""contract.md, "Errors", and issue 4, line 6: real file systems that are full, read-only, forbidden or dead."""

import contextlib
import shutil
import unittest

from . import mounts
from .clients import StrictDownload, order, post_json
from .deadlines import until
from .expectations import assert_delivered, assert_same
from .fixture import Fixture, id_of
from .wire import Connection, CutOff

# What the server and the test's reader may still have in hand of what has arrived.
SLACK = 64

STORAGE_FAILED = {'detail': 'Failed to save the file', 'code': 'storage.failed'}

fixture = Fixture()
tearDownModule = fixture.stop


def setUpModule():
    mounts.enter_own_namespace()
    fixture.start()


class StorageTest(unittest.TestCase):
    """`make_server` gives one whose cache_dir a test may mount things on before it enters it."""

    def make_server(self, **settings):
        server = fixture.new_server(**settings)
        self.addCleanup(shutil.rmtree, server.cache_dir, ignore_errors=True)
        return server

    def make_server_on_tmpfs(self, options='size=8m', **settings):
        server = self.make_server(**settings)
        self.mount(mounts.mount_tmpfs, server, options)
        return server

    def mount(self, mount, server, *words):
        mount(server.cache_dir, *words)
        stack = contextlib.ExitStack()
        stack.callback(mounts.unmount, server.cache_dir)
        self.addCleanup(stack.close)
        return stack

    def assert_storage_failed(self, server, link=None, cause=None):
        """Twice, since the first failure must not change what the second request meets."""
        for _ in range(2):
            answer = post_json(server.address, order(link or fixture.post()))
            self.assertEqual((answer.status, answer.json), (500, STORAGE_FAILED))
        if cause:
            server.wait_for_log(cause)
        self.assert_alive(server)

    def assert_alive(self, server):
        with Connection(server.address) as connection:
            self.assertEqual(connection.ask('GET', '/ping').body, b'pong')

    def assert_works(self, server):
        assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))

    def begin_downloads(self, server, count, **options):
        """That many clients of one post, all of whom have its first half; the rest waits for the gate."""
        link = fixture.gated_video()
        half = len(fixture.media('medium.mp4')) // 2
        downloads = [self.enterContext(StrictDownload(server.address, link, **options)) for _ in range(count)]
        for download in downloads:
            download.link = link
            download.read_head().read_until(half - SLACK)
        return downloads

    def assert_finished(self, downloads):
        """Whole, to the last byte."""
        for download in downloads:
            assert_same(download.read_rest().parts[0].data, fixture.media('medium.mp4'))


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
        early, late = self.begin_downloads(server, 2, receive_buffer=4096)
        ballast = mounts.fill(server.cache_dir)
        fixture.standin.open_gate()
        self.assert_finished([early])
        self.assert_storage_failed(server, early.link)
        self.assert_finished([late])
        ballast.unlink()
        self.assert_works(server)

    def test_what_is_kept_is_still_served(self):
        server = self.make_server_on_tmpfs(cache_ttl_s=3600)
        self.enterContext(server)
        kept = fixture.post()
        assert_delivered(server.address, kept, fixture.media('small.mp4'))
        ballast = mounts.fill(server.cache_dir)
        assert_delivered(server.address, kept, fixture.media('small.mp4'))
        self.assert_storage_failed(server)
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


class ReadOnly(StorageTest):
    """EROFS."""

    def test_at_the_start(self):
        server = self.make_server_on_tmpfs()
        mounts.remount(server.cache_dir, 'ro')
        self.enterContext(server)
        self.assert_storage_failed(server, cause='Read-only file system')
        mounts.remount(server.cache_dir, 'rw')
        self.assert_works(server)

    def test_between_two_requests(self):
        """The server's lock keeps the kernel from remounting; another mount on top does the same to it."""
        server = self.make_server()
        self.enterContext(server)
        self.assert_works(server)
        on_top = self.mount(mounts.mount_tmpfs, server, 'ro')
        self.assert_storage_failed(server, cause='Read-only file system')
        on_top.close()
        self.assert_works(server)

    def test_a_disk_that_turns_read_only_in_mid_stream(self):
        server = self.make_server()
        disk = self.mount(mounts.mount_ext4, server, 'errors=remount-ro')
        self.enterContext(server)
        downloads = self.begin_downloads(server, 2)
        mounts.trip_ext4(server.cache_dir)
        self.assert_storage_failed(server, cause='Read-only file system')
        fixture.standin.open_gate()
        self.assert_finished(downloads)
        disk.close()
        self.assert_works(server)


class Replaced(StorageTest):
    """ENOTDIR and ENOENT."""

    def test_by_a_file_in_mid_stream(self):
        server = self.make_server()
        self.enterContext(server)
        downloads = self.begin_downloads(server, 2)
        shutil.rmtree(server.cache_dir)
        self.assert_storage_failed(server, cause='No such file or directory')
        server.cache_dir.write_text('in the way')
        self.assert_storage_failed(server, cause='Not a directory')
        fixture.standin.open_gate()
        self.assert_finished(downloads)
        server.cache_dir.unlink()
        server.cache_dir.mkdir()
        self.assert_works(server)


class Dead(StorageTest):
    """EIO from every call on the file system, reading included."""

    def test_between_two_requests(self):
        server = self.make_server(cache_ttl_s=3600)
        disk = self.mount(mounts.mount_ext4, server)
        self.enterContext(server)
        self.assert_works(server)
        mounts.break_ext4(server.cache_dir)
        self.assert_storage_failed(server, cause='Input/output error')
        disk.close()
        self.assert_works(server)

    def test_what_was_kept_cannot_be_read(self):
        server = self.make_server(cache_ttl_s=3600)
        disk = self.mount(mounts.mount_ext4, server)
        self.enterContext(server)
        kept = fixture.post()
        assert_delivered(server.address, kept, fixture.media('small.mp4'))
        mounts.break_ext4(server.cache_dir)
        self.assert_storage_failed(server, kept)
        disk.close()
        assert_delivered(server.address, kept, fixture.media('small.mp4'))

    def test_in_mid_stream(self):
        """Whoever has all that is on the disk goes on without it."""
        server = self.make_server()
        disk = self.mount(mounts.mount_ext4, server)
        self.enterContext(server)
        downloads = self.begin_downloads(server, 2)
        mounts.break_ext4(server.cache_dir)
        fixture.standin.open_gate()
        self.assert_finished(downloads)
        self.assert_storage_failed(server, cause='Input/output error')
        disk.close()
        self.assert_works(server)

    def test_what_a_slow_client_has_not_read_is_gone(self):
        server = self.make_server()
        disk = self.mount(mounts.mount_ext4, server)
        self.enterContext(server)
        [quick] = self.begin_downloads(server, 1)
        content, link = fixture.media('medium.mp4'), fixture.video('medium.mp4')
        slow = self.enterContext(StrictDownload(server.address, link, receive_buffer=4096))
        slow.read_head().read_until(100_000)
        until(lambda: fixture.requests(id_of(link))[-1]['sent'] == len(content), 'the server has nearly all of it')
        mounts.break_ext4(server.cache_dir)
        fixture.standin.open_gate()
        self.assertRaises(CutOff, slow.read_rest)
        assert_same(slow.parts[0].data, content[:slow.received])
        self.assert_finished([quick])
        disk.close()
        self.assert_works(server)
