"""examples/telegram_post.py: links in messages, albums, limits and words."""

import re
import sys
import tempfile
import unittest
from pathlib import Path

from system.harness import REPOSITORY

from .programs import EXAMPLES

sys.path.insert(0, str(EXAMPLES))
import telegram_post  # noqa: E402
from telegram_post import Album, albums_of, links_in, words_for  # noqa: E402
from ttsave_answer import TTSaveError  # noqa: E402


class Links(unittest.TestCase):

    def test_in_what_people_write(self):
        for text, links in (
                ('https://vm.tiktok.com/ZMabc/', ['https://vm.tiktok.com/ZMabc/']),
                ('Look! https://vt.tiktok.com/ZSx/ #fun', ['https://vt.tiktok.com/ZSx/']),
                ('a\nwww.tiktok.com/@a.b/photo/7?x=1&y=2\nb', ['www.tiktok.com/@a.b/photo/7?x=1&y=2']),
                ('TikTok.com/@a/video/1 TikTok.com/@a/video/1 m.tiktok.com/v/2.html',
                 ['TikTok.com/@a/video/1', 'm.tiktok.com/v/2.html']),
                ('<https://www.tiktok.com/t/ZT1>', ['https://www.tiktok.com/t/ZT1']),
                ('https://www.tiktokv.com/share/video/7/', ['https://www.tiktokv.com/share/video/7/']),
                ('nottiktok.com/x me@tiktok.com/x evil-tiktok.com/x tiktok.com tiktok.com.evil.org/x', []),
                ('no link', []), (None, [])):
            with self.subTest(text):
                self.assertEqual(links, links_in(text))


class Albums(unittest.TestCase):

    def files(self, *names, size=1):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        for name in names:
            with open(folder / name, 'wb') as file:
                file.truncate(size)
        return [folder / name for name in names]

    def test_photos_by_ten_then_the_sound(self):
        files = self.files(*(f'7_{number:02}.jpg' for number in range(1, 24)), '7.mp3')
        albums, too_large = albums_of(files)
        self.assertEqual([('photo', 10), ('photo', 10), ('photo', 3), ('audio', 1)],
                         [(album.kind, len(album.files)) for album in albums])
        self.assertEqual((files, []), ([file for album in albums for file in album.files], too_large))

    def test_kinds(self):
        files = self.files('1.mp4', '2.jpg', '3.png', '4.webp', '5.avif', '6.heic', '7.m4a')
        albums, _ = albums_of(files)
        self.assertEqual([Album('video', files[:1]), Album('photo', files[1:4]), Album('document', files[4:6]),
                          Album('audio', files[6:])], albums)

    def test_limits(self):
        photo, = self.files('7_01.jpg', size=10_000_000)
        larger, = self.files('7_02.jpg', size=10_000_001)
        video, = self.files('7.mp4', size=50_000_000)
        too_large, = self.files('7.mp4', size=50_000_001)
        self.assertEqual(([Album('photo', [photo]), Album('document', [larger]), Album('video', [video])], [too_large]),
                         albums_of([photo, larger, video, too_large]))
        self.assertEqual(([Album('video', [too_large])], []), albums_of([too_large], max_file_bytes=2_000_000_000))


class Words(unittest.TestCase):

    def test_each_code_that_it_has_words_for_exists(self):
        readme = (REPOSITORY / 'README.md').read_text()
        codes = set(re.findall(r'`([a-z_]+\.[a-z_]+)`', readme))
        self.assertLessEqual(set(telegram_post._WORDS), codes)

    def test_of_statuses(self):
        self.assertIn('7 seconds', words_for(TTSaveError(429, {'Retry-After': '7'}, b'{}')))
        self.assertIn('not a link', words_for(TTSaveError(422, {}, b'{}')))
        self.assertIn('my side', words_for(TTSaveError(401, {}, b'{}')))
        self.assertIn('friends', words_for(TTSaveError(400, {}, b'{"code":"post.private"}')))


if __name__ == '__main__':
    unittest.main()
