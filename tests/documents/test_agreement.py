"""The documents agree with the code, and the two READMEs with each other."""

import re
import runpy
import unittest

from .markdown import Page
from .test_links import REPOSITORY

README, README_RU = Page(REPOSITORY / 'README.md'), Page(REPOSITORY / 'README.ru.md')

_SPAN = re.compile(r'`([^`]+)`')


class BothReadmes(unittest.TestCase):
    """The Russian one is written for its readers, and is about the same things."""

    def test_commands_and_code(self):
        def commands(page):
            # A comment in a command may be in the reader's language.
            return [(language, re.sub(r'(?m)\s+#.*$', '', text)) for language, text in page.blocks()]
        self.assertEqual(commands(README), commands(README_RU))

    def test_names(self):
        """Settings, codes, headers, files: whatever stands in backquotes."""
        self.assertEqual(set(README.spans()) - set(README_RU.spans()), set())
        self.assertEqual(set(README_RU.spans()) - set(README.spans()), set())

    def test_tables(self):
        def keys(page):
            return [[_SPAN.findall(row[0]) for row in table] for table in page.tables()]
        self.assertEqual(keys(README), keys(README_RU))

    def test_sections(self):
        self.assertEqual([level for level, _ in README.headings()], [level for level, _ in README_RU.headings()])

    def test_links(self):
        def targets(page):
            # Headings of its own and pictures are in its own language.
            return ['#' if link.startswith('#') else re.sub(r'(?<=^docs/pictures/).*', '', link) for link in page.links()]
        self.assertEqual(set(targets(README)) - {'README.ru.md'}, set(targets(README_RU)) - {'README.md'})


class Code(unittest.TestCase):

    def test_the_drawing_of_the_rooms(self):
        allowed = runpy.run_path(str(REPOSITORY / 'scripts' / 'check-layers.py'))['ALLOWED']
        (_, drawing), = [block for block in Page(REPOSITORY / 'CONTRIBUTING.md').blocks() if block[0] == 'mermaid']
        drawn = set(re.findall(r'^  (\w+) --> (\w+)$', drawing, re.MULTILINE))
        # All may use core, and app all of them, as is said above the drawing.
        self.assertEqual(drawn - {('app', 'api')}, {(room, other) for room, others in allowed.items() if room != 'app'
                                                    for other in others if other != 'core'})
        rooms = set(allowed) - {'core', 'boost_impl'}
        self.assertEqual(allowed['app'] - {'core'}, rooms - {'app'})
        self.assertTrue(all('core' in others for room, others in allowed.items() if room not in ('core', 'boost_impl')))

    def test_the_settings_that_are_named_exist(self):
        settings = {_SPAN.findall(row[0])[0] for row in Page(REPOSITORY / 'docs' / 'settings.md').tables()[0][1:]}
        named = {name for row in Page(REPOSITORY / 'README.md').tables()
                 if row[0][0] == 'name' for line in row[1:] for name in _SPAN.findall(line[0])}
        self.assertGreater(len(named), 8)
        self.assertLessEqual(named, settings)

    def test_python_is_python(self):
        for page in (README, *map(Page, (REPOSITORY / 'docs').glob('*.md'))):
            for language, text in page.blocks():
                if language == 'python':
                    compile(text, str(page.path), 'exec')

    def test_the_version(self):
        cmake = re.search(r'project\(ttsave VERSION (\S+)', (REPOSITORY / 'CMakeLists.txt').read_text())[1]
        image = re.search(r'^ARG VERSION=(\S+)', (REPOSITORY / 'Dockerfile').read_text(), re.MULTILINE)[1]
        newest = [text for level, text in Page(REPOSITORY / 'CHANGELOG.md').headings()
                  if level == 2 and text != '[Unreleased]'][0]
        self.assertRegex(newest, rf'^\[{re.escape(cmake)}\] - (Unreleased|\d{{4}}-\d\d-\d\d)$')
        self.assertEqual(cmake, image)


class Index(unittest.TestCase):
    """docs/README.md."""

    def setUp(self):
        self.pages, self.decisions = Page(REPOSITORY / 'docs' / 'README.md').tables()

    def test_every_page_of_docs(self):
        linked = {re.search(r'\((.+)\)', row[0])[1] for row in self.pages[1:]} - {'../CONTRIBUTING.md'}
        self.assertEqual(linked, {path.name for path in (REPOSITORY / 'docs').glob('*.md')} - {'README.md'})

    def test_every_decision_by_its_title(self):
        titles = []
        for path in sorted((REPOSITORY / 'docs' / 'decisions').glob('*.md')):
            number, title = Page(path).headings()[0][1].split(' ', 1)
            titles.append([f'[{number}](decisions/{path.name})', title])
        self.assertEqual(titles, self.decisions[1:])


if __name__ == '__main__':
    unittest.main()
