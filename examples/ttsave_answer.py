"""Reads what TTSaveAPI answers: files, post and errors. Copy it next to the program that uses it; Python 3.10 or later.

The old documentation's sample looks for the boundary in each piece that arrives, and loses it where a piece ends in the
middle of one. FileWriter does not, whatever the pieces are.
"""

import base64
import json
import re
from pathlib import Path

_NAME = re.compile(rb'filename="([\w-][\w.-]*)"')


class TTSaveError(Exception):
    """The server said no. `code` is the reason that programs go by, or None where the status says it all (401, 429,
    503...); `retry_after_s` is when it is worth another try, if the server knows."""

    def __init__(self, status, headers, body):
        try:
            answer = dict(json.loads(body))
        except (TypeError, ValueError):  # from a proxy in between, perhaps
            answer = {}
        detail = answer.get('detail', f'HTTP status {status}')
        if isinstance(detail, list):  # what is wrong with the request
            detail = '; '.join(entry['msg'] for entry in detail)
        super().__init__(detail)
        self.status = status
        self.code = answer.get('code')
        retry_after = headers.get('Retry-After', '')
        self.retry_after_s = int(retry_after) if retry_after.isdecimal() else 0


class BrokenOff(Exception):
    """The answer ended before it was complete, or was not what this server sends."""


def post_of(headers):
    """What the post says of itself: `title`, `desc` and more."""
    return json.loads(base64.b64decode(headers['Content-Meta']))


class FileWriter:
    """Writes the files of an answer to a folder while they arrive.

    Give it every piece with feed(), then call finish(). A file is called NAME.part until it is complete; leaving the
    `with` block removes one that is not.
    """

    def __init__(self, content_type, folder='.'):
        boundary = content_type.partition('boundary=')[2]
        self._delimiter = b'\r\n--' + boundary.encode()
        self._buffer = b'\r\n'  # so that the first boundary looks like all others
        self._next = self._content
        self._folder = Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._part = None
        self.files = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self._part:
            self._part.close()
            Path(self._part.name).unlink()

    def feed(self, piece):
        self._buffer += piece
        while self._next():
            pass

    def finish(self):
        """The paths of all files, in order."""
        if self._next != self._end:
            raise BrokenOff('the download broke off')
        return self.files

    # Each takes what it can off the front of the buffer, and is False when it takes more bytes to go on.

    def _content(self):
        at = self._buffer.find(self._delimiter)
        # The last bytes may be the first ones of a boundary: they wait for the next piece.
        size = at if at >= 0 else max(0, len(self._buffer) - len(self._delimiter) + 1)
        if self._part:
            self._part.write(self._buffer[:size])
        self._buffer = self._buffer[size:]
        if at < 0:
            return False
        self._buffer = self._buffer[len(self._delimiter):]
        self._close_part()
        self._next = self._head
        return True

    def _head(self):
        if self._buffer.startswith(b'--'):
            self._next = self._end
            return False
        head, end, rest = self._buffer.partition(b'\r\n\r\n')
        if not end:
            return False
        self._buffer = rest
        found = _NAME.search(head)
        if not found:
            raise BrokenOff(f'a file without a name: {head[:200]}')
        self._part = open(self._folder / f'{found[1].decode()}.part', 'wb')
        self._next = self._content
        return True

    def _end(self):
        return False

    def _close_part(self):
        if self._part:
            self._part.close()
            self.files.append(Path(self._part.name).rename(self._part.name.removesuffix('.part')))
            self._part = None
