"""What the server holds: idle, at start, and with readers that do not read."""

import contextlib
import statistics
import threading
import time

from system.wire import Connection

from . import load, usage, world
from .contenders import Ttsave

STALLED = 500
PING_CONNECTIONS = 4
SETTLED_S = 0.5


def start(bench):
    bench.report.case('start, idle')
    starts, resident = [], []
    for number in range(bench.rounds):
        with Ttsave(bench.directory / f'idle{number}', bench.standin, workers=1) as server:
            starts.append(server.started_in_s * 1000)
            resident.append(usage.resident_bytes(server.pid) / 1e6)
    bench.report.at_most('start to first answered ping, ms, median', statistics.median(starts), 100)
    bench.report.at_most('resident idle, MB, without workers, largest', max(resident), 20)

    readiness = []
    for number in range(bench.rounds):
        begin = time.perf_counter()
        with Ttsave(bench.directory / f'worker{number}', bench.standin, workers=1, log_level='info') as server:
            while 'extractor ready' not in server.log():
                if time.perf_counter() > begin + 30:
                    raise AssertionError(f'no extractor is ready:\n{server.log()}')
                threading.Event().wait(0.005)
            readiness.append(time.perf_counter() - begin)
    bench.report.at_most('start to a ready worker, s, median', statistics.median(readiness), 1)


def stalled(bench):
    bench.report.case(f'{STALLED} readers of a cached 50 MB post that stall')
    server = bench.ttsave
    content = bench.standin.media(world.BIG).read_bytes()
    post = world.add(bench.standin, world.BIG)
    load.verify(server, post, content)
    _settle()
    resident, sockets = usage.resident_bytes(server.pid), usage.socket_memory_bytes()
    before = _ping_p99_ms(bench)
    with contextlib.ExitStack() as stack:
        for _ in range(STALLED):
            reader = stack.enter_context(Connection(server.address))
            reader.send(server.request(post))
            assert reader.read_head().status == 200
        _settle()
        grown = usage.resident_bytes(server.pid) - resident
        held = usage.socket_memory_bytes() - sockets
        during = _ping_p99_ms(bench)
    bench.report.line(f'ping p99, best round: {before:.3g} ms before, {during:.3g} ms meanwhile')
    bench.report.at_most('resident memory over idle, MB', grown / 1e6, 40)
    bench.report.at_most('kernel socket memory of both sides, MB', held / 1e6, 150)
    bench.report.at_most('ping p99, times before', during / before, 2)


def _ping_p99_ms(bench):
    """The best round's: whatever else the machine does can only add to a p99, and adds more than what is measured."""
    return min(load.ping(bench.ttsave, PING_CONNECTIONS, bench.seconds).whole_ms[1] for _ in range(bench.rounds))


def _settle():
    """What was sent has arrived, and what was closed is gone: long enough for loopback, and nothing announces it."""
    threading.Event().wait(SETTLED_S)
