"""Issue 4, line 2: a damaged entry is noticed and fetched anew; never a wrong byte."""

import os

from .cache_case import CacheTest, essence, original
from .clients import StrictDownload, strict_download
from .expectations import assert_no_files, assert_same
from .fixture import Fixture, id_of
from .wire import CutOff

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


def flip(path, place):
    """Changes one bit of one byte, in place; its modification time is what it was, as after a fault of the disk."""
    times = path.stat()
    with path.open('r+b') as file:
        file.seek(*place)
        byte = file.read(1)[0]
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte ^ 1]))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def replace_with_directory(path):
    path.unlink()
    path.mkdir()
    (path / 'more').write_bytes(b'in the way')


def replace_with_link(path):
    """To a file of the same bytes, outside."""
    path.unlink()
    path.symlink_to(fixture.standin.media('small.mp4'))


def exchange(path):
    """The same number of other bytes, as another file under the name."""
    fresh = path.with_name('fresh')
    fresh.write_bytes(bytes(path.stat().st_size))
    fresh.rename(path)


DAMAGES = {
    'first byte': lambda path: flip(path, (0,)),
    'a byte in the middle': lambda path: flip(path, (path.stat().st_size // 2,)),
    'last byte': lambda path: flip(path, (-1, os.SEEK_END)),
    'truncated': lambda path: os.truncate(path, path.stat().st_size // 2),
    'one byte short': lambda path: os.truncate(path, path.stat().st_size - 1),
    'longer': lambda path: os.truncate(path, path.stat().st_size + 4096),
    'emptied': lambda path: os.truncate(path, 0),
    'deleted': os.unlink,
    'exchanged': exchange,
    'a directory': replace_with_directory,
    'a link': replace_with_link,
}

MANIFEST_DAMAGES = {
    **{name: DAMAGES[name] for name in ('first byte', 'a byte in the middle', 'truncated', 'one byte short', 'longer',
                                        'emptied', 'deleted', 'exchanged', 'a directory', 'a link')},
    'in the checksum': lambda path: flip(path, (-5, os.SEEK_END)),
    'no checksum': lambda path: path.write_bytes(path.read_bytes().partition(b'\n')[0] + b'\n'),
    'twice': lambda path: path.write_bytes(path.read_bytes() * 2),
    'another size': lambda path: path.write_bytes(path.read_bytes().replace(b'"size":', b'"size":1')),
    'deep': lambda path: path.write_bytes(b'[' * 500_000),
    'large': lambda path: path.write_bytes(b'{"key":"' + bytes(3_000_000)),
}


class Files(CacheTest):
    """What is damaged is a file."""

    fixture = fixture

    def test_while_the_server_runs(self):
        server = self.start()
        for name, link, first in self.fetch_each(server, DAMAGES):
            with self.subTest(name):
                self.wait_for_tick(self.file_of(link))
                DAMAGES[name](self.file_of(link))
                self.assert_replaced(server, link, first)

    def test_while_no_server_runs(self):
        server = self.start()
        kept = self.fetch_each(server, [*DAMAGES, 'none'])
        server.stop()
        for name, link, _ in kept[:-1]:
            DAMAGES[name](self.file_of(link))
        server = self.start()
        for name, link, first in kept[:-1]:
            with self.subTest(name):
                self.assert_replaced(server, link, first)
        self.assert_from_cache(server, *kept[-1][1:])

    def test_one_of_several(self):
        link = fixture.post(images=[{'media': 'photo1.jpg'}, {'media': 'photo2.jpg'}], music={'media': 'sound.mp3'})
        server = self.start()
        first = self.assert_fetched(server, link)
        for name in ('1.jpg', '2.jpg', '3.mp3'):
            with self.subTest(name):
                self.wait_for_tick(self.file_of(link, name))
                DAMAGES['a byte in the middle'](self.file_of(link, name))
                self.assert_replaced(server, link, first)

    def test_every_time_it_happens(self):
        link = fixture.video()
        server = self.start()
        first = self.assert_fetched(server, link)
        for _ in range(3):
            self.wait_for_tick(self.file_of(link))
            DAMAGES['a byte in the middle'](self.file_of(link))
            self.assert_replaced(server, link, first)
        server.wait_for_log(f'{original(link)} is damaged', count=3)

    def test_one_that_cannot_be_fetched_anew(self):
        """An error, then, and no entry; not the damaged file."""
        link = fixture.video()
        server = self.start()
        self.assert_fetched(server, link)
        self.wait_for_tick(self.file_of(link))
        DAMAGES['a byte in the middle'](self.file_of(link))
        fixture.post(id=id_of(link), status_code=10222)
        assert_no_files(server.address, link, 'post.private')
        self.assertEqual(server.kept_entries(), [])

    def test_while_it_is_being_sent(self):
        """Cut off where it ends, not ended as if that were all; who comes next gets all of it."""
        server, link, content = self.start(), fixture.video('large.mp4'), fixture.media('large.mp4')
        first = self.assert_fetched(server, link)
        with StrictDownload(server.address, link, receive_buffer=4096) as download:
            download.read_head().read_until(1)
            DAMAGES['truncated'](self.file_of(link))
            self.assertRaises(CutOff, download.read_rest)
            assert_same(download.parts[0].data, content[:download.received])
        self.wait_for_rest(server)
        self.assert_replaced(server, link, first)

    def test_joining_somebody_who_is_being_sent_it(self):
        """The damage is behind what the first client has read; a second one must not get it."""
        server = self.start()
        for name in ('last byte', 'truncated'):
            with self.subTest(name):
                link = fixture.video('large.mp4')
                first = self.assert_fetched(server, link)
                with StrictDownload(server.address, link, receive_buffer=4096) as slow:
                    slow.read_head().read_until(1)
                    self.wait_for_tick(self.file_of(link))
                    DAMAGES[name](self.file_of(link))
                    self.assert_same_essence(essence(strict_download(server.address, link)), first)
                self.wait_for_rest(server)


class Manifests(CacheTest):
    """What is damaged is an entry's manifest: noticed at the next start, and no wrong byte until then."""

    fixture = fixture

    def test_all_at_a_start(self):
        server = self.start()
        kept = self.fetch_each(server, [*MANIFEST_DAMAGES, 'none'])
        server.stop()
        for name, link, _ in kept[:-1]:
            MANIFEST_DAMAGES[name](self.file_of(link, 'manifest'))
        server = self.start()
        self.assertEqual(server.kept_entries(), [original(kept[-1][1])])
        for name, link, first in kept[:-1]:
            with self.subTest(name):
                self.assert_replaced(server, link, first)
        self.assert_from_cache(server, *kept[-1][1:])

    def test_while_the_server_runs(self):
        server = self.start()
        kept = self.fetch_each(server, MANIFEST_DAMAGES)
        for name, link, first in kept:
            with self.subTest(name):
                MANIFEST_DAMAGES[name](self.file_of(link, 'manifest'))
                self.assert_same_essence(self.download(server, link), first)
        server.stop()
        server = self.start()
        for name, link, first in kept:
            with self.subTest(name, after='a restart'):
                self.assert_replaced(server, link, first)

    def test_entries_under_each_other_s_name(self):
        """Whole and sound, each of them, but not what was asked for."""
        server = self.start()
        one, other = fixture.video(), fixture.video('other.mp4')
        first, second = self.assert_fetched(server, one), self.assert_fetched(server, other)
        server.stop()
        places = [self.file_of(link).parent for link in (one, other)]
        for source, target in ((places[0], 'aside'), (places[1], places[0]), ('aside', places[1])):
            (self.cache_dir / source).rename(self.cache_dir / target)
        server = self.start()
        for link, expected in ((one, first), (other, second)):
            self.assert_replaced(server, link, expected)
