"""docker/README.md, "A private endpoint", on the internet: both compose files and the Caddyfile, really run.

In a network of this process' own, where ports 80 and 443 are free. Caddy is Debian's; for `localhost` it certifies
itself what Let's Encrypt would for another name.
"""

import re
import shutil
import tempfile
import unittest
from pathlib import Path
from urllib.parse import urlsplit

import requests

from standin import running
from system.clients import order
from system.deadlines import PATIENT_S, until
from system.expectations import assert_same
from system.fixture import CDN, fresh_id
from system.internet import enter_own_network
from system.multipart import parse_whole

from .compose import TLS, Project, make_private_files
from .container import standin_dir
from .relay import relay

# In compose.tls.yml's network: the machine, and the two containers.
MACHINE, CADDY, SERVER = '172.31.43.1', '172.31.43.2', '172.31.43.3'
AUTHORITY = '/data/caddy/pki/authorities/local/root.crt'

# As much as a sandbox lets Podman set.
LIMITS = {'nofile': 4096, 'nproc': 4096}


def caddy():
    """In the place of caddy:2, which is started in the same way, and of the name that Docker's network would give."""
    return {
        'image': 'localhost/debian:trixie-slim', 'volumes': [f'{shutil.which("caddy")}:/usr/bin/caddy:ro'],
        'entrypoint': ['/usr/bin/caddy'], 'command': 'run --config /etc/caddy/Caddyfile --adapter caddyfile',
        'environment': {'XDG_CONFIG_HOME': '/config', 'XDG_DATA_HOME': '/data'},
        'extra_hosts': [f'ttsave:{SERVER}'], 'ulimits': LIMITS,
    }


class BehindTls(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        enter_own_network()
        cls.standin = cls.enterClassContext(running(standin_dir()))
        private = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.key = make_private_files(private, cls.standin.ca_file)
        proxy = urlsplit(cls.standin.http_proxy)
        port = cls.enterClassContext(relay((proxy.hostname, proxy.port)))
        cls.project = cls.enterClassContext(Project(*TLS, DOMAIN='localhost', PRIVATE=str(private), changes={
            'services': {
                'ttsave': {
                    'ulimits': LIMITS, 'networks': {'behind_tls': {'ipv4_address': SERVER}},
                    'environment': {'TTSAVE_PROXY': f'http://{MACHINE}:{port}', 'TTSAVE_CA_FILE': '/etc/ttsave/ca.pem'},
                },
                'caddy': caddy(),
            },
        }))
        cls.authority = Path(cls.enterClassContext(tempfile.TemporaryDirectory()), 'root.crt')
        until(cls.serves, 'Caddy has certified itself, and passes on what the server answers')

    @classmethod
    def serves(cls):
        try:
            cls.project.fetch('caddy', AUTHORITY, cls.authority)
            return cls.ask('GET', 'https://localhost/ping').status_code == 200
        except (AssertionError, requests.ConnectionError):
            return False

    @classmethod
    def ask(cls, method, url, **options):
        with requests.Session() as session:
            session.trust_env = False
            return session.request(method, url, verify=str(cls.authority), timeout=PATIENT_S, allow_redirects=False,
                                   **options)

    def download(self, link, **options):
        """What PyTTSave sends, its address being the README's."""
        return self.ask('POST', f'https://me:{self.key}@localhost/api/v3/download',
                        json=order(link, key='content_type'), **options)

    def assert_is(self, media, answer, body):
        self.assertEqual(200, answer.status_code)
        [part] = parse_whole(answer.headers['Content-Type'].rpartition('boundary=')[2].encode(), body)
        assert_same(part.data, self.standin.media(media).read_bytes())

    def test_a_download_with_the_key(self):
        answer = self.download(self.standin.add_post(id=fresh_id()))
        self.assert_is('small.mp4', answer, answer.content)
        self.assertEqual(['Caddy'], answer.raw.headers.getlist('Server'))

    def test_without_the_key(self):
        answer = self.ask('POST', 'https://localhost/api/v3/download', json=order(self.standin.add_post(id=fresh_id())))
        self.assertEqual((401, {'detail': 'Not authenticated'}), (answer.status_code, answer.json()))

    def test_what_is_there_arrives_while_the_rest_is_fetched(self):
        half = {'media': 'medium.mp4', 'hosts': [{'host': CDN, 'behaviour': 'gate'}]}
        answer = self.download(self.standin.add_post(id=fresh_id(), formats=[half]), stream=True)
        pieces, body = answer.iter_content(65536), b''
        while len(body) < 1_000_000:
            body += next(pieces)
        self.standin.open_gate()
        self.assert_is('medium.mp4', answer, body + b''.join(pieces))

    def test_plain_http_leads_to_https(self):
        answer = self.ask('GET', 'http://localhost/ping')
        self.assertEqual((308, 'https://localhost/ping'), (answer.status_code, answer.headers['Location']))

    def test_who_a_client_is(self):
        """Caddy is believed, and who comes without it is from this machine."""
        self.assertEqual('pong', self.ask('GET', 'http://127.0.0.1:4347/ping').text)
        clients = set(re.findall(r'client=(\S+) GET /ping', self.project.log('ttsave')))
        self.assertEqual({MACHINE}, clients)
