"""What the operator says of how yt-dlp is to work: user_agent and extractor_args (PROTOCOL.md, "configure")."""

import unittest

from .loopback import LoopbackTestCase
from .process import Extractor

# No browser's and not yt-dlp's.
AGENT = 'Agent/1.0 (x; "y") z'


class UserAgentTest(LoopbackTestCase):

    def agents(self):
        """Those that pages were asked for as, and that the media are to be asked for as."""
        post = self.resolve(self.add_post(page={'behaviour': 'challenge'}))
        self.assertEqual(2, len(self.standin.log()))
        return ({entry['headers']['user-agent'] for entry in self.standin.log()},
                {source['headers']['User-Agent'] for source in post['media'][0]['sources']})

    def test_is_that_of_pages_and_media(self):
        self.extractor = self.enterContext(self.new_extractor(user_agent=AGENT))
        self.assertEqual(({AGENT}, {AGENT}), self.agents())

    def test_is_yt_dlps_own_without_one(self):
        pages, media = self.agents()
        self.assertEqual(pages, media)
        self.assertRegex(pages.pop(), '^Mozilla/5.0 ')


class ExtractorArgsTest(LoopbackTestCase):

    def test_reach_yt_dlp(self):
        """With an app_info yt-dlp asks the app's interface first, at the host that api_hostname names, as that app."""
        text = r'TikTok:api_hostname=www.tiktokv.com; app-info=1/some\,app/2/3/4'
        self.extractor = self.enterContext(self.new_extractor(extractor_args=text))
        self.resolve(self.add_post())
        first, *_, page = self.standin.log()
        self.assertEqual('www.tiktokv.com', first['host'])
        self.assertIn('&app_name=some%2Capp&', first['path'])
        self.assertEqual('www.tiktok.com', page['host'])

    def test_without_them_only_the_page_is_asked(self):
        self.resolve(self.add_post())
        self.assertEqual(['GET www.tiktok.com'], self.asked())

    def test_what_yt_dlp_does_not_take_makes_it_unusable(self):
        for text in ('tiktok', 'tik tok:a=b', '=', '--help'):
            with self.subTest(text), Extractor() as extractor:
                unusable = extractor.configure(extractor_args=text)
                self.assertEqual('unusable', unusable['event'])
                self.assertIn('extractor_args', unusable['message'])
                self.assertIn('formatting', unusable['message'])
                self.assertEqual(3, extractor.exit_status(), extractor.log())


if __name__ == '__main__':
    unittest.main()
