"""The soak as a command; exit status 1 when something was wrong."""

import argparse
import os
import sys

from .run import run

parser = argparse.ArgumentParser(prog='soak', description='The installed server under random faults.')
parser.add_argument('--seconds', type=float, default=float(os.environ.get('TTSAVE_SOAK_S', '60')),
                    help='how long clients come (TTSAVE_SOAK_S); waiting for rest comes on top')
parser.add_argument('--seed', type=int, default=int(os.environ.get('TTSAVE_SOAK_SEED', '0')),
                    help='repeats the draws of an earlier run (TTSAVE_SOAK_SEED); 0 takes a new one')
parser.add_argument('--posts', type=int, default=300, help='how many posts there are at a time')
parser.add_argument('--clients', type=int, default=50, help='how many clients there are at a time')
options = parser.parse_args()
sys.exit(0 if run(options.seconds, options.seed, options.posts, options.clients) else 1)
