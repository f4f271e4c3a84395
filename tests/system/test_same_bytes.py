"""contract.md, "Success": a body is the same, byte for byte, whatever way it takes through the server."""

from . import mounts
from .cache_case import original
from .clients import DOWNLOAD, order
from .deadlines import PROMPT_S, until
from .fixture import id_of
from .storage_case import SLACK, StorageTest, fixture, setUpModule, tearDownModule  # noqa: F401
from .wire import Connection, json_request

# What is that of the connection, of the moment, or of the framing rather than of the post.
OF_THE_TRANSFER = {'date', 'connection', 'transfer-encoding', 'x-request-id'}


class SameBytes(StorageTest):
    """One post: copied from memory, sent from a file that grows, and sent from a kept one."""

    def test_of_one_post(self):
        server = self.make_server_on_tmpfs(cache_ttl_s=3600)
        self.enterContext(server)
        link = fixture.gated_video()
        half = len(fixture.media('medium.mp4')) // 2
        ballast = []

        def lose_the_disk(received):
            if received >= half - SLACK and not ballast:
                ballast.append(mounts.fill(server.cache_dir))
                fixture.standin.open_gate()

        from_memory = self.transfer(server, link, seen=lose_the_disk)
        server.wait_for_log('served without the disk from byte [1-9]')
        ballast[0].unlink()
        growing = self.transfer(server, link)
        server.wait_for_log(f'post={id_of(link)} source=tiktok', count=2)
        until(lambda: original(link) in server.kept_entries(), 'it is kept', PROMPT_S)
        kept = self.transfer(server, link)
        server.wait_for_log(f'post={id_of(link)} source=cache')
        without_chunks = self.transfer(server, link, version='1.0')
        server.wait_for_log(f'post={id_of(link)} source=cache', count=2)
        for name, other in (('growing', growing), ('kept', kept), ('without chunks', without_chunks)):
            with self.subTest(name):
                self.assertEqual(other[0], from_memory[0])
                self.assertTrue(other[1] == from_memory[1], 'other bytes')
        self.assertIn(fixture.media('medium.mp4'), from_memory[1])

    def transfer(self, server, link, version='1.1', seen=lambda received: None):
        """What a download's head says of the post, and its body's bytes; `seen` is told of them while they come."""
        with Connection(server.address) as connection:
            connection.send(json_request(DOWNLOAD, order(link), version=version))
            head = connection.read_head()
            self.assertEqual(head.status, 200)
            body = bytearray()
            for piece in connection.read_body(head):
                body += piece
                seen(len(body))
            fields = [(name, value) for name, value in head.fields if name.lower() not in OF_THE_TRANSFER]
            return fields, bytes(body)
