"""Issue 8, "The page": the files that were built are served, as browsers and caches want them."""

import gzip
import os
import tempfile
import unittest
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from . import processes
from .clients import DOWNLOAD, order
from .fixture import Fixture
from .wire import Connection, json_request, request_bytes

BUILT = Path(os.environ['TTSAVE_PAGE'])
DOCUMENTS = {'index.html': '/', 'docs/index.html': '/docs'}
MEDIA_TYPES = {'.css': 'text/css', '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json',
               '.png': 'image/png', '.svg': 'image/svg+xml', '.txt': 'text/plain',
               '.webmanifest': 'application/manifest+json', '.woff2': 'font/woff2'}

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


def built_files():
    """What the build has made: each path that is served, and its file."""
    names = {file.relative_to(BUILT).as_posix(): file for file in BUILT.rglob('*') if file.is_file()}
    return {DOCUMENTS.get(name, '/' + name): file for name, file in names.items()}


class PagesTest(unittest.TestCase):
    """Asks on one connection, which stays open."""

    def setUp(self):
        self.files = built_files()
        self.assertLessEqual({'/', '/docs', '/favicon.svg', '/manifest.webmanifest'}, self.files.keys())
        self.connection = self.enterContext(Connection(fixture.server.address))

    def ask(self, path, method='GET', **fields):
        return self.connection.ask(method, path, fields=[(name.replace('_', '-'), value)
                                                         for name, value in fields.items()])


class Files(PagesTest):

    def test_are_what_was_built(self):
        for path, file in self.files.items():
            with self.subTest(path=path):
                answer = self.ask(path)
                self.assertEqual((answer.status, answer.body), (200, file.read_bytes()))
                self.assertEqual(answer.head.media_type, MEDIA_TYPES[file.suffix])
                self.assertIsNone(answer.head.get('Content-Encoding'))

    def test_are_packed_for_who_takes_that(self):
        packed = 0
        for path, file in self.files.items():
            with self.subTest(path=path):
                answer = self.ask(path, Accept_Encoding='gzip, deflate, br')
                self.assertEqual(answer.status, 200)
                if answer.head.get('Content-Encoding') is None:
                    self.assertEqual(answer.body, file.read_bytes())
                    self.assertIsNone(answer.head.get('Vary'))
                    continue
                packed += 1
                self.assertEqual(answer.head.get('Content-Encoding'), 'gzip')
                self.assertEqual(gzip.decompress(answer.body), file.read_bytes())
                self.assertLess(len(answer.body), file.stat().st_size)
                for again in (answer, self.ask(path)):
                    self.assertEqual(again.head.get('Vary'), 'Accept-Encoding')
        self.assertGreaterEqual(packed, 3)

    def test_are_not_sent_again(self):
        tags = set()
        for path in self.files:
            with self.subTest(path=path):
                for coding in ('identity', 'gzip'):
                    first = self.ask(path, Accept_Encoding=coding)
                    tag = first.head.get('ETag')
                    self.assertRegex(tag, r'\A"[0-9a-f]{32}"\Z')
                    self.assertTrue(first.head.get('Content-Encoding') is None or tag not in tags, tag)
                    tags.add(tag)
                    for listed in (tag, f'W/{tag}', f'"other", {tag}', '*'):
                        again = self.ask(path, Accept_Encoding=coding, If_None_Match=listed)
                        self.assertEqual((again.status, again.head.get('ETag')), (304, tag))
                        for name in ('Content-Length', 'Content-Type', 'Content-Encoding'):
                            self.assertIsNone(again.head.get(name))
                        for name in ('Cache-Control', 'Vary'):
                            self.assertEqual(again.head.get(name), first.head.get(name))
                    self.assertEqual(self.ask(path, Accept_Encoding=coding, If_None_Match='"other"').body, first.body)
        self.assertGreater(len(tags), len(self.files))

    def test_are_kept_where_their_name_changes_with_them(self):
        for path in self.files:
            with self.subTest(path=path):
                kept = 'public, max-age=31536000, immutable' if path.startswith('/assets/') else 'no-cache'
                self.assertEqual(self.ask(path).head.get('Cache-Control'), kept)

    def test_head_tells_the_same(self):
        changing = ('date', 'x-request-id')
        for path in self.files:
            with self.subTest(path=path):
                for coding in ('identity', 'gzip'):
                    whole, head = (self.ask(path, method, Accept_Encoding=coding) for method in ('GET', 'HEAD'))
                    self.assertEqual((head.status, head.body), (200, b''))
                    told = [[field for field in each.head.fields if field[0].lower() not in changing]
                            for each in (whole, head)]
                    self.assertEqual(*told)

    def test_are_only_read(self):
        for path in self.files:
            with self.subTest(path=path):
                for method in ('POST', 'PUT', 'DELETE', 'OPTIONS'):
                    answer = self.ask(path, method)
                    self.assertEqual((answer.status, answer.head.get('Allow')), (405, 'GET, HEAD'))

    def test_others_are_not_there(self):
        for path in ('/index.html', '/docs/', '/docs/index.html', '/assets', '/assets/', '/assets/page.js',
                     '/assets/..', '/assets/../index.html', '/assets/..%2f..%2fetc/passwd', '/favicon.ico',
                     '/Docs', '//', '/package.json', '/src/main.tsx'):
            answer = self.ask(path)
            self.assertEqual((answer.status, answer.json), (404, {'detail': 'Not Found'}), path)


class References(HTMLParser):
    """What a document loads, and what it has that its policy forbids."""

    def __init__(self, text):
        super().__init__()
        self.found, self.forbidden = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.found += [given[name] for name in ('src', 'href') if given.get(name)]
        if tag == 'style' or (tag == 'script' and 'src' not in given) or any(
                name == 'style' or name.startswith('on') for name in given):
            self.forbidden.append(self.get_starttag_text())


class Documents(PagesTest):
    """What is loaded by people, and must not be anything else's to load from or to frame."""

    def test_load_what_is_there_below_any_prefix(self):
        for path in DOCUMENTS.values():
            references = References(self.ask(path).body.decode()).found
            self.assertTrue(references or path == '/docs', path)
            for reference in references:
                for prefix in ('', '/behind/a/proxy'):
                    target = urljoin(f'http://host{prefix}{path}', reference)
                    self.assertTrue(target.startswith(f'http://host{prefix}/'), reference)
                    self.assertEqual(self.ask(urlsplit(target).path.removeprefix(prefix)).status, 200, reference)

    def test_have_nothing_that_their_policy_forbids(self):
        for path in DOCUMENTS.values():
            self.assertEqual(References(self.ask(path).body.decode()).forbidden, [])

    def test_are_locked_in(self):
        for path in DOCUMENTS.values():
            answer = self.ask(path)
            parts = answer.head.get('Content-Security-Policy').split('; ')
            policy = dict(part.split(' ', 1) for part in parts)
            self.assertEqual(policy['default-src'], "'none'")
            self.assertEqual(policy['script-src'], "'self'")
            self.assertEqual(policy['connect-src'], "'self'")
            self.assertEqual(policy['frame-ancestors'], "'none'")
            self.assertEqual(answer.head.get('Referrer-Policy'), 'no-referrer')
            self.assertEqual(answer.head.get('Cross-Origin-Opener-Policy'), 'same-origin')
        for path in self.files:
            with self.subTest(path=path):
                self.assertEqual(self.ask(path).head.get('X-Content-Type-Options'), 'nosniff')


class Servers(PagesTest):
    """Settings, keys, and what is counted."""

    def test_without_web_ui_there_are_none(self):
        with fixture.new_server(web_ui='false') as server, Connection(server.address) as connection:
            for path in self.files:
                with self.subTest(path=path):
                    answer = connection.ask('GET', path)
                    self.assertEqual((answer.status, answer.json), (404, {'detail': 'Not Found'}))
            server.stop()
            self.assertNotIn('no page', server.log)

    def test_keys_are_not_asked_for(self):
        keys = Path(self.enterContext(tempfile.TemporaryDirectory()), 'keys.json')
        keys.write_text('{"keys": [{"name": "bot", "key": "secret"}]}')
        with fixture.new_server(api_keys_file=keys) as server, Connection(server.address) as connection:
            for path, file in self.files.items():
                with self.subTest(path=path):
                    self.assertEqual(connection.ask('GET', path).body, file.read_bytes())
            connection.send(json_request(DOWNLOAD, order(fixture.post())))
            self.assertEqual(connection.read_answer('POST').status, 401)

    def test_are_counted_by_address_or_as_assets(self):
        with fixture.new_server() as server, Connection(server.address) as connection:
            for path in self.files:
                connection.ask('GET', path)
            self.assertEqual(connection.ask('POST', '/favicon.svg').status, 405)
            text = connection.ask('GET', '/metrics').body.decode()
            counted = {line for line in text.splitlines() if line.startswith('ttsave_http_requests_total{')}
            self.assertEqual(counted, {
                'ttsave_http_requests_total{route="/",status="200"} 1',
                'ttsave_http_requests_total{route="/docs",status="200"} 1',
                f'ttsave_http_requests_total{{route="/assets",status="200"}} {len(self.files) - 2}',
                'ttsave_http_requests_total{route="",status="405"} 1'})
            server.wait_for_log(r'GET /favicon\.svg .*status=200')


class SlowReaders(PagesTest):

    def test_cost_nobody_else_anything(self):
        """Clients who ask for far more than they read: 5 MB of each, and more than the kernel would hold."""
        largest = max(self.files, key=lambda path: self.files[path].stat().st_size)
        asked = min(200, 1 + 5_000_000 // self.files[largest].stat().st_size)
        with fixture.new_server(threads=2) as server:
            for word in ('extractor ready', 'ffmpeg ready'):
                server.wait_for_log(word)
            with Connection(server.address) as connection:
                self.assertEqual(connection.ask('GET', '/ping').status, 200)
            threads = processes.status(server.pid)['Threads']
            before = server.peak_memory_bytes()
            slow = []
            for _ in range(50):
                reader = self.enterContext(Connection(server.address, receive_buffer=4096))
                reader.send(request_bytes('GET', largest) * asked)
                reader.read_head()
                slow.append(reader)
            for _ in range(20):
                with Connection(server.address) as connection:
                    self.assertEqual(connection.ask('GET', '/').status, 200)
            self.assertEqual(processes.status(server.pid)['Threads'], threads)
            self.assertLess(server.peak_memory_bytes() - before, 50_000_000)
            for reader in slow:
                reader.close()
