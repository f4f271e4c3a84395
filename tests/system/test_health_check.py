"""--healthcheck finds the server by the settings that the server itself is given, wherever they stand."""

import http.server
import socket
import tempfile
import threading
import unittest
from pathlib import Path

from .harness import Server, run_binary


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(self.server.status if self.path == '/healthz' else 404)
        self.end_headers()

    def log_message(self, *_):
        pass


class HealthCheck(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.listening = self.enterContext(http.server.ThreadingHTTPServer(('127.0.0.1', 0), _Handler))
        self.listening.status = 200
        thread = threading.Thread(target=self.listening.serve_forever, args=(0.01,))
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.listening.shutdown)
        self.port = str(self.listening.server_address[1])

    def check(self, *words, environment=None):
        """The exit status, and the lines that say what is wrong."""
        done = run_binary('--healthcheck', *words, environment=environment)
        self.assertEqual('', done.stdout)
        return done.returncode, done.stderr.splitlines()

    def test_wherever_the_settings_stand(self):
        config = self.folder / 'ttsave.conf'
        config.write_text(f'port = {self.port}\naddress = 127.0.0.1\n')
        for words, environment in (
                (('--port', self.port), None),
                ((), {'TTSAVE_PORT': self.port, 'TTSAVE_ADDRESS': '0.0.0.0'}),
                (('--config', config), None),
                ((), {'TTSAVE_CONFIG': str(config)})):
            with self.subTest(words=words, environment=environment):
                self.assertEqual((0, []), self.check(*words, environment=environment))

    def test_the_server_itself(self):
        with Server() as server:
            self.assertEqual((0, []), self.check('--port', str(server.port)))

    def test_a_server_that_is_not_well(self):
        self.listening.status = 503
        self.assertEqual((1, [f'127.0.0.1:{self.port} answers with status 503']), self.check('--port', self.port))

    def test_nobody_there(self):
        with socket.socket() as nobody:
            nobody.bind(('127.0.0.1', 0))
            place = f'127.0.0.1:{nobody.getsockname()[1]}'
            self.assertEqual((1, [f'{place} does not answer: Connection refused']),
                             self.check('--port', place.rpartition(':')[2]))

    def test_settings_that_are_wrong(self):
        status, [line] = self.check(environment={'TTSAVE_PORT': 'many'})
        self.assertEqual(1, status)
        self.assertIn('TTSAVE_PORT', line)

    def test_keys_with_a_mistake_in_them_are_the_servers_concern(self):
        keys = self.folder / 'keys.json'
        keys.write_text('{')
        self.assertEqual((0, []), self.check('--port', self.port, '--api-keys-file', keys))
