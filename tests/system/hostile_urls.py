"""What a page or a redirect may name, and nobody may be asked for. tests/unit/hostile_authorities.hpp has more."""

from .fixture import CDN
from .internet import ODD_PORT

# Sources of one post that are tried at most (extractor/ttsave_extractor/formats.py, MAX_SOURCES).
_SOURCES = 8

_HOSTS = (
    '127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '0x7f.0x0.0x0.0x1', '127.8.8.8', '0.0.0.0', '0',
    '127.0.0.1.', 'localhost', 'LOCALHOST.', 'sub.localhost', '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]',
    '[0:0:0:0:0:0:0:1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '10.0.0.1',
    '172.16.0.1', '192.168.1.1', '100.64.0.1', '169.254.169.254', '0xa9fea9fe', '2852039166', '169.254.43518',
    '168.63.129.16', '100.100.100.200', '192.0.0.192', 'metadata.google.internal', '[fd00:ec2::254]', '[fe80::1]',
    '[fe80::1%25lo]', '[fc00::1]', '[fd12:3456::1]', '[::ffff:10.0.0.1]', '224.0.0.1', '255.255.255.255', '8.8.8.8',
    '[2600::1]', 'user:pass@127.0.0.1', f'{CDN}@127.0.0.1', f'127.0.0.1\\@{CDN}', f'{CDN}\\@127.0.0.1',
    f'{CDN}%00.local', '127.0.0.1%2f.tiktok.com', '127\u30020\u30020\u30021', '\u2460\u2461\u2466.0.0.1',
    '%31%32%37.0.0.1', '%6cocalhost',
)
_OTHER_URLS = (
    f'http://{CDN}/x', f'https://{CDN}:{ODD_PORT}/x', f'https://user@{CDN}/x', f'https://127.0.0.1:{ODD_PORT}/x',
    'file:///etc/passwd', 'FILE:///etc/passwd', 'ftp://127.0.0.1/x', 'gopher://127.0.0.1/_x', 'dict://127.0.0.1/x',
    'scp://127.0.0.1/x', 'smb://127.0.0.1/x', 'data:video/mp4,x', 'https:\\\\127.0.0.1/x', 'https:///127.0.0.1/x',
)
URLS = tuple(f'{scheme}://{host}/x.mp4' for host in _HOSTS for scheme in ('https', 'http')) + _OTHER_URLS
FEW = ('https://127.0.0.1/x', 'https://10.0.0.1/x', 'https://169.254.169.254/x', 'https://[::1]/x',
       'https://2130706433/x', 'https://localhost/x', f'http://127.0.0.1:{ODD_PORT}/x', f'http://{CDN}/x',
       f'https://{CDN}:{ODD_PORT}/x', '//127.0.0.1/x', '\\\\127.0.0.1\\x', f'https://x@{CDN}/x', 'file:///etc/passwd',
       'ftp://127.0.0.1/x')


def together(urls):
    """As many at a time as one post can name."""
    return (urls[first:first + _SOURCES] for first in range(0, len(urls), _SOURCES))


def sources(*urls):
    """Hosts of a medium, as the stand-in wants them."""
    return [{'url': url} for url in urls]
