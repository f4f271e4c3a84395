"""Connections that a library in the extractor makes in C are the gate's as well: yt-dlp asks TikTok through a curl_cffi
that is made of libcurl."""

import os
import shutil
import tempfile
import unittest
from pathlib import Path

from . import without_listener
from .expectations import assert_delivered, assert_no_files
from .fixture import Fixture, id_of

fixture = Fixture(workers=1)
setUpModule, tearDownModule = fixture.start, fixture.stop

LOOKALIKE = Path(__file__).with_name('curl_cffi')
PACKAGE = Path(os.environ.get('TTSAVE_PREFIX', '/usr/local'), 'share/ttsave/extractor/ttsave_extractor')


class Impersonation(unittest.TestCase):
    USES_MULTI = False
    RUN_BY = ()

    def start(self, **settings):
        """A server whose extractors have both packages."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        shutil.copytree(PACKAGE, folder / PACKAGE.name)
        shutil.copytree(LOOKALIKE, folder / LOOKALIKE.name)
        module = folder / LOOKALIKE.name / 'requests/__init__.py'
        module.write_text(module.read_text().replace('USES_MULTI = False', f'USES_MULTI = {self.USES_MULTI}'))
        return self.enterContext(fixture.new_server(extractor_dir=folder, workers=1, log_level='debug',
                                                     run_by=self.RUN_BY, **settings))

    def agents(self, link):
        """By whom the page was asked for."""
        return [entry['headers']['user-agent'] for entry in fixture.standin.log()
                if id_of(link) in entry['path'] and entry['host'] == 'www.tiktok.com']

    def test_a_post_is_had(self):
        server = self.start()
        for page in ({}, {'behaviour': 'challenge'}):
            link = fixture.post(page=page)
            assert_delivered(server.address, link, fixture.media('small.mp4'))
            self.assertTrue(self.agents(link))
            self.assertTrue(all(agent.startswith('chrome') for agent in self.agents(link)), self.agents(link))

    def test_it_is_led_no_further_than_the_gate(self):
        server = self.start()
        link = fixture.post(page={'behaviour': 'redirect:https://evil.example/'})
        assert_no_files(server.address, link, 'tiktok.blocked')
        server.wait_for_log('led to evil.example:443 and kept from it')

    def test_many_jobs_leave_nothing_open(self):
        server = self.start()
        for _ in range(20):  # more than there may be connections at once
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))

    def test_an_authority_that_is_not_trusted(self):
        server = self.start(ca_file='')
        link = fixture.post()
        assert_no_files(server.address, link, 'tiktok.error')
        self.assertEqual([], self.agents(link))


class MultiInterface(Impersonation):
    USES_MULTI = True


class ByPort(MultiInterface):
    """Where the library connects to the gate by itself, with a password."""

    RUN_BY = without_listener.COMMAND
