"""Links of every Markdown file lead to files and headings that exist, and files that are named exist."""

import re
import tempfile
import unittest
from pathlib import Path
from urllib.parse import unquote

from .markdown import Page

REPOSITORY = Path(__file__).resolve().parents[2]

_NOT_OURS = {'build', 'node_modules', '.git'}


def pages():
    return [Page(path) for path in sorted(REPOSITORY.rglob('*.md'))
            if not _NOT_OURS.intersection(path.relative_to(REPOSITORY).parts)]


class Links(unittest.TestCase):

    def test_relative_ones_lead_somewhere(self):
        found = pages()
        self.assertGreater(len(found), 30)
        by_path = {page.path: page for page in found}
        for page in found:
            for link in page.links():
                if re.match(r'[a-z]+:', link):
                    continue
                with self.subTest(page=str(page.path.relative_to(REPOSITORY)), link=link):
                    place, _, anchor = unquote(link).partition('#')
                    target = (page.path.parent / place).resolve() if place else page.path
                    self.assertTrue(target.exists())
                    if anchor:
                        self.assertIn(anchor, by_path[target].anchors())

    def test_files_that_are_named_exist(self):
        """CONTRIBUTING.md names the files to change: each in backquotes, from the repository's root on."""
        folders = {path.name for path in REPOSITORY.iterdir() if path.is_dir()} - _NOT_OURS
        named = {span for span in Page(REPOSITORY / 'CONTRIBUTING.md').spans()
                 if span.partition('/')[0] in folders and '/' in span}
        self.assertGreater(len(named), 30)
        for name in sorted(named):
            with self.subTest(name):
                self.assertTrue((REPOSITORY / name.partition(' ')[0]).exists())


class Markdown(unittest.TestCase):
    """What these tests read files with."""

    def test_a_page(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, 'page.md')
            path.write_text('# Ä title, of `x_y`\n\n[a](b.md#c) `[no](link)` ![p](q.png) <img src="r.png" alt="">\n\n'
                            '```sh\n# no heading [n](o)\n```\n'
                            '## Twice\n\n| `k` | v |\n|---|---|\n| `a` | 1 |\n\ntext\n### Below\n## Twice\nend\n')
            page = Page(path)
        self.assertEqual(page.links(), ['b.md#c', 'q.png', 'r.png'])
        self.assertEqual(page.spans(), ['x_y', '[no](link)', 'k', 'a'])
        self.assertEqual(page.blocks(), [('sh', '# no heading [n](o)\n')])
        self.assertEqual(page.anchors(), {'ä-title-of-x_y', 'twice', 'twice-1', 'below'})
        self.assertEqual(page.tables(), [[['`k`', 'v'], ['`a`', '1']]])
        self.assertEqual(page.section('Below'), '')
        self.assertIn('text\n### Below\n', page.section('Twice'))


if __name__ == '__main__':
    unittest.main()
