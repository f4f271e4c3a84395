#!/usr/bin/env python3
"""What more servers behind nginx give, and what nginx in front of them costs. See README.md."""

import argparse
import contextlib
import os
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY / 'tests'), str(REPOSITORY / 'bench')]
os.environ.setdefault('TTSAVE_PREFIX', str(REPOSITORY / 'build' / 'release' / 'prefix'))

from contest import load, usage, world  # noqa: E402
from contest.cached import CPU, FIRST_BYTE, PER_S, VOLUME, rounds  # noqa: E402
from contest.contenders import MultipartContender, Ttsave  # noqa: E402
from contest.report import Report, ratio  # noqa: E402
from standin import running  # noqa: E402
from system.balancer import Balancer  # noqa: E402

REPLICAS = 3
EXTRACTORS = 8
CONNECTIONS = 64
POSTS = 240
LATENCY_MS = 300
CASES = ('waiting', 'computing', 'small', 'big')


class Alone(Ttsave):
    """One server, asked directly."""

    name = '1 alone'


class Behind(MultipartContender):
    """Servers behind nginx. Those are the caller's to start."""

    def __init__(self, servers, balancer):
        self.name = f'{len(servers)} behind nginx'
        self.port = balancer.port
        self._servers, self._balancer = servers, balancer

    def cpu_s(self):
        return usage.cpu_s(usage.family(self._balancer.pid)) + sum(server.cpu_s() for server in self._servers)

    def log(self):
        return self._balancer.log


def contenders(stack, directory, standin, **settings):
    """A server of its own for each way, since what one keeps the next would find."""
    def servers(count):
        return [stack.enter_context(Alone(directory / f'{next(numbers)}', standin, **settings)) for _ in range(count)]

    def behind(count):
        started = servers(count)
        return Behind(started, stack.enter_context(Balancer([server.address for server in started])))
    numbers = iter(range(1000))
    directory.mkdir()
    return [*servers(1), behind(1), behind(REPLICAS)]


class Scale:

    def __init__(self, options, directory, standin):
        self.options, self.directory, self.standin = options, directory, standin
        self.report = Report()
        self.client = load.Client(options.load_client)

    def fresh(self, count=1, delay_ms=0, media=world.SMALL):
        return [world.add(self.standin, media, delay_ms=delay_ms) for _ in range(count)]

    def shapes(self, everybody, post):
        content = self.standin.media(post.media).read_bytes()
        return {each.name: load.verify(each, post, content) for each in everybody}

    def cold(self, everybody, delay_ms):
        expected = self.shapes(everybody, *self.fresh())
        for each in everybody:  # every extractor has worked once
            self.client.once(each, self.fresh(CONNECTIONS), expected[each.name], CONNECTIONS)
        figures = rounds(self.options.rounds, everybody, lambda each: self.client.once(
            each, self.fresh(POSTS, delay_ms), expected[each.name], CONNECTIONS))
        self.report.table(figures, {**PER_S, **CPU, **FIRST_BYTE})
        return figures

    def waiting(self):
        """What limits here are extractors that wait for TikTok; each server brings its own."""
        self.report.case(f'cold posts of 200 KB, {CONNECTIONS} at a time, upstream latency {LATENCY_MS} ms, '
                         f'{EXTRACTORS} extractors a server')
        with contextlib.ExitStack() as stack:
            everybody = contenders(stack, self.directory / 'waiting', self.standin, workers=EXTRACTORS,
                                   max_workers=EXTRACTORS)
            figures = self.cold(everybody, LATENCY_MS)
        self.report.at_least('posts/s, 3 servers, times 1',
                             ratio(figures, f'{REPLICAS} behind nginx', '1 behind nginx', PER_S['per second']), 2)

    def computing(self):
        """What limits here is the machine, of which there is one."""
        self.report.case(f'cold posts of 200 KB, {CONNECTIONS} at a time, no upstream latency, defaults')
        with contextlib.ExitStack() as stack:
            self.cold(contenders(stack, self.directory / 'computing', self.standin), 0)

    def big(self):
        """What bytes cost: those that are fetched as well, and those that are only sent."""
        with contextlib.ExitStack() as stack:
            everybody = contenders(stack, self.directory / 'big', self.standin)
            post, = self.fresh(media=world.BIG)
            expected = self.shapes(everybody, post)
            self.report.case('cold posts of 50 MB, 2 at a time')
            figures = rounds(self.options.rounds, everybody, lambda each: self.client.once(
                each, self.fresh(4, media=world.BIG), expected[each.name], 2))
            self.report.table(figures, VOLUME)
            self.kept('a kept post of 50 MB, 8 connections', everybody, post, 8, VOLUME)

    def small(self):
        with contextlib.ExitStack() as stack:
            everybody = contenders(stack, self.directory / 'small', self.standin)
            post, = self.fresh()
            self.kept('a kept post of 200 KB, 32 connections', everybody, post, 32, {**PER_S, **CPU, **FIRST_BYTE})

    def kept(self, title, everybody, post, connections, columns):
        self.report.case(title)
        expected = self.shapes(everybody, post)
        figures = rounds(self.options.rounds, everybody, lambda each: self.client.repeat(
            each, post, expected[each.name], connections, self.options.seconds))
        self.report.table(figures, columns)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--seconds', type=int, default=3, help='how long each round of what is kept lasts')
    parser.add_argument('--cases', nargs='*', choices=CASES, default=CASES, help='all of them by default')
    parser.add_argument('--load-client', default=REPOSITORY / 'build' / 'release' / 'bench' / 'ttsave-bench-load')
    options = parser.parse_args()
    media = REPOSITORY / 'build' / 'bench-standin'
    media.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix='ttsave-scale-')))
        scale = Scale(options, directory, stack.enter_context(running(media)))
        for case in options.cases:
            getattr(scale, case)()
    return 0 if all(goal.is_met for goal in scale.report.goals) else 1


if __name__ == '__main__':
    sys.exit(main())
