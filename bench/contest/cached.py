"""What needs nobody but the server: pings, and posts that it has."""

from . import load, world
from .report import ratio

PING_CONNECTIONS = 64
SMALL_CONNECTIONS = 32

PER_S = {'per second': lambda load: load.per_s}
CPU = {'CPU us each': lambda load: load.cpu_us}
LATENCY = {'p50 ms': lambda load: load.whole_ms[0], 'p99 ms': lambda load: load.whole_ms[1]}
FIRST_BYTE = {'first byte p50 ms': lambda load: load.first_byte_ms[0], 'p99 ms': lambda load: load.first_byte_ms[1]}
VOLUME = {'MB/s': lambda load: load.mb_per_s, 'CPU s per GB': lambda load: load.cpu_s_per_gb}


def rounds(count, contenders, run):
    """Loads by contender's name; each of them goes first as often as the others."""
    figures = {contender.name: [] for contender in contenders}
    for number in range(count):
        first = number % len(contenders)
        for contender in contenders[first:] + contenders[:first]:
            figures[contender.name].append(run(contender))
    return figures


def ping(bench):
    bench.report.case(f'ping, {PING_CONNECTIONS} keep-alive connections')
    figures = rounds(bench.rounds, bench.all, lambda each: load.ping(each, PING_CONNECTIONS, bench.seconds))
    bench.report.table(figures, {**PER_S, **CPU, **LATENCY})
    bench.report.at_most('CPU of a ping, times nginx', ratio(figures, 'ttsave', 'nginx', CPU['CPU us each']), 1.1)
    bench.report.at_least('pings/s, times nginx', ratio(figures, 'ttsave', 'nginx', PER_S['per second']), 0.9)
    bench.report.at_least('pings/s, times fastapi', ratio(figures, 'ttsave', 'fastapi', PER_S['per second']), 4)


class _Kept:
    """One post that everybody has, its bytes compared before and after."""

    def __init__(self, bench, media):
        self._bench = bench
        self._content = bench.standin.media(media).read_bytes()
        self._post = world.add(bench.standin, media)
        bench.nginx.add(bench.standin.media(media))
        self._shapes = {}

    def __enter__(self):
        for each in self._bench.all:
            self._shapes[each.name] = load.verify(each, self._post, self._content)
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            for each in self._bench.all:
                load.verify(each, self._post, self._content)

    def measure(self, connections):
        return rounds(self._bench.rounds, self._bench.all, lambda each: self._bench.client.repeat(
            each, self._post, self._shapes[each.name], connections, self._bench.seconds))


def big(bench):
    with _Kept(bench, world.BIG) as kept:
        for connections in (1, 8):
            bench.report.case(f'cached post of 50 MB, connections: {connections}')
            figures = kept.measure(connections)
            bench.report.table(figures, {**VOLUME, **LATENCY})
            what = f'{connections} connection{"s" if connections > 1 else ""}'
            bench.report.at_most(f'CPU per GB, {what}, times nginx',
                                 ratio(figures, 'ttsave', 'nginx', VOLUME['CPU s per GB']), 1.1)
            bench.report.at_least(f'throughput, {what}, times nginx',
                                  ratio(figures, 'ttsave', 'nginx', VOLUME['MB/s']), 0.9)
        bench.report.at_least(f'throughput, {what}, times fastapi',
                              ratio(figures, 'ttsave', 'fastapi', VOLUME['MB/s']), 1.8)


def small(bench):
    with _Kept(bench, world.SMALL) as kept:
        bench.report.case(f'cached post of 200 KB, {SMALL_CONNECTIONS} connections')
        figures = kept.measure(SMALL_CONNECTIONS)
        bench.report.table(figures, {**PER_S, **CPU, **LATENCY})
        bench.report.at_least('posts/s, times nginx', ratio(figures, 'ttsave', 'nginx', PER_S['per second']), 0.7)
        bench.report.at_least('posts/s, times fastapi', ratio(figures, 'ttsave', 'fastapi', PER_S['per second']), 10)

        bench.report.case('first byte of a cached post of 200 KB, 1 connection')
        figures = kept.measure(1)
        bench.report.table(figures, {**FIRST_BYTE, **CPU})
        bench.report.at_most('first byte p50, times nginx',
                             ratio(figures, 'ttsave', 'nginx', FIRST_BYTE['first byte p50 ms']), 1.5)
