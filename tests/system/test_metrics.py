"""Issue 7, line 2: /metrics, as Prometheus reads it."""

import base64
import os
import re
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from .clients import DOWNLOAD, StrictDownload, order
from .deadlines import until
from .expectations import assert_delivered, assert_no_files
from .fixture import Fixture
from .wire import Connection, json_request, request_bytes

fixture = Fixture(cache_ttl_s=3600)
setUpModule, tearDownModule = fixture.start, fixture.stop

_SAMPLE = re.compile(r'([a-z_]+)(?:\{(.*)\})? (\S+)')


def page_of(server, *fields):
    with Connection(server.address) as connection:
        connection.send(request_bytes('GET', '/metrics', fields=fields))
        return connection.read_answer('GET')


def samples(server):
    """Every value by its name and labels, as they are written."""
    lines = page_of(server).body.decode().splitlines()
    found = [_SAMPLE.fullmatch(line) for line in lines if not line.startswith('#')]
    return {f'{name}{{{labels}}}' if labels else name: float(value) for name, labels, value in (m.groups() for m in found)}


class MetricsTest(unittest.TestCase):

    def setUp(self):
        self.server = self.enterContext(fixture.new_server(cache_ttl_s=3600))
        self.server.wait_for_log('extractor ready')

    def value(self, sample):
        return samples(self.server).get(sample, 0)

    def wait_for(self, sample, value):
        until(lambda: self.value(sample) == value, f'{sample} {value}')


class ThePage(MetricsTest):

    def test_its_format_is_valid(self):
        assert_delivered(self.server.address, fixture.video(), fixture.media('small.mp4'))
        answer = page_of(self.server)
        self.assertEqual((answer.status, answer.head.get('Content-Type')),
                         (200, 'text/plain; version=0.0.4; charset=utf-8'))
        checked = subprocess.run(['promtool', 'check', 'metrics'], input=answer.body, capture_output=True, check=False)
        self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, b'', b''))

    def test_every_metric_has_a_meaning(self):
        text = page_of(self.server).body.decode()
        helped = dict(re.findall(r'(?m)^# HELP (\S+) (.+)$', text))
        self.assertEqual(set(helped), set(re.findall(r'(?m)^# TYPE (\S+) \w+$', text)))

    def test_who_may_look(self):
        with tempfile.TemporaryDirectory() as directory:
            keys = Path(directory, 'keys.json')
            keys.write_text('{"keys": [{"name": "prometheus", "key": "its-secret"}]}')
            with fixture.new_server(api_keys_file=keys, rate_limit_per_min=2) as server:
                basic = base64.b64encode(b'prometheus:its-secret').decode()
                for _ in range(5):
                    self.assertEqual(page_of(server, ('Authorization', f'Basic {basic}')).status, 200)
                self.assertEqual([page_of(server).status for _ in range(3)], [401, 401, 429])


class WhatIsCounted(MetricsTest):

    def test_requests(self):
        with Connection(self.server.address) as connection:
            for target in ('/ping', '/ping', '/nowhere', '/.env'):
                connection.ask('GET', target)
        self.wait_for('ttsave_http_requests_total{route="/ping",status="200"}', 2)
        self.wait_for('ttsave_http_requests_total{route="",status="404"}', 2)

    def test_what_is_no_request(self):
        with Connection(self.server.address) as connection:
            connection.send(b'nonsense\r\n\r\n')
            connection.drain()
        self.wait_for('ttsave_http_requests_total{route="",status="400"}', 1)

    def test_a_delivery_and_the_next_from_the_cache(self):
        link, media = fixture.video('medium.mp4'), fixture.media('medium.mp4')
        assert_delivered(self.server.address, link, media)
        until(self.server.kept_entries, 'it is kept')
        assert_delivered(self.server.address, link, media)
        self.wait_for('ttsave_deliveries_total{code="ok"}', 2)
        now = samples(self.server)
        self.assertEqual(now['ttsave_cache_lookups_total{result="miss"}'], 1)
        self.assertEqual(now['ttsave_cache_lookups_total{result="hit"}'], 1)
        self.assertEqual((now['ttsave_cache_entries'], now['ttsave_cache_bytes']), (1, len(media)))
        self.assertEqual(now['ttsave_received_bytes_total'], len(media))
        self.assertGreater(now['ttsave_sent_bytes_total'], 2 * len(media))
        for source in ('tiktok', 'cache'):
            self.assertEqual(now[f'ttsave_first_byte_seconds_count{{source="{source}"}}'], 1)
            self.assertEqual(now[f'ttsave_delivery_seconds_count{{source="{source}"}}'], 1)
        self.assertEqual(now['ttsave_resolves_total{code="ok"}'], 1)
        self.assertEqual((now['ttsave_resolve_seconds_count'], now['ttsave_resolve_queue_wait_seconds_count']), (1, 1))
        self.assertGreater(now['ttsave_resolve_seconds_sum'], 0)

    def test_failures_by_code(self):
        assert_no_files(self.server.address, fixture.post(status_code=10222), 'post.private')
        self.wait_for('ttsave_deliveries_total{code="post.private"}', 1)
        self.assertEqual(self.value('ttsave_resolves_total{code="post.private"}'), 1)
        self.assertEqual(self.value('ttsave_deliveries_total{code="ok"}'), 0)

    def test_a_client_that_leaves(self):
        with StrictDownload(self.server.address, fixture.gated_video()) as download:
            download.read_head()
            self.wait_for('ttsave_deliveries', 1)
            self.assertGreater(self.value('ttsave_spool_bytes'), 0)
        self.wait_for('ttsave_deliveries_total{code="client.left"}', 1)
        self.wait_for('ttsave_deliveries', 0)

    def test_one_that_leaves_before_the_answer(self):
        with Connection(self.server.address) as connection:
            connection.send(json_request(DOWNLOAD, order(fixture.post(page={'behaviour': 'hang'}))))
            self.wait_for('ttsave_deliveries', 1)
        self.wait_for(f'ttsave_http_requests_total{{route="{DOWNLOAD}",status="499"}}', 1)

    def test_the_queue(self):
        for _ in range(3):
            connection = self.enterContext(Connection(self.server.address))
            connection.send(json_request(DOWNLOAD, order(fixture.post(page={'behaviour': 'hang'}))))
        self.wait_for('ttsave_resolve_queue_length', 2)

    def test_the_extractors(self):
        now = samples(self.server)
        self.assertEqual((now['ttsave_workers_ready'], now['ttsave_workers{state="idle"}']), (1, 1))
        self.assertTrue([name for name in now if name.startswith('ttsave_extractor_info{yt_dlp="2')], now)
        self.server.wait_for_log('ffmpeg ready')
        [extractor] = self.server.children()
        os.kill(extractor, signal.SIGKILL)
        self.wait_for('ttsave_worker_restarts_total{reason="crashed"}', 1)

    def test_the_process(self):
        own_connection = 1
        until(lambda: self.value('process_open_fds') == len(self.server.open_descriptors()) + own_connection, 'the same')
        now = samples(self.server)
        for name in ('process_cpu_seconds_total', 'process_resident_memory_bytes', 'process_start_time_seconds',
                     'process_max_fds', 'process_virtual_memory_bytes', 'process_threads'):
            self.assertGreater(now[name], 0, name)
