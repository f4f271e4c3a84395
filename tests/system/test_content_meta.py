"""contract.md, "Success", `Content-Meta`: whatever a post's text holds, every client reads the same."""

import unittest

from .clients import pyttsave_download, strict_download
from .fixture import Fixture, id_of

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop

FAMILY = '\U0001f468\u200d\U0001f469\u200d\U0001f467'
MIXED = f'שלום «"мир"» \\ \\n \\" \\u0041 \'\'\' {{}} [] \U0001f600{FAMILY} a\u0301 é\r\n\n\t'

# Text that one or the other JSON writer, Base64 header or Python literal gets wrong.
TEXTS = {
    'plain': 'text',
    'empty': '',
    'one space': ' ',
    'quotes': '"\'`"""\'\'\'',
    'backslashes': '\\ \\\\ \\n \\" \\u0041 \\x41 \\N{DASH} \\/ C:\\new\\table\\',
    'slashes': 'https://example.com/a/b </script><!-- /',
    'line ends': 'a\nb\r\nc\rd\u2028e\u2029f\x0bg\x0ch\x85i\n',
    'control characters': ''.join(map(chr, range(32))) + '\x7f\x80\x9f',
    'right to left': 'שלום \u202eabc\u202c مرحبا \u200f',
    'emoji': f'\U0001f600{FAMILY}\U0001f1fa\U0001f1f8\u2764\ufe0f',
    'edges of Unicode': '\ud7ff\ue000\ufdd0\ufeff\ufffd\uffff\U00010000\U0010ffff',
    'what looks like JSON': '{"title": null, "desc": [true, false]} NaN',
    'what looks like a header': 'a\r\nSet-Cookie: x=1\r\n\r\n--simple_boundary--',
    'what looks like Python': '__import__("os").system("true") # {0} %s',
    'mixed': MIXED,
}

# A header of 8 KiB holds 6 KiB of JSON.
ROOM = 6 * 1024


class Texts(unittest.TestCase):
    """Of any length and kind."""

    def meta_of(self, text, **post):
        """Content-Meta of a post with that text, as the strict client and PyTTSave read it."""
        link = fixture.post(desc=text, **post)
        meta = strict_download(fixture.server.address, link).meta
        self.assertEqual(pyttsave_download(fixture.server.base_url, link).meta, meta)
        return meta

    def test_texts_that_fit_arrive_as_they_are(self):
        for name, text in TEXTS.items():
            with self.subTest(name):
                meta = self.meta_of(text)
                self.assertEqual(meta['desc'], text)
                self.assertIsInstance(meta['title'], str)

    def test_four_thousand_plain_characters_fit(self):
        text = 'abcd efg ' * 444 + 'end.'
        self.assertEqual(len(text), 4000)
        self.assertEqual(self.meta_of(text)['desc'], text)

    def test_four_thousand_characters_of_any_kind(self):
        for name, text in {**TEXTS, 'cyrillic': 'Привет, мир! ', 'two kinds': 'a\U0001f600', 'NULs': '\x00'}.items():
            if text in ('', ' '):
                continue
            with self.subTest(name):
                text = (text * 4000)[:4000]
                self.assert_cut_well(self.meta_of(text)['desc'], text)

    def test_cut_at_every_alignment_of_a_long_character(self):
        for offset in range(4):
            for character in ('\U0001f600', '€', 'é', '"', '\\', '\x01'):
                with self.subTest(offset=offset, character=character):
                    text = 'x' * offset + character * 4000
                    self.assert_cut_well(self.meta_of(text)['desc'], text)

    def assert_cut_well(self, desc, text):
        """Whole, or a beginning that ends in `…` and uses most of the room."""
        if desc == text:
            return
        self.assertTrue(desc.endswith('…'), desc[-20:])
        self.assertTrue(text.startswith(desc[:-1]), desc[-20:])
        # A control character takes six bytes of JSON, which is the most; the title takes its part too.
        self.assertGreater(sum(width_in_json(character) for character in desc), ROOM * 3 // 4)

    def test_the_title_is_text_too(self):
        for text in ('short', MIXED, '"' * 200, '\U0001f600' * 200, '\x01' * 200):
            with self.subTest(text[:10]):
                title = self.meta_of(text)['title']
                self.assertTrue(title)
                self.assertTrue(text.startswith(title.rstrip('.…')[:40]), title)

    def test_lone_surrogates_become_valid_text(self):
        for text in ('a\ud83db', '\ude00', 'x\ude00\ud83dy', '\ud83d' * 100):
            with self.subTest(text.encode('unicode-escape')):
                desc = self.meta_of(text)['desc']
                self.assertEqual(desc.replace('\ufffd', ''), ''.join(c for c in text if not '\ud800' <= c <= '\udfff'))

    def test_names_of_people(self):
        meta = self.meta_of('text', user='some.user', nickname='"Ünï\U0001f600\\" \r\n' * 200)
        self.assertEqual(meta['desc'], 'text')


class MoreKeys(unittest.TestCase):
    """More keys are welcome; those that the contract names are of the types it allows."""

    def test_values(self):
        link = fixture.post(desc='text', duration=7)
        meta = strict_download(fixture.server.address, link).meta
        self.assertEqual(str(meta.get('id', id_of(link))), id_of(link))
        self.assertEqual(meta.get('duration', 7), 7)
        self.assert_plain(meta)

    def assert_plain(self, value):
        """Only strings, numbers, arrays and objects."""
        self.assertIsInstance(value, (str, int, float, list, dict))
        self.assertNotIsInstance(value, bool)
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            self.assert_plain(inner)


def width_in_json(character):
    """How many bytes a character takes at most in JSON that escapes only what has to be."""
    return 6 if character < ' ' else 2 if character in '"\\' else len(character.encode())
