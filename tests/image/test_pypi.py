"""The image that is built with YT_DLP_SOURCE=pypi uses the yt-dlp that pip has found (wheels.py), and no other is there."""

import unittest

from standin import running
from system.expectations import assert_delivered
from system.fixture import fresh_id
from system.wire import Connection

from .container import Container, free_port, new_volume, standin_dir
from .wheels import VERSION


class FromPip(unittest.TestCase):

    def test_it_is_the_one_that_is_used(self):
        with running(standin_dir()) as standin, new_volume() as volume, Container(
                volume=volume, port=free_port(), proxy=standin.http_proxy, ca_file=standin.ca_file) as container:
            container.wait_for_log(f'extractor ready .* yt_dlp={VERSION} ')
            assert_delivered(container.address, standin.add_post(id=fresh_id()),
                             standin.media('small.mp4').read_bytes())
            self.assertEqual((0, []), container.check_health())
            with Connection(container.address) as connection:
                self.assertEqual(200, connection.ask('GET', '/readyz').status)
            self.assertEqual([], list(container.root().glob('usr/lib/python3/dist-packages/yt_dlp*')))
