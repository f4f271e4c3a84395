"""examples/aiogram_bot.py as a process: a message in, the post's files out, byte for byte."""

import subprocess
import unittest

from system.deadlines import PATIENT_S
from system.fixture import Fixture, id_of

from .programs import COMMANDS, environment
from .telegram import Telegram

fixture = Fixture(max_file_bytes=1_000_000_000)
setUpModule, tearDownModule = fixture.start, fixture.stop


class Bot(unittest.TestCase):

    def setUp(self):
        self.telegram = self.enterContext(Telegram())
        around = environment(fixture.server.base_url.rstrip('/'), BOT_TOKEN='1:token',
                             TELEGRAM_API_URL=self.telegram.base_url)
        bot = subprocess.Popen(COMMANDS['aiogram_bot.py'], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                               env=around)

        def end():
            bot.terminate()
            said = bot.communicate(timeout=PATIENT_S)[1]
            self.assertNotIn('Task exception', said)
        self.addCleanup(end)

    def assert_sent(self, call, *expected):
        self.assertEqual([(kind, name) for kind, name, _ in expected], [(kind, name) for kind, name, _ in call.sent])
        for (_, name, content), (_, _, media) in zip(call.sent, expected):
            self.assertTrue(content == fixture.media(media), f'{name}: {len(content)} bytes')

    def test_a_video(self):
        link = fixture.post()
        self.telegram.write(f'Look at this! {link} #fun', chat_type='group')
        self.assert_sent(self.telegram.wait_for('sendVideo'), ('video', f'{id_of(link)}.mp4', 'small.mp4'))
        busy = self.telegram.wait_for('sendChatAction')
        self.assertEqual(('7', 'upload_video'), (busy.fields['chat_id'], busy.fields['action']))
        self.assertEqual('sendChatAction', self.telegram.calls[0].method)

    def test_a_caption_of_two_links(self):
        links = [fixture.post(), fixture.post(formats=[{'media': 'other.mp4'}])]
        self.telegram.write(' and '.join(links), key='caption')
        for number, (link, media) in enumerate(zip(links, ('small.mp4', 'other.mp4')), 1):
            self.assert_sent(self.telegram.wait_for('sendVideo', number), ('video', f'{id_of(link)}.mp4', media))

    def test_albums_of_photos_and_the_sound(self):
        photos = [f'photo{number % 3 + 1}.jpg' for number in range(12)]
        link = fixture.post(images=[{'media': media} for media in photos], music={'media': 'sound.mp3'})
        self.telegram.write(link)
        expected = [('photo', f'{id_of(link)}_{number:02}.jpg', media) for number, media in enumerate(photos, 1)]
        self.assert_sent(self.telegram.wait_for('sendMediaGroup'), *expected[:10])
        self.assert_sent(self.telegram.wait_for('sendMediaGroup', 2), *expected[10:])
        self.assert_sent(self.telegram.wait_for('sendAudio'), ('audio', f'{id_of(link)}.mp3', 'sound.mp3'))

    def test_one_who_waits_holds_nobody_up(self):
        slow = fixture.gated_video()
        self.telegram.write(slow)
        self.telegram.wait_for('sendChatAction')
        quick = fixture.post()
        self.telegram.write(quick)
        self.assert_sent(self.telegram.wait_for('sendVideo'), ('video', f'{id_of(quick)}.mp4', 'small.mp4'))
        fixture.standin.open_gate()
        self.assert_sent(self.telegram.wait_for('sendVideo', 2), ('video', f'{id_of(slow)}.mp4', 'medium.mp4'))

    def test_errors_in_words(self):
        broken = fixture.video('medium.mp4', behaviour='truncate:1000000', then='http:404')
        for number, (link, words) in enumerate((
                (fixture.post(status_code=10222), 'friends'),
                ('https://www.tiktok.com/@a/video/7300000000000000999', 'removed'),
                ('https://www.tiktok.com/@somebody', 'not a link to a TikTok post'),
                (broken, 'Try again in a minute')), 1):
            self.telegram.write(link)
            self.assertIn(words, self.telegram.wait_for('sendMessage', number).fields['text'])

    def test_what_holds_no_link(self):
        self.telegram.write('hello', chat_type='group')
        self.telegram.write('hello')
        self.assertIn('Send me a link', self.telegram.wait_for('sendMessage').fields['text'])
        self.assertEqual(['sendMessage'], [call.method for call in self.telegram.calls])

    def test_telegram_wants_a_pause(self):
        link = fixture.post()
        self.telegram.refuse_next(429, 'Too Many Requests: retry after 1', retry_after=1)
        self.telegram.write(link)
        self.assert_sent(self.telegram.wait_for('sendVideo', 2), ('video', f'{id_of(link)}.mp4', 'small.mp4'))

    def test_telegram_refuses(self):
        self.telegram.refuse_next(400, 'Bad Request: wrong file')
        self.telegram.write(fixture.post())
        self.assertIn('did not take', self.telegram.wait_for('sendMessage').fields['text'])


if __name__ == '__main__':
    unittest.main()
