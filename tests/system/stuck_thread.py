"""Makes one thread of a process stand still, whatever it is at, while the others go on (ptrace(2))."""

import contextlib
import ctypes
import os
from pathlib import Path

_SEIZE, _INTERRUPT, _DETACH = 0x4206, 0x4207, 17
_WALL = 0x40000000  # wait for threads, too

_libc = ctypes.CDLL(None, use_errno=True)
_libc.ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
_libc.ptrace.restype = ctypes.c_long


def _ptrace(request, thread):
    if _libc.ptrace(request, thread, None, None):
        raise OSError(ctypes.get_errno(), 'ptrace')


def thread_named(pid, name):
    """The number of a process's thread."""
    return next(int(task.name) for task in Path(f'/proc/{pid}/task').iterdir()
                if (task / 'comm').read_text().rstrip('\n') == name)


@contextlib.contextmanager
def stuck(thread):
    """Inside the block, which must not move to another thread, that thread does nothing. PermissionError where this
    machine does not let us."""
    _ptrace(_SEIZE, thread)
    try:
        _ptrace(_INTERRUPT, thread)
        os.waitpid(thread, _WALL)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):  # it may have been killed meanwhile
            _ptrace(_DETACH, thread)
