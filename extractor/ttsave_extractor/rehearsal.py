"""Finds out at the start whether the installed yt-dlp is one that this package understands.

What we rely on beyond its public interface may change with any release; said at once and by name, that is one line in
a log instead of a riddle post by post.
"""

from .post_page import PageState, PostIE

ID = '7300000000000000000'
PAGE = f'https://www.tiktok.com/@some.user/video/{ID}'
VIDEO = 'https://v16-webapp-prime.tiktok.com/video/a/'
PHOTO = 'https://p16-sign-va.tiktokcdn.com/a.jpeg'
SOUND = 'https://sf16-ies-music-va.tiktokcdn.com/a?mime_type=audio_mp4'

_COMMON = {'desc': 'text', 'author': {'uniqueId': 'some.user'}, 'music': {'playUrl': SOUND, 'duration': 3}}

VIDEO_DETAIL = {**_COMMON, 'video': {
    'width': 720, 'height': 1280, 'duration': 3,
    'bitrateInfo': [{'PlayAddr': {'UrlKey': 'v0_h264_720p_900000', 'DataSize': '1000', 'UrlList': [VIDEO]}}],
}}
PHOTO_DETAIL = {**_COMMON, 'video': {'duration': 0},
                'imagePost': {'images': [{'imageURL': {'urlList': [PHOTO]}, 'imageWidth': 1080, 'imageHeight': 1440}]}}


def rehearse(downloader, describe):
    """Plays a page of each kind to yt-dlp. Returns what is wrong with what comes of it, or None.

    `describe(info, page)` makes a post of yt-dlp's result, as for a real job.
    """
    for method in ('_extract_web_data_and_status', '_parse_aweme_video_web', '_create_url'):
        if not callable(getattr(PostIE.__base__, method, None)):
            return f'TikTokIE.{method} is missing'
    for detail, media in ((VIDEO_DETAIL, [('video', VIDEO)]), (PHOTO_DETAIL, [('photo', PHOTO), ('sound', SOUND)])):
        played = _Played(detail)
        played.set_downloader(downloader)
        try:
            post = describe(played.extract(PAGE), played.page)
        except Exception as error:
            return f'a page makes it raise {type(error).__name__}: {error}'
        found = [(medium['role'], medium['sources'][0]['url']) for medium in post['media']]
        if (post['id'], post['title'], post['author'], found) != (ID, 'text', 'some.user', media):
            return f'a page is understood as {post}'
    return None


class _Played(PostIE):
    """Has got its page already."""

    def __init__(self, detail):
        super().__init__()
        self.page = PageState()
        self._detail = detail

    def _extract_web_data_and_status(self, *args, **kwargs):
        return self._detail, 0
