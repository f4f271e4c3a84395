"""contract.md, "Accepted `url`s": which links are taken, and that no other is ever followed."""

import unittest

from .clients import order, post_json
from .expectations import assert_delivered
from .fixture import Fixture, fresh_id
from .wire import Connection, json_request

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop

NOT_TIKTOK = {'message': 'Validation Error', 'detail': [
    {'loc': ['body', 'url'], 'msg': 'URL is not a TikTok video or photo', 'type': 'value_error.url.host'}]}

ACCEPTED = (
    'https://www.tiktok.com/@some.user/video/{id}',
    'https://www.tiktok.com/@some.user/video/{id}/',
    'https://www.tiktok.com/@/video/{id}',
    'https://www.tiktok.com/video/{id}',
    'https://www.tiktok.com/embed/{id}',
    'https://www.tiktok.com/embed/v2/{id}',
    'https://www.tiktok.com/v/{id}.html',
    'https://www.tiktok.com/share/video/{id}',
    'https://www.tiktok.com/@some.user/photo/{id}',
    'https://m.tiktok.com/@some.user/video/{id}',
    'https://m.tiktok.com/v/{id}.html',
    'https://www.tiktokv.com/share/video/{id}/',
    'https://www.tiktokv.com/@some.user/video/{id}',
    'https://m.tiktokv.com/v/{id}.html',
    'http://www.tiktok.com/@some.user/video/{id}',
    'www.tiktok.com/@some.user/video/{id}',
    'HTTPS://WWW.TIKTOK.COM/@Some.User_1-x/video/{id}',
    'https://www.tiktok.com:443/@some.user/video/{id}',
    'http://www.tiktok.com:80/@some.user/video/{id}',
    'https://www.tiktok.com/@some.user/video/{id}?is_from_webapp=1&sender_device=pc&u=https://example.com/#x?y',
    'https://www.tiktok.com/@some.user/video/{id}?a=100%&b=%zz&c=[1]|"2"\\#x#y',
    'https://www.tiktok.com/@some.user/video/{id}#comments',
    ' \t\r\n https://www.tiktok.com/@some.user/video/{id} \n ',
    'Look at this! https://www.tiktok.com/@some.user/video/{id} #fun',
    'Смотри \U0001f600\nhttps://www.tiktok.com/@some.user/video/{id}?a=b\nи https://www.tiktok.com/@x/video/1',
    'by https://example.com/ and https://m.tiktok.com/v/{id}.html',
)

SHORT = (
    'https://vm.tiktok.com/{code}', 'https://vm.tiktok.com/{code}/', 'http://vm.tiktok.com/{code}/',
    'vm.tiktok.com/{code}', 'https://vt.tiktok.com/{code}/', 'https://www.tiktok.com/t/{code}/',
    'https://www.tiktok.com/t/{code}', 'https://vm.tiktok.com/{code}/?k=1&utm=2#f',
    'Look at this! https://vm.tiktok.com/{code}/ #fun',
)

REFUSED = (
    # Other hosts, and those that only look like ours.
    'https://example.com/@a/video/7312345678901234567', 'https://tiktok.com.example.com/@a/video/7312345678901234567',
    'https://evil-tiktok.com/@a/video/7312345678901234567', 'https://xwww.tiktok.com/@a/video/7312345678901234567',
    'https://www.tiktok.co/@a/video/7312345678901234567', 'https://www.tiktok.com.evil/@a/video/7312345678901234567',
    'https://www.tiktok.com%2eevil.example/@a/video/7312345678901234567',
    'https://www.tıktok.com/@a/video/7312345678901234567', 'https://ｗｗｗ.tiktok.com/@a/video/7312345678901234567',
    'https://www。tiktok。com/@a/video/7312345678901234567', 'https://v16-webapp-prime.tiktok.com/video/x',
    'https://api.tiktok.com/@a/video/7312345678901234567', 'https://127.0.0.1/@a/video/7312345678901234567',
    'https://[::1]/@a/video/7312345678901234567', 'https://2130706433/video/1',
    'https://localhost/@a/video/7312345678901234567', 'https:///@a/video/7312345678901234567', 'https://',
    # A user-info part, another port, another scheme.
    'https://www.tiktok.com@evil.example/@a/video/7312345678901234567',
    'https://user@www.tiktok.com/@a/video/7312345678901234567',
    'https://user:secret@www.tiktok.com/@a/video/7312345678901234567',
    'https://@www.tiktok.com/@a/video/7312345678901234567',
    'https://evil.example\\@www.tiktok.com/@a/video/7312345678901234567',
    'https://www.tiktok.com\\.evil.example/@a/video/7312345678901234567',
    'https://www.tiktok.com:443@evil.example/@a/video/7312345678901234567',
    'https://www.tiktok.com:8443/@a/video/7312345678901234567', 'https://www.tiktok.com:0/@a/video/7312345678901234567',
    'https://www.tiktok.com:99999/@a/video/7312345678901234567',
    'https://www.tiktok.com:x/@a/video/7312345678901234567', 'ftp://www.tiktok.com/@a/video/7312345678901234567',
    'file:///etc/passwd', 'file://www.tiktok.com/@a/video/7312345678901234567',
    'javascript://www.tiktok.com/@a/video/7312345678901234567', 'gopher://www.tiktok.com/video/7312345678901234567',
    'data:text/html,https', 'https:/www.tiktok.com', 'ttsearch:x',
    # Ours, but not a post.
    'https://www.tiktok.com', 'https://www.tiktok.com/', 'https://www.tiktok.com/@some.user',
    'https://www.tiktok.com/@some.user/live', 'https://www.tiktok.com/foryou',
    'https://www.tiktok.com/@some.user/video/', 'https://www.tiktok.com/@some.user/video/abc',
    'https://www.tiktok.com/@some.user/video/12a', 'https://www.tiktok.com/video', 'https://www.tiktok.com/t/',
    'https://www.tiktok.com/tag/video/7312345678901234567', 'https://www.tiktok.com/music/x-7312345678901234567',
    'https://www.tiktok.com/v/abc.html', 'https://www.tiktok.com/?x=/@a/video/7312345678901234567',
    'https://www.tiktok.com/#/@a/video/7312345678901234567', 'https://vm.tiktok.com', 'https://vm.tiktok.com/',
    'https://vm.tiktok.com/?a=b', 'https://www.tiktok.com/login?redirect=/@a/video/7312345678901234567',
    'https://www.tiktok.com/@a/../../video/x', 'https://www.tiktok.com/@a/video/-5',
    # No link at all.
    'x', '@user/video/7312345678901234567', '7312345678901234567', 'tiktok', 'Look at this!',
    '/@a/video/7312345678901234567', '//', ':', '?', '#', '%', '%00', '\x00', '\ufeff', 'https://\x00www.tiktok.com',
    '\U0001f600' * 50, 'a' * 10_000, 'https://www.tiktok.com/@a/video/' + 'x' * 10_000, 'https://' * 2000,
)


class Accepted(unittest.TestCase):
    """Every accepted form leads to the post, the scheme being https for all of them."""

    def test_post_links(self):
        content = fixture.media('small.mp4')
        for form in ACCEPTED:
            with self.subTest(form):
                post_id = fresh_id()
                fixture.post(id=post_id)
                download = assert_delivered(fixture.server.address, form.format(id=post_id), content)
                self.assertEqual(download.parts[0].name, post_id + '.mp4')
                self.assertEqual([entry for entry in fixture.standin.log() if not_tunnelled(entry)], [])

    def test_short_links(self):
        content = fixture.media('small.mp4')
        for number, form in enumerate(SHORT):
            with self.subTest(form):
                host = next(host for host in ('vm.tiktok.com', 'vt.tiktok.com', 'www.tiktok.com') if host in form)
                code = f'ZMform{number}'
                link = fixture.post()
                fixture.standin.add_link(host=host, code=code, location=link + '?_r=1&_t=abc')
                assert_delivered(fixture.server.address, form.format(code=code), content)

    def test_the_first_link_of_a_text_counts(self):
        first, second = fixture.post(desc='first'), fixture.post(desc='second')
        download = assert_delivered(fixture.server.address, f'a {first} b {second}', fixture.media('small.mp4'))
        self.assertEqual(download.meta['desc'], 'first')


class Refused(unittest.TestCase):
    """Anything else is a 422, and nobody is asked anything."""

    def test_links_that_are_not_posts(self):
        fixture.standin.reset()
        with Connection(fixture.server.address) as connection:
            for link in REFUSED:
                with self.subTest(link[:100]):
                    connection.send(json_request('/api/v3/download', order(link)))
                    answer = connection.read_answer()
                    self.assertEqual((answer.status, answer.json), (422, NOT_TIKTOK))
        self.assertEqual(fixture.standin.log(), [])

    def test_a_line_end_inside_a_link_does_not_make_a_header(self):
        fixture.standin.reset()
        post_json(fixture.server.address, order('https://www.tiktok.com/@a\r\nX-Injected: 1/video/7312345678901234567'))
        post_json(fixture.server.address, order('https://vm.tiktok.com/a\r\nX-Injected: 1'))
        for entry in fixture.standin.log():
            self.assertNotIn('x-injected', entry['headers'])


def not_tunnelled(entry):
    """Whether a log entry shows plain http, or a CONNECT that the stand-in refused."""
    return entry['method'] == 'CONNECT' or entry.get('path', '').startswith('http:')
