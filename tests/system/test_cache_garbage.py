"""Issue 4, line 2: what is in cache_dir and no finished entry, as a crash or a power cut leaves it, is removed."""

import contextlib
import os
import shutil
import socket
import tempfile
from pathlib import Path

from .cache_case import CacheTest, original
from .fixture import Fixture

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


class Garbage(CacheTest):
    """What is in the directory and no entry is gone after a start."""

    fixture = fixture

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
                os.truncate(place / '1.mp4', 100_000)
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

    def test_a_link_to_another_directory(self):
        """The link is garbage; what it leads to is somebody else's."""
        server = self.start()
        server.stop()
        outside = Path(self.enterContext(tempfile.TemporaryDirectory()))
        for name in ('manifest', '1.mp4'):
            (outside / name).write_text('somebody else\'s')
        for folder in ('entries', 'incoming'):
            with self.subTest(folder):
                (self.cache_dir / folder / 'link').symlink_to(outside)
                server = self.start()
                self.assert_tidy(server)
                server.stop()
                self.assertEqual(sorted(path.name for path in outside.iterdir()), ['1.mp4', 'manifest'])
                (outside / 'manifest').touch()

    def test_a_manifest_that_never_ends(self):
        """Whoever opens a FIFO waits for a writer: the start must not."""
        server, link = self.start(), fixture.video()
        first = self.assert_fetched(server, link)
        server.stop()
        self.file_of(link, 'manifest').unlink()
        os.mkfifo(self.file_of(link, 'manifest'))
        server = self.start()
        self.assert_replaced(server, link, first)

    def test_a_name_that_would_be_lines_of_the_log(self):
        server = self.start()
        server.stop()
        (self.cache_dir / 'entries' / 'x\nforged line \x1b[31m').mkdir()
        server = self.start()
        self.assert_tidy(server)
        self.assertNotIn('\x1b', server.log)
        self.assertFalse([line for line in server.log.split('\n') if line.startswith('forged')])
