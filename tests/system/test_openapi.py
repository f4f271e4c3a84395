"""Issue 8, line 2: /openapi.json and /about.json say what the server really does."""

import json
import re
import shutil
import tempfile
import unittest
from pathlib import Path

from .clients import DOWNLOAD, order, post_json, strict_download
from .fixture import CDN, OTHER_CDN, Fixture
from .test_contract_validation import FOREIGN
from .wire import Connection, json_request, request_bytes

fixture = Fixture(resolve_timeout_s=3, max_file_bytes=1_000_000)
setUpModule, tearDownModule = fixture.start, fixture.stop

# What would be a bug, and what other modules bring about: test_slideshow_failures, test_extractors.
NOT_HERE = {'http-500', 'slideshow.failed', 'extractor.failed'}

METHODS = ('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS')


def ask(server, method, target, **options):
    with Connection(server.address) as connection:
        return connection.ask(method, target, **options)


def read(server, target):
    """A JSON document of the server's."""
    answer = ask(server, 'GET', target)
    assert answer.status == 200, answer
    assert answer.head.get('Cache-Control') == 'no-cache', answer.head.fields
    return answer.json


def name_of(error):
    """As /about.json says that an error is found."""
    return error.get('code') or error.get('type') or f'http-{error["status"]}'


class DocumentTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.document = read(fixture.server, '/openapi.json')
        cls.examples = cls.document['components']['examples']

    def resolved(self, value):
        """What a `$ref` refers to."""
        while '$ref' in value:
            found = self.document
            for step in value['$ref'].removeprefix('#/').split('/'):
                found = found[step]
            value = found
        return value

    def operations(self):
        """Each as path, method and what is said of it."""
        for path, methods in self.document['paths'].items():
            for method, operation in methods.items():
                yield path, method.upper(), operation


class Endpoints(DocumentTest):
    """What is documented is there, and no method besides."""

    def test_methods(self):
        for path, documented in self.document['paths'].items():
            for method in METHODS:
                answer = ask(fixture.server, method, path, body=b'{}')
                if method.lower() in documented:
                    self.assertNotIn(answer.status, (404, 405), (method, path))
                else:
                    self.assertEqual(answer.status, 405)
                    self.assertEqual({each.lower() for each in answer.head.get('Allow').split(', ')}, set(documented))

    def test_media_types_and_headers(self):
        for path, method, operation in self.operations():
            if path == DOWNLOAD:
                continue
            with self.subTest(path=path, method=method):
                answer = ask(fixture.server, method, path)
                documented = operation['responses'][str(answer.status)]
                if method != 'HEAD':
                    self.assertIn(answer.head.get('Content-Type'), documented['content'])
                for name in documented['headers']:
                    self.assertIsNotNone(answer.head.get(name), name)

    def test_a_download(self):
        download = strict_download(fixture.server.address, fixture.post())
        documented = self.document['paths'][DOWNLOAD]['post']['responses']['200']
        self.assertEqual([download.head.media_type], list(documented['content']))
        schema = self.document['components']['schemas']['PostMeta']
        self.assertLessEqual(set(schema['required']), set(download.meta))
        self.assertLessEqual(set(download.meta), set(schema['properties']))

    def test_another_base_path(self):
        with fixture.new_server(base_path='/media/api') as server:
            about = read(server, '/about.json')
            self.assertEqual((about['base_path'], about['download_path']), ('/media/api', '/media/api/download'))
            self.assertLessEqual({'/media/api/download', '/media/api/ping', '/ping'},
                                 set(read(server, '/openapi.json')['paths']))


class Errors(DocumentTest):
    """Each example is, to the last letter, what the server answers when it is brought about."""

    def setUp(self):
        self.seen = {}

    def expect(self, name, answer, path=DOWNLOAD, method='post'):
        """That the answer is the documented one, and documented there."""
        self.assertEqual(answer.json, self.examples[name]['value'], name)
        status = str(answer.status)
        shared = self.document['components']['responses'].get(status, {})
        documented = self.document['paths'][path][method]['responses'].get(status, shared)
        documented = self.resolved(documented)
        self.assertIn(name, documented['content']['application/json']['examples'])
        for header in documented['headers']:
            if not header.startswith('RateLimit'):
                self.assertIsNotNone(answer.head.get(header), f'{name}: {header}')
        self.seen[name] = answer

    def order(self, name, link, content_type='ORIGINAL', server=None):
        self.expect(name, post_json((server or fixture.server).address, order(link, content_type)))

    def send(self, name, raw, method='POST'):
        with Connection(fixture.server.address) as connection:
            connection.send(raw)
            self.expect(name, connection.read_answer(method))

    def test_every_one(self):
        self.bring_about_those_of_requests()
        self.bring_about_those_of_posts()
        self.bring_about_those_of_servers()
        self.bring_about_those_of_clients()
        self.assertEqual(set(self.seen) | NOT_HERE, set(self.examples))

    def bring_about_those_of_requests(self):
        self.send('url.required', json_request(DOWNLOAD, {}))
        self.send('content_type.invalid', json_request(DOWNLOAD, {'url': 'https://vm.tiktok.com/ZMa'}))
        self.send('value_error.missing', request_bytes('POST', DOWNLOAD, body=b''))
        self.send('value_error.jsondecode', json_request(DOWNLOAD, b'nothing'))
        self.send('type_error.dict', json_request(DOWNLOAD, []))
        self.send('type_error.str', json_request(DOWNLOAD, {'url': 5, 'content_type': 'ORIGINAL'}))
        self.send('value_error.url.host', json_request(DOWNLOAD, order(FOREIGN)))
        self.send('http-400', b'nonsense\r\n\r\n')
        self.send('http-404', request_bytes('GET', '/nothing'))
        self.send('http-405', request_bytes('PUT', DOWNLOAD, body=b''))
        self.send('http-413', json_request(DOWNLOAD, b' ' * 70_000))
        self.send('http-414', b'GET /' + b'a' * 17_000)
        self.send('http-417', request_bytes('GET', '/ping', fields=[('Expect', 'wonders')]))
        self.send('http-431', request_bytes('GET', '/ping', fields=[('X', 'a' * 17_000)]))

    def bring_about_those_of_posts(self):
        self.order('post.private', fixture.post(status_code=10222))
        self.order('post.unavailable', fixture.post(status_code=10204))
        self.order('post.login_required', fixture.post(page={'behaviour': 'login'}))
        self.order('post.too_large', fixture.video('medium.mp4'))
        self.order('tiktok.blocked', fixture.post(page={'behaviour': 'garbage'}))
        self.order('tiktok.error', fixture.post(page={'behaviour': 'http:503'}))
        self.order('tiktok.timeout', fixture.post(page={'behaviour': 'hang'}))
        hosts = [{'host': host, 'behaviour': 'http:403'} for host in (CDN, OTHER_CDN)]
        self.order('media.unavailable', fixture.post(formats=[{'hosts': hosts}]))
        self.order('media.broken', fixture.post(images=[{'media': 'broken.jpg'}]), 'VIDEO_ONLY')
        fixture.standin.add_link(host='vm.tiktok.com', code='ZMhome', location='https://www.tiktok.com/')
        self.order('post.unsupported', 'https://vm.tiktok.com/ZMhome/')

    def bring_about_those_of_servers(self):
        with fixture.new_server(ffmpeg='/nowhere/ffmpeg', max_deliveries=1) as server:
            self.order('slideshow.unavailable', fixture.post(images=[{'media': 'tiny.jpg'}]), 'VIDEO_ONLY', server)
            shutil.rmtree(server.cache_dir)
            server.cache_dir.write_text('in the way')
            self.order('storage.failed', fixture.post(), server=server)
            server.cache_dir.unlink()
        with fixture.new_server(max_deliveries=1) as server, Connection(server.address) as first:
            first.send(json_request(DOWNLOAD, order(fixture.gated_video())))
            first.read_head()
            self.order('http-503', fixture.post(), server=server)
            fixture.standin.open_gate()

    def bring_about_those_of_clients(self):
        with tempfile.TemporaryDirectory() as folder:
            keys = Path(folder, 'keys.json')
            keys.write_text('{"keys": [{"name": "bot", "key": "bots-secret", "rate_limit_per_min": 1}]}')
            with fixture.new_server(api_keys_file=keys, rate_limit_per_min=1) as server:
                self.assert_told_of_keys(server)
                self.order('http-401', fixture.post(), server=server)
                self.order('http-429', fixture.post(), server=server)

    def assert_told_of_keys(self, server):
        """Both documents are for everybody, and say who is admitted; what is documented from here on is that server."""
        self.assertFalse(read(fixture.server, '/about.json')['needs_key'])
        self.assertTrue(read(server, '/about.json')['needs_key'])
        self.document = read(server, '/openapi.json')
        ways = self.document['components']['securitySchemes']
        self.assertEqual([next(iter(way)) for way in self.document['paths'][DOWNLOAD]['post']['security']], list(ways))


class About(DocumentTest):

    def test_has_the_errors_of_the_other_document(self):
        errors = read(fixture.server, '/about.json')['errors']
        self.assertEqual([name_of(error) for error in errors], list(self.examples))
        for error in errors:
            self.assertEqual(self.examples[name_of(error)]['summary'], error['meaning']['en'])
            for words in (error['meaning'], error['advice']):
                self.assertEqual(list(words), ['en', 'ru'])
                self.assertTrue(all(words.values()))

    def test_follows_the_settings(self):
        with tempfile.TemporaryDirectory() as folder:
            config = Path(folder, 'ttsave.conf')
            config.write_text('max_file_bytes = 1000\n')
            with fixture.new_server(words=['--config', config]) as server:
                self.assertEqual(read(server, '/about.json')['max_file_bytes'], 1000)
                config.write_text('max_file_bytes = 2000\n')
                server.send_signal(1)
                server.wait_for_log('changed: max_file_bytes$')
                self.assertEqual(read(server, '/about.json')['max_file_bytes'], 2000)

    def test_knows_every_code_and_type_that_any_test_has_met(self):
        known = set(self.examples)
        rooms = '|'.join({name.partition('.')[0] for name in known if '.' in name})
        met = set()
        for module in Path(__file__).parent.glob('*.py'):
            met |= set(re.findall(rf"['\"]((?:{rooms})\.[a-z_.]+)['\"]", module.read_text()))
        self.assertLessEqual(met, known)
        self.assertGreater(len(met), 15)
