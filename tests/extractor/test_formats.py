"""Which renditions the extractor names, and in which order (formats.py)."""

import unittest

from ttsave_extractor.formats import MAX_SOURCES, ranked
from yt_dlp import YoutubeDL
from yt_dlp.extractor.tiktok import TikTokIE


def rendition(name, codec='h264', short_side=720, *, sound=True, watermarked=False, size=None, **others):
    """A format as yt-dlp describes it; its URL is made of `name`."""
    return {
        'url': f'https://{name}.tiktokcdn.com/', 'vcodec': codec, 'acodec': 'aac' if sound else 'none',
        'width': short_side, 'height': short_side * 16 // 9, 'filesize': size,
        'format_note': 'watermarked' if watermarked else None, **others,
    }


class RankingTest(unittest.TestCase):
    """One rule each; the order in which the page names the formats is the wrong one."""

    def assert_order(self, expected, *formats):
        names = [fmt['url'].removeprefix('https://').partition('.')[0] for fmt in ranked(formats)]
        self.assertEqual(expected.split(), names)

    def test_h264_comes_before_better_hevc(self):
        self.assert_order('h264 hevc', rendition('hevc', 'h265', 1080, size=1), rendition('h264', 'h264', 360, size=9))

    def test_marked_h264_comes_before_clean_hevc(self):
        self.assert_order('marked hevc', rendition('hevc', 'h265', 1080), rendition('marked', watermarked=True))

    def test_hevc_serves_when_there_is_nothing_else(self):
        self.assert_order('large small', rendition('small', 'h265', 540), rendition('large', 'h265', 1080))

    def test_clean_comes_before_marked_of_better_resolution(self):
        self.assert_order('clean marked', rendition('marked', short_side=1080, watermarked=True),
                          rendition('clean', short_side=360))

    def test_marked_ones_are_ranked_among_themselves(self):
        self.assert_order('large small', rendition('small', short_side=540, watermarked=True),
                          rendition('large', short_side=720, watermarked=True))

    def test_better_resolution_comes_first(self):
        self.assert_order('best middle least', rendition('middle', short_side=576), rendition('least', short_side=360),
                          rendition('best', short_side=1080, size=10**9))

    def test_resolution_is_the_short_side_whichever_way_the_picture_lies(self):
        self.assert_order('landscape portrait', rendition('portrait', width=576, height=4000),
                          rendition('landscape', width=1280, height=720))

    def test_unknown_resolution_comes_last(self):
        self.assert_order('known unknown half', rendition('unknown', width=None, height=None),
                          rendition('half', width=1080, height=None), rendition('known', short_side=360))

    def test_smaller_file_comes_first_among_equals(self):
        self.assert_order('smaller larger unknown', rendition('unknown'), rendition('larger', size=2_000_000),
                          rendition('smaller', size=1_000_000))

    def test_hosts_of_one_rendition_keep_the_pages_order(self):
        hosts = [rendition(f'v{number}', size=1_000_000) for number in (19, 16, 77, 3)]
        self.assert_order('v19 v16 v77 v3', *hosts)

    def test_silent_ones_are_left_out_where_anything_has_sound(self):
        self.assert_order('hevc', rendition('silent', 'h264', 1080, sound=False), rendition('hevc', 'h265', 360),
                          rendition('dumb', 'h265', 1080, sound=False))

    def test_silent_ones_serve_when_nothing_has_sound(self):
        self.assert_order('h264 hevc', rendition('hevc', 'h265', 1080, sound=False),
                          rendition('h264', 'h264', 540, sound=False))

    def test_bytevc2_is_never_named(self):
        self.assert_order('h264', rendition('h266', 'bytevc2', 1080), rendition('h264'))
        self.assert_order('', rendition('h266', 'bytevc2'))

    def test_sound_of_something_unplayable_does_not_count(self):
        self.assert_order('silent', rendition('h266', 'bytevc2'), rendition('silent', sound=False))

    def test_sound_alone_is_no_video(self):
        self.assert_order('', rendition('music', 'none'), rendition('untold', None))

    def test_no_formats_are_none(self):
        self.assertEqual([], ranked([]))
        self.assertEqual([], ranked(None))

    def test_the_best_of_too_many_are_named(self):
        sides = range(100, 100 + 10 * (MAX_SOURCES + 4), 10)
        best = ' '.join(f'v{side}' for side in sorted(sides, reverse=True)[:MAX_SOURCES])
        self.assert_order(best, *(rendition(f'v{side}', short_side=side) for side in sides))

    def test_what_is_no_web_address_is_dropped(self):
        for url in ('ftp://v16.tiktokcdn.com/a', 'file:///etc/passwd', 'data:video/mp4;base64,AAAA', '', '/a', 'a',
                    'rtmp://v16.tiktokcdn.com/a', '//v16.tiktokcdn.com/a', 'javascript:a', None, 7, b'http://a/'):
            with self.subTest(url=url):
                self.assert_order('web', {**rendition('other', short_side=1080), 'url': url}, rendition('web'))

    def test_web_addresses_are_of_either_scheme_in_any_case(self):
        self.assertEqual(2, len(ranked([rendition('a', url='HTTPS://a.com/'), rendition('b', url='http://b.com/')])))

    def test_dropped_ones_do_not_count_as_having_sound(self):
        self.assert_order('silent', {**rendition('lost'), 'url': 'ftp://lost/'}, rendition('silent', sound=False))


class PageTest(unittest.TestCase):
    """The same with formats as the real yt-dlp reads them off a page: the words it uses are those that count."""

    def formats_of(self, *bitrates, **video):
        """`bitrates`: name, codec and resolution as TikTok's UrlKey words them, size, and the path's end."""
        aweme = {'video': {'width': 720, 'height': 1280, **video, 'bitrateInfo': [
            {'PlayAddr': {'UrlKey': f'v0200_{codec}_{resolution}_900000', 'DataSize': str(size),
                          'UrlList': [f'https://{host}.tiktokcdn.com/{name}{end}' for host in ('v16', 'v19')]}}
            for name, codec, resolution, size, end in bitrates]},
            'music': {'playUrl': 'https://music.tiktokcdn.com/sound.mp3'}}
        with YoutubeDL({'quiet': True, 'cachedir': False}, auto_init=False) as downloader:
            extractor = TikTokIE(downloader)
            return [fmt['url'].removeprefix('https://').replace('.tiktokcdn.com', '')
                    for fmt in ranked(extractor._extract_web_formats(aweme))]

    def test_everything_a_page_can_name(self):
        self.assertEqual(
            ['v16/good/', 'v19/good/', 'v16/less/', 'v19/less/', 'v16/play', 'v16/marked', 'v16/hevc/', 'v19/hevc/'],
            self.formats_of(('hevc', 'bytevc1', '1080p', 900, '/'),
                            ('silent', 'bytevc1', '1080p', 800, '/media-video-hvc1/'),
                            ('h266', 'bytevc2', '1080p', 700, '/'),
                            ('less', 'h264', '540p', 500, '/'),
                            ('good', 'h264', '720p', 600, '/'),
                            playAddr='https://v16.tiktokcdn.com/play', width=360, height=640,
                            downloadAddr='https://v16.tiktokcdn.com/marked'))

    def test_a_post_without_sound(self):
        self.assertEqual(['v16/silent/media-video-hvc1/', 'v19/silent/media-video-hvc1/'],
                         self.formats_of(('silent', 'bytevc1', '1080p', 800, '/media-video-hvc1/'),
                                         ('h266', 'bytevc2', '1080p', 700, '/')))

    def test_a_post_without_video(self):
        self.assertEqual([], self.formats_of())
