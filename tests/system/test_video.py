"""contract.md, "Success": a link in, its video out, byte for byte, for every client."""

import unittest

from .clients import (StrictDownload, curl_download, order, post_json, pyttsave_download, requests_download,
                      strict_download)
from .expectations import assert_delivered
from .fixture import CDN, OTHER_CDN, Fixture, fresh_id, id_of
from .multipart import boundary_of, parse_whole

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


def page_requests(link):
    """What was asked of www.tiktok.com for a post."""
    return [entry for entry in fixture.requests(id_of(link)) if entry['host'] == 'www.tiktok.com']


def media_requests(link):
    """What was asked of the CDN for a post."""
    return [entry for entry in fixture.requests(id_of(link)) if entry['host'] != 'www.tiktok.com']


class Sizes(unittest.TestCase):
    """0.2 MB, 5 MB and 50 MB."""

    def test_a_small_video_with_every_client(self):
        content = fixture.media('small.mp4')
        link = fixture.post(desc='Тест "x" \\ \U0001f600')
        name = id_of(link) + '.mp4'
        files = pyttsave_download(fixture.server.base_url, link)
        # The two bytes are the line end before the next boundary, which PyTTSave keeps.
        self.assertEqual(files.files, [(name, content + b'\r\n')])
        self.assertEqual(files.meta['desc'], 'Тест "x" \\ \U0001f600')
        [part] = strict_download(fixture.server.address, link).parts
        self.assertEqual((part.name, part.media_type, part.data), (name, 'video/mp4', content))
        for client in (requests_download, curl_download):
            with self.subTest(client.__name__):
                [part] = client(fixture.server.base_url, link)
                self.assertEqual((part.name, part.data), (name, content))

    def test_larger_videos(self):
        for media in ('medium.mp4', 'large.mp4'):
            content = fixture.media(media)
            link = fixture.video(media)
            assert_delivered(fixture.server.address, link, content)
            for client in (requests_download, curl_download):
                with self.subTest(client.__name__, media=media):
                    [part] = client(fixture.server.base_url, link)
                    self.assertTrue(part.data == content)

    def test_other_ways_to_ask(self):
        content = fixture.media('small.mp4')
        for content_type in ('ORIGINAL', 'VIDEO_ONLY'):
            for key in ('content_type', 'download_content_type'):
                with self.subTest(content_type=content_type, key=key):
                    document = order(fixture.post(), content_type, key)
                    answer = post_json(fixture.server.address, document)
                    [part] = parse_whole(boundary_of(answer.head), answer.body)
                    self.assertEqual(part.data, content)
        assert_delivered(fixture.server.address, fixture.post(), content, version='1.0')

    def test_the_length_is_declared_when_it_is_known(self):
        content = fixture.media('small.mp4')
        download = assert_delivered(fixture.server.address, fixture.video(), content)
        self.assertEqual(download.parts[0].declared_length, len(content))
        assert_delivered(fixture.server.address, fixture.video(length=False), content)

    def test_many_at_a_time(self):
        contents = {media: fixture.media(media) for media in ('small.mp4', 'medium.mp4', 'other.mp4')}
        running = []
        for number in range(12):
            media = list(contents)[number % 3]
            download = StrictDownload(fixture.server.address, fixture.video(media))
            self.addCleanup(download.connection.close)
            running.append((download, contents[media]))
        for download, content in reversed(running):
            self.assertTrue(download.read_head().read_rest().parts[0].data == content)


class Renditions(unittest.TestCase):
    """Which of several renditions is taken: the one its users are served best by (issue 2)."""

    def assert_taken(self, media, **post):
        assert_delivered(fixture.server.address, fixture.post(**post), fixture.media(media))

    def test_h264_before_hevc(self):
        hevc = {'codec': 'bytevc1', 'res': '1080p', 'bitrate': 9_000_000, 'media': 'hevc.mp4'}
        h264 = {'codec': 'h264', 'res': '540p', 'bitrate': 300_000, 'media': 'small.mp4'}
        self.assert_taken('small.mp4', formats=[hevc, h264])
        self.assert_taken('small.mp4', formats=[h264, hevc])

    def test_the_highest(self):
        high = {'res': '1080p', 'media': 'other.mp4', 'data_size': 9_000_000}
        low = {'res': '540p', 'media': 'small.mp4', 'data_size': 100_000}
        self.assert_taken('other.mp4', formats=[low, high, {**low, 'res': '720p'}])
        self.assert_taken('other.mp4', formats=[high, low])

    def test_the_smaller_of_two_equally_high(self):
        large = {'res': '720p', 'media': 'other.mp4', 'bitrate': 800_000, 'data_size': 900_000}
        small = {'res': '720p', 'media': 'small.mp4', 'bitrate': 700_000, 'data_size': 800_000}
        self.assert_taken('small.mp4', formats=[large, small])
        self.assert_taken('small.mp4', formats=[small, large])

    def test_the_watermarked_copy_is_the_last_choice(self):
        self.assert_taken('small.mp4', formats=[{'res': '360p', 'media': 'small.mp4'}],
                          download={'media': 'marked.mp4'})
        self.assert_taken('marked.mp4', formats=[{'codec': 'bytevc2', 'media': 'other.mp4'}],
                          download={'media': 'marked.mp4'})

    def test_bytevc2_is_never_taken(self):
        unplayable = {'codec': 'bytevc2', 'res': '1080p', 'media': 'other.mp4'}
        self.assert_taken('small.mp4', formats=[unplayable, {'res': '360p', 'media': 'small.mp4'}])
        link = fixture.post(formats=[unplayable])
        self.assertEqual(post_json(fixture.server.address, order(link)).status, 400)
        self.assertEqual(media_requests(link), [])

    def test_a_silent_rendition_is_not_taken_while_another_has_sound(self):
        silent = {'codec': 'h264', 'res': '1080p', 'media': 'silent.mp4', 'silent': True}
        self.assert_taken('small.mp4', formats=[silent, {'res': '360p', 'media': 'small.mp4'}])
        self.assert_taken('hevc.mp4', formats=[silent, {'codec': 'bytevc1', 'res': '360p', 'media': 'hevc.mp4'}])
        self.assert_taken('silent.mp4', formats=[{**silent, 'codec': 'bytevc1'}])

    def test_hevc_when_nothing_else_plays(self):
        self.assert_taken('hevc.mp4', formats=[{'codec': 'bytevc2', 'res': '1080p', 'media': 'other.mp4'},
                                               {'codec': 'bytevc1', 'res': '540p', 'media': 'hevc.mp4'}])

    def test_the_next_rendition_when_the_best_cannot_be_had(self):
        broken = {'res': '1080p', 'media': 'other.mp4', 'hosts': [{'host': CDN, 'behaviour': 'http:404'}]}
        self.assert_taken('small.mp4', formats=[broken, {'res': '720p', 'media': 'small.mp4'}])


class Sources(unittest.TestCase):
    """Where the bytes come from."""

    def test_the_other_host_when_one_refuses(self):
        content = fixture.media('small.mp4')
        for refusal in ('http:403', 'http:404', 'http:503', 'html', 'empty', 'reset'):
            for broken in (CDN, OTHER_CDN):
                with self.subTest(refusal=refusal, broken=broken):
                    hosts = [{'host': host, 'behaviour': refusal if host == broken else 'ok'} for host in (CDN,
                                                                                                           OTHER_CDN)]
                    link = fixture.post(formats=[{'hosts': hosts}])
                    assert_delivered(fixture.server.address, link, content)
                    self.assertEqual(media_requests(link)[-1]['host'], CDN if broken == OTHER_CDN else OTHER_CDN)

    def test_a_redirect_of_the_cdn_is_followed(self):
        """To an address that is no source of its own: the sound's, with the video behind it."""
        post_id = fresh_id()
        target = f'https://sf16-ies-music-va.tiktokcdn.com/obj/tos-useast2a-ve-2774/{post_id}-music-0'
        link = fixture.post(id=post_id, music={'media': 'small.mp4'},
                            formats=[{'hosts': [{'host': CDN, 'behaviour': f'redirect:{target}'}]}])
        assert_delivered(fixture.server.address, link, fixture.media('small.mp4'))

    def test_each_source_gets_the_cookie_and_referer_of_its_post(self):
        link = fixture.post()
        assert_delivered(fixture.server.address, link, fixture.media('small.mp4'))
        [request] = media_requests(link)
        self.assertIn('tt_chain_token=', request['headers']['cookie'])
        self.assertIn(id_of(link), request['headers']['referer'])
        self.assertNotEqual(request['headers'].get('accept-encoding', 'identity'), 'gzip')

    def test_nothing_of_one_post_goes_out_with_the_next(self):
        for _ in range(2):
            link = fixture.post()
            assert_delivered(fixture.server.address, link, fixture.media('small.mp4'))
            self.assertEqual([entry['headers'].get('cookie') for entry in page_requests(link)], [None])


class Pages(unittest.TestCase):
    """The ways to a post's page."""

    def test_the_challenge_is_passed(self):
        link = fixture.post(page={'behaviour': 'challenge'})
        assert_delivered(fixture.server.address, link, fixture.media('small.mp4'))
        self.assertEqual(len(page_requests(link)), 2)

    def test_a_chain_of_short_links(self):
        link = fixture.post()
        fixture.standin.add_link(host='vm.tiktok.com', code='ZMchain1', location='https://vt.tiktok.com/ZMchain2/')
        fixture.standin.add_link(host='vt.tiktok.com', code='ZMchain2', location='https://www.tiktok.com/t/ZMchain3/')
        fixture.standin.add_link(host='www.tiktok.com', code='ZMchain3', location=link)
        for start in ('https://vm.tiktok.com/ZMchain1', 'https://www.tiktok.com/t/ZMchain3'):
            with self.subTest(start):
                assert_delivered(fixture.server.address, start, fixture.media('small.mp4'))

    def test_two_links_to_one_post_give_one_name(self):
        link = fixture.post()
        fixture.standin.add_link(host='vm.tiktok.com', code='ZMsame', location=link)
        names = [strict_download(fixture.server.address, form).parts[0].name for form in (link, 'vm.tiktok.com/ZMsame')]
        self.assertEqual(names, [id_of(link) + '.mp4'] * 2)
