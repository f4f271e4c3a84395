"""Issue 4, line 2: what is kept leaves when its time is over or its room is needed, but not while it is being sent."""

import shutil
import time

from .cache_case import CacheTest, original
from .clients import StrictDownload, strict_download
from .deadlines import SLOWNESS, until
from .expectations import assert_same
from .fixture import Fixture, id_of

# How often the server looks at what has expired (store/media_store.hpp).
MAINTENANCE_S = 5

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


class Room(CacheTest):
    """cache_max_bytes: least recently used leaves first."""

    fixture = fixture

    def setUp(self):
        super().setUp()
        self.small = len(fixture.media('small.mp4'))
        self.room = {'cache_max_bytes': 3 * self.small + self.small // 2}

    def fetch(self, server, count):
        """That many videos, one after the other. Returns their links."""
        links = []
        for _ in range(count):
            links.append(fixture.video())
            self.assert_fetched(server, links[-1])
            self.wait_for_tick(*self.cache_dir.glob('entries/*/manifest'))
        return links

    def use(self, server, link):
        self.assert_from_cache(server, link, self.download(server, link))
        self.wait_for_tick(*self.cache_dir.glob('entries/*/manifest'))

    def assert_kept(self, server, *links):
        self.assertEqual(server.kept_entries(), sorted(map(original, links)))

    def test_the_order_of_use_decides(self):
        server = self.start(**self.room)
        one, two, three = self.fetch(server, 3)
        self.use(server, one)
        [four] = self.fetch(server, 1)
        self.assert_kept(server, one, three, four)
        self.use(server, three)
        [five] = self.fetch(server, 1)
        self.assert_kept(server, three, four, five)
        self.assert_fetched(server, two)
        self.assert_kept(server, two, three, five)

    def test_the_order_of_use_outlives_the_server(self):
        for end in (lambda ended: ended.stop(), self.crash):
            server = self.start(**self.room)
            one, two, three = self.fetch(server, 3)
            self.use(server, two)
            self.use(server, one)
            end(server)
            server = self.start(**self.room)
            self.assert_kept(server, one, two, three)
            [four] = self.fetch(server, 1)
            self.assert_kept(server, one, two, four)
            [five] = self.fetch(server, 1)
            self.assert_kept(server, one, four, five)
            server.stop()

    def test_what_has_left_takes_no_disk_any_more(self):
        """Although it was open for whoever would ask next."""
        server = self.start(**self.room)
        [one] = self.fetch(server, 1)
        self.use(server, one)

        def is_open():
            return any(original(one) in path for path in server.open_descriptors().values())
        self.assertTrue(is_open())
        self.fetch(server, 3)
        until(lambda: not is_open(), 'nothing of it is open')

    def test_a_smaller_limit_after_a_restart(self):
        server = self.start()
        one, two, three = self.fetch(server, 3)
        self.use(server, one)
        server.stop()
        server = self.start(cache_max_bytes=self.small * 2)
        self.assert_kept(server, one, three)
        sizes = [path.stat().st_size for path in self.cache_dir.glob('entries/*/1.mp4')]
        self.assertEqual(sizes, [self.small] * 2)
        self.assert_fetched(server, two)

    def test_what_is_larger_than_all_room_is_not_kept(self):
        """Nor does anything leave for it."""
        server = self.start(**self.room)
        links = self.fetch(server, 3)
        large = fixture.video('medium.mp4')
        for _ in range(2):
            self.assert_fetched(server, large)
            self.assert_kept(server, *links)

    def test_what_takes_all_room_is_kept(self):
        for limit, count in ((self.small, 1), (self.small - 1, 0)):
            with self.new_server(cache_dir=self.cache_dir / str(limit), cache_max_bytes=limit) as server:
                self.download(server, fixture.video())
                self.assertEqual(len(server.kept_entries()), count)


class Age(CacheTest):
    """cache_ttl_s."""

    fixture = fixture

    def test_it_leaves_the_disk(self):
        """Within the time between two looks, and is not found any more even before that."""
        ttl_s = int(4 * SLOWNESS)
        server = self.start(cache_ttl_s=ttl_s)
        link, before = fixture.video(), time.time()
        first = self.assert_fetched(server, link)
        after = time.time()
        self.assert_from_cache(server, link, first)
        until(lambda: not server.kept_entries(), 'it has left')
        self.assertGreater(time.time(), before + ttl_s - 1)  # its time is kept in whole seconds
        self.assertLess(time.time(), after + ttl_s + MAINTENANCE_S + 2 * SLOWNESS)
        self.assert_fetched(server, link)
        expires = time.time() + ttl_s
        until(lambda: time.time() > expires, 'it has expired')
        self.assert_fetched(server, link)

    def test_it_goes_on_while_no_server_runs(self):
        server = self.start()
        link = fixture.video()
        self.assert_fetched(server, link)
        stored_by = time.time()
        server.stop()
        until(lambda: time.time() > stored_by + 2, 'it is old enough')
        server = self.start(cache_ttl_s=2)
        self.assertEqual(server.kept_entries(), [])
        self.assert_fetched(server, link)

    def test_nothing_is_kept_without_time_or_room(self):
        """And what an earlier server has kept is removed."""
        for off in ({'cache_ttl_s': 0}, {'cache_max_bytes': 0}):
            with self.subTest(**off):
                server, link = self.start(), fixture.video()
                self.assert_fetched(server, link)
                self.assertEqual(server.kept_entries(), [original(link)])
                server.stop()
                with self.new_server(**off) as server:
                    until(lambda: not server.kept_entries(), 'the directory is empty')
                    for _ in range(2):
                        self.assert_fetched(server, link)
                        self.assertEqual(server.kept_entries(), [])


class BeingSent(CacheTest):
    """What is being sent stays until it is sent."""

    fixture = fixture

    def setUp(self):
        super().setUp()
        self.large = fixture.media('large.mp4')

    def begin(self, server, link):
        """A client that gets the post from the cache and has read its head; most of the file is still to come."""
        self.assertTrue(self.assert_fetched(server, link)[1][0][3] == self.large)
        asked = len(fixture.requests())
        download = self.enterContext(StrictDownload(server.address, link, receive_buffer=4096))
        download.read_head()
        self.assertEqual(len(fixture.requests()), asked)
        return download

    def assert_rest(self, server, link, download):
        assert_same(download.read_rest().parts[0].data, self.large)
        server.wait_for_log(self.line_of(link))
        download.connection.close()
        self.wait_for_rest(server)

    def test_although_it_expires(self):
        server = self.start(cache_ttl_s=int(10 * SLOWNESS))
        link = fixture.video('large.mp4')
        download = self.begin(server, link)
        # A client that takes nothing for 30 s would be cut off.
        until(lambda: download.read_some() and not server.kept_entries(), 'it has expired')
        self.assert_rest(server, link, download)
        self.assert_fetched(server, link)

    def test_although_its_turn_to_leave_has_come(self):
        """It stays where it is, and what comes then is not kept; it leaves when it is sent."""
        server = self.start(cache_max_bytes=len(self.large) + 100_000)
        link = fixture.video('large.mp4')
        download = self.begin(server, link)
        for _ in range(3):
            other = fixture.video()
            self.assertEqual([part.name for part in strict_download(server.address, other).parts],
                             [f'{id_of(other)}.mp4'])
        self.assertEqual(server.kept_entries(), [original(link)])
        self.assert_rest(server, link, download)
        self.assert_fetched(server, other)
        self.assertEqual(server.kept_entries(), [original(other)])

    def test_although_it_is_deleted_from_outside(self):
        server = self.start()
        for number, delete in enumerate((self.delete_entry, self.delete_all)):
            link = fixture.video('large.mp4')
            download = self.begin(server, link)
            delete(link)
            self.assert_rest(server, link, download)
            again = self.assert_fetched(server, link)
            self.assertTrue(again[1][0][3] == self.large, number)

    def delete_entry(self, link):
        shutil.rmtree(self.file_of(link).parent)

    def delete_all(self, _):
        for path in self.cache_dir.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
