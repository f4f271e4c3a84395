"""Issue 4, line 2: a damaged entry is noticed and fetched anew, and what is no entry is removed; never a wrong byte."""

import contextlib
import os
import shutil
import socket

from .cache_case import CacheTest, original
from .clients import StrictDownload
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


class DamageTest(CacheTest):
    """Subclasses damage."""

    fixture = fixture

    def assert_replaced(self, server, link, expected):
        """Fetched anew, said so, and kept again."""
        self.assert_same_essence(self.assert_fetched(server, link), expected)
        server.wait_for_log(f'(warning|error).*{original(link)} is damaged')
        self.assertIn(original(link), server.kept_entries())
        self.assert_from_cache(server, link, expected)

    def fetch_each(self, server, names):
        """One post for each name. Returns (name, link, essence) of all."""
        links = [(name, fixture.video()) for name in names]
        return [(name, link, self.assert_fetched(server, link)) for name, link in links]


class Files(DamageTest):
    """What is damaged is a file."""

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


class Manifests(DamageTest):
    """What is damaged is an entry's manifest: noticed at the next start, and no wrong byte until then."""

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
            self.assert_same_essence(self.assert_fetched(server, link), expected)
            self.assert_from_cache(server, link, expected)


class Garbage(DamageTest):
    """What is in the directory and no entry is gone after a start."""

    def litter(self, folder):
        (folder / 'file').write_bytes(b'garbage')
        (folder / 'empty').mkdir()
        (folder / 'deep' / 'deeper').mkdir(parents=True)
        (folder / 'deep' / 'deeper' / 'manifest').write_text('garbage')
        (folder / '7312345678901234567-original').mkdir()
        (folder / '7312345678901234567-original' / 'manifest').write_text('{}\n0000000000000000\n')
        (folder / 'dangling').symlink_to('/no/such/place')
        (folder / 'self').symlink_to('self')
        (folder / 'name \n\x1b[31m').mkdir()
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as listener:
            listener.bind(str(folder / 'socket'))
        os.mkfifo(folder / 'fifo')

    def assert_tidy(self, server, *links):
        self.assertEqual(server.kept_entries(), sorted(map(original, links)))
        self.assertEqual(list((self.cache_dir / 'incoming').iterdir()), [])

    def test_in_place_of_entries(self):
        self.assert_removed_from('entries')

    def test_in_place_of_unfinished_entries(self):
        self.assert_removed_from('incoming')

    def assert_removed_from(self, folder):
        server, link = self.start(), fixture.video()
        first = self.assert_fetched(server, link)
        server.stop()
        self.litter(self.cache_dir / folder)
        server = self.start()
        self.assert_tidy(server, link)
        self.assert_from_cache(server, link, first)

    def test_a_half_written_entry(self):
        """As a power cut leaves it: its place among the unfinished ones, all of it or a part."""
        server = self.start()
        kept = self.fetch_each(server, ['whole', 'no manifest', 'half a file', 'finished'])
        server.stop()
        for name, link, _ in kept[:-1]:
            place = self.cache_dir / 'incoming' / name.replace(' ', '')
            self.file_of(link).parent.rename(place)
            if name == 'no manifest':
                (place / 'manifest').unlink()
            elif name == 'half a file':
                DAMAGES['truncated'](place / '1.mp4')
        server = self.start()
        self.assert_tidy(server, kept[-1][1])
        for _, link, first in kept[:-1]:
            self.assert_same_essence(self.assert_fetched(server, link), first)
            self.assert_from_cache(server, link, first)
        self.assert_from_cache(server, *kept[-1][1:])

    def test_in_the_way_of_an_entry(self):
        """Of one that is to come: the download does not depend on it, and the next start tidies up."""
        server, link = self.start(), fixture.video()
        self.litter(self.cache_dir / 'entries')
        self.file_of(link).parent.mkdir()
        self.file_of(link).write_text('garbage')
        first = self.assert_fetched(server, link)
        shutil.rmtree(self.file_of(link).parent)
        server.stop()
        server = self.start()
        self.assert_tidy(server)
        self.assert_same_essence(self.assert_fetched(server, link), first)
        self.assert_from_cache(server, link, first)
