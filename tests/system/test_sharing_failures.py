"""Issue 4, "Sharing": a failure is told to all who wait for it, costs no more than one, and is nobody else's."""

from .clients import order, post_json
from .expectations import NO_FILES, assert_delivered, assert_same
from .fixture import CDN, OTHER_CDN, Fixture, fresh_id, id_of
from .sharing_case import PAGE_HOST, SharingTest
from .wire import CutOff

CLIENTS = 10
PRIVATE = 10222

# A client with this buffer that does not read holds up its own connection after some hundred kilobytes.
SMALL_BUFFER = 4096

fixture = Fixture(resolve_timeout_s=60, stall_timeout_s=60)
setUpModule, tearDownModule = fixture.start, fixture.stop


class ToldToAll(SharingTest):
    """Nothing is remembered here: what many learn at a time is what one has found out."""

    fixture = fixture

    def test_a_private_post(self):
        link = fixture.post(status_code=PRIVATE, page={'delay_ms': 1000})
        self.assert_all_are_told(link, 'post.private')
        self.assert_one_page(link)
        self.assertEqual('post.private', post_json(fixture.server.address, order(link)).json['code'])
        self.assertEqual(2, len(self.asked_of(link, PAGE_HOST)))

    def test_media_that_no_source_gives(self):
        """As many requests as for one client alone."""
        alone, together = (fixture.post(formats=[{'media': 'small.mp4', 'hosts': [
            {'host': CDN, 'behaviour': 'http:404', 'delay_ms': 500},
            {'host': OTHER_CDN, 'behaviour': 'http:404', 'delay_ms': 500}]}]) for _ in range(2))
        self.assert_all_are_told(alone, 'media.unavailable', 1)
        self.assert_all_are_told(together, 'media.unavailable')
        self.assert_one_page(together)
        self.assertIn(('GET', CDN), self.asked_of(together))
        self.assertEqual(self.asked_of(alone), self.asked_of(together))

    def test_a_short_link_that_leads_to_no_post(self):
        code = 'ZMnone' + fresh_id()
        link = fixture.standin.add_link(host='vm.tiktok.com', code=code, location='https://www.tiktok.com/@some.user',
                                        delay_ms=1000)
        self.assert_all_are_told(link, 'post.unsupported')
        self.assertEqual(['HEAD'], [entry['method'] for entry in fixture.requests(code)])

    def test_a_download_that_breaks_off(self):
        """All are cut off, each with what has come so far."""
        link = fixture.video('medium.mp4', behaviour='truncate:3000000', then='http:404', delay_ms=500)
        downloads = self.begin_many(CLIENTS, link)
        for download in downloads:
            download.read_head()
            self.assert_breaks_off(download, fixture.media('medium.mp4'))
        self.assert_one_page(link)

    def assert_all_are_told(self, link, code, count=CLIENTS):
        for download in self.begin_many(count, link):
            answer = download.connection.read_answer('POST')
            self.assertEqual((400, NO_FILES, code), (answer.status, answer.json['detail'], answer.json['code']))

    def test_a_new_request_starts_anew_although_the_failed_one_is_still_read(self):
        """Who asks after the download has failed does not join it."""
        link = fixture.video('large.mp4', behaviour='truncate:20000000', then='http:404')
        holder = self.begin(link, receive_buffer=SMALL_BUFFER).read_head()
        fixture.server.wait_for_log(f'post={id_of(link)} file=1 of 1 code=media.unavailable')
        fixture.post(id=id_of(link))
        assert_delivered(fixture.server.address, link, fixture.media('small.mp4'))
        self.assertEqual(2, len(self.asked_of(link, PAGE_HOST)))
        answer = fixture.server.wait_for_log(rf'post={id_of(link)} source=(\w+)$')
        self.assertEqual(answer[1], 'tiktok')
        self.assert_breaks_off(holder, fixture.media('large.mp4'))

    def assert_breaks_off(self, download, content):
        with self.assertRaises(CutOff):
            download.read_rest()
        self.assertEqual(1, len(download.parts))
        assert_same(download.parts[0].data, content[:download.received])
        self.assertLess(download.received, len(content))


