"""docker/balancer/follow-replicas.sh: what DNS says becomes the real nginx's list of servers."""

import os
import tempfile
import unittest
from pathlib import Path

from . import processes
from .balancer import FOLLOW, Balancer, free_port
from .clients import order, post_json
from .deadlines import until
from .fixture import fresh_id
from .harness import Server


class Following(unittest.TestCase):

    def setUp(self):
        port = free_port()  # on all loopback addresses alike, as in a cluster
        self.servers = {f'127.0.0.{number}:{port}': self.enterContext(Server(address=f'127.0.0.{number}', port=port))
                        for number in (2, 3, 4)}
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        program = self.folder / 'getent'
        program.write_text(f'#!/bin/sh\n[ "$*" = "ahosts all.servers" ] && cat {self.folder}/names\n')
        program.chmod(0o755)
        self.tell(self.servers)
        self.addCleanup(lambda: until(lambda: not self.followers(), 'the script ends with nginx'))
        environment = {'PATH': f'{self.folder}:{os.environ["PATH"]}', 'FOLLOW_SECONDS': '0.1'}
        self.balancer = self.enterContext(
            Balancer(command=(FOLLOW, 'all.servers', str(port)), environment=environment))

    def followers(self):
        pids = filter(str.isdigit, os.listdir('/proc'))
        return [pid for pid in pids if str(self.balancer.folder) in processes.title(pid)]

    def tell(self, names):
        """What DNS says from now on."""
        lines = [f'{name.partition(":")[0]} {kind} all.servers\n' for name in names for kind in ('STREAM', 'DGRAM')]
        (self.folder / 'new').write_text(''.join(lines))
        (self.folder / 'new').rename(self.folder / 'names')

    def wait_for_list(self, names):
        until(lambda: f'servers: {" ".join(sorted(names))} \n' in self.balancer.log, 'nginx is given the list')
        # From when on the new list counts, nginx does not tell.
        until(lambda: 'worker process is shutting down' not in self.titles(), 'those with the old one are gone')

    def titles(self):
        return ' '.join(processes.title(pid) for pid in processes.descendants(self.balancer.pid))

    def home(self, post_id):
        """Which server is asked for a post; it refuses before it asks TikTok for anything."""
        def count():
            return {name: server.log.count('status=422') for name, server in self.servers.items()}
        before = count()
        answer = post_json(self.balancer.address, order(f'https://example.org/video/{post_id}'))
        self.assertEqual(answer.status, 422)
        return until(lambda: [name for name, lines in count().items() if lines > before[name]], 'it is logged')[0]

    def test_posts_move_only_with_their_server(self):
        posts = [fresh_id() for _ in range(40)]
        before = {post_id: self.home(post_id) for post_id in posts}
        self.assertEqual(set(before.values()), set(self.servers))
        gone = before[posts[0]]
        left = [name for name in self.servers if name != gone]
        self.tell(left)
        self.wait_for_list(left)
        self.servers[gone].stop()
        after = {post_id: self.home(post_id) for post_id in posts}
        self.assertEqual({post_id for post_id in posts if after[post_id] != before[post_id]},
                         {post_id for post_id in posts if before[post_id] == gone})
        self.tell([])  # as DNS does when it is gone itself: the list stays
        for post_id in posts:
            self.assertEqual(self.home(post_id), after[post_id])
