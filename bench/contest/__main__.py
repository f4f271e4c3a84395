"""The contest as a command; exit status 1 when a goal is missed."""

import argparse
import contextlib
import os
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / 'tests'))
os.environ.setdefault('TTSAVE_PREFIX', str(REPOSITORY / 'build' / 'release' / 'prefix'))

from standin import running  # noqa: E402

from . import cached, cold, crowds, holding  # noqa: E402
from .contenders import CORES, Nginx, Peer, Ttsave  # noqa: E402
from .load import Client  # noqa: E402
from .report import Report  # noqa: E402

CASES = {'ping': cached.ping, 'small': cached.small, 'big': cached.big, 'cold': cold.small, 'cold-big': cold.big,
         'start': holding.start, 'stalled': holding.stalled, 'crowds': crowds.crowds}


class Bench:
    """What the cases share."""

    def __init__(self, options, directory, standin, stack):
        self.rounds, self.seconds = options.rounds, options.seconds
        self.directory, self.standin = directory, standin
        self.report = Report()
        self.client = Client(options.load_client)
        self.ttsave = stack.enter_context(Ttsave(directory / 'ttsave', standin))
        self.nginx = stack.enter_context(Nginx(directory / 'nginx'))
        self.peers = [stack.enter_context(Peer(directory / f'fastapi{workers}', standin, workers))
                      for workers in (1, CORES)]
        self.all = [self.ttsave, self.nginx, *self.peers]


def main():
    parser = argparse.ArgumentParser(prog='bench/run.sh', description=__doc__)
    parser.add_argument('--rounds', type=int, default=5, help='how often everybody is measured')
    parser.add_argument('--seconds', type=int, default=3, help='how long each time, where it is a matter of time')
    parser.add_argument('--cases', nargs='*', choices=CASES, default=list(CASES), help='all of them by default')
    parser.add_argument('--load-client', default=REPOSITORY / 'build' / 'release' / 'bench' / 'ttsave-bench-load')
    options = parser.parse_args()
    media = REPOSITORY / 'build' / 'bench-standin'
    media.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix='ttsave-bench-')))
        standin = stack.enter_context(running(media))
        bench = Bench(options, directory, standin, stack)
        for name in options.cases:
            CASES[name](bench)
    missed = [goal for goal in bench.report.goals if not goal.is_met]
    print(f'\n{len(bench.report.goals) - len(missed)} of {len(bench.report.goals)} goals are met.')
    for goal in missed:
        print(goal)
    return 1 if missed else 0


sys.exit(main())
