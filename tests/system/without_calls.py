"""Runs a program on a kernel that lacks system calls: `without_calls.py FIRST LAST PROGRAM...`, numbers of calls, which
answer ENOSYS from then on.

The program cannot get rid of that, nor gain privileges (seccomp(2)).
"""

import ctypes
import errno
import os
import platform
import struct
import sys

# Ranges to lack: seccomp, where prctl() remains; what came after 5.4, which Ubuntu 20.04 has; Landlock.
SECCOMP = ('317', '317') if platform.machine() == 'x86_64' else ('277', '277')
SINCE_LINUX_5_5 = ('436', '999')
LANDLOCK = ('444', '446')

PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 22, 38
FILTER = 2
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
LOAD, JUMP_IF_GREATER, JUMP_IF_AT_LEAST, RETURN = 0x20, 0x25, 0x35, 0x06


class Program(ctypes.Structure):
    _fields_ = [('length', ctypes.c_ushort), ('instructions', ctypes.c_char_p)]


def command(*calls):
    """As a Server's run_by."""
    return (sys.executable, __file__, *calls)


def main(first, last, *program):
    instructions = [(LOAD, 0, 0, 0), (JUMP_IF_GREATER, 2, 0, int(last)), (JUMP_IF_AT_LEAST, 0, 1, int(first)),
                    (RETURN, 0, 0, ERRNO | errno.ENOSYS), (RETURN, 0, 0, ALLOW)]
    code = b''.join(struct.pack('HBBI', *each) for each in instructions)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
            PR_SET_SECCOMP, FILTER, ctypes.byref(Program(len(instructions), code))):
        raise OSError(ctypes.get_errno(), 'prctl')
    os.execv(program[0], program)


if __name__ == '__main__':
    main(*sys.argv[1:])
