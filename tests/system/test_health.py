"""Issue 7, line 2: /healthz and /readyz."""

import os
import stat
import tempfile
import unittest
from pathlib import Path

from .deadlines import until
from .expectations import assert_delivered, assert_no_files
from .fixture import Fixture
from .wire import Connection, request_bytes

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


def ask(server, target, method='GET'):
    with Connection(server.address) as connection:
        return connection.ask(method, target)


def readiness(server):
    """The status, and what is said of each thing that is checked."""
    answer = ask(server, '/readyz')
    assert answer.json['status'] == ('ready' if answer.status == 200 else 'not ready'), answer
    assert answer.status in (200, 503), answer
    return answer.status, answer.json['checks']


def script(directory, name, text):
    path = Path(directory, name)
    path.write_text('#!/bin/sh\n' + text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


class Health(unittest.TestCase):

    def test_the_process_answers(self):
        answer = ask(fixture.server, '/healthz')
        self.assertEqual((answer.status, answer.body), (200, b'ok'))
        self.assertEqual(ask(fixture.server, '/healthz', 'HEAD').status, 200)
        self.assertEqual(ask(fixture.server, '/healthz', 'POST').status, 405)

    def test_also_when_nothing_else_works(self):
        with fixture.new_server(python='/nowhere/python3', ffmpeg='/nowhere/ffmpeg') as server:
            self.assertEqual(ask(server, '/healthz').status, 200)


class Readiness(unittest.TestCase):

    def setUp(self):
        self.directory = self.enterContext(tempfile.TemporaryDirectory())

    def wait_until_not_ready_for(self, server, name, reason):
        """Waits until this is the only thing that is wrong."""
        until(lambda: [check for check, said in readiness(server)[1].items() if not said['ok']] == [name], name)
        status, checks = readiness(server)
        self.assertEqual(status, 503)
        self.assertRegex(checks[name]['reason'], reason)

    def test_everything_is_there(self):
        until(lambda: readiness(fixture.server)[0] == 200, 'ready')
        _, checks = readiness(fixture.server)
        self.assertEqual({name: said['ok'] for name, said in checks.items()},
                         {'workers': True, 'yt_dlp': True, 'tiktok': True, 'cache_dir': True, 'ffmpeg': True})
        self.assertRegex(checks['yt_dlp']['version'], r'^\d{4}\.\d+\.\d+')

    def test_no_python(self):
        with fixture.new_server(python='/nowhere/python3') as server:
            until(lambda: 'no extractor can work' in server.log, 'it is known')
            status, checks = readiness(server)
            self.assertEqual((status, checks['workers']['ok'], checks['yt_dlp']['ok']), (503, False, False))
            self.assertNotIn('nowhere', str(checks))

    def test_no_yt_dlp(self):
        isolated = script(self.directory, 'python', 'exec /usr/bin/python3 -S "$@"\n')  # without dist-packages
        with fixture.new_server(python=isolated) as server:
            until(lambda: 'no extractor can work' in server.log, 'it is known')
            status, checks = readiness(server)
            self.assertEqual(status, 503)
            self.assertRegex(checks['yt_dlp']['reason'], 'yt-dlp cannot be imported')

    def test_no_ffmpeg_and_then_one(self):
        ffmpeg = Path(self.directory, 'ffmpeg')
        with fixture.new_server(ffmpeg=ffmpeg) as server:
            self.wait_until_not_ready_for(server, 'ffmpeg', 'no video can be made of photos')
            os.symlink('/usr/bin/ffmpeg', ffmpeg)
            until(lambda: readiness(server)[0] == 200, 'ffmpeg is found')

    def test_no_room_to_write(self):
        cache_dir = Path(self.directory, 'cache')
        with fixture.new_server(cache_dir=cache_dir) as server:
            until(lambda: readiness(server)[0] == 200, 'ready')
            cache_dir.rename(cache_dir.with_name('moved'))
            self.wait_until_not_ready_for(server, 'cache_dir', 'no file can be made')
            cache_dir.with_name('moved').rename(cache_dir)
            self.assertEqual(readiness(server)[0], 200)

    def test_a_tiktok_that_refuses_shows_and_is_no_reason_to_go(self):
        """Nobody else would be better off, and what is kept can still be had."""
        with fixture.new_server() as server:
            for _ in range(5):
                assert_no_files(server.address, fixture.post(page={'behaviour': 'garbage'}), 'tiktok.blocked')
            status, checks = readiness(server)
            self.assertEqual((status, checks['tiktok']['ok'], checks['tiktok']['blocked']), (200, False, 5))
            self.assertIn('ttsave-update', checks['tiktok']['reason'])
            assert_delivered(server.address, fixture.video(), fixture.media('small.mp4'))
            self.assertTrue(readiness(server)[1]['tiktok']['ok'])

    def test_keys_are_not_needed(self):
        keys = Path(self.directory, 'keys.json')
        keys.write_text('{"keys": [{"name": "bot", "key": "bots-secret"}]}')
        with fixture.new_server(api_keys_file=keys) as server:
            until(lambda: readiness(server)[0] == 200, 'ready')
            self.assertEqual(ask(server, '/healthz').status, 200)

    def test_a_client_that_leaves_at_once(self):
        for _ in range(20):
            with Connection(fixture.server.address) as connection:
                connection.send(request_bytes('GET', '/readyz'))
        self.assertEqual(ask(fixture.server, '/healthz').status, 200)
