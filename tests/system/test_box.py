"""Extractors and ffmpeg run in a box, on any kernel and under any user; what is missing of it is said at the start."""

import contextlib
import tempfile
from pathlib import Path

from . import processes, without_calls
from .clients import StrictDownload
from .deadlines import until
from .expectations import assert_delivered
from .fixture import Fixture
from .slideshow_case import SlideshowTest

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop

NOBODY = 65534


class Box(SlideshowTest):
    fixture = fixture

    def assert_confined(self, status):
        expected = {'NoNewPrivs': '1', 'Seccomp': '2', 'CapPrm': '0' * 16, 'CapEff': '0' * 16, 'CapAmb': '0' * 16}
        self.assertEqual(expected, {name: status[name] for name in expected})

    def assert_works(self, server):
        assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))
        self.assert_facts(self.download(self.add_post('photo1.jpg'), server), (1080, 1440), 3)

    def test_of_an_extractor(self):
        fixture.server.wait_for_log('extractor ready')
        for extractor in fixture.server.extractors():
            self.assert_confined(processes.status(extractor))
            held = processes.open_descriptors(extractor)
            self.assertEqual([], [what for what in held.values() if not what.startswith('pipe:')])
            self.assertLessEqual(len(held), 4)  # the standard streams, and the one that the protocol keeps for itself

    def test_nobody_else_can_reach_what_extractors_do(self):
        fixture.server.wait_for_log('extractor ready')
        self.assertEqual([fixture.server.address[1]], processes.listening_ports(fixture.server.pid))

    def test_of_ffmpeg(self):
        def look():
            """The status and the descriptors of an ffmpeg at work."""
            for pid in fixture.server.children():
                with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                    status = processes.status(pid)  # first: under another name it still has the server's descriptors
                    held = processes.open_descriptors(pid)
                    if status.get('Name') == 'ffmpeg' and held:
                        return status, held
            return None
        fixture.server.wait_for_log('ffmpeg ready')  # its start has an ffmpeg of its own, without files
        link = self.add_post(*['huge.jpg'] * 10)
        with StrictDownload(fixture.server.address, link, content_type='VIDEO_ONLY'):
            status, held = until(look, 'ffmpeg at work')
        self.assert_confined(status)
        own = (str(fixture.server.cache_dir), '/usr/lib')  # while it starts, it looks into its libraries
        self.assertEqual([], [what for number, what in held.items() if number > 2 and not what.startswith(own)])
        self.assertTrue(all(held[number].startswith('pipe:') for number in (0, 1, 2)))

    def test_nothing_is_said_where_nothing_is_missing(self):
        self.assertNotIn('confined', fixture.server.log)

    def test_a_kernel_without_landlock(self):
        with fixture.new_server(run_by=without_calls.command(*without_calls.LANDLOCK)) as server:
            server.wait_for_log('warning.* not confined by Landlock')
            self.assertNotIn('connect to any address', server.log)
            self.assert_works(server)
            for extractor in server.extractors():
                self.assertEqual('1', processes.status(extractor)['NoNewPrivs'])

    def test_a_server_without_privileges(self):
        for run_by in (('setpriv', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all'),
                       ('setpriv', f'--reuid={NOBODY}', f'--regid={NOBODY}', '--clear-groups'),
                       ('unshare', '--user', '--map-root-user')):
            with self.subTest(run_by):
                folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
                folder.chmod(0o777)
                with fixture.new_server(run_by=run_by, cache_dir=folder) as server:
                    self.assert_works(server)
                    for extractor in server.extractors():
                        self.assert_confined(processes.status(extractor))

    def test_a_script_is_hardly_confined(self):
        python = self.folder / 'python'
        python.write_text('#!/bin/sh\nexec /usr/bin/python3 "$@"\n')
        python.chmod(0o755)
        with fixture.new_server(python=python) as server:
            server.wait_for_log(f'warning.*{python} is a script')
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))
            for extractor in server.extractors():
                status = processes.status(extractor)
                self.assertEqual(('1', '0' * 16), (status['NoNewPrivs'], status['CapEff']))
