"""Issue 7, line 6: the server as a service. What plays systemd is service_manager.py."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from . import processes, service_manager
from .clients import StrictDownload, order, post_json
from .deadlines import PATIENT_S, PROMPT_S, SLOWNESS, until
from .expectations import assert_delivered
from .fixture import Fixture
from .harness import Server, binary, clean_environment, is_linked_with
from .service_manager import NotifySocket
from .stuck_thread import stuck, thread_named
from .wire import Connection

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop

PREFIX = binary().parents[1]
UNITS = PREFIX / 'lib' / 'systemd' / 'system'
UNIT = UNITS / 'ttsave.service'


def has_systemd():
    return shutil.which('systemd-analyze') is not None


def abstract_name():
    return f'@ttsave-test-{os.getpid()}-{time.monotonic_ns()}'


def command(*words):
    return (sys.executable, '-B', service_manager.__file__, *map(str, words), '--')


class Supervised(unittest.TestCase):

    def setUp(self):
        self.manager = self.enterContext(NotifySocket(abstract_name()))

    def told(self, key):
        return self.manager.wait_for(key, PATIENT_S)

    def supervised(self, **settings):
        environment = {'NOTIFY_SOCKET': self.manager.name, **settings.pop('environment', {})}
        return fixture.new_server(environment=environment, **settings)


class Notifications(Supervised):
    """What systemd is told, and when."""

    def test_ready_when_it_accepts(self):
        with self.supervised() as server:
            message = self.manager.receive(PROMPT_S)
            self.assertEqual(message, {'READY': '1', 'STATUS': f'listening on 127.0.0.1:{server.port}'})
            self.assertIsNone(self.manager.receive(0), 'no signs of life that nobody has asked for')

    def test_at_a_socket_with_a_path(self):
        with tempfile.TemporaryDirectory() as folder, NotifySocket(f'{folder}/notify') as manager:
            with Server(environment={'NOTIFY_SOCKET': manager.name}):
                self.assertIn('READY', manager.receive(PROMPT_S))

    def test_not_ready_when_the_address_is_in_use(self):
        done = subprocess.run([binary(), '--address', '127.0.0.1', '--port', str(fixture.server.port)],
                              env=clean_environment({'NOTIFY_SOCKET': self.manager.name}), capture_output=True,
                              timeout=PATIENT_S, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIsNone(self.manager.receive(0))

    def test_reloading_and_ready_again(self):
        with self.supervised() as server:
            self.told('READY')
            for _ in range(2):
                before = time.monotonic_ns() // 1000
                server.send_signal(signal.SIGHUP)
                message = self.told('RELOADING')
                self.assertEqual(message['RELOADING'], '1')
                self.assertGreaterEqual(int(message['MONOTONIC_USEC']), before)
                self.assertEqual(self.told('READY')['STATUS'], f'listening on 127.0.0.1:{server.port}')

    def test_stopping_and_how_long_that_may_take(self):
        with self.supervised(shutdown_grace_s=200) as server:
            server.stop()
            message = self.told('STOPPING')
            self.assertGreater(int(message['EXTEND_TIMEOUT_USEC']), 200_000_000)
            self.assertIn('200 s', message['STATUS'])

    def test_without_a_service_manager(self):
        with Server(environment={'NOTIFY_SOCKET': abstract_name()}) as server:
            server.wait_for_log('the service manager could not be told READY=1')
            with Connection(server.address) as connection:
                self.assertEqual(connection.ask('GET', '/ping').status, 200)


class Watchdog(Supervised):
    """Signs of life come while every thread answers, and only then."""

    LIMIT_S = 0.4 * SLOWNESS

    def signs_in(self, seconds):
        """How many come in that time."""
        deadline, count = time.monotonic() + seconds, 0
        while (left := deadline - time.monotonic()) > 0:
            count += 'WATCHDOG' in (self.manager.receive(left) or ())
        return count

    def watched(self):
        return self.supervised(threads=2, environment={'WATCHDOG_USEC': str(int(self.LIMIT_S * 1e6))})

    def test_a_thread_that_is_stuck(self):
        with self.watched() as server:
            for name in ('ttsave-server', 'ttsave-io-2'):
                with self.subTest(name):
                    self.told('WATCHDOG')
                    with contextlib.ExitStack() as held:
                        thread = server.pid if name == 'ttsave-server' else thread_named(server.pid, name)
                        try:
                            held.enter_context(stuck(thread))
                        except PermissionError:
                            self.skipTest('ptrace is not allowed here')
                        while self.manager.receive(0):
                            pass
                        # One that had passed the thread before it was stuck may still come.
                        self.assertLessEqual(self.signs_in(3 * self.LIMIT_S), 1)
                    self.told('WATCHDOG')

    def test_while_it_shuts_down(self):
        with self.watched() as server:
            link = fixture.gated_video()
            with StrictDownload(server.address, link) as download:
                download.read_head().read_until(100_000)
                server.send_signal(signal.SIGTERM)
                self.told('STOPPING')
                for _ in range(3):
                    self.told('WATCHDOG')
                fixture.standin.open_gate()
                download.read_rest()
            self.assertEqual(server.wait(), 0)


class Sockets(unittest.TestCase):
    """Sockets that are handed over."""

    def setUp(self):
        self.listening = self.enterContext(socket.create_server(('127.0.0.1', 0), backlog=100))
        self.address = self.listening.getsockname()

    def handed(self, *sockets, **settings):
        numbers = [each.fileno() for each in sockets]
        return fixture.new_server(run_by=command('hand', *numbers), pass_fds=numbers, **settings)

    def test_it_is_served_instead_of_the_configured_address(self):
        with self.handed(self.listening, port=fixture.server.port, threads=3) as server:
            self.assertEqual(server.address, self.address)
            for _ in range(6):
                with Connection(self.address) as connection:
                    self.assertEqual(connection.ask('GET', '/ping').body, b'pong')
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))
            for child in server.extractors():
                self.assertEqual(processes.listening_ports(child), [])

    def test_who_comes_between_two_servers_waits_for_the_next(self):
        for _ in range(2):
            with Connection(self.address) as early, self.handed(self.listening) as server:
                self.assertEqual(early.ask('GET', '/ping').status, 200)
                server.stop()

    def test_what_cannot_be_served_is_an_error(self):
        datagrams = self.enterContext(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        for sockets, words in (((datagrams,), 'does not listen for TCP'), ((self.listening,) * 2, '2 sockets')):
            with self.subTest(words):
                numbers = [each.fileno() for each in sockets]
                done = subprocess.run([*command('hand', *numbers), binary()], env=clean_environment(),
                                      pass_fds=numbers, capture_output=True, text=True, timeout=PATIENT_S, check=False)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(words, done.stderr)

    @unittest.skipUnless(shutil.which('systemd-socket-activate'), 'there is no systemd')
    def test_systemd_itself_hands_it_over(self):
        self.listening.close()
        run_by = ('systemd-socket-activate', '-l', f'127.0.0.1:{self.address[1]}')
        server = fixture.new_server(run_by=run_by)
        first = []

        def connect():
            with contextlib.suppress(ConnectionRefusedError):
                first.append(self.enterContext(Connection(self.address)))
            return first
        server.begin()
        until(connect, 'systemd listens')  # and starts the server for whom it has
        with server:
            self.assertEqual(server.address, self.address)
            self.assertEqual(first[0].ask('GET', '/ping').status, 200)


class Unit(unittest.TestCase):
    """The installed files."""

    def test_the_service_names_where_it_is_installed(self):
        [start] = service_manager.read_unit(UNIT)['Service']['ExecStart']
        program, option, config = start.split()
        self.assertEqual((Path(program), option), (binary().resolve(), '--config'))
        subprocess.run([program, '--check-config', option, config], env=clean_environment(), check=True,
                       capture_output=True, timeout=PATIENT_S)

    def test_it_is_bound_to_what_the_server_does(self):
        service = service_manager.read_unit(UNIT)['Service']
        self.assertEqual(service['Type'], ['notify'])
        self.assertEqual(service['KillMode'], ['mixed'], 'extractors outlive SIGTERM until transfers are done')
        self.assertEqual(service['RestartPreventExitStatus'], ['2'])
        self.assertIn('TTSAVE_CACHE_DIR=/var/cache/ttsave', service['Environment'])
        self.assertIn('TTSAVE_EXTRACTOR_PATH=/var/lib/ttsave', service['Environment'])

    @unittest.skipUnless(has_systemd(), 'there is no systemd')
    def test_systemd_understands_every_line(self):
        for name in ('ttsave.service', 'ttsave.socket'):
            done = subprocess.run(['systemd-analyze', 'verify', UNITS / name], capture_output=True, text=True,
                                  env={**os.environ, 'SYSTEMD_UNIT_PATH': f'{UNITS}:'}, timeout=PATIENT_S, check=False)
            about_ours = [line for line in done.stderr.splitlines() if 'ttsave' in line]
            self.assertEqual((done.returncode, about_ours), (0, []), done.stderr)

    @unittest.skipUnless(has_systemd(), 'there is no systemd')
    def test_little_is_exposed(self):
        done = subprocess.run(['systemd-analyze', 'security', '--no-pager', '--offline=true', '--threshold=20', UNIT],
                              capture_output=True, text=True, timeout=PATIENT_S, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)

    @unittest.skipUnless(has_systemd(), 'there is no systemd')
    @unittest.skipIf(is_linked_with('libasan') or is_linked_with('libtsan'), 'sanitizers make calls of their own')
    def test_everything_works_inside_its_walls(self):
        def warnings(server):
            return re.findall(r'warning (.*)', server.log)
        manager = self.enterContext(NotifySocket(abstract_name()))
        with fixture.new_server(run_by=command('box', UNIT), environment={'NOTIFY_SOCKET': manager.name}) as server:
            self.assertIn('READY', manager.receive(PROMPT_S) or ())
            self.assertEqual(processes.status(server.pid)['Seccomp'], '2')
            server.wait_for_log('ffmpeg ready')
            assert_delivered(server.address, fixture.post(), fixture.media('small.mp4'))
            photos = fixture.post(images=[{}, {'media': 'photo.webp'}], music={})
            for content_type in ('ORIGINAL', 'VIDEO_ONLY'):
                self.assertEqual(post_json(server.address, order(photos, content_type)).status, 200)
            # The walls around extractors and ffmpeg are as many as without these.
            self.assertEqual(warnings(server), warnings(fixture.server))
