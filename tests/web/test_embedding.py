"""server/web/*.cmake: which page gets into the server, and what is said where none does."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
EMBED = REPOSITORY / 'server' / 'web' / 'embed.cmake'


class EmbeddingTest(unittest.TestCase):

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def cmake(self, *words):
        """Returns the exit status, and what was said, on one line."""
        done = subprocess.run(['cmake', *words], cwd=self.folder, capture_output=True, text=True, check=False)
        return done.returncode, ' '.join((done.stdout + done.stderr).split())


class Table(EmbeddingTest):
    """embed.cmake: a built page becomes sources."""

    def setUp(self):
        super().setUp()
        self.page = self.folder / 'page'
        self.write('index.html', '<p>' * 1000)
        self.write('assets/a-1.css', 'a{}')

    def write(self, name, text):
        path = self.page / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def embed(self, into='made'):
        return self.cmake('-D', f'DIST={self.page}', '-D', f'INTO={self.folder / into}', '-P', EMBED)

    def test_has_each_file_with_its_type(self):
        self.assertEqual(self.embed()[0], 0)
        table = (self.folder / 'made' / 'assets.cpp').read_text()
        self.assertIn('{"assets/a-1.css", "text/css; charset=utf-8",', table)
        self.assertIn('{"index.html", "text/html; charset=utf-8",', table)
        self.assertEqual(table.count('extern const char'), 3)  # gzip makes the style sheet no smaller

    def test_is_the_same_for_the_same_files(self):
        first = self.embed('one')
        os.utime(self.page / 'index.html', (0, 0))  # gzip would rather tell when that was
        self.assertEqual([first[0], self.embed('two')[0]], [0, 0])
        one, two = ({file.relative_to(self.folder / name): file.read_bytes().replace(name.encode(), b'')
                     for file in (self.folder / name).rglob('*') if file.is_file()} for name in ('one', 'two'))
        self.assertEqual(one, two)

    def test_is_another_for_other_files(self):
        self.embed()
        before = (self.folder / 'made' / 'assets.cpp').read_text()
        self.write('index.html', '<P>' * 1000)
        self.embed()
        self.assertNotEqual((self.folder / 'made' / 'assets.cpp').read_text(), before)

    def test_is_not_made_of_what_nobody_knows_a_type_for(self):
        self.write('film.mkv', '')
        status, said = self.embed()
        self.assertNotEqual(status, 0)
        self.assertIn('film.mkv: server/web/embed.cmake knows no media type', said)

    def test_is_not_made_of_another_folder(self):
        (self.page / 'index.html').unlink()
        status, said = self.embed()
        self.assertNotEqual(status, 0)
        self.assertIn('There is no index.html', said)


class Choice(EmbeddingTest):
    """page.cmake: whether there is a page, and which."""

    def configure(self, *words):
        return self.cmake('-S', REPOSITORY, '-B', self.folder / 'build', '-D', 'BUILD_TESTING=OFF', *words)

    def old_node(self):
        program = self.folder / 'node'
        program.write_text('#!/bin/sh\necho v0.12.18\n')
        program.chmod(0o755)
        return ['-D', f'TTSAVE_NODE={program}', '-D', 'TTSAVE_NPM=/usr/bin/true']

    def test_is_the_servers_alone_where_node_is_too_old(self):
        status, said = self.configure(*self.old_node())
        self.assertEqual(status, 0, said)
        self.assertRegex(said, r'The page: none, since the page needs Node\.js [0-9.]+, and here is 0\.12\.18')
        status, said = self.configure(*self.old_node(), '-D', 'TTSAVE_WEB=ON')
        self.assertNotEqual(status, 0)
        self.assertRegex(said, r'The page cannot be built: the page needs Node\.js .* TTSAVE_WEB=AUTO or OFF builds')
        status, said = self.configure('-D', 'TTSAVE_WEB=OFF')
        self.assertEqual(status, 0, said)
        self.assertIn('The page: none, as TTSAVE_WEB says', said)
        status, said = self.configure('-D', f'TTSAVE_WEB_DIST={self.folder}')
        self.assertNotEqual(status, 0)
        self.assertIn('where no built page is', said)
