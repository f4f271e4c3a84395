"""What tests of whole jobs share: a stand-in TikTok, and an extractor that reaches it."""

import time
import unittest
from urllib.parse import urlsplit

from standin import running

from .gate import Gate
from .process import DEADLINE_S, STANDIN_DIR, Extractor

POST_ID = '7312345678901234567'


class LoopbackTestCase(unittest.TestCase):
    """Has one stand-in, gate and extractor for all its tests, as jobs in the server have."""

    @classmethod
    def setUpClass(cls):
        STANDIN_DIR.mkdir(exist_ok=True)
        cls.standin = cls.enterClassContext(running(STANDIN_DIR))
        cls.gate = cls.enterClassContext(Gate(cls.standin.http_proxy))
        cls.extractor = cls.enterClassContext(cls.new_extractor())

    @classmethod
    def new_extractor(cls, gate=None, **configuration):
        """One that is ready, configured so; a context manager."""
        extractor = Extractor(gate=gate or cls.gate, ca_file=cls.standin.ca_file)
        try:
            event = extractor.configure(**configuration)['event']
            if event != 'ready':
                raise RuntimeError(f'the extractor is not ready:\n{extractor.log()}')
        except BaseException:
            extractor.__exit__()
            raise
        return extractor

    def setUp(self):
        self.standin.reset()

    def add_post(self, **post):
        """Returns its URL."""
        return self.standin.add_post(**{'id': POST_ID, **post})

    def resolve(self, url, **options):
        """The post at `url`."""
        answer = self.extractor.resolve(url, **options)
        self.assertEqual('post', answer['event'], answer)
        return answer['post']

    def assert_fails(self, code, url, **options):
        answer = self.extractor.resolve(url, **options)
        self.assertEqual((code, 'failed'), (answer.get('code'), answer['event']), answer)
        return answer

    def eventually(self, holds, what):
        """Asks again and again; each question to the stand-in takes it a moment."""
        deadline = time.monotonic() + DEADLINE_S
        while not holds():
            self.assertLess(time.monotonic(), deadline, f'still not: {what}')

    def asked(self):
        """What was asked of the stand-in since the last reset, as "METHOD HOST" each."""
        return [f"{entry['method']} {entry['host']}" for entry in self.standin.log()]

    def cookies(self):
        """The Cookie header of each request since the last reset, as a dictionary."""
        return [_parse_cookies(entry['headers'].get('cookie', '')) for entry in self.standin.log()]

    def assert_asked_for_page(self, times, url):
        parts = urlsplit(url)
        self.assertEqual([('GET', parts.hostname, parts.path)] * times,
                         [(entry['method'], entry['host'], entry['path']) for entry in self.standin.log()])


def _parse_cookies(text):
    return dict(pair.split('=', 1) for pair in text.split('; ') if pair)
