"""Thousands of clients that keep the server waiting, and one that only pings."""

import threading

from system import crowd

from . import load, usage, world
from .contenders import Ttsave

COUNT = 4000
PING_S = 5
SETTLED_S = 2


def crowds(bench):
    with Ttsave(bench.directory / 'crowds', bench.standin, max_clients=COUNT + 100,
                max_deliveries_per_client=COUNT + 100) as server:
        post = world.add(bench.standin, world.BIG)
        load.verify(server, post, bench.standin.media(world.BIG).read_bytes())
        for name, behaviour in (('say nothing', crowd.SILENT), ('send a header slowly', crowd.SLOW_HEADER),
                                ('send a body slowly', crowd.SLOW_BODY),
                                ('read slowly', crowd.slow_reading(post.link))):
            bench.report.case(f'{COUNT} clients that {name}')
            _measure(bench.report, server, behaviour)


def _measure(report, server, behaviour):
    resident, sockets = usage.resident_bytes(server.pid), usage.socket_memory_bytes()
    with crowd.Crowd(server.address, COUNT, behaviour):
        threading.Event().wait(SETTLED_S)  # nothing announces that all has been read that was sent
        pings = crowd.ping_for(server.address, PING_S)
        grown = usage.resident_bytes(server.pid) - resident
        held = usage.socket_memory_bytes() - sockets
    report.line(f'{pings.count} pings meanwhile, each on a connection of its own')
    report.at_most('pings not answered, %', 100 * pings.failed / pings.count, 0.1)
    report.at_most('ping p99, ms', 1000 * pings.p99_s, 50)
    report.at_most('memory for each, KiB', max(grown, 0) / COUNT / 1024, 64)
    report.at_most('kernel socket memory of both sides for each, KiB', max(held, 0) / COUNT / 1024, 256)
