#!/usr/bin/python3
"""Checks that every #include in server/ goes down, as docs/decisions/001-layers.md draws it. Exit status 0 or 1."""

import re
import sys
from pathlib import Path

SERVER = Path(__file__).resolve().parents[1] / 'server'

# What each room may include, besides itself and the libraries. main.cpp and the rooms' own tests are not rooms.
ALLOWED = {
    'core': set(),
    'net': {'core'},
    'egress': {'core', 'net'},
    'extraction': {'core', 'egress', 'net'},
    'media': {'core', 'net'},
    'store': {'core'},
    'delivery': {'core', 'extraction', 'media', 'net', 'store'},
    'access': {'core'},
    'http': {'core'},
    'web': {'core', 'http'},
    'metrics': {'core'},
    'api': {'access', 'core', 'delivery', 'extraction', 'http', 'metrics'},
    'settings': {'core'},
    'app': {'access', 'api', 'core', 'delivery', 'egress', 'extraction', 'http', 'media', 'metrics', 'net',
            'settings', 'store', 'web'},
    'boost_impl': set(),
}

# What only these may include, although the layers would let others: which errors there are is one table.
RESERVED = {'http/error_response.hpp': re.compile(r'(http|web)/|api/error_(table|mapping)\.')}

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def problems():
    rooms = {path.name for path in SERVER.iterdir() if path.is_dir()}
    for room in sorted(rooms - ALLOWED.keys()):
        yield f'server/{room} is not among the rooms of scripts/check-layers.py'
    for room, allowed in ALLOWED.items():
        for path in sorted((SERVER / room).rglob('*.[ch]pp')):
            for included in INCLUDE.findall(path.read_text()):
                target = included.partition('/')[0]
                if not (SERVER / included).is_file():
                    yield f'{path.relative_to(SERVER)}: "{included}" is not written from server/ on'
                elif target != room and target not in allowed:
                    yield f'{path.relative_to(SERVER)}: {room} must not know {target} ("{included}")'
                elif included in RESERVED and not RESERVED[included].match(str(path.relative_to(SERVER))):
                    yield f'{path.relative_to(SERVER)}: errors are worded in api/error_table, not by "{included}"'


def main():
    found = list(problems())
    for problem in found:
        print(problem)
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main())
