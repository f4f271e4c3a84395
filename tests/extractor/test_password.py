"""The password that the extractor shows at the gate's port is in nothing that it says, whichever library has it."""

import shutil
import tempfile
from pathlib import Path

from .gate import PortGate
from .loopback import LoopbackTestCase
from .process import REPOSITORY, Extractor

# yt-dlp takes urllib where requests is missing or too old for it; Debian 12's is, but does all that matters here.
WITHOUT_REQUESTS = 'import sys\nsys.modules["requests"] = None'
WITH_REQUESTS = 'import requests, urllib3\nrequests.__build__ = 0x023202\nurllib3.__version__ = "2.0.2"'

TIMEOUT_S = 2


class PasswordTest(LoopbackTestCase):

    def setUp(self):
        super().setUp()
        self.gate = self.enterContext(PortGate(self.standin.http_proxy))

    def assert_kept(self, **how):
        """Lets all kinds of things go well and wrong, of which libraries and yt-dlp have something to say."""
        with Extractor(gate=self.gate, ca_file=self.standin.ca_file, **how) as extractor:
            said = [extractor.configure()]
            said.append(extractor.resolve(self.add_post(page={'behaviour': 'challenge'})))
            self.assertEqual('post', said[-1]['event'], said)
            for page in ('reset', 'garbage', 'http:500', 'hang', 'redirect:https://evil.example/', 'redirect:ftp://x/'):
                said.append(extractor.resolve(self.add_post(page={'behaviour': page}), TIMEOUT_S))
            for refusal in ('403 Forbidden', '407 Proxy Authentication Required', '502 Bad Gateway', '200\r\ngarbage'):
                self.gate.cut()  # what a library has kept
                self.gate.refusal = refusal
                said.append(extractor.resolve(self.add_post(), TIMEOUT_S))
            self.gate.cut()
            self.gate.hands_out = False
            said.append(extractor.resolve(self.add_post(), TIMEOUT_S))
            self.gate.__exit__()
            said.append(extractor.resolve(self.add_post(), TIMEOUT_S))
            extractor.close_input()
            self.assertEqual(0, extractor.exit_status())
            said.append(extractor.log())
        self.assertEqual(['failed'] * 12, [each['event'] for each in said[2:-1]], said)
        self.assertIn('DEBUG ', said[-1])
        for secret in (self.gate.password, self.gate.credentials.decode()):
            self.assertNotIn(secret, str(said))

    def test_by_requests(self):
        self.assert_kept(preamble=WITH_REQUESTS)

    def test_by_urllib(self):
        self.assert_kept(preamble=WITHOUT_REQUESTS)

    def test_by_libcurl(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        shutil.copytree(REPOSITORY / 'tests/system/curl_cffi', folder / 'curl_cffi')
        self.assert_kept(first_path=folder)

    def test_in_a_configuration_that_it_does_not_take(self):
        with Extractor(gate=self.gate) as extractor:
            self.gate.url += 'x'
            extractor.tell(op='configure', protocol=5, gate=self.gate.url, cookies_file='', user_agent='',
                           extractor_args='')
            self.assertEqual(2, extractor.exit_status())
            self.assertNotIn(self.gate.password, extractor.log())
