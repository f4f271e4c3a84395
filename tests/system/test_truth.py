"""Issue 4, "Truth before 200": a file is what it is said to be, as far as that can be known before it is sent."""

import unittest

from .clients import strict_download
from .expectations import assert_cut_off, assert_delivered, assert_no_files
from .fixture import CDN, OTHER_CDN, PHOTO_CDN, SOUND_CDN, Fixture, id_of

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop

BEST, NEXT, LEAST = '1080p', '720p', '540p'


def rendition(media, res=BEST, host=CDN, **traits):
    """A format on one host."""
    return {'media': media, 'res': res, 'hosts': [{'host': host, **traits}]}


def media_requests(link):
    """What was asked of the CDN for a post: which file it was (the format's number) and the answer's status."""
    return [(int(entry['path'].partition('-format')[2][0]), entry['status'])
            for entry in fixture.requests(id_of(link)) if entry['host'] != 'www.tiktok.com']


class Sound(unittest.TestCase):
    """A video without a sound track where the post has sound."""

    def assert_taken(self, media, *formats):
        link = fixture.post(formats=list(formats))
        assert_delivered(fixture.server.address, link, fixture.media(media))
        return media_requests(link)

    def test_the_next_source_replaces_it(self):
        requests = self.assert_taken('small.mp4', rendition('mute.mp4'), rendition('small.mp4', NEXT))
        self.assertEqual(requests, [(0, 200), (1, 200)])
        self.assert_taken('small.mp4', {'media': 'mute.mp4', 'res': BEST}, {'media': 'small.mp4', 'res': NEXT})

    def test_the_first_one_serves_when_there_is_nothing_better(self):
        said = f'no media source has sound: taking {CDN} without'
        before = fixture.server.log.count(said)
        requests = self.assert_taken('mute.mp4', rendition('mute.mp4'), rendition('late_mute.mp4', NEXT),
                                     rendition('small.mp4', LEAST, behaviour='http:404'))
        self.assertEqual(requests, [(0, 200), (1, 200), (1, 206), (2, 404), (0, 200)])
        self.assertEqual(fixture.server.log.count(said), before + 1)

    def test_a_post_without_sound_is_fetched_with_one_request(self):
        silent = {**rendition('mute.mp4'), 'silent': True}
        self.assertEqual(self.assert_taken('mute.mp4', silent, {**silent, 'res': NEXT}), [(0, 200)])

    def test_an_index_behind_the_media_is_looked_at_before(self):
        requests = self.assert_taken('late.mp4', rendition('late_mute.mp4'), rendition('late.mp4', NEXT))
        self.assertEqual(requests, [(0, 200), (0, 206), (1, 200), (1, 206)])

    def test_an_index_that_cannot_be_had_before_is_not_waited_for(self):
        for traits in ({'ranges': 'ignored'}, {'ranges': '416'}, {'ranges': 'other'}, {'ranges': 'swap'},
                       {'ranges': 'wrong_total'}, {'etag': 'new'}):
            with self.subTest(traits):
                requests = self.assert_taken('late_mute.mp4', rendition('late_mute.mp4', **traits),
                                             rendition('small.mp4', NEXT))
                self.assertEqual([number for number, _ in requests], [0, 0])

    def test_an_index_is_not_asked_for_where_the_file_could_be_another(self):
        for traits in ({'length': False}, {'length': 'close'}):
            with self.subTest(traits):
                self.assertEqual(self.assert_taken('late_mute.mp4', rendition('late_mute.mp4', **traits)), [(0, 200)])

    def test_other_videos_with_sound(self):
        for media in ('small.mp4', 'medium.mp4', 'hevc.mp4', 'late.mp4', 'boundary_head.mp4'):
            with self.subTest(media):
                requests = self.assert_taken(media, rendition(media), rendition('other.mp4', NEXT))
                self.assertEqual({number for number, _ in requests}, {0})


class Wholeness(unittest.TestCase):
    """A file that breaks off is never passed off as whole, even where HTTP does not tell its size."""

    def test_before_anything_was_sent(self):
        """The index of a video with sound is read first; it is longer than this."""
        for length in (True, False, 'close'):
            with self.subTest(length):
                broken = {'behaviour': 'truncate:1000', 'times': 9, 'length': length}
                link = fixture.video(**broken)
                assert_no_files(fixture.server.address, link, 'media.unavailable')
                link = fixture.post(formats=[{'hosts': [{'host': CDN, **broken}, {'host': OTHER_CDN}]}])
                assert_delivered(fixture.server.address, link, fixture.media('small.mp4'))

    def test_after_its_beginning_was_sent(self):
        for media in ('medium.mp4', 'late.mp4'):
            content = fixture.media(media)
            for length in (False, 'close'):
                with self.subTest(media=media, length=length):
                    link = fixture.video(media, behaviour=f'truncate:{len(content) - 1}', times=9, length=length)
                    assert_cut_off(fixture.server.address, link, content)

    def test_whole_ones(self):
        for media in ('small.mp4', 'medium.mp4', 'late.mp4'):
            for length in (True, False, 'close'):
                with self.subTest(media=media, length=length):
                    link = fixture.video(media, length=length)
                    assert_delivered(fixture.server.address, link, fixture.media(media))

    def test_a_sound_that_breaks_off(self):
        """ffmpeg would make a video with what there is of it."""
        host = {'host': SOUND_CDN, 'behaviour': 'truncate:5000', 'times': 9, 'length': 'close'}
        link = fixture.post(images=[{}], music={'media': 'sound.m4a', 'hosts': [host]})
        assert_no_files(fixture.server.address, link, 'media.unavailable', 'VIDEO_ONLY')


class Lengths(unittest.TestCase):
    """Content-Length of a part is the file's size, and stands there whenever the source tells it."""

    def test_of_every_part(self):
        link = fixture.post(images=[{}, {'media': 'photo.webp'}, {'media': 'photo.png'}], music={})
        parts = strict_download(fixture.server.address, link).parts
        self.assertEqual([part.declared_length for part in parts], [len(part.data) for part in parts])
        for media in ('small.mp4', 'medium.mp4', 'late.mp4'):
            [part] = strict_download(fixture.server.address, fixture.video(media)).parts
            self.assertEqual(part.declared_length, len(fixture.media(media)))

    def test_where_the_page_lies_about_it(self):
        for size in (1, 10 ** 8):
            link = fixture.post(formats=[{**rendition('medium.mp4'), 'data_size': size}])
            download = assert_delivered(fixture.server.address, link, fixture.media('medium.mp4'))
            self.assertEqual(download.parts[0].declared_length, len(fixture.media('medium.mp4')))

    def test_of_what_the_source_does_not_tell(self):
        """Nothing is claimed but what has arrived; the strict client checks what is."""
        for length in (False, 'close'):
            link = fixture.post(images=[{'hosts': [{'host': PHOTO_CDN, 'length': length}]}], music={})
            parts = strict_download(fixture.server.address, link).parts
            self.assertIn(parts[0].declared_length, (None, len(parts[0].data)))
            self.assertEqual(parts[1].declared_length, len(parts[1].data))
