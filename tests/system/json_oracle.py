"""What a pydantic 1 server says of a malformed JSON document: Python's own json module decides."""

import json
import random
import re

# Up to 3.12 a trailing comma was reported at what follows it; the contract keeps those words on every Python.
_NEWER_WORDS = 'Illegal trailing comma before end of '
_OLDER_WORDS = {'object': 'Expecting property name enclosed in double quotes', 'array': 'Expecting value'}

# Escapes that Python lets through and this server does not: which error comes first is not Python's to say.
_SURROGATE_PAIR = re.compile(r'\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}')
_LONE_SURROGATE = re.compile(r'\\u[dD][89a-fA-F]')


def verdict(text):
    """None for a document that Python accepts, else the one entry of a 422."""
    try:
        json.loads(text)
        return None
    except json.JSONDecodeError as error:
        message, position = error.msg, error.pos
    if message.startswith(_NEWER_WORDS):
        message = _OLDER_WORDS[message.removeprefix(_NEWER_WORDS)]
        position += 1
        while text[position] in ' \t\n\r':
            position += 1
    return entry(str(json.JSONDecodeError(message, text, position)), position)


def entry(message, position):
    return {'loc': ['body', position], 'msg': message, 'type': 'value_error.jsondecode'}


def mutations(count, seed):
    """Malformed documents: small accidents in realistic ones, the same for the same seed."""
    chance = random.Random(seed)
    found = []
    while len(found) < count:
        text = chance.choice(_ORIGINALS)
        for _ in range(chance.randint(1, 3)):
            text = _accident(text, chance)
        if text and _is_comparable(text) and verdict(text):
            found.append(text)
    return found


def _is_comparable(text):
    """Whether what is wrong with it has one answer only."""
    escapes = _SURROGATE_PAIR.sub('', text.replace('\\\\', ''))
    return not text.startswith('\ufeff') and not _LONE_SURROGATE.search(escapes)


_ORIGINALS = (
    '{"url": "https://www.tiktok.com/@some.user/video/7312345678901234567", "download_content_type": "ORIGINAL"}',
    '{\n  "url": "https://vm.tiktok.com/ZMabc/",\r\n\t"content_type": "VIDEO_ONLY",\n  "n": [1, -2.5e+10, null]\n}',
    '{"текст": "Привет \\ud83d\\ude00 \U0001f600 é\u2028", "пусто": {}, "url": "\\u0041\\n\\"", "x": [[], {}]}',
    '[{"a": 0.5}, "b", NaN, -Infinity, 1E400, 1e-400]',
)
_PIECES = ('"', '\\', ',', ':', '{', '}', '[', ']', '0', '-', '.', 'e', '+', ' ', '\n', '\r\n', '\t', '\x00', '\x1f',
           '\x7f', 'nul', 'true', 'Infinity', '\\u12', '\\x', '/', "'", 'é', 'я', '\U0001f600', '\u2028', '\ufeff',
           '01', '1.',
           '\\ud8')


def _accident(text, chance):
    place = chance.randrange(len(text) + 1)
    match chance.randrange(4):
        case 0:
            return text[:place]
        case 1:
            return text[:place] + text[place + chance.randint(1, 4):]
        case 2:
            return text[:place] + chance.choice(_PIECES) + text[place:]
        case _:
            return text[:place] + chance.choice(_PIECES) + text[place + 1:]
