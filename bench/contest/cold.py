"""Posts that nobody has yet: TikTok is asked for each of them."""

from . import load, world
from .cached import CPU, FIRST_BYTE, PER_S, rounds
from .report import median, ratio

CDN_BYTES_PER_S = 5_000_000
POSTS = 64
POSTS_ONE_BY_ONE = 24
CONNECTIONS = 16
LATENCY_MS = 100


def _contenders(bench):
    return [bench.ttsave, *bench.peers]


def _best_peer(bench, figures, pick, better):
    """Of one process and one for each core, sometimes the one and sometimes the other serves cold posts faster."""
    return better((peer.name for peer in bench.peers), key=lambda name: median(figures[name], pick))


def _shape(bench, contender, media, **post):
    content = bench.standin.media(media).read_bytes()
    return load.verify(contender, world.add(bench.standin, media, **post), content)


def small(bench):
    contenders = _contenders(bench)
    shapes = {each.name: _shape(bench, each, world.SMALL) for each in contenders}
    for delay_ms in (0, LATENCY_MS):
        for count, connections in ((POSTS, CONNECTIONS), (POSTS_ONE_BY_ONE, 1)):
            bench.report.case(f'cold posts of 200 KB, {connections} at a time, upstream latency {delay_ms} ms')
            # Every thread of the peer's, and every extractor, has worked once.
            for each in contenders:
                bench.client.once(each, _fresh(bench, 4 * CONNECTIONS, 0), shapes[each.name], CONNECTIONS)
            figures = rounds(bench.rounds, contenders, lambda each: bench.client.once(
                each, _fresh(bench, count, delay_ms), shapes[each.name], connections))
            bench.report.table(figures, {**PER_S, **CPU, **FIRST_BYTE})
            best = _best_peer(bench, figures, PER_S['per second'], max)
            bench.report.at_least(f'posts/s, {connections} at a time, {delay_ms} ms, times {best}',
                                  ratio(figures, 'ttsave', best, PER_S['per second']), 2 if connections > 1 else 1)


def _fresh(bench, count, delay_ms):
    return [world.add(bench.standin, world.SMALL, delay_ms=delay_ms) for _ in range(count)]


def big(bench):
    contenders = _contenders(bench)
    slow = {'behaviour': f'slow:{CDN_BYTES_PER_S}'}
    bench.report.case('first byte of a cold post of 50 MB behind a CDN of 5 MB/s')
    shapes = {each.name: _shape(bench, each, world.BIG) for each in contenders}
    figures = rounds(min(2, bench.rounds), contenders, lambda each: bench.client.once(
        each, [world.add(bench.standin, world.BIG, **slow)], shapes[each.name], 1))
    bench.report.table(figures, FIRST_BYTE)
    best = _best_peer(bench, figures, FIRST_BYTE['first byte p50 ms'], min)
    bench.report.at_least(f'earlier than {best}, times',
                          ratio(figures, best, 'ttsave', FIRST_BYTE['first byte p50 ms']), 10)
