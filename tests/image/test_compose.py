"""The compose files are what Compose understands, and what they tell the server is what the server understands."""

import tempfile
import unittest
from pathlib import Path

import yaml

from .compose import TLS, make_private_files, run
from .container import run_once


class Compose(unittest.TestCase):

    def setUp(self):
        self.private = Path(self.enterContext(tempfile.TemporaryDirectory()))
        make_private_files(self.private)

    def services(self, *files):
        told = run('docker-compose', *files, 'config', PRIVATE=str(self.private), DOMAIN='ttsave.example.org')
        for mounted in (self.private, '/etc/ttsave', '/var/cache/ttsave'):
            self.assertIn(str(mounted), told)  # in what form depends on Compose's version
        return yaml.safe_load(told)['services']

    def assert_understood(self, service):
        """The server, told what the service is told, finds no mistake, and can read its keys."""
        options = [f'--env={name}={value}' for name, value in service['environment'].items()]
        options += [f'--volume={self.private}:/etc/ttsave:ro']
        self.assertEqual((0, ['configuration is valid'], []), run_once('--check-config', options=options))

    def assert_may_do_little(self, service):
        self.assertEqual((True, ['ALL'], ['no-new-privileges:true'], 'unless-stopped'),
                         (service['read_only'], service['cap_drop'], service['security_opt'], service['restart']))
        for limit in ('mem_limit', 'pids_limit'):
            self.assertIn(limit, service)

    def test_a_private_endpoint(self):
        service = self.services()['ttsave']
        self.assert_understood(service)
        self.assert_may_do_little(service)
        self.assertEqual('/etc/ttsave/keys.json', service['environment']['TTSAVE_API_KEYS_FILE'])

    def test_behind_tls(self):
        services = self.services(*TLS)
        for service in services.values():
            self.assert_may_do_little(service)
        self.assert_understood(services['ttsave'])
        self.assertEqual(services['caddy']['networks']['behind_tls']['ipv4_address'],
                         services['ttsave']['environment']['TTSAVE_TRUSTED_PROXIES'])
        self.assertIn('behind_tls', services['ttsave']['networks'])

    def test_the_file_for_caddy(self):
        run('caddy', 'validate', '--adapter', 'caddyfile', '--config', 'Caddyfile', DOMAIN='ttsave.example.org')
