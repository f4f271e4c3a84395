#!/usr/bin/python3
"""Saves the files of a download: curl ... | scripts/unpack.py [FOLDER]. What came broken off ends with status 1."""

import re
import sys
from pathlib import Path

NAME = re.compile(rb'filename="([\w.-]+)"')


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else '.')
    body = sys.stdin.buffer.read()
    delimiter, found, _ = body.partition(b'\r\n')
    if not found or not delimiter.startswith(b'--'):
        sys.exit(f'not a download: {body.decode(errors="replace")}')
    *parts, end = (b'\r\n' + body).split(b'\r\n' + delimiter)
    if end != b'--\r\n':
        sys.exit('the download broke off')
    for part in parts[1:]:
        head, _, content = part.partition(b'\r\n\r\n')
        path = folder / NAME.search(head)[1].decode()
        path.write_bytes(content)
        print(f'{path}: {len(content)} bytes')


if __name__ == '__main__':
    main()
