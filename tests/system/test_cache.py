"""Issue 4, line 2: a finished delivery is kept, found again, and leaves when it is its turn."""

import shutil
import stat
import time

from .cache_case import CacheTest, essence, original
from .clients import StrictDownload, strict_download
from .deadlines import SLOWNESS, until
from .expectations import assert_same
from .fixture import Fixture, id_of

# How often the server looks at what has expired (store/media_store.hpp).
MAINTENANCE_S = 5

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


class Again(CacheTest):
    """The second request is served without any upstream request, the same in everything a client sees."""

    fixture = fixture

    def test_a_video(self):
        server = self.start()
        link = fixture.video('medium.mp4')
        self.assert_from_cache(server, link, self.assert_fetched(server, link))
        self.assertEqual(server.kept_entries(), [original(link)])

    def test_texts_of_every_kind(self):
        server = self.start()
        link = fixture.post(desc='"quotes", \\, \n, \x01, </script>, ѐ, 😀 ' * 10, nickname='Ünï "x"', duration=17)
        self.assert_from_cache(server, link, self.assert_fetched(server, link))

    def test_photos_with_sound(self):
        server = self.start()
        link = fixture.post(images=[{'media': 'photo1.jpg'}, {'media': 'photo.webp'}, {'media': 'photo.png'}],
                            music={'media': 'sound.mp3'})
        first = self.assert_fetched(server, link)
        self.assertEqual([part[1] for part in first[1]], ['image/jpeg', 'image/webp', 'image/png', 'audio/mpeg'])
        self.assert_from_cache(server, link, first)

    def test_photos_and_their_video_are_two_entries(self):
        server = self.start()
        link = fixture.post(images=[{'media': 'tiny.jpg'}])
        video = self.assert_fetched(server, link, 'VIDEO_ONLY')
        photos = self.assert_fetched(server, link)
        self.assertEqual([part[1] for part in video[1] + photos[1]], ['video/mp4', 'image/jpeg'])
        self.assertEqual(len(server.kept_entries()), 2)
        self.assert_from_cache(server, link, video, 'VIDEO_ONLY')
        self.assert_from_cache(server, link, photos)

    def test_both_content_types_of_a_video_are_one_entry(self):
        server = self.start()
        for one, other in (('ORIGINAL', 'VIDEO_ONLY'), ('VIDEO_ONLY', 'ORIGINAL')):
            with self.subTest(first=one):
                link = fixture.video()
                self.assert_from_cache(server, link, self.assert_fetched(server, link, one), other)
                self.assertEqual([key for key in server.kept_entries() if id_of(link) in key], [original(link)])

    def test_every_form_of_the_link(self):
        server = self.start()
        link = fixture.video()
        first = self.assert_fetched(server, link)
        for form in (f'm.tiktok.com/v/{id_of(link)}.html', f'https://www.tiktok.com/embed/v2/{id_of(link)}?lang=en'):
            before = len(fixture.requests())
            self.assert_same_essence(self.download(server, form), first)
            self.assertEqual(len(fixture.requests()), before)

    def test_a_file_that_holds_the_boundary_gets_a_random_one_each_time(self):
        server = self.start()
        link = fixture.video('boundary_head.mp4')
        downloads = []
        for _ in range(3):
            downloads.append(strict_download(server.address, link))
            self.wait_for_rest(server)
        boundaries = {download.boundary for download in downloads}
        self.assertEqual(len(boundaries), 3)
        self.assertNotIn(b'simple_boundary', boundaries)
        for download in downloads[1:]:
            self.assert_same_essence(essence(download), essence(downloads[0]))
        server.wait_for_log(self.line_of(link), count=2)

    def test_after_a_restart_all_of_it(self):
        """By SIGTERM and by SIGKILL, and under a random boundary again where that is needed."""
        server = self.start()
        photos = fixture.post(images=[{'media': 'tiny.jpg'}], music={'media': 'sound.m4a'})
        links = [(fixture.video(), 'ORIGINAL'), (photos, 'ORIGINAL'), (photos, 'VIDEO_ONLY'),
                 (fixture.video('boundary_head.mp4'), 'VIDEO_ONLY')]
        kept = [(*link, self.assert_fetched(server, *link)) for link in links]
        for end in (lambda ended: ended.stop(), self.crash):
            end(server)
            server = self.start()
            self.assertEqual(len(server.kept_entries()), 4)
            for link, content_type, first in kept:
                self.assert_from_cache(server, link, first, content_type)
            self.assertNotIn(b'simple_boundary', strict_download(server.address, links[-1][0]).boundary)

    def test_another_background_makes_another_video(self):
        link = fixture.post(images=[{'media': 'tiny.jpg'}, {'media': 'square.jpg'}])
        server = self.start(slideshow_background='blur')
        blurred = self.assert_fetched(server, link, 'VIDEO_ONLY')
        server.stop()
        server = self.start(slideshow_background='black')
        black = self.assert_fetched(server, link, 'VIDEO_ONLY')
        self.assertTrue(black[1][0][3] != blurred[1][0][3], 'the same video')
        self.assert_from_cache(server, link, black, 'VIDEO_ONLY')

    def test_clients_that_leave_at_once_at_the_end(self):
        """Whether anybody still listens when the last byte has arrived does not matter to what is kept."""
        server = self.start()
        links = [fixture.video() for _ in range(30)]
        for link in links:
            with StrictDownload(server.address, link) as download:
                download.read_head().read_until(len(fixture.media('small.mp4')))
                download.connection.reset()
        self.wait_for_rest(server)
        self.assertEqual(server.kept_entries(), sorted(map(original, links)))

    def test_only_its_owner_may_read_it(self):
        """Whatever the umask."""
        for umask in ('000', '077'):
            with self.subTest(umask=umask):
                folder = self.cache_dir / umask
                with self.new_server(cache_dir=folder,
                                     run_by=('sh', '-c', f'umask {umask}; exec "$@"', 'sh')) as server:
                    link = fixture.video()
                    strict_download(server.address, link)
                    until(server.kept_entries, 'it is kept')
                    found = {path: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.rglob('*')]}
                self.assertEqual(len([path for path in found if path.is_file()]), 3, found)
                for path, mode in found.items():
                    self.assertEqual(mode, 0o700 if path.is_dir() else 0o600, path)


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

    def test_a_smaller_limit_after_a_restart(self):
        server = self.start()
        one, two, three = self.fetch(server, 3)
        self.use(server, one)
        server.stop()
        server = self.start(cache_max_bytes=self.small * 2)
        self.assert_kept(server, one, three)
        self.assertLessEqual(sum(path.stat().st_size for path in self.cache_dir.glob('entries/*/1.mp4')), self.small * 2)
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
        ttl_s = 4
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
        server = self.start(cache_ttl_s=10)
        link = fixture.video('large.mp4')
        download = self.begin(server, link)
        until(lambda: not server.kept_entries(), 'it has expired')
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
