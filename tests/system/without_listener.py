"""Runs a program where nobody can have its connects held, because somebody listens to system calls already, of whom the
kernel lets there be one (seccomp_unotify(2)): `without_listener.py PROGRAM...`.

As in a container whose supervisor does. For what the server makes of it, an older kernel is no different.
"""

import os
import sys
from pathlib import Path

# As a Server's run_by.
COMMAND = (sys.executable, __file__)


def main(*program):
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from extractor.listened import ALLOW_ALL, listen
    os.set_inheritable(listen(ALLOW_ALL), True)
    os.execv(program[0], program)


if __name__ == '__main__':
    main(*sys.argv[1:])
