"""From what yt-dlp raises to the stable codes of the contract ("Codes of posts that cannot be had")."""

import re

from yt_dlp.networking.exceptions import HTTPError, ProxyError, RequestError, TransportError
from yt_dlp.utils import ExtractorError, UnsupportedError

# TikTok's status codes for posts that exist but not for us.
_PRIVATE_STATUSES = (10216, 10222)

# How urllib and urllib3 alike, and libcurl, word a CONNECT that the proxy refused. A status anywhere else in a message
# is none: urllib3's messages hold the URL, whose id may contain any three digits.
_TUNNEL_STATUS = re.compile(r'(?:tunnel connection failed: |connect tunnel failed, response )(\d{3})', re.IGNORECASE)

# Page failures that a second try often cures; yt-dlp itself never retries a page.
TRANSIENT_CODES = ('tiktok.error', 'tiktok.timeout')


class Failed(Exception):
    """A job's outcome: one of the contract's codes and a sentence for the operator's log."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code
        self.message = message


def classify(error, page):
    """Names the failure. `page` (resolver.PageState) tells how far the page had been understood when it was raised.

    Texts of yt-dlp's messages are never looked at: they differ between releases.
    """
    return Failed(_code(error, page), ' '.join(str(error).split())[:500])


def _code(error, page):
    if isinstance(error, UnsupportedError):
        return 'post.unsupported'
    cause = error.cause if isinstance(error, ExtractorError) else error
    if isinstance(cause, HTTPError):
        return _http_code(cause.status)
    if isinstance(cause, TransportError):
        return _transport_code(cause)
    if isinstance(cause, RequestError) and cause.cause is not None:
        # What the HTTP library below would not do: a redirect to what is no web address, from requests (urllib turns
        # it into an HTTPError). Without such a cause it is yt-dlp that cannot make the request.
        return 'tiktok.blocked'
    if cause is not None:
        return 'extractor.failed'
    if page.status is None:
        return 'post.login_required' if page.login_required else 'tiktok.blocked'
    if page.status == 0 and page.has_item:
        return 'extractor.failed'
    return 'post.private' if page.status in _PRIVATE_STATUSES else 'post.unavailable'


def _http_code(status):
    if status in (404, 410):
        return 'post.unavailable'
    if status in (408, 504):
        return 'tiktok.timeout'
    return 'tiktok.error' if status >= 500 else 'tiktok.blocked'


def _transport_code(error):
    # The gate that every connection passes (PROTOCOL.md, "Network") answers CONNECT with these; the libraries carry the
    # status in the text only.
    if isinstance(error, ProxyError) and (refusal := _TUNNEL_STATUS.search(str(error))):
        return {'403': 'tiktok.blocked', '504': 'tiktok.timeout'}.get(refusal[1], 'tiktok.error')
    # A cause may also be a text.
    while isinstance(error, BaseException):
        if isinstance(error, TimeoutError) or 'timed out' in str(error):
            return 'tiktok.timeout'
        error = getattr(error, 'cause', None) or error.__cause__
    return 'tiktok.error'
