"""The line protocol between the server and this process (PROTOCOL.md). No I/O but on the two streams handed in."""

import json

VERSION = 1

# One line of the server: a job or the configuration. Far above any real one; a longer line means the stream is broken.
MAX_LINE_BYTES = 64 * 1024


class ProtocolError(Exception):
    """The server sent something this version of the protocol does not know."""


class Channel:
    """JSON objects, one a line, over a pair of binary streams."""

    def __init__(self, incoming, outgoing):
        self._incoming = incoming
        self._outgoing = outgoing

    def receive(self):
        """Returns the next message, or None when the server has closed its end."""
        line = self._incoming.readline(MAX_LINE_BYTES + 1)
        if not line:
            return None
        if len(line) > MAX_LINE_BYTES or not line.endswith(b'\n'):
            raise ProtocolError('line too long or cut off')
        try:
            message = json.loads(line)
        except ValueError as error:
            raise ProtocolError('line is not JSON') from error
        if not isinstance(message, dict):
            raise ProtocolError('line is not an object')
        return message

    def send(self, message):
        """Writes one message. Text that UTF-8 cannot carry (lone surrogates from TikTok's JSON) becomes U+FFFD."""
        text = json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(',', ':'))
        self._outgoing.write(text.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace').encode() + b'\n')
        self._outgoing.flush()


def expect(message, required, optional=None):
    """Checks that `message` has exactly the keys of `required` and any of `optional`, each of the type named there."""
    allowed = {**required, **(optional or {})}
    for key in message:
        if key not in allowed:
            raise ProtocolError(f'unknown key {key!r}')
    for key in required:
        if key not in message:
            raise ProtocolError(f'missing key {key!r}')
    for key, value in message.items():
        if not isinstance(value, allowed[key]) or isinstance(value, bool):
            raise ProtocolError(f'wrong type of {key!r}')
