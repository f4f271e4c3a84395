"""What tests of shared deliveries have in common: many clients of one post at the same time."""

import unittest

from .clients import StrictDownload
from .expectations import assert_same
from .fixture import CDN, id_of

PAGE_HOST = 'www.tiktok.com'


class SharingTest(unittest.TestCase):
    """Subclasses name the `fixture` of their module."""

    fixture = None

    def begin(self, link, **options):
        """A client that has asked; what it gets is for the test to read."""
        return self.enterContext(StrictDownload(self.fixture.server.address, link, **options))

    def begin_many(self, count, link, **options):
        return [self.begin(link, **options) for _ in range(count)]

    def asked_of(self, link, host=''):
        """What TikTok was asked about a post, as (method, host)."""
        return [(entry['method'], entry['host']) for entry in self.fixture.requests(id_of(link))
                if host in entry['host']]

    def assert_asked_once(self, link):
        """One page and one file is all that TikTok was asked for."""
        self.assertEqual([('GET', PAGE_HOST), ('GET', CDN)], self.asked_of(link))

    def assert_one_page(self, link):
        self.assertEqual([('GET', PAGE_HOST)], self.asked_of(link, PAGE_HOST))

    def assert_whole(self, downloads, content):
        """Each of them gets one video of exactly these bytes."""
        for download in downloads:
            if not hasattr(download, 'head'):
                download.read_head()
            download.read_rest()
            self.assertEqual(['video/mp4'], [part.media_type for part in download.parts])
            assert_same(download.parts[0].data, content)

    def wait_for_origins(self, link, count):
        """The log tells of `count` answers that one of them was fetched and all others were shared."""
        log = self.fixture.server.wait_for_log
        if count > 1:
            log(f'post={id_of(link)} source=shared', count=count - 1)
        log(f'post={id_of(link)} source=tiktok')
        lines = [line for line in self.fixture.server.log.splitlines() if f'post={id_of(link)} source=' in line]
        self.assertEqual(1, sum('source=tiktok' in line for line in lines), lines)
        self.assertEqual(count, len(lines), lines)
