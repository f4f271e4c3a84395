"""From yt-dlp's exceptions to the contract's codes (failures.py): every row of "Failures as yt-dlp reports them"."""

import http.client
import io
import ssl
import unittest
import urllib.error

from ttsave_extractor.failures import TRANSIENT_CODES, classify
from ttsave_extractor.resolver import PageState
from yt_dlp.networking.common import Response
from yt_dlp.networking.exceptions import (
    CertificateVerifyError,
    HTTPError,
    IncompleteRead,
    ProxyError,
    RequestError,
    SSLError,
    TransportError,
)
from yt_dlp.utils import DownloadError, ExtractorError, UnsupportedError

URL = 'https://www.tiktok.com/@some.user/video/7312345678901234567'

# Ids are digits like any other: nothing in a message that holds one may be taken for a status.
TELLTALE_URL = 'https://www.tiktok.com/@user403/video/7340350450240750312'


def page(status=None, *, has_item=False, login_required=False):
    """How far a page was understood."""
    state = PageState()
    state.status, state.has_item, state.login_required = status, has_item, login_required
    return state


def http_error(status):
    return HTTPError(Response(io.BytesIO(), URL, {}, status=status, reason='A reason'))


def while_downloading(cause):
    """What yt-dlp makes of a request's end."""
    return ExtractorError(f'Unable to download webpage: {cause}', cause=cause)


def tunnel_refused_by_urllib(status):
    """As yt-dlp's urllib handler raises it."""
    return ProxyError(cause=urllib.error.URLError(OSError(f'Tunnel connection failed: {status} A reason')))


def tunnel_refused_by_urllib3(status):
    """As its requests handler does, whose texts hold the path and an object's address."""
    path = TELLTALE_URL.removeprefix('https://www.tiktok.com')
    return ProxyError("HTTPSConnectionPool(host='www.tiktok.com', port=443): Max retries exceeded with url: "
                      f"{path} (Caused by ProxyError('Unable to connect to proxy', "
                      f"OSError('Tunnel connection failed: {status} A reason')))")


class FailureTest(unittest.TestCase):

    def assert_code(self, code, error, state=None):
        failed = classify(error, state or page())
        self.assertEqual(code, failed.code, failed.message)


class PostTest(FailureTest):
    """The page was read, and says what is the matter."""

    def test_private(self):
        error = ExtractorError('You do not have permission to view this post', expected=True)
        for status in (10216, 10222):
            self.assert_code('post.private', error, page(status, login_required=True))
            self.assert_code('post.private', error, page(status, has_item=True, login_required=True))

    def test_removed_or_blocked_in_this_region(self):
        self.assert_code('post.unavailable', ExtractorError('Your IP address is blocked', expected=True), page(10204))

    def test_any_other_status(self):
        for status in (-1, 1, 10000, 10101, 10217, 10231, 99999):
            for has_item in (False, True):
                self.assert_code('post.unavailable', ExtractorError(f'Video not available, status code {status}'),
                                 page(status, has_item=has_item))

    def test_empty_item(self):
        self.assert_code('post.unavailable', ExtractorError('Video not available, status code 0'), page(0))

    def test_login_page(self):
        self.assert_code('post.login_required', ExtractorError('TikTok is requiring login', expected=True),
                         page(login_required=True))

    def test_age_classified(self):
        self.assert_code('post.login_required', ExtractorError('This post may not be comfortable', expected=True),
                         page(login_required=True))

    def test_challenge_or_page_that_is_not_understood(self):
        for text in ('Unable to solve JS challenge', 'Unable to extract challenge data',
                     'Unexpected response from webpage request', 'Unable to extract challenge cookie name',
                     'Unable to extract universal data for rehydration'):
            self.assert_code('tiktok.blocked', ExtractorError(text))

    def test_texts_do_not_count(self):
        for text in ('', 'anything', 'HTTP Error 404', 'timed out', 'Tunnel connection failed: 504', 'login'):
            self.assert_code('tiktok.blocked', ExtractorError(text))
            self.assert_code('post.private', ExtractorError(text), page(10222))
            self.assert_code('post.unavailable', ExtractorError(text), page(10204))
            self.assert_code('post.login_required', ExtractorError(text), page(login_required=True))

    def test_not_a_post(self):
        self.assert_code('post.unsupported', UnsupportedError(URL))

    def test_an_item_that_yt_dlp_cannot_read(self):
        self.assert_code('extractor.failed', ExtractorError('Unable to extract something'), page(0, has_item=True))


class StatusTest(FailureTest):
    """The page answered with an HTTP status that yt-dlp does not take."""

    def assert_codes(self, code, *statuses):
        for status in statuses:
            with self.subTest(status=status):
                self.assert_code(code, while_downloading(http_error(status)))

    def test_no_such_post(self):
        self.assert_codes('post.unavailable', 404, 410)

    def test_refused(self):
        self.assert_codes('tiktok.blocked', 400, 401, 403, 405, 418, 429, 451)

    def test_redirects_without_end(self):
        self.assert_code('tiktok.blocked', while_downloading(
            HTTPError(Response(io.BytesIO(), URL, {}, status=302), redirect_loop=True)))

    def test_redirects_to_no_web_address(self):
        self.assert_code('tiktok.blocked', RequestError(cause=ValueError('No connection adapters were found')))

    def test_out_of_order(self):
        self.assert_codes('tiktok.error', 500, 501, 502, 503, 520, 599)

    def test_late(self):
        self.assert_codes('tiktok.timeout', 408, 504)


class ConnectionTest(FailureTest):
    """No whole page arrived."""

    def assert_codes(self, code, *causes):
        for cause in causes:
            with self.subTest(cause=repr(cause)):
                self.assert_code(code, while_downloading(cause))

    def test_hangs(self):
        by_urllib = TransportError(cause=urllib.error.URLError(TimeoutError('timed out')))
        reading = TransportError(cause=TimeoutError('The read operation timed out'))
        try:
            raise TransportError('told by its origin only') from TimeoutError()
        except TransportError as error:
            chained = error
        by_urllib3 = TransportError("HTTPSConnectionPool(host='www.tiktok.com', port=443): Read timed out.")
        self.assert_codes('tiktok.timeout', by_urllib, reading, chained, by_urllib3,
                          TransportError(cause='timed out'), TransportError(cause=TransportError(cause=reading)))

    def test_resets_and_breaks_off(self):
        self.assert_codes('tiktok.error',
                          TransportError(cause=ConnectionResetError(104, 'Connection reset by peer')),
                          TransportError(cause=urllib.error.URLError(ConnectionRefusedError(111, 'refused'))),
                          TransportError(cause=http.client.RemoteDisconnected('Remote end closed connection')),
                          IncompleteRead(partial=100, expected=200),
                          SSLError(cause=ssl.SSLEOFError(8, 'EOF occurred in violation of protocol')),
                          CertificateVerifyError(cause=ssl.SSLCertVerificationError(1, 'certificate verify failed')),
                          TransportError('without a cause'), TransportError(cause='a text for a cause'))

    def test_breaks_off_outside_of_a_request(self):
        self.assert_code('tiktok.error', ExtractorError('A network error has occurred.', cause=IncompleteRead(1)))

    def test_the_gate_refuses(self):
        for refused in (tunnel_refused_by_urllib, tunnel_refused_by_urllib3):
            for code, statuses in {'tiktok.blocked': (403,), 'tiktok.timeout': (504,),
                                   'tiktok.error': (407, 500, 502, 503)}.items():
                self.assert_codes(code, *map(refused, statuses))

    def test_digits_of_an_id_are_no_status(self):
        self.assert_codes('tiktok.error', ProxyError(f'Cannot connect to proxy for {TELLTALE_URL}'),
                          TransportError(f'Connection aborted: {TELLTALE_URL}'))

    def test_the_gate_is_late(self):
        self.assert_codes('tiktok.timeout',
                          ProxyError("ProxyError('Unable to connect to proxy', TimeoutError('timed out'))"))


class UnknownTest(FailureTest):
    """Whatever else there is has the one code that blames ourselves, and is not tried again."""

    def test_not_yt_dlps(self):
        for error in (ValueError('Invalid IPv6 URL'), KeyError('id'), RecursionError(), AssertionError(), MemoryError(),
                      RequestError('Unable to handle request'), DownloadError('no'), OSError(28, 'No space left')):
            self.assert_code('extractor.failed', error)

    def test_yt_dlps_own_mistakes(self):
        for cause in (KeyError('itemStruct'), ValueError('bad JSON'), StopIteration(), RequestError('bad request')):
            self.assert_code('extractor.failed', ExtractorError('An extractor error has occurred.', cause=cause))

    def test_transient_codes(self):
        self.assertEqual({'tiktok.error', 'tiktok.timeout'}, set(TRANSIENT_CODES))


class MessageTest(unittest.TestCase):
    """The sentence for the operator's log."""

    def test_is_one_line_of_bounded_length(self):
        failed = classify(ValueError('first\nsecond\r\n\tthird ' + 'z' * 10_000), page())
        self.assertTrue(failed.message.startswith('first second third zzz'), failed.message)
        self.assertEqual(500, len(failed.message))

    def test_says_what_yt_dlp_said(self):
        self.assertIn('HTTP Error 503', classify(while_downloading(http_error(503)), page()).message)
