"""What tests of the disk cache share: a directory that outlives its servers, and what is asserted of its entries."""

import os
import signal
import tempfile
import unittest
from pathlib import Path

from . import processes
from .clients import strict_download
from .deadlines import PROMPT_S, until
from .fixture import id_of


def original(link):
    """The key of the entry with a post's files as they are."""
    return f'{id_of(link)}-original'


def essence(download):
    """What has to be the same however often a post is asked for."""
    parts = [(part.name, part.media_type, part.declared_length, bytes(part.data)) for part in download.parts]
    return download.head.get('Content-Meta'), parts


class CacheTest(unittest.TestCase):
    """Subclasses name the `fixture` of their module. The test's servers follow each other on one directory."""

    fixture = None

    def setUp(self):
        self.cache_dir = Path(self.enterContext(tempfile.TemporaryDirectory(prefix='ttsave-cache-')))

    def new_server(self, **settings):
        return self.fixture.new_server(**{'cache_dir': self.cache_dir, 'cache_ttl_s': 3600, **settings})

    def start(self, **settings):
        """A server that has the directory, and has looked at what is in it."""
        server = self.enterContext(self.new_server(**settings))
        if settings.get('cache_ttl_s') != 0:
            server.wait_for_log('cache entries=')
        return server

    def download(self, server, link, content_type='ORIGINAL'):
        """A whole download, and what the server does with it afterwards. Returns its essence()."""
        download = strict_download(server.address, link, content_type=content_type)
        self.wait_for_rest(server)
        return essence(download)

    def wait_for_rest(self, server):
        """No file in its directory is open but the lock and those of entries: what was to be kept is kept."""
        prefix = f'{server.cache_dir}/'
        at_rest = (f'{server.cache_dir}/lock', f'{server.cache_dir}/entries/')
        until(lambda: not [path for path in server.open_descriptors().values()
                           if path.startswith(prefix) and not path.startswith(at_rest)], 'nothing is open', PROMPT_S)

    def assert_fetched(self, server, link, content_type='ORIGINAL'):
        """The post is asked of TikTok and its files of the CDN. Returns its essence()."""
        before = len(self.fixture.requests(id_of(link)))
        result = self.download(server, link, content_type)
        new = [entry['method'] for entry in self.fixture.requests(id_of(link))[before:]]
        self.assertGreaterEqual(len(new), 2, 'the post was not asked for anew')
        return result

    def assert_from_cache(self, server, link, expected, content_type='ORIGINAL'):
        """The same as before, without one request to anybody."""
        before, logged = len(self.fixture.requests()), server.log.count(self.line_of(link))
        result = self.download(server, link, content_type)
        self.assertEqual(len(self.fixture.requests()), before, self.fixture.requests()[before:])
        self.assert_same_essence(result, expected)
        server.wait_for_log(self.line_of(link), count=logged + 1)

    def assert_replaced(self, server, link, expected):
        """Fetched anew, said so, and kept again."""
        self.assert_same_essence(self.assert_fetched(server, link), expected)
        server.wait_for_log(f'(warning|error).*{original(link)} is damaged')
        self.assertIn(original(link), server.kept_entries())
        self.assert_from_cache(server, link, expected)

    def fetch_each(self, server, names):
        """One post for each name. Returns (name, link, essence) of all."""
        links = [(name, self.fixture.video()) for name in names]
        return [(name, link, self.assert_fetched(server, link)) for name, link in links]

    def assert_same_essence(self, result, expected):
        """Says no more than what differs, for the files may be large."""
        self.assertEqual(result[0], expected[0])
        self.assertEqual([part[:3] for part in result[1]], [part[:3] for part in expected[1]])
        self.assertTrue(result[1] == expected[1], 'other bytes')

    def line_of(self, link):
        return f'post={id_of(link)} source=cache'

    def file_of(self, link, name='1.mp4'):
        """One of the files of a post's entry."""
        return self.cache_dir / 'entries' / original(link) / name

    def wait_for_tick(self, *paths):
        """The file system's clock has moved on since any of the files was changed."""
        latest = max((os.stat(path).st_ctime_ns for path in paths), default=0)
        with tempfile.NamedTemporaryFile(dir=self.cache_dir) as probe:
            def has_ticked():
                os.utime(probe.name)
                return os.stat(probe.name).st_mtime_ns > latest
            until(has_ticked, 'the file system\'s clock moves on', PROMPT_S)

    def crash(self, server):
        """SIGKILL; nothing that ran below the server goes on."""
        family = [who for who in map(processes.identity, server.children()) if who]
        server.send_signal(signal.SIGKILL)
        self.assertEqual(server.wait(), -signal.SIGKILL)
        until(lambda: not any(map(processes.is_alive, family)), 'what ran below the server is gone', PROMPT_S)
