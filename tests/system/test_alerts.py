"""Issue 7, line 2: the alerts and the dashboard, as Prometheus understands them and of metrics that there are."""

import json
import re
import subprocess
import unittest

from .deadlines import until
from .expectations import assert_delivered
from .fixture import Fixture
from .harness import REPOSITORY
from .wire import Connection

# That the post is not there is good enough for there to be metrics.
fixture = Fixture(canary_urls='https://www.tiktok.com/@a/video/7312345678901239999')
setUpModule, tearDownModule = fixture.start, fixture.stop

FOLDER = REPOSITORY / 'docker'


def promtool(*words):
    return subprocess.run(['promtool', *words], cwd=FOLDER / 'prometheus', capture_output=True, text=True, check=False)


def names_in(text):
    return set(re.findall(r'\b((?:ttsave|process)_[a-z_]+)\b', text))


def expressions(panels):
    return [target['expr'] for panel in panels for target in panel.get('targets', ())]


def names_told(server):
    """The names of its metrics, once the canary's are among them."""
    with Connection(server.address) as connection:
        names = names_in(connection.ask('GET', '/metrics').body.decode())
    return names if 'ttsave_canary_success' in names else None


class Files(unittest.TestCase):

    def assert_accepted(self, *words):
        done = promtool(*words)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_rules_are_valid(self):
        self.assert_accepted('check', 'rules', '--lint-fatal', 'alerts.yml')

    def test_each_alert_fires_when_it_should(self):
        self.assert_accepted('test', 'rules', 'alerts_test.yml')

    def test_none_is_untested(self):
        alerts = re.findall(r'- alert: (\w+)', (FOLDER / 'prometheus/alerts.yml').read_text())
        tests = (FOLDER / 'prometheus/alerts_test.yml').read_text()
        self.assertTrue(alerts)
        for alert in alerts:
            self.assertRegex(tests, rf'ALERTS\{{alertname="{alert}",alertstate="firing"')

    def test_the_example_is_valid(self):
        self.assert_accepted('check', 'config', 'prometheus.yml')


class Names(unittest.TestCase):

    def test_every_metric_that_is_looked_at_is_there(self):
        assert_delivered(fixture.server.address, fixture.video(), fixture.media('small.mp4'))
        told = until(lambda: names_told(fixture.server), 'the canary has run')
        dashboard = json.loads((FOLDER / 'grafana-dashboard.json').read_text())
        rules = (FOLDER / 'prometheus/alerts.yml').read_text()
        looked_at = names_in('\n'.join([rules, *expressions(dashboard['panels'])]))
        self.assertGreater(len(looked_at), 20)
        self.assertEqual(looked_at - told, set())
