"""Issue 2, "Fetching": a broken transfer goes on where it broke, and never with another file."""

import re
import time
import unittest

from .deadlines import SLOWNESS
from .expectations import assert_cut_off, assert_delivered, assert_delivered_or_cut_off
from .fixture import CDN, OTHER_CDN, Fixture, id_of

STALL_TIMEOUT_S = 1

fixture = Fixture(stall_timeout_s=STALL_TIMEOUT_S)
setUpModule, tearDownModule = fixture.start, fixture.stop

BROKEN = 'truncate:2000000'


class Resumed(unittest.TestCase):
    """The file arrives byte-identical, and what had arrived is not asked for again."""

    def test_after_a_break(self):
        content = fixture.media('medium.mp4')
        for fault in ('reset:1000000', 'truncate:1000000', 'truncate:5000000'):
            with self.subTest(fault):
                link = fixture.video('medium.mp4', behaviour=fault)
                assert_delivered(fixture.server.address, link, content)
                _, first, second = fixture.requests(id_of(link))
                self.assertEqual(first['status'], 200)
                self.assertEqual(second['status'], 206)
                start = int(re.fullmatch(r'bytes=(\d+)-(?:\d*)', second['headers']['range'])[1])
                self.assertEqual(second['sent'], len(content) - start)
                # A reset throws away what has arrived and has not been read: much, where the machine is busy.
                self.assertGreater(start, 100_000 if fault.startswith('reset') else 900_000)

    def test_after_several_breaks(self):
        content = fixture.media('medium.mp4')
        for fault in ('reset:1500000', 'truncate:1500000'):
            with self.subTest(fault):
                link = fixture.video('medium.mp4', behaviour=fault, times=3)
                assert_delivered(fixture.server.address, link, content)

    def test_a_stall_is_noticed_in_time(self):
        begun = time.monotonic()
        link = fixture.video('medium.mp4', behaviour='stall:1000000')
        assert_delivered(fixture.server.address, link, fixture.media('medium.mp4'))
        self.assertLess(time.monotonic() - begun, (STALL_TIMEOUT_S + 3) * SLOWNESS)

    def test_after_a_break_before_the_file_is_recognised(self):
        for fault in ('reset', 'reset:1', 'truncate:1', 'stall:1'):
            with self.subTest(fault):
                link = fixture.video(behaviour=fault, times=1)
                assert_delivered(fixture.server.address, link, fixture.media('small.mp4'))

    def test_the_page_lies_about_the_size(self):
        for size in (1, 10 ** 8):
            with self.subTest(size):
                link = fixture.post(formats=[{'media': 'medium.mp4', 'data_size': size,
                                              'hosts': [{'host': CDN, 'behaviour': 'reset:1000000'}]}])
                assert_delivered(fixture.server.address, link, fixture.media('medium.mp4'))


class NeverGlued(unittest.TestCase):
    """Two different files are never joined: better an end without the last chunk."""

    def test_another_file_behind_the_same_address(self):
        content = fixture.media('medium.mp4')
        for traits in ({'ranges': 'other'}, {'ranges': 'wrong_total'}, {'ranges': 'swap'}, {'ranges': '416'},
                       {'etag': 'new'}, {'etag': 'new', 'ranges': 'ignored'}):
            for length in (True, False):
                with self.subTest(traits=traits, length=length):
                    link = fixture.video('medium.mp4', behaviour=BROKEN, length=length, **traits)
                    assert_cut_off(fixture.server.address, link, content)

    def test_the_same_file_with_weaker_proofs(self):
        content = fixture.media('medium.mp4')
        for traits in ({'etag': 'weak'}, {'etag': None}, {'ranges': 'ignored'}, {'etag': None, 'ranges': 'ignored'},
                       {'length': False}):
            with self.subTest(traits=traits):
                link = fixture.video('medium.mp4', behaviour=BROKEN, **traits)
                assert_delivered_or_cut_off(fixture.server.address, link, content)

    def test_another_file_on_the_other_host(self):
        content = fixture.media('medium.mp4')
        hosts = [{'host': CDN, 'behaviour': BROKEN, 'then': 'http:503'}, {'host': OTHER_CDN, 'etag': 'another'}]
        link = fixture.post(formats=[{'media': 'medium.mp4', 'hosts': hosts}])
        assert_delivered_or_cut_off(fixture.server.address, link, content)

    def test_another_rendition_is_another_file(self):
        content = fixture.media('medium.mp4')
        broken = {'media': 'medium.mp4', 'res': '1080p',
                  'hosts': [{'host': CDN, 'behaviour': BROKEN, 'then': 'http:404'}]}
        link = fixture.post(formats=[broken, {'media': 'large.mp4', 'res': '720p'}])
        assert_cut_off(fixture.server.address, link, content)
