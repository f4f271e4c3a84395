"""Where nobody can hold the connects of extractors (an older kernel, gVisor, some containers), they connect to the gate
by themselves, and the server does all that it does elsewhere (docs/decisions/003-egress-gate.md)."""

import re
import socket

from . import processes, without_calls, without_listener
from .clients import StrictDownload
from .deadlines import until
from .expectations import assert_delivered, assert_no_files
from .fixture import Fixture, id_of
from .harness import run_binary
from .slideshow_case import SlideshowTest
from .wire import Connection

fixture = Fixture(run_by=without_listener.COMMAND, log_level='debug')
setUpModule, tearDownModule = fixture.start, fixture.stop

# The password that is shown to the gate, in a URL, and in a field of a request.
PASSWORD = re.compile(r'ttsave:[0-9a-f]|dHRzYXZlO')


def gate_port(server):
    [port] = [port for port in processes.listening_ports(server.pid) if port != server.port]
    return port


class WithoutListener(SlideshowTest):
    fixture = fixture

    def setUp(self):
        super().setUp()
        fixture.server.wait_for_log('extractor ready')

    def assert_works(self, server):
        assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))
        self.assert_facts(self.download(self.add_post('photo1.jpg'), server), (1080, 1440), 3)

    def test_it_works_and_says_what_is_open(self):
        self.assert_works(fixture.server)
        fixture.server.wait_for_log('warning.* can connect to one port of any address over TCP: .* Linux 5.9')
        with Connection(fixture.server.address) as connection:
            self.assertEqual(200, connection.ask('GET', '/readyz').status)

    def test_its_extractors_are_confined_as_elsewhere(self):
        [extractor] = fixture.server.extractors()
        status = processes.status(extractor)
        self.assertEqual(('1', '2', '0' * 16), (status['NoNewPrivs'], status['Seccomp'], status['CapEff']))

    def test_nobody_else_gets_through_the_gate(self):
        logged = len(fixture.server.log)
        for _ in range(20):
            with socket.create_connection(('127.0.0.1', gate_port(fixture.server))) as stranger:
                stranger.sendall(b'CONNECT www.tiktok.com:443 HTTP/1.1\r\n\r\n')
                self.assertTrue(stranger.recv(100).startswith(b'HTTP/1.1 407 '))
        assert_delivered(fixture.server.address, fixture.post(), fixture.media('small.mp4'))
        self.assertNotIn('warning', fixture.server.log[logged:])
        self.assertRaises(OSError, socket.create_connection, ('127.0.0.2', gate_port(fixture.server)))

    def test_a_page_that_leads_away(self):
        link = fixture.post(page={'behaviour': 'redirect:https://evil.example/'})
        assert_no_files(fixture.server.address, link, 'tiktok.blocked')
        fixture.server.wait_for_log('led to evil.example:443 and kept from it')

    def test_a_job_that_nobody_waits_for_any_more_is_cut(self):
        # Its process is not ended, unless this machine is so busy that it takes a second to notice.
        self.assertTrue(any(self.outlives_its_job() for _ in range(5)))
        assert_delivered(fixture.server.address, fixture.post(), fixture.media('small.mp4'))

    def outlives_its_job(self):
        """Whether the extractor does, once the client has left."""
        assert_delivered(fixture.server.address, fixture.post(), fixture.media('small.mp4'))
        [extractor] = fixture.server.extractors()
        link = fixture.post(page={'behaviour': 'hang'})
        with StrictDownload(fixture.server.address, link):
            until(lambda: fixture.requests(id_of(link)), 'the page is asked for')
        kept_out = f'post={id_of(link)} code=tiktok.blocked extractor=0 reason: .* 403 Forbidden'  # its second try
        until(lambda: re.search(kept_out, fixture.server.log) or extractor not in fixture.server.extractors(),
              'the end of the job')
        return extractor in fixture.server.extractors()

    def test_the_password_is_in_no_log(self):
        with fixture.new_server(run_by=without_listener.COMMAND, log_level='debug') as server:
            for page in ({}, {'behaviour': 'reset'}, {'behaviour': 'garbage'},
                         {'behaviour': 'redirect:https://evil.example/'}):
                with StrictDownload(server.address, fixture.post(page=page)) as download:
                    download.connection.read_answer('POST')
            server.stop()
            self.assertIn('debug', server.log)
            self.assertNotRegex(server.log, PASSWORD)

    def test_older_kernels(self):
        without_landlock = without_calls.command(*without_calls.LANDLOCK)
        for run_by in ((*without_listener.COMMAND, *without_calls.command(*without_calls.SINCE_LINUX_5_5)),
                       (*without_calls.command(*without_calls.SECCOMP), *without_landlock)):
            with self.subTest(run_by), fixture.new_server(run_by=run_by) as server:
                server.wait_for_log('warning.* extractors can connect to any address over TCP: .* Linux 5.9')
                self.assert_works(server)

    def test_a_trial_of_yt_dlp(self):
        done = run_binary('--try-extractor', '/usr/lib/python3/dist-packages', '--proxy', fixture.standin.http_proxy,
                          '--ca-file', fixture.standin.ca_file, '--canary-urls', fixture.post(),
                          '--cache-dir', '/no/such/folder', run_by=without_listener.COMMAND)
        self.assertEqual(0, done.returncode, done)
        self.assertIn('\nok: ', done.stdout)
