"""contract.md, "The request body of download" and the 400 and 422 rows of "Errors"."""

import json
import unittest

from . import json_oracle
from .clients import DOWNLOAD, post_json
from .fixture import Fixture
from .wire import Connection, json_request, request_bytes

FOREIGN = 'https://example.com/'

URL_REQUIRED = {'detail': 'URL is required', 'code': 'url.required'}
CONTENT_TYPE_INVALID = {'detail': 'Invalid content type', 'code': 'content_type.invalid'}

NOT_A_DICT = {'loc': ['body'], 'msg': 'value is not a valid dict', 'type': 'type_error.dict'}
NOT_TIKTOK = {'loc': ['body', 'url'], 'msg': 'URL is not a TikTok video or photo', 'type': 'value_error.url.host'}


def missing(key):
    return {'loc': ['body', key], 'msg': 'field required', 'type': 'value_error.missing'}


def not_text(key):
    return {'loc': ['body', key], 'msg': 'str type expected', 'type': 'type_error.str'}


fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


class ValidationTest(unittest.TestCase):
    """Asks on one connection that stays open, as every one of these answers leaves it."""

    def setUp(self):
        self.connection = Connection(fixture.server.address)
        self.addCleanup(self.connection.close)

    def tearDown(self):
        self.assertEqual(fixture.requests(), [], 'a refused request was asked of TikTok')

    def ask(self, body, fields=None):
        if fields is None:
            self.connection.send(json_request(DOWNLOAD, body))
        else:
            self.connection.send(request_bytes('POST', DOWNLOAD, fields=fields, body=body))
        return self.connection.read_answer('POST')

    def expect(self, answer, status, body):
        self.assertEqual((answer.status, answer.json), (status, body))

    def expect_entries(self, answer, *entries):
        self.expect(answer, 422, {'message': 'Validation Error', 'detail': list(entries)})

    def expect_malformed(self, answer):
        self.assertEqual((answer.status, answer.json['message']), (422, 'Validation Error'))
        [entry] = answer.json['detail']
        self.assertEqual((entry['type'], entry['loc'][0]), ('value_error.jsondecode', 'body'))
        self.assertIsInstance(entry['loc'][1], int)
        self.assertIsInstance(entry['msg'], str)


class Fields(ValidationTest):
    """The values of the object's keys."""

    def test_url_absent_null_or_blank(self):
        for document in ({}, {'url': None}, {'url': ''}, {'url': ' \t\r\n '}, {'URL': 'x'}, {'other': 1}):
            with self.subTest(document=document):
                self.expect(self.ask({'download_content_type': 'ORIGINAL', **document}), 400, URL_REQUIRED)
                self.expect(self.ask(document), 400, URL_REQUIRED)

    def test_content_type_absent_null_blank_or_unknown(self):
        link = {'url': 'https://www.tiktok.com/@a/video/7312345678901234567'}
        self.expect(self.ask(link), 400, CONTENT_TYPE_INVALID)
        for value in (None, '', '  ', 'original', 'Video_Only', ' ORIGINAL', 'ORIGINAL\n', 'BOTH', 'VIDEO',
                      'ORIGINAL\x00'):
            for key in ('download_content_type', 'content_type'):
                with self.subTest(key=key, value=value):
                    self.expect(self.ask({**link, key: value}), 400, CONTENT_TYPE_INVALID)

    def test_download_content_type_counts_when_both_are_present(self):
        link = {'url': 'https://www.tiktok.com/@a/video/7312345678901234567'}
        for value in ('NEITHER', None, ''):
            answer = self.ask({**link, 'download_content_type': value, 'content_type': 'ORIGINAL'})
            self.expect(answer, 400, CONTENT_TYPE_INVALID)
        for ignored in ('NEITHER', 5, None):
            answer = self.ask({'url': FOREIGN, 'download_content_type': 'VIDEO_ONLY', 'content_type': ignored})
            self.expect_entries(answer, NOT_TIKTOK)

    def test_values_of_another_type(self):
        for value in (5, 0, 1.5, True, False, [], ['https://vm.tiktok.com/a'], {}, {'a': 1}):
            with self.subTest(value=value):
                answer = self.ask({'url': value, 'download_content_type': 'ORIGINAL'})
                self.expect_entries(answer, not_text('url'))
                answer = self.ask({'url': 'https://vm.tiktok.com/a', 'download_content_type': value})
                self.expect_entries(answer, not_text('download_content_type'))
                answer = self.ask({'url': 'https://vm.tiktok.com/a', 'content_type': value})
                self.assertEqual((answer.status, answer.json['detail'][0]['type']), (422, 'type_error.str'))

    def test_both_fields_wrong_url_first(self):
        self.expect_entries(self.ask({'url': 1, 'download_content_type': 2}), not_text('url'),
                            not_text('download_content_type'))
        self.expect_entries(self.ask({'url': FOREIGN, 'download_content_type': 2}), NOT_TIKTOK,
                            not_text('download_content_type'))
        self.expect(self.ask({'url': '', 'download_content_type': 2}), 400, URL_REQUIRED)
        self.expect(self.ask({'url': '', 'download_content_type': 'x'}), 400, URL_REQUIRED)
        self.expect_entries(self.ask({'url': 1, 'download_content_type': 'x'}), not_text('url'))
        self.expect_entries(self.ask({'url': FOREIGN, 'download_content_type': 'x'}), NOT_TIKTOK)

    def test_a_url_that_is_not_a_post(self):
        for content_type in ('ORIGINAL', 'VIDEO_ONLY'):
            answer = self.ask({'url': FOREIGN, 'download_content_type': content_type})
            self.expect_entries(answer, NOT_TIKTOK)

    def test_unknown_keys_are_ignored_and_the_last_of_doubled_ones_counts(self):
        self.expect_entries(self.ask({'url': FOREIGN, 'content_type': 'ORIGINAL', 'x': [1, {'y': None}], '': 0}),
                            NOT_TIKTOK)
        self.expect_entries(self.ask(b'{"url": 1, "content_type": 5, "url": "%s", "content_type": "ORIGINAL"}'
                                     % FOREIGN.encode()), NOT_TIKTOK)
        self.expect(self.ask(b'{"url": "%s", "content_type": "ORIGINAL", "url": null}' % FOREIGN.encode()),
                    400, URL_REQUIRED)


class Documents(ValidationTest):
    """The body as a whole."""

    def test_an_empty_body(self):
        entries = missing('url'), missing('download_content_type')
        self.expect_entries(self.ask(b''), *entries)
        self.expect_entries(self.ask(b'', []), *entries)
        self.connection.send(request_bytes('POST', DOWNLOAD))
        self.expect_entries(self.connection.read_answer('POST'), *entries)
        self.connection.send(request_bytes('POST', DOWNLOAD, fields=[('Transfer-Encoding', 'chunked')]) + b'0\r\n\r\n')
        self.expect_entries(self.connection.read_answer('POST'), *entries)

    def test_a_document_that_is_no_object(self):
        for document in ([], ['url'], 'text', 5, 1.5, True, False, None,
                         [{'url': FOREIGN, 'content_type': 'ORIGINAL'}]):
            with self.subTest(document=document):
                self.expect_entries(self.ask(document), NOT_A_DICT)

    def test_media_types(self):
        body = json.dumps({'url': FOREIGN, 'content_type': 'ORIGINAL'}).encode()
        for accepted in ('application/json', 'APPLICATION/JSON', 'application/json; charset=utf-8',
                         'application/json;x="a;b"', 'application/vnd.api+json',
                         'application/problem+json; charset=utf-8'):
            with self.subTest(accepted):
                self.expect_entries(self.ask(body, [('Content-Type', accepted)]), NOT_TIKTOK)
        self.expect_entries(self.ask(body, []), NOT_TIKTOK)
        for refused in ('text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x',
                        'text/json', 'application/jsonp', 'application/xml', 'json', 'image/svg+xml'):
            with self.subTest(refused):
                self.expect_entries(self.ask(body, [('Content-Type', refused)]), NOT_A_DICT)

    def test_white_space_alone(self):
        for text in (' ', '\n', ' \r\n\t ', ' ' * 1000):
            with self.subTest(text[:10]):
                self.expect_entries(self.ask(text.encode()), json_oracle.verdict(text))

    def test_malformed_documents_are_worded_as_by_python(self):
        for text in (
                '{', '}', '[', ']', '"', '"abc', '{"url"', '{"url":', '{"url": }', '{"url" "x"}', '{"url": "x"',
                '{"url": "x",}', '{"url": "x"} x', '{"url": "x"}{}', '[1,]', '[1 2]', '[,]', '{,}', "{'url': 'x'}",
                '{url: 1}', '{1: 2}', 'nul', 'True', '01', '1.', '.5', '+1', '-', '1e', '0x10', 'inf', '-NaN', '"\\x"',
                '"\\u12"',
                '"\\u12G4"', '"\\u0041', '"\\', '"\\u', '"a\tb"', '"a\nb"', '"\x00"', '\x00', '{"a": 1, "a"}',
                '{"a": 1 "b": 2}',
                '{\n\n  "url": "x"\n  "y": 1}', '{\r\n "é": "я\U0001f600" x}',
                '{"a": "\\ud83d\\ude00", }', '/* c */ {}', '{}//', '{"a": [1, {"b": 2}, }', '\ufffe{}', ' \u00a0{}',
                '{"a"\u2028: 1}', '{"a":1,\n\n\n', '[[[[', '[{"a":[{"b":[', 'n' * 60000, '"' + 'a' * 60000, 'тест',
                '{"a": тест}', '[1,2,3,\n4,\n5,\n6 7]'):
            with self.subTest(text[:40]):
                expected = json_oracle.verdict(text)
                self.assertIsNotNone(expected)
                self.expect_entries(self.ask(text.encode()), expected)

    def test_generated_malformed_documents_are_worded_as_by_python(self):
        for text in json_oracle.mutations(2000, seed=2026):
            answer = self.ask(text.encode())
            self.assertEqual((answer.status, answer.json['detail']), (422, [json_oracle.verdict(text)]), text)

    def test_numbers_that_only_python_accepts(self):
        for number in (b'NaN', b'Infinity', b'-Infinity', b'1e400', b'-1e400', b'1E-400', b'1' * 400, b'-0', b'0.0e+0'):
            with self.subTest(number[:20]):
                self.expect_entries(self.ask(b'{"url": %s, "content_type": "ORIGINAL"}' % number), not_text('url'))
                self.expect_entries(self.ask(b'[%s]' % number), NOT_A_DICT)

    def test_surrogates(self):
        pair = b'{"x": "\\ud83d\\ude00 \\uD83D\\uDE00", "url": "%s", "content_type": "ORIGINAL"}' % FOREIGN.encode()
        self.expect_entries(self.ask(pair), NOT_TIKTOK)
        for text in (b'\\ud83d', b'\\ude00', b'\\ude00\\ud83d', b'\\ud83dx', b'\\ud83d\\n', b'\\ud83d\\ud83d\\ude00',
                     b'a\\udfff'):
            with self.subTest(text):
                self.expect_malformed(self.ask(b'{"url": "%s", "content_type": "ORIGINAL"}' % text))
                self.expect_malformed(self.ask(b'{"%s": 1, "url": "a", "content_type": "ORIGINAL"}' % text))

    def test_depth(self):
        def nested(depth):
            inner = depth - 1
            return json.dumps({'url': FOREIGN, 'content_type': 'ORIGINAL'}).encode()[:-1] \
                + b', "x": %s%s}' % (b'[' * inner, b']' * inner)
        self.expect_entries(self.ask(nested(64)), NOT_TIKTOK)
        for depth in (65, 66, 1000, 30_000):
            with self.subTest(depth):
                self.expect_malformed(self.ask(nested(depth)))
        self.expect_malformed(self.ask(b'{"a":' * 10_000))
        self.expect_malformed(self.ask(b'[' * 65_000))

    def test_encodings(self):
        body = json.dumps({'url': FOREIGN, 'content_type': 'ORIGINAL', 'é': 'я'}, ensure_ascii=False)
        self.expect_entries(self.ask(body.encode('utf-8-sig')), NOT_TIKTOK)
        self.expect_entries(self.ask(b'\xef\xbb\xbf[]'), NOT_A_DICT)
        for raw in (b'\xff', b'{"a": "\xff"}', b'{"a": "\xc3"}', b'{"a": "\xc3', b'{"a": "\xc0\xaf"}',
                    b'{"a": "\xed\xa0\x80"}', b'{"a": "\xf4\x90\x80\x80"}', b'{"\x80": 1}', b'{}\xff',
                    b'\xff\xfe{\x00}\x00',
                    body.encode('utf-16'),
                    body.encode('latin-1', 'replace')):
            with self.subTest(raw[:20]):
                self.expect_malformed(self.ask(raw))

    def test_bodies_are_never_echoed(self):
        answer = post_json(fixture.server.address,
                           {'url': 'https://example.com/secret', 'content_type': 'ORIGINAL', 'token': 'hush'})
        self.assertNotIn(b'secret', answer.body)
        self.assertNotIn(b'hush', answer.body)
