"""The extractor's ways out (PROTOCOL.md, "Network"): it uses the proxy it is given, and notices when that is closed."""

import os
import signal
import time

from .gate import Gate, PortGate
from .loopback import LoopbackTestCase
from .process import SLOWNESS, Extractor

# A job dropped by the server has this long to end (worker_pool.cpp, abandon_grace).
GRACE_S = 1 * SLOWNESS


class NetworkTest(LoopbackTestCase):
    """Where it is handed its connections."""

    gate_type = Gate

    def setUp(self):
        super().setUp()
        self.gate = self.enterContext(self.gate_type(self.standin.http_proxy))
        self.extractor = self.enterContext(self.new_extractor(self.gate))

    def test_it_goes_nowhere_else(self):
        self.resolve(self.add_post(page={'behaviour': 'challenge'}))
        self.assertEqual({('www.tiktok.com:443', '')}, set(self.gate.targets))

    def test_a_refusal_has_the_documented_code(self):
        url = self.add_post()
        for refusal, code, tries in (('403 Forbidden', 'tiktok.blocked', 1), ('502 Bad Gateway', 'tiktok.error', 2),
                                     ('504 Gateway Timeout', 'tiktok.timeout', 2)):
            with self.subTest(refusal):
                self.gate.refusal = refusal
                self.gate.targets.clear()
                self.assert_fails(code, url)
                self.assertEqual([('www.tiktok.com:443', refusal)] * tries, self.gate.targets)
        self.gate.refusal = ''
        self.resolve(url)

    def test_without_the_gate_there_is_no_way(self):
        with Extractor(ca_file=self.standin.ca_file) as self.extractor:
            self.extractor.configure()
            self.assert_fails('tiktok.error', self.add_post())
        self.assertEqual([], self.standin.log())

    def test_it_may_be_handed_no_more(self):
        self.gate.hands_out = False
        self.assert_fails('tiktok.error', self.add_post())
        self.gate.hands_out = True
        self.resolve(self.add_post())

    def test_it_keeps_no_connection_that_it_does_not_use(self):
        def held():
            return len(os.listdir(f'/proc/{self.extractor.pid}/fd'))
        self.resolve(self.add_post())
        before = held()
        for _ in range(5):
            self.resolve(self.add_post())
            self.assert_fails('tiktok.error', self.add_post(page={'behaviour': 'reset'}))
        self.assertLessEqual(held(), before)

    def test_a_page_that_leads_away_gets_no_further_than_the_gate(self):
        self.assert_fails('tiktok.blocked', self.add_post(page={'behaviour': 'redirect:https://evil.example/'}))
        self.assertEqual(['www.tiktok.com:443', 'evil.example:443'], [target for target, _ in self.gate.targets])
        self.assertEqual(403, self.standin.log()[-1]['status'])

    def test_a_dropped_job_ends_soon_and_the_next_is_done(self):
        for behaviour, has_begun in (('hang', lambda entry: True), ('drip', lambda entry: entry['sent'] > 0)):
            with self.subTest(behaviour):
                self.standin.reset()
                self.extractor.tell(id=7, op='resolve', url=self.add_post(page={'behaviour': behaviour}), timeout_s=600, request='')
                self.eventually(lambda: any(map(has_begun, self.standin.log())), f'the page {behaviour}s')
                begin = time.monotonic()
                self.gate.cut()
                answer = self.extractor.hear()
                self.assertLess(time.monotonic() - begin, GRACE_S)
                self.assertEqual((7, 'failed', 'tiktok.blocked'), (answer['id'], answer['event'], answer['code']))
                self.gate.refusal = ''
                self.resolve(self.add_post())

    def test_sigterm_ends_it_in_the_middle_of_a_job(self):
        url = self.add_post(page={'behaviour': 'hang'})
        self.extractor.tell(id=7, op='resolve', url=url, timeout_s=600, request='')
        self.eventually(self.standin.log, 'the page is asked for')
        self.extractor.signal(signal.SIGTERM)
        self.assertEqual(-signal.SIGTERM, self.extractor.exit_status())
        self.assertIsNone(self.extractor.hear_line())


class NetworkByPortTest(NetworkTest):
    """Where it makes them itself."""

    gate_type = PortGate

    def test_it_shows_its_password_unasked(self):
        self.resolve(self.add_post())
        self.assertEqual(1, self.gate.handed)

    def test_it_is_not_known_by_its_password(self):
        self.gate.credentials = b'another'
        self.assert_fails('tiktok.error', self.add_post())
        self.assertEqual([], self.standin.log())
