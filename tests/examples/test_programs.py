"""Every program of examples/ that saves a post, against the installed server: byte for byte, or an error in words."""

import asyncio
import json
import shutil
import sys
import tempfile
import unittest
import unittest.mock
from pathlib import Path

from system.fixture import CDN, Fixture, id_of

from .programs import EXAMPLES, run

sys.path.insert(0, str(EXAMPLES))
import python_aiohttp  # noqa: E402

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop

KEY = 'a key/with+what URLs&shells "do not\' like'

PROGRAMS = ('curl.sh', 'python_requests.py', 'python_aiohttp.py', 'node.mjs', 'pyttsave.py')
# How each is told to make one video of a photo post; python_aiohttp.py is to be imported for that.
VIDEO_ONLY = {'curl.sh': 'VIDEO_ONLY', 'python_requests.py': '--video-only', 'node.mjs': 'VIDEO_ONLY',
              'pyttsave.py': 'VideoOnly'}
# What PyTTSave leaves at the end of each file.
LEFT_OVER = {'pyttsave.py': b'\r\n'}


class Programs(unittest.TestCase):

    def setUp(self):
        # Not there yet.
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory())) / 'posts'
        self.api_url = fixture.server.base_url.rstrip('/')

    def save(self, program, link, *words, api_key=None):
        """Runs it. Returns what it said and the files that are there then; of a failure, nothing may be there."""
        order = [self.folder, link] if program == 'python_aiohttp.py' else [link, self.folder]
        done = run(program, *order, *words, api_url=self.api_url, api_key=api_key)
        files = {path.name: path.read_bytes() for path in self.folder.glob('*')}
        shutil.rmtree(self.folder, ignore_errors=True)
        self.assertLess(done.returncode, 126, done)
        self.assertNotIn('Traceback', done.stderr)
        if done.returncode:
            self.assertEqual({}, files)
        else:
            self.assertEqual('', done.stderr)
            for name in files:
                self.assertIn(str(self.folder / name), done.stdout)
        return done, files

    def assert_saved(self, program, link, expected, *words, **options):
        done, files = self.save(program, link, *words, **options)
        self.assertEqual(0, done.returncode, done)
        self.assertEqual(list(expected), sorted(files))
        for name, content in expected.items():
            self.assertTrue(files[name] == content + LEFT_OVER.get(program, b''), f'{name}: {len(files[name])} bytes')
        return done

    def assert_refused(self, program, link, words, **options):
        done, _ = self.save(program, link, **options)
        self.assertNotEqual(0, done.returncode, done)
        # PyTTSave tells no more than that it failed.
        if program != 'pyttsave.py':
            self.assertIn(words, done.stdout + done.stderr)

    def test_a_video(self):
        link = fixture.post(desc='"It\'s" – она & 100 % \U0001f600')
        for program in PROGRAMS:
            with self.subTest(program):
                done = self.assert_saved(program, link, {f'{id_of(link)}.mp4': fixture.media('small.mp4')})
                if program != 'curl.sh':
                    self.assertIn('"It\'s" – она & 100 % \U0001f600', done.stdout)

    def test_photos_and_their_sound(self):
        # Small ones, since PyTTSave's parsing costs quadratic time.
        link = fixture.post(images=[{'media': media} for media in ('tiny.jpg', 'photo.webp', 'square.jpg')],
                            music={'media': 'short.mp3'})
        expected = {f'{id_of(link)}{end}': fixture.media(media) for end, media in (
            ('.mp3', 'short.mp3'), ('_01.jpg', 'tiny.jpg'), ('_02.webp', 'photo.webp'), ('_03.jpg', 'square.jpg'))}
        for program in PROGRAMS:
            with self.subTest(program):
                self.assert_saved(program, link, expected)

    def test_photos_as_one_video(self):
        link = fixture.post(images=[{'media': 'tiny.jpg'}, {'media': 'tiny.jpg'}])
        for program, word in VIDEO_ONLY.items():
            with self.subTest(program):
                done, files = self.save(program, link, word)
                self.assertEqual(([f'{id_of(link)}.mp4'], 0), (list(files), done.returncode), done)
                self.assertEqual(b'ftyp', files[f'{id_of(link)}.mp4'][4:8])

    def test_photos_as_one_video_by_import(self):
        link = fixture.post(images=[{'media': 'tiny.jpg'}, {'media': 'tiny.jpg'}])
        with unittest.mock.patch('python_aiohttp.API_URL', self.api_url):
            async def download():
                async with python_aiohttp.new_session() as session:
                    return await python_aiohttp.download(session, link, self.folder, 'VIDEO_ONLY')
            post, files = asyncio.run(download())
        self.assertEqual((id_of(link), [f'{id_of(link)}.mp4']), (post['id'], [path.name for path in files]))
        self.assertEqual(b'ftyp', files[0].read_bytes()[4:8])

    def test_text_with_a_link_in_it(self):
        link = fixture.post()
        for program in PROGRAMS:
            with self.subTest(program):
                self.assert_saved(program, f'Look at "this"!\n\\o/ {link} #fun',
                                  {f'{id_of(link)}.mp4': fixture.media('small.mp4')})

    def test_a_file_that_holds_the_usual_boundary(self):
        link = fixture.video('boundary_head.mp4')
        for program in PROGRAMS:
            with self.subTest(program):
                self.assert_saved(program, link, {f'{id_of(link)}.mp4': fixture.media('boundary_head.mp4')})

    def test_a_large_file_of_unknown_size(self):
        link = fixture.post(formats=[{'media': 'medium.mp4', 'hosts': [{'host': CDN, 'length': False}]}])
        for program in [each for each in PROGRAMS if each != 'pyttsave.py']:
            with self.subTest(program):
                self.assert_saved(program, link, {f'{id_of(link)}.mp4': fixture.media('medium.mp4')})

    def test_a_transfer_that_is_cut_off(self):
        for program in PROGRAMS:
            with self.subTest(program):
                link = fixture.video('medium.mp4', behaviour='truncate:1000000', then='http:404')
                done, _ = self.save(program, link)
                self.assertNotEqual(0, done.returncode, done)

    def test_posts_that_cannot_be_had(self):
        private, gone = fixture.post(status_code=10222), 'https://www.tiktok.com/@a/video/7300000000000000999'
        for program in PROGRAMS:
            with self.subTest(program):
                self.assert_refused(program, private, 'post.private')
                self.assert_refused(program, gone, 'post.unavailable')
                self.assert_refused(program, 'https://example.org/', 'not a TikTok video')

    def test_nobody_listens(self):
        self.api_url = 'http://127.0.0.1:9/api/v3'
        for program in PROGRAMS:
            with self.subTest(program):
                done, _ = self.save(program, fixture.post())
                self.assertNotEqual(0, done.returncode, done)

    def test_keys(self):
        keys = Path(self.enterContext(tempfile.TemporaryDirectory()), 'keys.json')
        keys.write_text(json.dumps({'keys': [{'name': 'me', 'key': KEY}]}))
        link = fixture.post()
        with fixture.new_server(api_keys_file=keys) as server:
            self.api_url = server.base_url.rstrip('/')
            for program in PROGRAMS:
                with self.subTest(program):
                    self.assert_saved(program, link, {f'{id_of(link)}.mp4': fixture.media('small.mp4')}, api_key=KEY)
                    self.assert_refused(program, link, 'Not authenticated')
                    self.assert_refused(program, link, 'Not authenticated', api_key='another')

    def test_too_much_at_a_time(self):
        link = fixture.post()
        with fixture.new_server(rate_limit_per_min=1) as server:
            self.api_url = server.base_url.rstrip('/')
            self.assert_saved('curl.sh', link, {f'{id_of(link)}.mp4': fixture.media('small.mp4')})
            for program in [each for each in PROGRAMS if each != 'python_aiohttp.py']:
                with self.subTest(program):
                    self.assert_refused(program, link, 'try again in')


if __name__ == '__main__':
    unittest.main()
