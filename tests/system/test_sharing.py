"""Issue 4, "Sharing": however many ask for a post at the same time, it is fetched once, and each gets all of it."""

import tempfile
import time

from .clients import strict_download
from .deadlines import SLOWNESS, until
from .expectations import assert_same
from .fixture import CDN, OTHER_PHOTO_CDN, PHOTO_CDN, SOUND_CDN, Fixture, fresh_id, id_of
from .sharing_case import PAGE_HOST, SharingTest
from .videos import assert_decodes
from .wire import CutOff

CLIENTS = 30
BOUNDARY = b'simple_boundary'

# How much of the first half may still be under way inside the server.
SLACK = 64 * 1024

# What "at once" is on a busy machine.
AT_ONCE_S = SLOWNESS

# A client with this buffer that does not read holds up its own connection after some hundred kilobytes.
SMALL_BUFFER = 4096

fixture = Fixture(resolve_timeout_s=60, stall_timeout_s=60)
setUpModule, tearDownModule = fixture.start, fixture.stop

FORMS = (
    'https://www.tiktok.com/@some.user/video/{id}',
    'https://www.tiktok.com/@another.user/video/{id}?is_from_webapp=1#x',
    'https://www.tiktok.com/@/video/{id}',
    'https://www.tiktok.com/video/{id}',
    'https://m.tiktok.com/@some.user/video/{id}',
    'https://m.tiktok.com/v/{id}.html',
    'https://www.tiktok.com/embed/{id}',
    'https://www.tiktok.com/embed/v2/{id}',
    'https://www.tiktok.com/@some.user/photo/{id}',
    'https://www.tiktokv.com/share/video/{id}/',
    'http://www.tiktok.com/@some.user/video/{id}',
    'Look at this! https://www.tiktok.com/@some.user/video/{id}/ #fun',
    'https://vm.tiktok.com/ZM{id}',
    'https://vt.tiktok.com/ZS{id}/',
    'https://www.tiktok.com/t/ZT{id}/',
)
SHORT_HOSTS = {'ZM': 'vm.tiktok.com', 'ZS': 'vt.tiktok.com', 'ZT': 'www.tiktok.com'}


class OneFetch(SharingTest):
    """Simultaneous requests for a post cause one resolve and one download."""

    fixture = fixture

    def test_thirty_clients_with_many_forms_of_the_link(self):
        """Everybody has asked, and has got bytes, before the file is there; each short link costs one HEAD."""
        link = fixture.gated_video()
        for letters, host in SHORT_HOSTS.items():
            fixture.standin.add_link(host=host, code=letters + id_of(link), location=link + '?_r=1', delay_ms=300)
        forms = [FORMS[number % len(FORMS)].format(id=id_of(link)) for number in range(CLIENTS)]
        downloads = [self.begin(form) for form in forms]
        for download in downloads:
            download.read_head().read_until(100_000)
        fixture.standin.open_gate()
        self.assert_whole(downloads, fixture.media('medium.mp4'))
        heads = [entry for entry in self.asked_of(link) if entry[0] == 'HEAD']
        self.assertEqual(sorted(('HEAD', host) for host in SHORT_HOSTS.values()), sorted(heads))
        gets = [entry for entry in self.asked_of(link) if entry[0] != 'HEAD']
        self.assertEqual([('GET', PAGE_HOST), ('GET', CDN)], gets)
        self.wait_for_origins(link, CLIENTS)

    def test_thirty_clients_that_wait_for_the_page(self):
        link = fixture.post(page={'delay_ms': 1000}, formats=[{'media': 'medium.mp4'}])
        downloads = self.begin_many(CLIENTS, link)
        self.assert_whole(downloads, fixture.media('medium.mp4'))
        self.assert_asked_once(link)
        self.wait_for_origins(link, CLIENTS)

    def test_a_short_link_that_many_ask_for_costs_one_head(self):
        link = fixture.post()
        code = 'ZMmany' + fresh_id()
        short = fixture.standin.add_link(host='vm.tiktok.com', code=code, location=link, delay_ms=1000)
        self.assert_whole(self.begin_many(CLIENTS, short), fixture.media('small.mp4'))
        self.assertEqual(['HEAD'], [entry['method'] for entry in fixture.requests(code)])
        self.assert_one_page(link)

    def test_clients_of_both_versions_of_http_share(self):
        link = fixture.gated_video()
        versions = ('1.0', '1.1', '1.0', '1.1')
        downloads = [self.begin(link, version=version) for version in versions]
        for download in downloads:
            download.read_head().read_until(100_000)
        fixture.standin.open_gate()
        self.assert_whole(downloads, fixture.media('medium.mp4'))
        self.assert_asked_once(link)
        self.wait_for_origins(link, len(versions))


class BothModes(SharingTest):
    """VIDEO_ONLY and ORIGINAL of a post share what is the same."""

    fixture = fixture

    def test_of_a_plain_video_are_one_download(self):
        for modes in (('VIDEO_ONLY', 'ORIGINAL'), ('ORIGINAL', 'VIDEO_ONLY')):
            with self.subTest(modes):
                link = fixture.gated_video()
                downloads = [self.begin(link, content_type=mode) for mode in modes]
                for download in downloads:
                    download.read_head().read_until(100_000)
                fixture.standin.open_gate()
                self.assert_whole(downloads, fixture.media('medium.mp4'))
                self.assert_asked_once(link)
                self.wait_for_origins(link, 2)

    def test_of_photos_share_the_page(self):
        """Two products are made of one page; each file is fetched once for each of them at most."""
        media = ('photo1.jpg', 'photo2.jpg', 'sound.m4a')
        link = fixture.post(images=[{'media': each} for each in media[:2]], music={'media': media[2]},
                            page={'delay_ms': 500})
        videos = self.begin_many(3, link, content_type='VIDEO_ONLY')
        originals = self.begin_many(3, link, content_type='ORIGINAL')
        for download in videos + originals:
            download.read_head().read_rest()
        for download in originals:
            self.assertEqual([fixture.media(each) for each in media], [bytes(part.data) for part in download.parts])
        [first, *others] = [bytes(part.data) for download in videos for part in download.parts]
        self.assertEqual([first] * 2, others)
        self.assertEqual(['video/mp4'] * 3, [part.media_type for download in videos for part in download.parts])
        self.assert_decodes(first)
        self.assert_one_page(link)
        hosts = (PHOTO_CDN, OTHER_PHOTO_CDN, SOUND_CDN)
        self.assertEqual(2 * len(media), sum(len(self.asked_of(link, host)) for host in hosts))

    def test_of_photos_that_come_while_the_video_is_made(self):
        """Who wants the photos does not wait for the video, which waits for one of them."""
        fixture.standin.reset()
        media = ('photo1.jpg', 'photo2.jpg')
        link = fixture.post(images=[{'media': media[0]}, {'media': media[1], 'hosts': [
            {'host': PHOTO_CDN, 'behaviour': 'gate'}]}])
        video = self.begin(link, content_type='VIDEO_ONLY')
        until(lambda: fixture.requests(id_of(link) + '-image1'), 'the video is being made')
        original = self.begin(link).read_head().read_until(len(fixture.media(media[0])) + 1)
        self.assertTrue(video.connection.is_silent_for(0.1))
        fixture.standin.open_gate()
        original.read_rest()
        self.assertEqual([fixture.media(each) for each in media], [bytes(part.data) for part in original.parts])
        [part] = video.read_head().read_rest().parts
        self.assert_decodes(part.data)
        self.assert_one_page(link)

    def assert_decodes(self, data):
        with tempfile.NamedTemporaryFile(suffix='.mp4') as file:
            file.write(data)
            file.flush()
            assert_decodes(file.name)


class Pace(SharingTest):
    """Each client reads at its own pace from what has arrived so far."""

    fixture = fixture

    def test_all_have_what_has_arrived(self):
        link, content = fixture.gated_video(), fixture.media('medium.mp4')
        downloads = self.begin_many(10, link)
        for download in downloads:
            download.read_head().read_until(len(content) // 2 - SLACK)
            self.assertLess(download.received, len(content))
        fixture.standin.open_gate()
        self.assert_whole(downloads, content)
        self.assert_asked_once(link)

    def test_a_slow_reader_does_not_hold_up_the_others(self):
        """Not even if it is the one who began, and it gets everything in the end."""
        link, content = fixture.video('large.mp4'), fixture.media('large.mp4')
        slow = self.begin(link, receive_buffer=SMALL_BUFFER)
        slow.read_head()
        others = self.begin_many(3, link)
        self.assert_whole(others, content)
        fixture.server.wait_for_log(f'post={id_of(link)} source=shared', count=3)
        self.assertNotIn(f'post={id_of(link)} source=tiktok', fixture.server.log)
        self.assert_whole([slow], content)
        self.assert_asked_once(link)
        self.wait_for_origins(link, 4)

    def test_a_late_comer_gets_the_first_byte_at_once(self):
        """From the beginning, when the one before has the first half already and no more comes for now."""
        link, content = fixture.gated_video(), fixture.media('medium.mp4')
        first = self.begin(link)
        first.read_head().read_until(len(content) // 2 - SLACK)
        asked_at = time.monotonic()
        late = self.begin(link)
        late.read_head().read_until(1)
        self.assertLess(time.monotonic() - asked_at, AT_ONCE_S)
        late.read_until(len(content) // 2 - SLACK)
        fixture.standin.open_gate()
        self.assert_whole([late, first], content)
        self.assert_asked_once(link)

    def test_what_is_whole_is_shared_while_somebody_reads_it(self):
        link, content = fixture.video('large.mp4'), fixture.media('large.mp4')
        slow = self.begin(link, receive_buffer=SMALL_BUFFER)
        slow.read_head()
        self.assert_whole([self.begin(link)], content)
        assert_same(strict_download(fixture.server.address, link).parts[0].data, content)
        self.assert_asked_once(link)
        self.assert_whole([slow], content)


class Boundary(SharingTest):
    """A file that turns out to hold the boundary, when its head has left for some."""

    fixture = fixture

    def test_those_who_began_are_cut_off_and_who_joins_later_gets_everything(self):
        """The one who does not read keeps the delivery going until the boundary is known to be in the file."""
        link, content = fixture.gated_video('boundary_tail.mp4'), fixture.media('boundary_tail.mp4')
        early = self.begin_many(3, link)
        holder = self.begin(link, receive_buffer=SMALL_BUFFER)
        for download in (*early, holder):
            download.read_head()
            self.assertEqual(BOUNDARY, download.boundary)
        for download in early:
            download.read_until(100_000)
        fixture.standin.open_gate()
        for download in early:
            self.assert_breaks_off(download, content)
        late = self.begin_many(3, link)
        self.assert_whole(late, content)
        boundaries = {download.boundary for download in late}
        self.assertEqual(3, len(boundaries))
        self.assertFalse([each for each in boundaries if BOUNDARY in each])
        self.assert_asked_once(link)
        self.assert_breaks_off(holder, content)

    def assert_breaks_off(self, download, content):
        with self.assertRaises(CutOff):
            download.read_rest()
        assert_same(download.parts[0].data, content[:download.received])
        self.assertLess(download.received, len(content))
