#!/usr/bin/env python3
"""What a warm request costs on top of TikTok's own latency, with a fresh yt-dlp command beside it. See README.md."""

import argparse
import http.client
import json
import os
import re
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / 'tests'))
os.environ.setdefault('TTSAVE_PREFIX', str(REPOSITORY / 'build' / 'release' / 'prefix'))

from system.clients import DOWNLOAD, order  # noqa: E402
from system.fixture import CDN, Fixture, id_of  # noqa: E402
from system.harness import clean_environment  # noqa: E402
from system.multipart import MultipartReader, boundary_of  # noqa: E402
from system.wire import Connection, json_request  # noqa: E402

MEDIA = 'small.mp4'
PROMISE_MS = 60
# The first requests load what later ones find loaded, on all sides.
WARM_UP_POSTS = 5


class Upstream:
    """Asks for the page and then for the file, as everybody has to, and does nothing else."""

    name = 'upstream alone'

    def __init__(self, standin):
        self._proxy = urlsplit(standin.http_proxy)
        self._tls = ssl.create_default_context(cafile=standin.ca_file)

    def fetch(self, link):
        page, cookie = self._get(link, {})
        media_url = json.loads(re.search(rb'"UrlList": ?\[("[^"]+")', page)[1])
        media, _ = self._get(media_url, {'Cookie': cookie, 'Referer': link})
        return media

    def _get(self, link, headers):
        """The body and the cookie that came with it."""
        url = urlsplit(link)
        connection = http.client.HTTPSConnection(self._proxy.hostname, self._proxy.port, context=self._tls)
        try:
            connection.set_tunnel(url.hostname, 443)
            connection.request('GET', url._replace(scheme='', netloc='').geturl(), headers=headers)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        assert response.status == 200, (link, response.status)
        return body, (response.getheader('Set-Cookie') or '').partition(';')[0]


class WarmServer:
    """One request to the running server, on a connection that is already open."""

    name = 'ttsave-server, warm'

    def __init__(self, server):
        self._connection = Connection(server.address)
        self.first_byte_at = None

    def fetch(self, link):
        self._connection.send(json_request(DOWNLOAD, order(link)))
        head = self._connection.read_head()
        assert head.status == 200, head.status
        reader = MultipartReader(boundary_of(head))
        self.first_byte_at = None
        for piece in self._connection.read_body(head, 'POST'):
            reader.feed(piece)
            if self.first_byte_at is None and reader.parts and reader.parts[0].data:
                self.first_byte_at = time.perf_counter()
        reader.finish()
        part, = reader.parts
        return bytes(part.data)

    def close(self):
        self._connection.close()


class FreshYtDlp:
    """The yt-dlp command, started for this one post."""

    name = 'yt-dlp command, fresh'

    def __init__(self, standin, folder):
        self._target = Path(folder, 'video.mp4')
        self._command = ['/usr/bin/python3', '-m', 'yt_dlp', '--ignore-config', '--no-cache-dir', '--quiet',
                         '--no-warnings', '--compat-options', 'no-certifi', '--proxy', standin.http_proxy,
                         '--output', str(self._target)]
        self._environment = clean_environment({'SSL_CERT_FILE': standin.ca_file})

    def fetch(self, link):
        subprocess.run([*self._command, link], env=self._environment, stdin=subprocess.DEVNULL, check=True)
        content = self._target.read_bytes()
        self._target.unlink()
        return content


def measure(contenders, links, expected):
    """Milliseconds by contender's name, in the order of `links`; each of them goes first as often as the others."""
    times = {contender.name: [] for contender in contenders}
    to_first_byte = []
    for number, link in enumerate(links):
        first = number % len(contenders)
        for contender in contenders[first:] + contenders[:first]:
            begin = time.perf_counter()
            content = contender.fetch(link)
            end = time.perf_counter()
            assert content == expected, f'{contender.name} got other bytes for {link}'
            times[contender.name].append((end - begin) * 1000)
            if isinstance(contender, WarmServer):
                to_first_byte.append((contender.first_byte_at - begin) * 1000)
    times[WarmServer.name + ', first byte'] = to_first_byte
    return {name: values[WARM_UP_POSTS:] for name, values in times.items()}


def check_upstream_was_asked(fixture, links, contenders):
    """Nobody may have had a page or a file from anywhere but the upstream, and that once."""
    for link in links:
        asked = [entry for entry in fixture.requests(id_of(link)) if entry['status'] == 200]
        assert len(asked) == 2 * contenders, f'{link} was asked for {len(asked)} times'


def report(times):
    """Prints the table. Returns the median, over the posts, of what the server took more than the upstream."""
    alone = times[Upstream.name]
    print(f'{"milliseconds":34}{"median":>9}{"p95":>9}{"max":>9}{"over upstream, median":>24}')
    over = {}
    for name, values in times.items():
        over[name] = statistics.median(value - own for value, own in zip(values, alone))
        p95 = statistics.quantiles(values, n=20, method='inclusive')[-1]
        shown = '' if values is alone else f'{over[name]:.0f}'
        print(f'{name:34}{statistics.median(values):9.0f}{p95:9.0f}{max(values):9.0f}{shown:>24}'.rstrip())
    return over[WarmServer.name]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--posts', type=int, default=40, help='how many posts to measure, at least 2')
    parser.add_argument('--delay-ms', type=int, default=100, help='how long page and CDN wait before they answer')
    options = parser.parse_args()

    fixture = Fixture()
    fixture.start()
    try:
        with tempfile.TemporaryDirectory(prefix='ttsave-bench-') as folder:
            fixture.server.wait_for_log('extractor ready')
            page = {'delay_ms': options.delay_ms}
            medium = [{'media': MEDIA, 'hosts': [{'host': CDN, 'delay_ms': options.delay_ms}]}]
            links = [fixture.post(page=page, formats=medium) for _ in range(WARM_UP_POSTS + options.posts)]
            server = WarmServer(fixture.server)
            contenders = [Upstream(fixture.standin), server, FreshYtDlp(fixture.standin, folder)]
            times = measure(contenders, links, fixture.media(MEDIA))
            server.close()
    finally:
        fixture.stop()

    over = report(times)
    holds = over <= PROMISE_MS
    print(f'A warm request takes {over:.0f} ms more than the upstream; promised: at most {PROMISE_MS} ms. '
          f'{"Kept." if holds else "BROKEN."}')
    return 0 if holds else 1


if __name__ == '__main__':
    sys.exit(main())
