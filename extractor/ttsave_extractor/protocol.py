"""The line protocol between the server and this process (PROTOCOL.md). No I/O but on the two streams handed in."""

import json
import re

VERSION = 5

# One line of the server: a job or the configuration. Far above any real one; a longer line means the stream is broken.
MAX_LINE_BYTES = 64 * 1024

# What both sides can carry: JSON readers in other languages have 64 bits.
MAX_NUMBER = 2**63 - 1

# Above any setting of the server's, and far below what clocks and sockets can take.
MAX_TIMEOUT_S = 3600

# The server's own proxy: without one, or with another, libraries would go elsewhere.
GATE = re.compile(r'http://(ttsave:[0-9a-f]+@)?127\.0\.0\.1:[0-9]{1,5}')

# One word in any log.
REQUEST_ID = re.compile(r'[A-Za-z0-9._-]{0,64}')


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
            message = json.loads(line.decode())
        except (ValueError, RecursionError) as error:
            raise ProtocolError('line is not JSON') from error
        if not isinstance(message, dict):
            raise ProtocolError('line is not an object')
        return message

    def send(self, message):
        """Writes one message. Text that UTF-8 cannot carry (lone surrogates from TikTok's JSON) becomes U+FFFD."""
        text = json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(',', ':'))
        self._outgoing.write(text.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace').encode() + b'\n')
        self._outgoing.flush()


def expect_configuration(message):
    """Checks the first message."""
    expect(message, {'op': str, 'protocol': int, 'gate': str, 'cookies_file': str, 'user_agent': str,
                     'extractor_args': str})
    if message['op'] != 'configure' or message['protocol'] != VERSION:
        raise ProtocolError(f'this extractor speaks protocol {VERSION} only')
    if not GATE.fullmatch(message['gate']):
        raise ProtocolError('gate is not the URL of one')  # which is not named: there may be a password in it


def expect_job(message):
    """Checks every later message."""
    expect(message, {'id': int, 'op': str, 'url': str, 'timeout_s': (int, float), 'request': str})
    if message['op'] != 'resolve':
        raise ProtocolError('unknown op')
    if not 0 <= message['id'] <= MAX_NUMBER or not 0 < message['timeout_s'] <= MAX_TIMEOUT_S:
        raise ProtocolError('number out of range')
    if not REQUEST_ID.fullmatch(message['request']):
        raise ProtocolError('request is not an id')


def expect(message, required):
    """Checks that `message` has exactly the keys of `required`, each of the type named there."""
    for key in message:
        if key not in required:
            raise ProtocolError(f'unknown key {key!r}')
    for key in required:
        if key not in message:
            raise ProtocolError(f'missing key {key!r}')
    for key, value in message.items():
        if not isinstance(value, required[key]) or isinstance(value, bool):
            raise ProtocolError(f'wrong type of {key!r}')
