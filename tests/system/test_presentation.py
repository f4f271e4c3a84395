"""As what the server presents itself to TikTok: user_agent, and what extractor_args make of it."""

import unittest

from .expectations import assert_delivered
from .fixture import CDN, Fixture, id_of

AGENT = 'Agent/1.0 (x; "y") z'

fixture = Fixture(user_agent=AGENT, extractor_args=r'tiktok:api_hostname=www.tiktokv.com;app_info=1/some\,app/2/3/4')
setUpModule, tearDownModule = fixture.start, fixture.stop


class Presentation(unittest.TestCase):

    def test_pages_and_media_are_asked_for_as_that_browser(self):
        link = fixture.post()
        assert_delivered(fixture.server.address, link, fixture.media('small.mp4'))
        entries = [entry for entry in fixture.requests(id_of(link)) if entry['host'] != 'www.tiktokv.com']
        self.assertEqual([entry['host'] for entry in entries], ['www.tiktok.com', CDN])
        self.assertEqual({entry['headers']['user-agent'] for entry in entries}, {AGENT})

    def test_the_arguments_reach_yt_dlp(self):
        """With an app_info it asks the app's interface before the page, as that app, at the host that it is told."""
        fixture.standin.reset()
        assert_delivered(fixture.server.address, fixture.post(), fixture.media('small.mp4'))
        first = fixture.standin.log()[0]
        self.assertEqual(first['host'], 'www.tiktokv.com')
        self.assertIn('&app_name=some%2Capp&', first['path'])


if __name__ == '__main__':
    unittest.main()
