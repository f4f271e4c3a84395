import email.parser
import queue
import threading
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import certifi
import pycurl

from ..const import CurlOpt
from . import errors

# Which of libcurl's interfaces does the work: the one that waits in poll() itself, or the one that is told when.
USES_MULTI = False


class Session:

    def __init__(self, cookies=None):
        self.curl = _Options()
        self.curl_options = {}
        self.verify = True
        self._cookies = cookies
        self._executor = ThreadPoolExecutor()

    def request(self, method, url, headers, data, verify, max_redirects, timeout, impersonate, interface, stream):
        assert (verify, impersonate, interface, stream) == (True, impersonate or '', None, True)
        request = urllib.request.Request(url, method=method, headers=dict(headers))
        if self._cookies is not None:
            self._cookies.add_cookie_header(request)
        handle = pycurl.Curl()
        options = {
            CurlOpt.CAINFO: self.verify if isinstance(self.verify, str) else certifi.where(),
            **self.curl.taken(), **self.curl_options,
            pycurl.URL: url,
            pycurl.CUSTOMREQUEST: method,
            pycurl.NOBODY: method == 'HEAD',
            pycurl.HTTPHEADER: [f'{name}: {value}' for name, value in request.header_items()],
            pycurl.USERAGENT: impersonate,
            pycurl.ACCEPT_ENCODING: '',
            pycurl.FOLLOWLOCATION: True,
            pycurl.MAXREDIRS: max_redirects,
            pycurl.TIMEOUT_MS: int(sum(timeout) * 1000),
        }
        for option, value in options.items():
            handle.setopt(option, value)
        response = Response(handle, url)
        task = self._executor.submit(response.perform)
        response.headers_are_there.wait()
        if response.error:
            task.result()
            raise response.error
        response.task = task
        if self._cookies is not None:
            self._cookies.extract_cookies(response, request)
        return response


class Response:

    def __init__(self, handle, url):
        self.url = url
        self._handle = handle
        self._head = b''
        self._chunks = queue.Queue()
        self._is_wanted = True
        self.error = None
        self.headers_are_there = threading.Event()
        handle.setopt(pycurl.HEADERFUNCTION, self._take_header)
        handle.setopt(pycurl.WRITEFUNCTION, self._take_chunk)

    def perform(self):
        try:
            _perform_multi(self._handle) if USES_MULTI else self._handle.perform()
        except pycurl.error as error:
            code, text = error.args
            self.error = errors.RequestsError(text, code, self)
        self._chunks.put(None)
        self.headers_are_there.set()

    def _take_header(self, line):
        if line.startswith(b'HTTP/'):
            self.url = urllib.parse.urljoin(self.url, self.headers.get('Location'))
            self._head = b''
        self._head += line

    def _take_chunk(self, chunk):
        self._chunks.put(chunk)
        self.headers_are_there.set()
        return len(chunk) if self._is_wanted else -1

    @property
    def headers(self):
        return email.parser.BytesHeaderParser().parsebytes(self._head.partition(b'\r\n')[2])

    def info(self):
        """For cookie jars."""
        return self.headers

    @property
    def status_code(self):
        return int(self._status_line()[1])

    @property
    def reason(self):
        return ' '.join(self._status_line()[2:])

    def _status_line(self):
        return self._head.partition(b'\r\n')[0].decode().split(' ')

    def iter_content(self):
        while (chunk := self._chunks.get()) is not None:
            yield chunk
        if self.error:
            raise self.error

    def close(self):
        self._is_wanted = False
        self.task.result()
        self._handle.close()


class _Options:

    def __init__(self):
        self._set = {}

    def setopt(self, option, value):
        self._set[option] = value

    def taken(self):
        options, self._set = self._set, {}
        return options


def _perform_multi(handle):
    multi = pycurl.CurlMulti()
    multi.add_handle(handle)
    active = 1
    while active:
        _, active = multi.perform()
        if active:
            multi.select(1.0)
    _, _, failed = multi.info_read()
    multi.remove_handle(handle)
    if failed:
        raise pycurl.error(*failed[0][1:])
