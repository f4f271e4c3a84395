"""What stands in a Markdown file, as GitHub reads it."""

import re
import unicodedata

_FENCE = re.compile(r'^```(\w*)\n(.*?)^```$', re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r'`([^`\n]+)`')
_LINK = re.compile(r'\]\(([^)\s]+)\)|<img src="([^"]+)"')
_HEADING = re.compile(r'^(#{1,6}) (.+?) *$', re.MULTILINE)


class Page:

    def __init__(self, path):
        self.path = path
        self.text = path.read_text(encoding='utf-8')
        self._prose = _FENCE.sub('', self.text)

    def blocks(self):
        """Its blocks of code, as (language, text)."""
        return _FENCE.findall(self.text)

    def spans(self):
        """What stands between single backquotes, outside of blocks."""
        return _SPAN.findall(self._prose)

    def links(self):
        """Where its links and pictures lead."""
        return [link or picture for link, picture in _LINK.findall(_SPAN.sub('', self._prose))]

    def headings(self):
        """Its headings, as (level, text)."""
        return [(len(marks), text) for marks, text in _HEADING.findall(self._prose)]

    def anchors(self):
        """What can stand behind # in a link to it."""
        seen, anchors = {}, set()
        for _, text in self.headings():
            # A link in a heading counts by its text, a span by what is in it.
            text = re.sub(r'\[([^]]*)\]\([^)]*\)', r'\1', text).replace('`', '').lower()
            slug = ''.join(c for c in text if c in ' -_' or unicodedata.category(c)[0] in 'LN').replace(' ', '-')
            count = seen[slug] = seen.get(slug, -1) + 1
            anchors.add(f'{slug}-{count}' if count else slug)
        return anchors

    def tables(self):
        """Its tables, as rows of cells, the heading first."""
        tables, rows = [], []
        for line in self._prose.splitlines() + ['']:
            if line.startswith('|'):
                rows.append([cell.strip() for cell in line.strip('|').split('|')])
            elif rows:
                tables.append([rows[0], *rows[2:]])
                rows = []
        return tables

    def section(self, heading):
        """The text below a heading, up to the next one of its level or above."""
        levels = dict((text, level) for level, text in self.headings())
        _, _, rest = self.text.partition(f'\n{"#" * levels[heading]} {heading}\n')
        return re.split(rf'^#{{1,{levels[heading]}}} ', rest, maxsplit=1, flags=re.MULTILINE)[0]
