"""Issue 7, line 5: servers that share nothing, behind the real nginx with the configuration of docker/balancer."""

import concurrent.futures
import json
import signal
import threading
import unittest

from . import processes
from .balancer import Balancer
from .clients import DOWNLOAD, StrictDownload, order, post_json, strict_download
from .deadlines import until
from .expectations import assert_same
from .fixture import CDN, Fixture, fresh_id, id_of
from .wire import Connection, CutOff, chunked, json_request, request_bytes

REPLICAS = 3

fixture = Fixture()
setUpModule, tearDownModule = fixture.start, fixture.stop


def forms(post_id):
    """Links to one post, in all forms but short ones."""
    return [f'https://www.tiktok.com/@some.user/video/{post_id}', f'https://m.tiktok.com/v/{post_id}.html?a=/video/1',
            f'http://tiktok.com/@/video/{post_id}/', f'www.tiktok.com/embed/v2/{post_id}#x',
            f'https://www.tiktok.com/embed/{post_id}', f'https://www.tiktokv.com/share/video/{post_id}/?b=1',
            f'https://www.tiktok.com/@other/photo/{post_id}?c="quoted"',
            f'Look! https://www.tiktok.com/video/{post_id} #fun']


def escaped(document):
    """JSON as PHP writes it."""
    return json.dumps(document).replace('/', '\\/').encode()


def begin_replicas(test, enter):
    """Gives `test` three servers, which keep what they deliver, behind one nginx."""
    test.replicas = [enter(fixture.new_server(cache_ttl_s=3600, max_deliveries_per_client=1000,
                                              trusted_proxies='127.0.0.1')) for _ in range(REPLICAS)]
    for replica in test.replicas:
        replica.wait_for_log('extractor ready')
    test.balancer = enter(Balancer([replica.address for replica in test.replicas]))


class Replicas(unittest.TestCase):

    def setUp(self):
        fixture.standin.reset()

    def post(self, **spec):
        return fixture.video(**spec)

    def get(self, link):
        """A whole download through nginx, compared with the file."""
        assert_same(strict_download(self.balancer.address, link).parts[0].data, fixture.media('small.mp4'))

    def pages(self, link):
        """How many times TikTok was asked for a post's page."""
        return sum(entry['host'] == 'www.tiktok.com' and entry['method'] == 'GET'
                   for entry in fixture.requests(id_of(link)))

    def home(self, link):
        """Where a post is kept."""
        def homes():
            return [replica for replica in self.replicas if f'{id_of(link)}-original' in replica.kept_entries()]
        home, = until(homes, f'{link} is kept')
        return home

    def homes(self, links):
        for link in links:
            self.get(link)
        return {link: self.home(link) for link in links}


class SharedReplicas(Replicas):

    @classmethod
    def setUpClass(cls):
        begin_replicas(cls, cls.enterClassContext)


class OwnReplicas(Replicas):
    """Each test has its own, and may end them."""

    def setUp(self):
        super().setUp()
        begin_replicas(self, self.enterContext)


class OneHome(SharedReplicas):
    """Equal posts land on one server."""

    def test_whatever_form_the_link_has(self):
        links = [self.post() for _ in range(12)]
        for link in links:
            for form in forms(id_of(link)):
                self.get(form)
            self.assertEqual(self.pages(link), 1)
        found = {link: self.home(link) for link in links}
        self.assertGreater(len(set(found.values())), 1, 'posts are spread')

    def test_whatever_the_body_looks_like(self):
        link = self.post()
        self.get(link)
        document = order(link)
        bodies = [escaped(document), json.dumps(document, indent=4).encode(),
                  json.dumps({'url ': 'x', **document}).encode(),
                  json.dumps({'content_type': 'ORIGINAL', 'note': '"url": "/video/1"', 'url': link}).encode()]
        for size in (60_000, 65_536):  # nothing of it may have gone to a file, which nginx could not look into
            for pad in ({'pad': '', **document}, {**document, 'pad': ''}):
                body = json.dumps(pad)
                bodies.append(body.replace('"pad": "', '"pad": "' + 'x' * (size - len(body))).encode())
        for body in bodies:
            for coding in ([], [('Transfer-Encoding', 'chunked')]):
                with self.subTest(body[:80], coding=coding), Connection(self.balancer.address) as connection:
                    fields = [('Content-Type', 'application/json'), *coding]
                    sent = chunked(body) if coding else body
                    connection.send(request_bytes('POST', DOWNLOAD, fields=fields, body=sent))
                    self.assertEqual(connection.read_answer('POST').status, 200)
                    self.assertEqual(self.pages(link), 1)

    def test_short_links_by_their_code(self):
        links = [self.post() for _ in range(12)]
        for number, link in enumerate(links):
            for host, prefix in (('vm.tiktok.com', ''), ('vt.tiktok.com', ''), ('www.tiktok.com', 't/')):
                fixture.standin.add_link(host=host, code=f'{prefix}ZMcode{number}'.removeprefix('t/'), location=link)
                self.get(f'https://{host}/{prefix}ZMcode{number}/?k=1')
            self.assertEqual(self.pages(link), 1)
        self.assertGreater(len({self.home(link) for link in links}), 1, 'links are spread')

    def test_no_body_is_too_much_for_it_or_for_the_servers_alone(self):
        body = json.dumps(order(self.post())).encode()
        answer = post_json(self.balancer.address, body + b' ' * (65_537 - len(body)))
        self.assertEqual((answer.status, list(answer.json)), (413, ['detail']))


class Passing(SharedReplicas):
    """What passes through is what a server alone would have said."""

    def test_bytes_as_they_come(self):
        link = fixture.gated_video()
        with StrictDownload(self.balancer.address, link) as download:
            download.read_head().read_until(1_000_000)  # while the other half is held back
            fixture.standin.open_gate()
            assert_same(download.read_rest().parts[0].data, fixture.media('medium.mp4'))

    def test_nothing_is_put_aside_for_a_client_that_does_not_read(self):
        link = self.post(media='large.mp4')
        with StrictDownload(self.balancer.address, link, receive_buffer=4096) as download:
            download.read_head()
            self.home(link)  # the server has all of it
            files = [target for pid in processes.descendants(self.balancer.pid)
                     for target in processes.open_descriptors(pid).values() if str(self.balancer.folder) in target]
            self.assertEqual([target for target in files if not target.endswith('/log')], [])

    def test_a_head_as_large_as_they_get(self):
        link = fixture.post(desc='\U0001F600' * 4000)
        self.assertGreater(len(strict_download(self.balancer.address, link).meta['desc']), 1000)

    def test_pings_and_mistakes(self):
        with Connection(self.balancer.address) as connection:
            for target in ('/ping', '/api/v3/ping'):
                for method in ('GET', 'POST'):
                    self.assertEqual(connection.ask(method, target).body, b'pong')
            answer = connection.ask('GET', '/metrics')
            self.assertEqual((answer.status, answer.json), (404, {'detail': 'Not Found'}))
        for document in (b'', b'{', {}, order('https://example.org/'), order(fixture.post(status_code=10222))):
            with self.subTest(document):
                direct, passed = (post_json(address, document) for address in
                                  (self.replicas[0].address, self.balancer.address))
                self.assertEqual((passed.status, passed.json), (direct.status, direct.json))

    def test_who_the_client_is(self):
        fields = [('X-Forwarded-For', '203.0.113.9'), ('Connection', 'close')]
        with Connection(self.balancer.address, source='127.0.0.2') as connection:
            connection.send(json_request(DOWNLOAD, order('https://example.org/'), fields=fields))
            connection.read_answer('POST')
        until(lambda: [1 for replica in self.replicas if 'client=127.0.0.2 POST' in replica.log], 'one has logged it')

    def test_a_client_that_leaves_ends_its_download(self):
        link = fixture.gated_video()
        with StrictDownload(self.balancer.address, link) as download:
            download.read_head().read_until(100_000)
        mark = f'cut_off post={id_of(link)} '
        until(lambda: any(mark in replica.log for replica in self.replicas), 'it has been told')


class OneIsKilled(OwnReplicas):
    """SIGKILL: as a machine that is gone."""

    def kill(self, replica):
        replica.send_signal(signal.SIGKILL)
        replica.wait()

    def test_its_posts_move_and_the_others_stay(self):
        before = self.homes([self.post() for _ in range(30)])
        victim = self.home(next(iter(before)))
        self.kill(victim)
        for link in before:
            self.get(link)
        moved = {link for link in before if self.pages(link) == 2}
        self.assertEqual(moved, {link for link, home in before.items() if home is victim})

    def test_only_what_it_was_serving_is_lost(self):
        kept = self.homes([self.post() for _ in range(12)])
        victim = self.home(next(iter(kept)))
        elsewhere = [link for link, home in kept.items() if home is not victim]
        fixture.standin.reset()  # the gate; what is kept needs no TikTok, and what moves is put there again
        for link in kept:
            fixture.post(id=id_of(link))
        gated = self.gated_at(victim)
        hanging = self.hanging_at(victim)
        over = threading.Event()

        def go_on(link):
            while True:
                self.get(link)
                if over.is_set():
                    return
        with StrictDownload(self.balancer.address, gated) as served, StrictDownload(
                self.balancer.address, hanging) as waiting, concurrent.futures.ThreadPoolExecutor(4) as threads:
            served.read_head().read_until(100_000)
            until(lambda: fixture.requests(id_of(hanging)), 'it is being resolved')
            others = [threads.submit(go_on, link) for link in elsewhere[:4]]
            try:
                self.kill(victim)
                self.assertRaises(CutOff, served.read_rest)
                # Nothing of its answer had come: another server gives it.
                assert_same(waiting.read_head().read_rest().parts[0].data, fixture.media('small.mp4'))
                for link in kept:
                    self.get(link)
            finally:
                over.set()
            for other in others:
                other.result()

    def gated_at(self, replica):
        return self.placed(replica, lambda post_id: fixture.post(
            id=post_id, formats=[{'media': 'medium.mp4', 'hosts': [{'host': CDN, 'behaviour': 'gate'}]}]))

    def hanging_at(self, replica):
        return self.placed(replica, lambda post_id: fixture.post(
            id=post_id, page={'behaviour': 'hang', 'times': 1, 'then': 'ok'}))

    def placed(self, replica, add):
        """A post that would be that server's: one that nobody knows is asked for, and its log says where."""
        while True:
            post_id = fresh_id()
            post_json(self.balancer.address, order(forms(post_id)[0]))
            if f'post={post_id} code=' in replica.log:
                return add(post_id)

    def test_nobody_left(self):
        for replica in self.replicas:
            self.kill(replica)
        for link in (self.post(), self.post()):
            answer = post_json(self.balancer.address, order(link))
            self.assertEqual((answer.status, answer.json), (503, {'detail': 'Service Unavailable'}))
            self.assertRegex(answer.head.get('Retry-After'), '^[0-9]+$')


class OneIsStopped(OwnReplicas):
    """SIGTERM: as in an update."""

    def test_nothing_is_cut_off(self):
        kept = self.homes([self.post() for _ in range(6)])
        victim = self.home(next(iter(kept)))
        with concurrent.futures.ThreadPoolExecutor(4) as threads:
            over = threading.Event()

            def go_on():
                told = 0
                while not over.is_set():
                    for link in kept:
                        told += self.is_told_to_wait(link)
                return told
            others = [threads.submit(go_on) for _ in range(4)]
            victim.send_signal(signal.SIGTERM)
            self.assertEqual(victim.wait(), 0)
            over.set()
            # Whose request was already on its way to it in that very moment.
            self.assertLessEqual(sum(other.result() for other in others), len(others))

    def is_told_to_wait(self, link):
        with StrictDownload(self.balancer.address, link) as download:
            if download.connection.peek(b'HTTP/1.1 503 '):
                return True
            assert_same(download.read_head().read_rest().parts[0].data, fixture.media('small.mp4'))
            return False
