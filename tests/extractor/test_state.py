"""What a job leaves behind for the next, which is nothing; and the cookie file, which is only ever read."""

import os
import tempfile
from pathlib import Path

from .loopback import LoopbackTestCase

OTHER_ID = '7312345678901234999'


class StateTest(LoopbackTestCase):

    def test_cookies_of_one_job_are_not_sent_with_the_next(self):
        own = self.resolve(self.add_post())['media'][0]['sources'][0]['cookies']
        other = self.resolve(self.add_post(id=OTHER_ID))['media'][0]['sources'][0]['cookies']
        self.resolve(self.add_post())
        self.assertEqual([{}] * 3, self.cookies())
        self.assertIn(OTHER_ID, other)
        self.assertNotIn(OTHER_ID, own)
        self.assertEqual(set(), set(own.split('; ')) & set(other.split('; ')))

    def test_nor_after_a_challenge_or_a_failure(self):
        for behaviour in ('challenge', 'unsolvable', 'classified', 'no_item', 'truncate', 'garbage', 'login'):
            with self.subTest(behaviour):
                self.extractor.resolve(self.add_post(page={'behaviour': behaviour}))
                self.standin.reset()
                self.resolve(self.add_post(id=OTHER_ID))
                self.assertEqual([{}], self.cookies())

    def test_nor_with_the_second_try(self):
        # The first try gets cookies with the half page that it gets.
        self.resolve(self.add_post(page={'behaviour': 'truncate', 'times': 1}))
        self.assertEqual([{}] * 2, self.cookies())

    def test_a_failure_is_not_taken_for_the_nexts(self):
        self.assert_fails('post.private', self.add_post(status_code=10222))
        self.assert_fails('tiktok.blocked', self.add_post(page={'behaviour': 'garbage'}))
        self.assert_fails('post.login_required', self.add_post(page={'behaviour': 'login'}))
        self.assert_fails('tiktok.blocked', self.add_post(page={'behaviour': 'garbage'}))
        self.assert_fails('post.unavailable', self.add_post(page={'behaviour': 'no_item'}))
        self.assert_fails('tiktok.blocked', self.add_post(page={'behaviour': 'please_wait'}))
        self.resolve(self.add_post())

    def test_a_post_that_changes_is_read_anew(self):
        self.assertEqual('before', self.resolve(self.add_post(desc='before'))['title'])
        self.assertEqual('after', self.resolve(self.add_post(desc='after'))['title'])


class CookiesFileTest(LoopbackTestCase):

    def setUp(self):
        super().setUp()
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.file = self.directory / 'cookies.txt'
        self.write(sessionid='first')
        self.extractor = self.enterContext(self.new_extractor(cookies_file=self.file))

    def write(self, domain='.tiktok.com', expiry='0', **cookies):
        """The expiry of 0 makes them session cookies, which is how browsers export a login."""
        self.file.write_text('# Netscape HTTP Cookie File\n' + ''.join(
            f'{domain}\t{str(domain.startswith(".")).upper()}\t/\tTRUE\t{expiry}\t{name}\t{value}\n'
            for name, value in cookies.items()))

    def replace(self, **cookies):
        """As an operator does it who knows that the file is in use."""
        kept, self.file = self.file, self.directory / 'new'
        self.write(**cookies)
        self.file = self.file.rename(kept)

    def test_is_sent_with_every_request(self):
        self.resolve(self.add_post(page={'behaviour': 'challenge'}))
        self.resolve(self.add_post(page={'behaviour': 'http:503', 'times': 1}))
        self.assert_fails('tiktok.blocked', self.add_post(page={'behaviour': 'garbage'}))
        self.resolve(self.add_post())
        cookies = self.cookies()
        self.assertEqual(6, len(cookies))
        self.assertIn('_wafchallengeid', cookies[1])
        for sent in cookies:
            self.assertEqual('first', sent['sessionid'])
        for sent in cookies[:1] + cookies[2:]:
            self.assertEqual({'sessionid'}, sent.keys())

    def test_counts_until_its_cookies_expire(self):
        for expiry, expected in (('', {'sessionid': 'mine'}), ('32503680000', {'sessionid': 'mine'}), ('1', {})):
            with self.subTest(expiry):
                self.standin.reset()
                self.write(expiry=expiry, sessionid='mine')
                self.resolve(self.add_post())
                self.assertEqual([expected], self.cookies())

    def test_is_sent_along_with_the_posts_own_to_its_media(self):
        cookies = self.resolve(self.add_post())['media'][0]['sources'][0]['cookies']
        self.assertIn('sessionid=first', cookies.split('; '))
        self.assertIn('tt_chain_token=', cookies)

    def test_is_picked_up_anew_when_it_changes(self):
        url = self.add_post()
        self.resolve(url)
        self.write(sessionid='second')
        self.resolve(url)
        self.replace(other='third')
        self.resolve(url)
        self.file.unlink()
        self.resolve(url)
        self.write(sessionid='fourth')
        self.resolve(url)
        self.assertEqual([{'sessionid': 'first'}, {'sessionid': 'second'}, {'other': 'third'}, {},
                          {'sessionid': 'fourth'}], self.cookies())

    def test_is_never_written(self):
        def state():
            status = self.file.stat()
            return (status.st_ino, status.st_mtime_ns, status.st_ctime_ns, self.file.read_bytes(),
                    os.listdir(self.directory))
        before = state()
        for behaviour in ('ok', 'challenge', 'http:503', 'garbage'):
            self.extractor.resolve(self.add_post(page={'behaviour': behaviour}))
        self.assertEqual(before, state())
        self.extractor.close_input()
        self.assertEqual(0, self.extractor.exit_status(), self.extractor.log())
        self.assertEqual(before, state())

    def test_cookies_of_other_sites_stay_here(self):
        self.write(domain='.example.com', sessionid='theirs')
        source = self.resolve(self.add_post())['media'][0]['sources'][0]
        self.assertEqual([{}], self.cookies())
        self.assertNotIn('theirs', source['cookies'])

    def test_one_that_cannot_be_read_costs_only_the_cookies(self):
        url = self.add_post()
        contents = {'nothing': b'', 'binary': bytes(range(256)), 'latin-1': '# café\n'.encode('latin-1'),
                    'JSON': b'[{"name": "sessionid"}]', 'HTML': b'<html>\n</html>\n',
                    'no domain': b'# Netscape HTTP Cookie File\n\tTRUE\t/\tTRUE\t0\ta\tvery-secret\n'}
        for name, content in contents.items():
            with self.subTest(name):
                self.file.write_bytes(content)
                self.resolve(url)
        self.file.unlink()
        self.file.mkdir()
        self.resolve(url)
        self.assertEqual([{}] * (len(contents) + 1), self.cookies())
        self.extractor.close_input()
        self.assertEqual(0, self.extractor.exit_status())
        self.assertIn('cookies_file cannot be read', self.extractor.log())
        self.assertNotIn('very-secret', self.extractor.log())

    def test_its_cookies_are_not_logged(self):
        self.write(sessionid='very-secret')
        cookies = self.resolve(self.add_post())['media'][0]['sources'][0]['cookies']
        for behaviour in ('challenge', 'http:503', 'garbage', 'login'):
            self.extractor.resolve(self.add_post(page={'behaviour': behaviour}))
        self.extractor.close_input()
        self.assertEqual(0, self.extractor.exit_status())
        self.assertIn('very-secret', cookies)
        for pair in cookies.split('; '):
            self.assertNotIn(pair.partition('=')[2], self.extractor.log())
