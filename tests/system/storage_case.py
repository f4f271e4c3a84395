"""What the tests of storage that fails share: servers whose cache_dir is a file system of their own."""

import concurrent.futures
import contextlib
import shutil
import unittest

from . import mounts
from .clients import StrictDownload, order, post_json
from .expectations import assert_delivered, assert_same
from .fixture import Fixture
from .wire import Connection

# What the server and the test's reader may still have in hand of what has arrived.
SLACK = 64

STORAGE_FAILED = {'detail': 'Failed to save the file', 'code': 'storage.failed'}

fixture = Fixture()
tearDownModule = fixture.stop


def setUpModule():
    mounts.enter_own_namespace()
    fixture.start()


class StorageTest(unittest.TestCase):
    """`make_server` gives one whose cache_dir a test may mount things on before it enters it."""

    def make_server(self, **settings):
        server = fixture.new_server(**settings)
        self.addCleanup(shutil.rmtree, server.cache_dir, ignore_errors=True)
        return server

    def make_server_on_tmpfs(self, options='size=8m', **settings):
        server = self.make_server(**settings)
        self.mount(mounts.mount_tmpfs, server, options)
        return server

    def mount(self, mount, server, *words):
        mount(server.cache_dir, *words)
        stack = contextlib.ExitStack()
        stack.callback(mounts.unmount, server.cache_dir)
        self.addCleanup(stack.close)
        return stack

    def assert_storage_failed(self, server, link=None, cause=None):
        """Twice, since the first failure must not change what the second request meets."""
        for _ in range(2):
            answer = post_json(server.address, order(link or fixture.post()))
            self.assertEqual((answer.status, answer.json), (500, STORAGE_FAILED))
        if cause:
            server.wait_for_log(cause)
        self.assert_alive(server)

    def assert_alive(self, server):
        with Connection(server.address) as connection:
            self.assertEqual(connection.ask('GET', '/ping').body, b'pong')

    def assert_works(self, server):
        assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))

    def begin_downloads(self, server, count, **options):
        """That many clients of one post, all of whom have its first half; the rest waits for the gate."""
        link = fixture.gated_video()
        half = len(fixture.media('medium.mp4')) // 2
        downloads = [self.enterContext(StrictDownload(server.address, link, **options)) for _ in range(count)]
        for download in downloads:
            download.link = link
            download.read_head().read_until(half - SLACK)
        return downloads

    def assert_finished(self, downloads):
        """Whole, to the last byte; read at the same time, so that none stands in the way of another."""
        with concurrent.futures.ThreadPoolExecutor() as threads:
            for download in threads.map(StrictDownload.read_rest, downloads):
                assert_same(download.parts[0].data, fixture.media('medium.mp4'))
