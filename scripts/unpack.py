#!/usr/bin/python3
"""Saves the files of a download: curl ... | scripts/unpack.py [FOLDER]. What came broken off ends with status 1."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'examples'))
from ttsave_answer import BrokenOff, FileWriter  # noqa: E402


def main():
    body = sys.stdin.buffer
    # The boundary stands in a header, which curl does not pass on, and in the first line.
    first_line = body.readline(200)
    if not first_line.startswith(b'--') or not first_line.endswith(b'\r\n'):
        sys.exit(f'not a download: {(first_line + body.read()).decode(errors="replace")}')
    boundary = first_line[2:-2].decode()
    try:
        with FileWriter(f'boundary={boundary}', sys.argv[1] if len(sys.argv) > 1 else '.') as files:
            files.feed(first_line)
            while piece := body.read1(64 * 1024):
                files.feed(piece)
            for path in files.finish():
                print(f'{path}: {path.stat().st_size} bytes')
    except BrokenOff as error:
        sys.exit(str(error))


if __name__ == '__main__':
    main()
