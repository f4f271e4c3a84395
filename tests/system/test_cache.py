"""Issue 4, line 2: a finished delivery is kept and found again, after a restart and a crash, too."""

import stat

from .cache_case import CacheTest, essence, original
from .clients import StrictDownload, strict_download
from .deadlines import until
from .fixture import Fixture, id_of

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


class Again(CacheTest):
    """The second request is served without any upstream request, the same in everything a client sees."""

    fixture = fixture

    def test_a_video(self):
        server = self.start()
        link = fixture.video('medium.mp4')
        self.assert_from_cache(server, link, self.assert_fetched(server, link))
        self.assertEqual(server.kept_entries(), [original(link)])

    def test_texts_of_every_kind(self):
        server = self.start()
        link = fixture.post(desc='"quotes", \\, \n, \x01, </script>, ѐ, 😀 ' * 10, nickname='Ünï "x"', duration=17)
        self.assert_from_cache(server, link, self.assert_fetched(server, link))

    def test_photos_with_sound(self):
        server = self.start()
        link = fixture.post(images=[{'media': 'photo1.jpg'}, {'media': 'photo.webp'}, {'media': 'photo.png'}],
                            music={'media': 'sound.mp3'})
        first = self.assert_fetched(server, link)
        self.assertEqual([part[1] for part in first[1]], ['image/jpeg', 'image/webp', 'image/png', 'audio/mpeg'])
        self.assert_from_cache(server, link, first)

    def test_photos_and_their_video_are_two_entries(self):
        server = self.start()
        link = fixture.post(images=[{'media': 'tiny.jpg'}])
        video = self.assert_fetched(server, link, 'VIDEO_ONLY')
        photos = self.assert_fetched(server, link)
        self.assertEqual([part[1] for part in video[1] + photos[1]], ['video/mp4', 'image/jpeg'])
        self.assertEqual(len(server.kept_entries()), 2)
        self.assert_from_cache(server, link, video, 'VIDEO_ONLY')
        self.assert_from_cache(server, link, photos)

    def test_both_content_types_of_a_video_are_one_entry(self):
        server = self.start()
        for one, other in (('ORIGINAL', 'VIDEO_ONLY'), ('VIDEO_ONLY', 'ORIGINAL')):
            with self.subTest(first=one):
                link = fixture.video()
                self.assert_from_cache(server, link, self.assert_fetched(server, link, one), other)
                self.assertEqual([key for key in server.kept_entries() if id_of(link) in key], [original(link)])

    def test_every_form_of_the_link(self):
        server = self.start()
        link = fixture.video()
        first = self.assert_fetched(server, link)
        for form in (f'm.tiktok.com/v/{id_of(link)}.html', f'https://www.tiktok.com/embed/v2/{id_of(link)}?lang=en'):
            before = len(fixture.requests())
            self.assert_same_essence(self.download(server, form), first)
            self.assertEqual(len(fixture.requests()), before)

    def test_a_file_that_holds_the_boundary_gets_a_random_one_each_time(self):
        server = self.start()
        link = fixture.video('boundary_head.mp4')
        downloads = []
        for _ in range(3):
            downloads.append(strict_download(server.address, link))
            self.wait_for_rest(server)
        boundaries = {download.boundary for download in downloads}
        self.assertEqual(len(boundaries), 3)
        self.assertNotIn(b'simple_boundary', boundaries)
        for download in downloads[1:]:
            self.assert_same_essence(essence(download), essence(downloads[0]))
        server.wait_for_log(self.line_of(link), count=2)

    def test_after_a_restart_all_of_it(self):
        """By SIGTERM and by SIGKILL, and under a random boundary again where that is needed."""
        server = self.start()
        photos = fixture.post(images=[{'media': 'tiny.jpg'}], music={'media': 'sound.m4a'})
        links = [(fixture.video(), 'ORIGINAL'), (photos, 'ORIGINAL'), (photos, 'VIDEO_ONLY'),
                 (fixture.video('boundary_head.mp4'), 'VIDEO_ONLY')]
        kept = [(*link, self.assert_fetched(server, *link)) for link in links]
        for end in (lambda ended: ended.stop(), self.crash):
            end(server)
            server = self.start()
            self.assertEqual(len(server.kept_entries()), 4)
            for link, content_type, first in kept:
                self.assert_from_cache(server, link, first, content_type)
            self.assertNotIn(b'simple_boundary', strict_download(server.address, links[-1][0]).boundary)

    def test_another_background_makes_another_video(self):
        link = fixture.post(images=[{'media': 'tiny.jpg'}, {'media': 'square.jpg'}])
        server = self.start(slideshow_background='blur')
        blurred = self.assert_fetched(server, link, 'VIDEO_ONLY')
        server.stop()
        server = self.start(slideshow_background='black')
        black = self.assert_fetched(server, link, 'VIDEO_ONLY')
        self.assertTrue(black[1][0][3] != blurred[1][0][3], 'the same video')
        self.assert_from_cache(server, link, black, 'VIDEO_ONLY')

    def test_clients_that_leave_at_once_at_the_end(self):
        """Whether anybody still listens when the last byte has arrived does not matter to what is kept."""
        server = self.start()
        links = [fixture.video() for _ in range(30)]
        for link in links:
            with StrictDownload(server.address, link) as download:
                download.read_head().read_until(len(fixture.media('small.mp4')))
                download.connection.reset()
        self.wait_for_rest(server)
        self.assertEqual(server.kept_entries(), sorted(map(original, links)))

    def test_only_its_owner_may_read_it(self):
        """Whatever the umask."""
        for umask in ('000', '077'):
            with self.subTest(umask=umask):
                folder = self.cache_dir / umask
                with self.new_server(cache_dir=folder,
                                     run_by=('sh', '-c', f'umask {umask}; exec "$@"', 'sh')) as server:
                    link = fixture.video()
                    strict_download(server.address, link)
                    until(server.kept_entries, 'it is kept')
                    found = {path: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.rglob('*')]}
                self.assertEqual(len([path for path in found if path.is_file()]), 3, found)
                for path, mode in found.items():
                    self.assertEqual(mode, 0o700 if path.is_dir() else 0o600, path)
