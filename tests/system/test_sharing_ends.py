"""Issue 4, "Sharing": a client that leaves costs the others nothing; the last one takes the delivery with it."""

import itertools
import time

from .clients import DOWNLOAD, StrictDownload, order
from .deadlines import SLOWNESS, until
from .expectations import assert_delivered
from .fixture import CDN, Fixture, fresh_id, id_of
from .sharing_case import PAGE_HOST, SharingTest
from .wire import Connection, json_request, request_bytes

WAYS_TO_LEAVE = ('close', 'reset', 'finish_sending')

# Alone or together with others, in each way to leave.
WHO_LEAVE = tuple(itertools.product(WAYS_TO_LEAVE, (1, 4)))

# How long after the last client has left its delivery may still hold anything.
VANISHES_WITHIN_S = SLOWNESS

# Long enough for all clients to ask meanwhile.
DELAY_MS = 1500 * SLOWNESS

# Nothing here ends by a timeout of the server's.
fixture = Fixture(resolve_timeout_s=300, stall_timeout_s=300)
setUpModule, tearDownModule = fixture.start, fixture.stop


def short_link_to(link, **behaviour):
    """Adds a short link of its own. Returns it and its code."""
    code = 'ZM' + fresh_id()
    return fixture.standin.add_link(host='vm.tiktok.com', code=code, location=link, **behaviour), code


class OneLeaves(SharingTest):
    """The others get everything, and nothing is asked for again."""

    fixture = fixture

    def test_in_mid_stream(self):
        """All but one leave: the one who began stays, or another."""
        for leave in WAYS_TO_LEAVE:
            for stays in (0, 2):
                with self.subTest(leave=leave, stays=stays):
                    link = fixture.gated_video()
                    downloads = [self.begin(link).read_head(), *self.begin_many(3, link)]
                    for download in downloads[1:]:
                        download.read_head().read_until(100_000)
                    remaining = downloads.pop(stays)
                    for download in downloads:
                        getattr(download.connection, leave)()
                    fixture.server.wait_for_log(f'post={id_of(link)} source=', count=len(downloads))
                    fixture.standin.open_gate()
                    self.assert_whole([remaining], fixture.media('medium.mp4'))
                    self.assert_asked_once(link)

    def test_the_one_who_began_before_the_first_byte(self):
        for leave in WAYS_TO_LEAVE:
            with self.subTest(leave):
                link = fixture.video(delay_ms=DELAY_MS)
                self.leave_as_first(link, leave, lambda link=link: self.asked_of(link, CDN))
                self.assert_asked_once(link)

    def test_the_one_who_began_while_the_page_is_awaited(self):
        for leave in WAYS_TO_LEAVE:
            with self.subTest(leave):
                link = fixture.post(page={'delay_ms': DELAY_MS})
                self.leave_as_first(link, leave, lambda link=link: self.asked_of(link, PAGE_HOST))
                self.assert_asked_once(link)

    def test_the_one_who_began_while_the_short_link_is_awaited(self):
        for leave in WAYS_TO_LEAVE:
            with self.subTest(leave):
                link = fixture.post()
                short, code = short_link_to(link, delay_ms=DELAY_MS)
                self.leave_as_first(short, leave, lambda code=code: fixture.requests(code))
                self.assertEqual(['HEAD'], [entry['method'] for entry in fixture.requests(code)])
                self.assert_asked_once(link)

    def test_one_comes_as_the_last_leaves(self):
        """Whether it still finds what the other began or not: it gets everything, and costs one more at most."""
        for leave, comes_first in itertools.product(WAYS_TO_LEAVE * 2, (False, True)):
            with self.subTest(leave=leave, comes_first=comes_first):
                link = fixture.gated_video()
                last = self.begin(link).read_head().read_until(100_000)
                download = self.replace(last, leave, link, comes_first).read_head()
                fixture.standin.open_gate()
                self.assert_whole([download], fixture.media('medium.mp4'))
                self.assertLessEqual(len(self.asked_of(link)), 4)

                link = fixture.post(page={'delay_ms': 100})
                last = self.begin(link)
                until(lambda link=link: self.asked_of(link), 'the page is asked for')
                download = self.replace(last, leave, link, comes_first)
                self.assert_whole([download], fixture.media('small.mp4'))
                self.assertLessEqual(len(self.asked_of(link)), 3)

    def replace(self, last, leave, link, comes_first):
        """The last client leaves and another one comes at the same time, which is returned."""
        if comes_first:
            download = self.begin(link)
        getattr(last.connection, leave)()
        return download if comes_first else self.begin(link)

    def leave_as_first(self, link, leave, is_awaited):
        """One asks, three join while what `is_awaited` tells is on its way, the first leaves, the three get all."""
        left_before = fixture.server.log.count('client.left')
        first = self.begin(link)
        until(is_awaited, 'TikTok is asked')
        others = self.begin_many(3, link)
        fixture.at_rest()
        getattr(first.connection, leave)()
        fixture.server.wait_for_log('client.left', count=left_before + 1)
        self.assert_whole(others, fixture.media('small.mp4'))


class TheLastLeaves(SharingTest):
    """Everything of the delivery stops and vanishes within a second: connections, the job, descriptors and files."""

    fixture = fixture

    @classmethod
    def setUpClass(cls):
        assert_delivered(fixture.server.address, fixture.post(), fixture.media('small.mp4'))
        cls.rest = fixture.held_at_rest()

    def test_in_mid_stream(self):
        for leave, count in WHO_LEAVE:
            with self.subTest(leave=leave, clients=count):
                link = fixture.gated_video()
                downloads = self.begin_many(count, link)
                for download in downloads:
                    download.read_head().read_until(100_000)
                self.assertEqual(1, len(spooled()))
                self.assert_vanishes(downloads, leave)
                self.assert_asked_once(link)

    def test_before_the_first_byte(self):
        for leave, count in WHO_LEAVE:
            with self.subTest(leave=leave, clients=count):
                link = fixture.video(behaviour='hang')
                downloads = self.begin_many(count, link)
                until(lambda: len(fixture.requests(id_of(link))) == 2, 'the CDN is asked')
                self.assert_vanishes(downloads, leave)
                self.assert_asked_once(link)

    def test_while_the_page_is_awaited(self):
        """The job of the extractor ends, which is at once free for the next."""
        extractors = fixture.server.extractors()
        for leave, count in WHO_LEAVE:
            with self.subTest(leave=leave, clients=count):
                link = fixture.post(page={'behaviour': 'hang'})
                downloads = self.begin_many(count, link)
                until(lambda: fixture.requests(id_of(link)), 'the page is asked for')
                left_at = self.assert_vanishes(downloads, leave)
                fixture.server.wait_for_log(f'post={id_of(link)} code=.* extractor=')
                self.assertLess(time.monotonic() - left_at, VANISHES_WITHIN_S)
                self.assert_one_page(link)
                self.assertEqual(extractors, fixture.server.extractors())

    def test_one_who_has_sent_more_than_a_request(self):
        """An empty line, as old clients do (RFC 9112 section 2.2), or the next request."""
        for extra, leave in itertools.product((b'\r\n', request_bytes('GET', '/ping')), WAYS_TO_LEAVE):
            with self.subTest(extra=extra, leave=leave):
                link = fixture.video(behaviour='hang')
                download = self.begin(link)
                until(lambda link=link: len(fixture.requests(id_of(link))) == 2, 'the CDN is asked')
                download.connection.send(extra)
                self.assert_vanishes([download], leave)

    def test_while_the_short_link_is_awaited(self):
        for leave, count in WHO_LEAVE:
            with self.subTest(leave=leave, clients=count):
                short, code = short_link_to(fixture.post(), behaviour='hang')
                downloads = self.begin_many(count, short)
                until(lambda: fixture.requests(code), 'the short link is asked for')
                self.assert_vanishes(downloads, leave)
                self.assertEqual(['HEAD'], [entry['method'] for entry in fixture.requests(code)])

    def test_while_it_waits_for_a_free_extractor(self):
        """What has only been queued is never asked for."""
        for leave, count in WHO_LEAVE:
            with self.subTest(leave=leave, clients=count):
                busy, link = fixture.post(page={'behaviour': 'hang'}), fixture.post()
                first = self.begin(busy)
                until(lambda: fixture.requests(id_of(busy)), 'the extractor is busy')
                downloads = self.begin_many(count, link)
                fixture.at_rest()
                self.leave(downloads, leave)
                self.assert_vanishes([first], leave)
                assert_delivered(fixture.server.address, fixture.post(), fixture.media('small.mp4'))
                self.assertEqual([], self.asked_of(link))

    def assert_vanishes(self, downloads, leave):
        """They all leave, and with them their connections, one to TikTok and every file. Returns when they had left."""
        before = fixture.at_rest()
        left_at = self.leave(downloads, leave)

        def is_gone():
            now = fixture.footprint()
            freed = before.descriptors - now.descriptors
            return (now.upstream_connections < before.upstream_connections and freed > len(downloads)
                    and not spooled() and not now.files)
        until(is_gone, 'the delivery is gone', VANISHES_WITHIN_S)
        return left_at

    def leave(self, downloads, leave):
        for download in downloads:
            getattr(download.connection, leave)()
        return time.monotonic()

    def tearDown(self):
        """Nothing is left of any kind, and the server goes on."""
        assert_delivered(fixture.server.address, fixture.post(), fixture.media('small.mp4'))
        self.assertEqual(self.rest, fixture.held_at_rest())


def spooled():
    """The nameless files that the server holds open below cache_dir."""
    return [target for target in fixture.server.open_descriptors().values()
            if target.startswith(f'{fixture.server.cache_dir}/') and target.endswith(' (deleted)')]


class RightAfterTheEnd(SharingTest):
    """What is kept is there for whoever asks next, from the moment on in which the delivery is over."""

    fixture = fixture

    def test_it_is_not_fetched_again(self):
        """However soon: the client before has only just got the last byte of many files, all of which are kept."""
        with fixture.new_server(cache_ttl_s=600) as server:
            for _ in range(20):
                link = fixture.post(images=[{'media': 'tiny.jpg'}] * 35)
                with StrictDownload(server.address, link) as download, Connection(server.address) as connection:
                    download.read_head().read_rest()
                    connection.send(json_request(DOWNLOAD, order(link)))
                    self.assertEqual(200, connection.read_answer('POST').status)
                self.assert_one_page(link)
