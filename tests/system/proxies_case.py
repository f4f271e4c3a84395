"""Servers with a proxies_file, and the proxies in it: real ones, which the stand-in plays beside its own."""

import itertools
import tempfile
import unittest
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from .fixture import id_of

_numbers = itertools.count(1)


class Proxy(NamedTuple):
    """`via` is what the stand-in's log calls it, `url` what stands in a file."""

    via: str
    url: str

    @property
    def address(self):
        """What the server may show of it."""
        parts = urlsplit(self.url)
        return f'{parts.scheme}://{parts.hostname}:{parts.port}'


class ProxiesCase(unittest.TestCase):
    """`fixture` is its module's."""

    fixture = None

    def setUp(self):
        self.fixture.standin.reset()
        self.file = Path(self.enterContext(tempfile.TemporaryDirectory())) / 'proxies.txt'

    def proxy(self, password='', **spec):
        """One more proxy. With a password, which is the right one unless `spec` has `users`, its user is `user`."""
        name = f'proxy{next(_numbers)}'
        if password:
            spec.setdefault('users', {'user': password})
        url = self.fixture.standin.add_proxy(name=name, **spec)
        if not password:
            return Proxy(name, url)
        return Proxy(f'{name}:user', url.replace('://', f'://user:{password}@'))

    def write(self, *lines):
        self.file.write_text(''.join(f'{line.url if isinstance(line, Proxy) else line}\n' for line in lines))

    def server(self, *proxies, **settings):
        """A running server that uses these in turn."""
        self.write(*proxies)
        chosen = {'proxy': '', 'proxies_file': self.file, 'resolve_timeout_s': 20, **settings}
        return self.enterContext(self.fixture.new_server(**chosen))

    def page_visits(self, link):
        """Through which proxies the page was asked for, in order."""
        return [entry['via'] for entry in self.fixture.requests(id_of(link)) if entry['host'] == 'www.tiktok.com']

    def vias(self, *parts):
        """Through which proxies whatever is about one of `parts` (an id, a link's code) was asked for."""
        return {entry['via'] for part in parts for entry in self.fixture.requests(part)}
