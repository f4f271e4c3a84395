"""Resolves one post after the other with the real yt-dlp, which is imported once and keeps nothing between jobs."""

import logging
import time

import yt_dlp
from yt_dlp.cookies import YoutubeDLCookieJar
from yt_dlp.version import __version__ as yt_dlp_version

from .authorities import share_with_curl
from .failures import TRANSIENT_CODES, Failed, classify
from .formats import has_sound, ranked
from .photos import addresses, images, sound_formats
from .post_page import PageState, PostIE
from .protocol import MAX_NUMBER
from .rehearsal import rehearse

log = logging.getLogger('extractor')


class IncompatibleYtDlp(Exception):
    """The installed yt-dlp lacks something this package relies on."""


def _parse_extractor_args(text):
    """What yt-dlp's command makes of --extractor-args, so that each release takes what its own documentation says."""
    try:
        options = yt_dlp.parse_options(['--ignore-config', f'--extractor-args={text}'])
        return options.ydl_opts['extractor_args']
    except (Exception, SystemExit) as error:
        reason = ' '.join(str(error).split()).rpartition('error: ')[2]
        raise IncompatibleYtDlp(f'it does not take the extractor_args: {reason or type(error).__name__}') from error


class _Downloader(yt_dlp.YoutubeDL):
    """A YoutubeDL whose every request ends before the job's deadline does, so that a second try still has its time."""

    request_timeout_s = 10.0

    def urlopen(self, req):
        if isinstance(req, str):
            req = yt_dlp.networking.Request(req)
        req.extensions['timeout'] = self.request_timeout_s
        return super().urlopen(req)


class _Log:
    """yt-dlp's messages, on this process's log."""

    @staticmethod
    def debug(message):
        log.debug('%s', message)

    info = warning = error = debug


class Resolver:
    """Answers jobs. Not thread-safe; one job at a time."""

    version = yt_dlp_version

    def __init__(self, *, proxy, cookies_file='', user_agent='', extractor_args=''):
        self._cookies_file = cookies_file
        self._downloader = _Downloader({
            'cachedir': False,
            'compat_opts': {'no-certifi'},  # so that the system's and the configured authorities count, not certifi's
            'extractor_args': _parse_extractor_args(extractor_args) if extractor_args else {},
            'http_headers': {'User-Agent': user_agent} if user_agent else {},
            'logger': _Log(),
            'proxy': proxy,
            'quiet': True,
        }, auto_init=False)
        share_with_curl()
        self._extractor = PostIE()
        self._downloader.add_info_extractor(self._extractor)
        if problem := rehearse(self._downloader, self._describe):
            raise IncompatibleYtDlp(f'yt-dlp {yt_dlp_version} is too different: {problem}')

    def resolve(self, url, timeout_s):
        """Returns the post (PROTOCOL.md, "post") or raises Failed, normally within `timeout_s` seconds.

        yt-dlp has no overall deadline; the server ends this process if a page drips on beyond it.
        """
        if not self._extractor.suitable(url):
            raise Failed('post.unsupported', 'not the URL of a TikTok post')
        deadline = time.monotonic() + timeout_s
        # Two tries of at most two requests each (a page and the page behind its challenge) have to fit in.
        self._downloader.request_timeout_s = max(0.2, timeout_s / 3)
        try:
            return self._resolve_once(url)
        except Failed as failure:
            left = deadline - time.monotonic()
            if failure.code not in TRANSIENT_CODES or left <= 0.2:
                raise
            log.debug('trying once more after %s: %s', failure.code, failure.message)
            self._downloader.request_timeout_s = min(self._downloader.request_timeout_s, left * 0.9)
            return self._resolve_once(url)

    def _resolve_once(self, url):
        self._reset_cookies()
        self._extractor.page = PageState()
        try:
            return self._describe(self._extractor.extract(url), self._extractor.page)
        except Failed:
            raise
        except Exception as error:
            raise classify(error, self._extractor.page) from error

    def _reset_cookies(self):
        """Nothing of one job goes out with the next; the configured file is only ever read, anew for each job."""
        jar = self._downloader.cookiejar
        jar.clear()
        if not self._cookies_file:
            return
        configured = YoutubeDLCookieJar(self._cookies_file)
        try:
            configured.load(ignore_discard=True, ignore_expires=True)
        except (OSError, ValueError) as error:
            # Never the whole text: it may quote a line of the file, and with it a cookie.
            log.warning('cookies_file cannot be read: %s', getattr(error, 'strerror', None) or type(error).__name__)
            return
        for cookie in configured:
            jar.set_cookie(cookie)

    def _describe(self, info, page):
        photos = images(page.detail)
        return {
            'id': info['id'],
            'kind': 'photos' if photos else 'video',
            'title': info.get('title') or '',
            'description': info.get('description') or '',
            'author': info.get('uploader') or '',
            **_known(duration_s=info.get('duration')),
            'media': self._photos_and_sound(info, photos) if photos else [self._video(info)],
        }

    def _video(self, info):
        formats = ranked(info.get('formats'))
        if not formats:
            raise Failed('media.unavailable', 'no rendition can be played and has an address on the web')
        best = formats[0]
        if not has_sound(best):
            log.warning('post %s has no rendition with sound', info['id'])
        return {
            'role': 'video',
            'sound': has_sound(best),
            'ext': 'mp4',
            'codec': best.get('vcodec'),
            **_known(width=best.get('width'), height=best.get('height'), size_bytes=best.get('filesize')),
            'sources': [self._source(info, fmt) for fmt in formats],
        }

    def _photos_and_sound(self, info, photos):
        media = [{
            'role': 'photo',
            'ext': 'jpg',
            **_known(width=photo.get('imageWidth'), height=photo.get('imageHeight')),
            'sources': [self._source(info, {'url': url}) for url in urls],
        } for photo, urls in ((photo, addresses(photo)) for photo in photos)]
        if sounds := sound_formats(info.get('formats')):
            media.append({
                'role': 'sound',
                'ext': sounds[0].get('ext') or 'm4a',
                'sources': [self._source(info, fmt) for fmt in sounds],
            })
        return media

    def _source(self, info, fmt):
        headers = {
            **self._downloader.params['http_headers'],
            **(info.get('http_headers') or {}),
            **(fmt.get('http_headers') or {}),
        }
        # The server wants the file itself, not a compressed form of it: ranges and sizes count its own bytes.
        headers.pop('Accept-Encoding', None)
        cookies = self._downloader.cookiejar.get_cookie_header(fmt['url'])
        return {'url': fmt['url'], 'headers': headers, **({'cookies': cookies} if cookies else {})}


def _known(**numbers):
    """Those of the numbers that the page really gives, and that the protocol can carry."""
    return {name: int(value) for name, value in numbers.items()
            if isinstance(value, (int, float)) and 0 < value <= MAX_NUMBER}
