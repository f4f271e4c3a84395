"""Issue 4, lines 2 and 7: SIGKILL loses nothing but what was being downloaded; two servers never share a directory."""

import contextlib
import os
import signal
import threading

from . import processes
from .cache_case import CacheTest, essence, original
from .clients import StrictDownload, strict_download
from .deadlines import PROMPT_S, SLOWNESS, until
from .expectations import assert_same
from .fixture import Fixture, id_of
from .wire import CutOff

# How often a server that has not got the directory tries again (store/media_store.hpp), and what that may take.
TAKE_OVER_S = 5 + 3 * SLOWNESS

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


class Crashes(CacheTest):
    """SIGKILL. That nothing runs on below the server is asserted by crash() each time."""

    fixture = fixture

    def assert_only(self, server, *links):
        """The entries of these posts are all there is in the directory."""
        self.assertEqual(server.spooled_files(), [])
        self.assertEqual(server.kept_entries(), sorted(map(original, links)))
        self.assertEqual(list((self.cache_dir / 'incoming').iterdir()), [])

    def begin(self, server, count):
        """That many downloads of which half has arrived. Forgets all posts before."""
        fixture.standin.reset()
        links = [fixture.video('medium.mp4', behaviour='gate') for _ in range(count)]
        downloads = [self.enterContext(StrictDownload(server.address, link, receive_buffer=4096)) for link in links]
        for download in downloads:
            download.read_head().read_until(100_000)
        return links, downloads

    def test_in_the_middle_of_downloads(self):
        content = fixture.media('medium.mp4')
        finished, server = [fixture.video()], self.start(workers=2)
        first = self.assert_fetched(server, finished[0])
        for count in (1, 5):
            with self.subTest(count=count):
                links, downloads = self.begin(server, count)
                self.crash(server)
                for download in downloads:
                    self.assertRaises(CutOff, download.read_rest)
                    assert_same(download.parts[0].data, content[:download.received])
                self.assert_only(server, *finished)
                server = self.start(workers=2)
                self.assert_only(server, *finished)
                self.assert_from_cache(server, finished[0], first)
                fixture.standin.open_gate()
                for link in links:
                    self.assert_right(self.assert_fetched(server, link), content)
                finished += links

    def test_in_the_middle_of_a_video_of_photos(self):
        server = self.start()
        server.wait_for_log('ffmpeg ready')  # its start has an ffmpeg of its own
        kept = fixture.video()
        first = self.assert_fetched(server, kept)
        link = fixture.post(images=[{'media': f'photo{number % 3 + 1}.jpg'} for number in range(35)],
                            music={'media': 'long.m4a'})
        with StrictDownload(server.address, link, content_type='VIDEO_ONLY'):
            until(lambda: 'ffmpeg' in map(processes.name, server.children()), 'ffmpeg at work')
            self.crash(server)
        self.assert_only(server, kept)
        server = self.start()
        self.assert_only(server, kept)
        self.assert_from_cache(server, kept, first)

    def test_while_the_extractor_is_at_work(self):
        server = self.start()
        kept = fixture.video()
        first = self.assert_fetched(server, kept)
        link = fixture.post(page={'behaviour': 'hang', 'times': 1})
        with StrictDownload(server.address, link):
            until(lambda: fixture.requests(id_of(link)), 'the page is asked for')
            self.crash(server)
        server = self.start()
        self.assert_only(server, kept)
        self.assert_from_cache(server, kept, first)
        self.assert_fetched(server, link)

    def test_while_entries_are_being_made(self):
        """However far the others are: what was finished before is there, and what is there is right."""
        content, all_links = fixture.media('small.mp4'), []
        for count in (1, 3, 6, 10):
            with self.subTest(count=count):
                server = self.start(workers=2)
                links = [fixture.video() for _ in range(12)]
                all_links += links
                finished = self.download_and_crash(server, links, len(server.kept_entries()) + count)
                there = [link for link in all_links if original(link) in server.kept_entries()]
                self.assertLessEqual(set(finished), set(map(original, there)))
                server = self.start(workers=2)
                self.assert_only(server, *there)
                for link in all_links:
                    asked = len(fixture.requests())
                    self.assert_right(self.download(server, link), content)
                    self.assertEqual(len(fixture.requests()) == asked, link in there)
                server.stop()

    def download_and_crash(self, server, links, count):
        """A client for each link. Kills the server once it has that many entries, and returns these."""
        def ask(link):
            with contextlib.suppress(CutOff, OSError):
                strict_download(server.address, link)
        clients = [threading.Thread(target=ask, args=[link]) for link in links]
        for client in clients:
            client.start()

        def enough():
            found = server.kept_entries()
            return found if len(found) >= count else None
        finished = until(enough, 'so many are kept')
        self.crash(server)
        for client in clients:
            client.join(PROMPT_S)
        return finished

    def assert_right(self, result, content):
        assert_same(result[1][0][3], content)


class TwoServers(CacheTest):
    """On one directory."""

    fixture = fixture

    def start_second(self, **settings):
        """A server on the directory that another one has."""
        second = self.enterContext(self.new_server(**settings))
        second.wait_for_log(rf'warning nothing is kept in cache_dir {self.cache_dir}: another server uses it')
        return second

    def state(self):
        """What would show that somebody has touched an entry."""
        return {path: (os.stat(path).st_ino, os.stat(path).st_ctime_ns) for path in self.cache_dir.rglob('*')}

    def assert_taken_over(self, second, link, expected):
        """What the first one kept is found, and what comes now is kept; said once, not with every try before."""
        self.assertEqual(second.wait_for_log(r'cache entries=(\d+)', TAKE_OVER_S)[1], '1')
        self.assertEqual(second.log.count('another server uses it'), 1)
        self.assert_from_cache(second, link, expected)
        self.assert_keeps(second)

    def assert_keeps(self, server):
        link = fixture.video()
        self.assert_from_cache(server, link, self.assert_fetched(server, link))
        self.assertIn(original(link), server.kept_entries())

    def assert_takes_over_after(self, end):
        """A first server with an entry, a second one that has none; the first one ends."""
        first, link = self.start(), fixture.video()
        kept = self.assert_fetched(first, link)
        before = self.state()
        second = self.start_second()
        for _ in range(2):
            self.assert_same_essence(self.assert_fetched(second, link), kept)
        self.assertEqual(self.state(), before)
        self.assert_from_cache(first, link, kept)
        end(first)
        self.assert_taken_over(second, link, kept)

    def test_the_first_is_ended(self):
        self.assert_takes_over_after(lambda first: first.stop())

    def test_the_first_is_killed(self):
        self.assert_takes_over_after(self.crash)

    def test_the_first_finishes_its_last_download(self):
        """As when a server is replaced: its successor serves from the start, and keeps as soon as it may."""
        first, link = self.start(), fixture.gated_video()
        with StrictDownload(first.address, link) as download:
            download.read_head().read_until(100_000)
            second = self.start_second()
            first.send_signal(signal.SIGTERM)
            first.wait_for_log('shutting down on SIGTERM')
            other = fixture.video()
            self.assert_fetched(second, other)
            self.assert_fetched(second, other)
            self.assertTrue(first.is_running)
            fixture.standin.open_gate()
            result = essence(download.read_rest())
        self.assertEqual(first.wait(), 0)
        self.assert_taken_over(second, link, result)

    def test_a_second_one_that_keeps_nothing_anyway(self):
        """It does not empty what is the first one's."""
        first, link = self.start(), fixture.video()
        kept = self.assert_fetched(first, link)
        before = self.state()
        with self.new_server(cache_ttl_s=0) as second:
            self.assert_fetched(second, link)
            self.assert_fetched(second, link)
        self.assertEqual(self.state(), before)
        self.assert_from_cache(first, link, kept)

    def test_a_second_one_that_is_killed(self):
        """In the middle of a download: the first one's entries and its hold of the directory stay."""
        first, link = self.start(), fixture.video()
        kept = self.assert_fetched(first, link)
        second = self.start_second()
        with StrictDownload(second.address, fixture.gated_video()) as download:
            download.read_head().read_until(100_000)
            self.crash(second)
        self.assert_from_cache(first, link, kept)
        self.start_second()
        self.assert_keeps(first)
