"""contract.md, "Errors", and issue 4, line 6: disks that become read-only, are replaced, or die."""

import shutil

from . import mounts
from .clients import StrictDownload
from .deadlines import until
from .expectations import assert_delivered, assert_same
from .fixture import id_of
from .storage_case import StorageTest, fixture, setUpModule, tearDownModule  # noqa: F401
from .wire import CutOff


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

    def test_what_is_held_open_cannot_be_read(self):
        server = self.make_server(cache_ttl_s=3600)
        disk = self.mount(mounts.mount_ext4, server)
        self.enterContext(server)
        kept = fixture.post()
        assert_delivered(server.address, kept, fixture.media('small.mp4'))
        until(server.kept_entries, 'it is kept')
        for _ in range(2):
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
        self.assert_storage_failed(server, downloads[0].link)
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
