"""yt-dlp's own extractor of TikTok posts, widened to photo posts and watched."""

from yt_dlp.extractor.tiktok import TikTokIE


class PageState:
    """How far the page of the current job has been understood: what tells one failure from another without its text."""

    def __init__(self):
        self.status = None
        self.has_item = False
        self.login_required = False
        self.detail = {}  # TikTok's own description of the post, of which yt-dlp passes on only what it needs


class PostIE(TikTokIE):
    """Takes addresses of photo posts too: their page is that of a video, which yt-dlp would ask for, but does not."""

    IE_NAME = 'TikTok'
    _VALID_URL = (r'https?://www\.tiktokv?\.com/(?:embed|(?:share|@(?P<user_id>[\w\.-]+)?)/(?:video|photo))'
                  r'/(?P<id>\d+)')
    page = PageState()

    @classmethod
    def ie_key(cls):
        return 'TikTok'

    def _extract_web_data_and_status(self, *args, **kwargs):
        video_data, status = super()._extract_web_data_and_status(*args, **kwargs)
        self.page.status = status
        self.page.has_item = bool(video_data)
        return video_data, status

    def _parse_aweme_video_web(self, aweme_detail, *args, **kwargs):
        self.page.detail = aweme_detail
        return super()._parse_aweme_video_web(aweme_detail, *args, **kwargs)

    def raise_login_required(self, *args, **kwargs):
        self.page.login_required = True
        super().raise_login_required(*args, **kwargs)
