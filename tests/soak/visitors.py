"""One client of a soak: asks for one post after another, in one manner after another, and checks every byte."""

import random
import threading
import time
import traceback

from system.clients import DOWNLOAD, order
from system.deadlines import PATIENT_S
from system.expectations import assert_same
from system.multipart import MultipartReader, boundary_of, meta_of
from system.wire import Answer, Connection, CutOff, Malformed, json_request, request_bytes

from .world import CUT_OFF, DELIVERED, ORIGINAL, VIDEO_ONLY

MANNERS = {'whole': 52, 'along': 15, 'slow': 6, 'vanish': 12, 'vanish_early': 5, 'garbage': 6, 'ping': 4}
# Between two requests: leaves the processor to the server.
THINK_S = (0, 1.5)
# A slow reader takes about this long for a file.
SLOW_S = (2, 12)

STATUS_OF_CODE = {'storage.failed': 500, 'slideshow.unavailable': 500, 'slideshow.failed': 500}
TARGET = DOWNLOAD.encode()
GARBAGE = {
    b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + bytes(200): {400},
    b'GET /ping HTTP/1.1\r\n\r\n': {400},
    b'GET /' + b'a' * 20_000 + b' HTTP/1.1\r\nHost: x\r\n\r\n': {414},
    b'POST ' + TARGET + b' HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n' + b'{' * 70_000: {413},
    b'POST ' + TARGET + b' HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n': {400},
    request_bytes('GET', '/nowhere'): {404},
    request_bytes('PUT', DOWNLOAD, body=b'{}'): {405},
    request_bytes('POST', DOWNLOAD, body=b'{"url": '): {422},
    request_bytes('POST', DOWNLOAD, body=b'[]'): {422},
    json_request(DOWNLOAD, {}): {400},
    json_request(DOWNLOAD, order('https://example.com/video/1')): {422},
    json_request(DOWNLOAD, order('https://www.tiktok.com/@a/video/1', 'BOTH')): {400},
}


class Asked:
    """One request for a post: as far as it has come."""

    def __init__(self, post, mode, link):
        self.post, self.mode, self.link = post, mode, link
        self.begun = time.monotonic()
        self.reader = None

    def __str__(self):
        return f'post {self.post.id} ({self.post.fault}: {", ".join(self.post.media)}) as {self.mode} by {self.link!r}'


class Visitor(threading.Thread):
    """Goes on until the soak's `ended` is set; then finishes what it is at."""

    def __init__(self, number, seed, soak):
        super().__init__(daemon=True)
        self._draw = random.Random(f'{seed} visitor {number}')
        self._soak = soak
        self._ledger = soak.ledger
        self._address = soak.fixture.server.address
        self._asked = None

    def run(self):
        while not self._soak.ended.wait(self._draw.uniform(*THINK_S)):
            manner = self._draw.choices(list(MANNERS), MANNERS.values())[0]
            self._ledger.count('manner', manner)
            self._asked = None
            try:
                getattr(self, '_' + manner)()
            except Exception:
                self._ledger.problem(f'{manner}, {self._asked}: {traceback.format_exc()}')

    # Manners

    def _whole(self):
        self._ask(self._draw.choice(self._soak.world.posts))

    def _along(self):
        """For what somebody else is just being sent."""
        others = list(self._soak.current)
        self._ask(self._draw.choice(others or self._soak.world.posts))

    def _slow(self):
        self._ask(self._draw.choice(self._soak.world.posts), slow_s=self._draw.uniform(*SLOW_S))

    def _vanish(self):
        self._ask(self._draw.choice(self._soak.world.posts), at_most=self._draw.randrange(400_000))

    def _vanish_early(self):
        """Before the head, most of the time; sometimes in the middle of the request."""
        post = self._draw.choice(self._soak.world.posts)
        request = json_request(DOWNLOAD, order(self._draw.choice(post.links), ORIGINAL))
        with Connection(self._address) as connection:
            connection.send(request[:self._draw.choice((len(request), len(request) // 2))])
            self._soak.ended.wait(self._draw.uniform(0, 0.5))
            self._leave(connection)

    def _garbage(self):
        data, statuses = self._draw.choice(list(GARBAGE.items()))
        with Connection(self._address) as connection:
            connection.send(data)
            answer = connection.read_answer('POST')
            if answer.status not in statuses | {503}:
                self._ledger.problem(f'{data[:60]!r} gives {answer}')
            if answer.head.media_type == 'application/json':
                assert 'detail' in answer.json, answer

    def _ping(self):
        with Connection(self._address) as connection:
            for _ in range(self._draw.randrange(1, 4)):
                answer = connection.ask('GET', '/ping')
                assert answer.status == 503 or answer.body == b'pong', answer
                if answer.head.closes:
                    break

    # Asking

    def _ask(self, post, **manner):
        mode = self._draw.choice((ORIGINAL, VIDEO_ONLY))
        if post.has_video_made(mode):
            scarce = self._soak.making_a_video
        elif post.holds_up_an_extractor:
            scarce = self._soak.holding_up
        else:
            self._ask_until_served(post, mode, **manner)
            return
        if not scarce.acquire(blocking=False):
            return
        try:
            self._ask_until_served(post, mode, **manner)
        finally:
            scarce.release()

    def _ask_until_served(self, post, mode, **manner):
        """A 503 tells when to come back."""
        asked = self._asked = Asked(post, mode, self._draw.choice(post.links))
        self._soak.current.append(post)
        try:
            while True:
                outcome, retry_after_s = self._request(asked, **manner)
                if retry_after_s is None or self._soak.ended.wait(min(retry_after_s, 2)):
                    break
                self._ledger.count('posts', '503, asked again')
                if time.monotonic() > asked.begun + PATIENT_S:
                    self._ledger.problem(f'{asked}: refused for {PATIENT_S} s')
                    break
        finally:
            self._soak.current.remove(post)
        self._ledger.count('posts', outcome)
        if outcome == CUT_OFF:
            self._ledger.count('cut off', post.fault)
        if outcome not in asked.post.outcomes and outcome not in ('left', '503'):
            self._judge(asked, outcome)

    def _judge(self, asked, outcome):
        ended = time.monotonic()
        if self._soak.torment.excuses(outcome, asked.begun, ended):
            self._ledger.count('posts', f'{outcome} (excused)')
        else:
            self._ledger.problem(f'{asked}: {outcome} after {ended - asked.begun:.1f} s, which is none of '
                                 f'{", ".join(sorted(asked.post.outcomes))}\n{self._soak.log_of(asked.post.id)}')

    def _request(self, asked, slow_s=0, at_most=None):
        """What came of it, and after how many seconds to ask again or None."""
        with Connection(self._address, receive_buffer=4096 if slow_s else None) as connection:
            begun = time.monotonic()
            connection.send(json_request(DOWNLOAD, order(asked.link, asked.mode)))
            head = connection.read_head()
            self._ledger.most('longest wait', 'seconds to the head', time.monotonic() - begun)
            if head.status != 200:
                return self._failure(Answer(head, b''.join(connection.read_body(head, 'POST'))))
            meta_of(head)
            asked.reader = MultipartReader(boundary_of(head))
            try:
                is_whole = self._read(connection, head, asked, slow_s, at_most)
            except CutOff:
                is_whole = None
            self._check(asked, is_whole)
            if is_whole is False:
                self._leave(connection)
            return {True: DELIVERED, False: 'left', None: CUT_OFF}[is_whole], None

    def _read(self, connection, head, asked, slow_s, at_most):
        """Whether it was read to its end."""
        begun, received = time.monotonic(), 0
        for piece in connection.read_body(head, 'POST'):
            received += len(piece)
            self._ledger.count('bytes', 'received', len(piece))
            asked.reader.feed(piece)
            if at_most is not None and received >= at_most:
                return False
            if slow_s and time.monotonic() < begun + slow_s:
                self._soak.ended.wait(0.02)
        asked.reader.finish()
        return True

    def _check(self, asked, is_whole):
        """Every byte that came, of whatever came of it."""
        parts = asked.reader.parts
        if asked.post.has_video_made(asked.mode):
            if is_whole:
                [video] = parts
                assert video.media_type == 'video/mp4' and video.data[4:8] == b'ftyp', (asked, video.data[:16])
                assert video.declared_length == len(video.data), asked
            return
        files = [self._soak.media(name) for name in asked.post.media]
        if is_whole and len(parts) != len(files):
            raise Malformed(f'{asked}: {len(parts)} parts')
        for index, part in enumerate(parts):
            has_ended = is_whole or index + 1 < len(parts)
            content = files[index]
            assert part.declared_length in (None, len(content)), (str(asked), part.declared_length)
            assert_same(part.data, content if has_ended else content[:len(part.data)])

    def _failure(self, answer):
        if answer.status == 503:
            assert answer.json == {'detail': 'Service Unavailable'}, answer
            return '503', int(answer.head.get('Retry-After'))
        code = answer.json.get('code', f'status {answer.status}')
        assert answer.status == STATUS_OF_CODE.get(code, 400), answer
        assert b'/' not in answer.body, answer
        return code, None

    def _leave(self, connection):
        self._draw.choice((connection.close, connection.reset))()
