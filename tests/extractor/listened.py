"""Runs a program whose calls of connect() somebody else answers: `listened.py SOCKET PROGRAM...` sends the descriptor at
which they arrive (seccomp_unotify(2)) over SOCKET, a number, and becomes the program.

As core/connect_listener and compile_connect_filter in the server.
"""

import ctypes
import errno
import os
import platform
import socket
import struct
import sys

PR_SET_NO_NEW_PRIVS = 38
SET_FILTER, NEW_LISTENER = 1, 8
ALLOW, NOTIFY, ERRNO = 0x7FFF0000, 0x7FC00000, 0x00050000
IPV4_LENGTH = 16
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
NUMBER, SECOND_ARGUMENT, THIRD_ARGUMENT = 0, 24, 32  # where in struct seccomp_data, of little-endian machines
SECCOMP, CONNECT, SETSOCKOPT = {'x86_64': (317, 42, 54), 'aarch64': (277, 203, 208)}[platform.machine()]

HOLD_CONNECTS = [
    (LOAD, 0, 0, NUMBER),
    (JUMP_IF_EQUAL, 0, 4, CONNECT),
    (LOAD, 0, 0, THIRD_ARGUMENT),
    (JUMP_IF_EQUAL, 0, 1, IPV4_LENGTH),
    (RETURN, 0, 0, NOTIFY),
    (RETURN, 0, 0, ERRNO | errno.ECONNREFUSED),
    (JUMP_IF_EQUAL, 0, 3, SETSOCKOPT),
    (LOAD, 0, 0, SECOND_ARGUMENT),
    (JUMP_IF_EQUAL, 0, 1, socket.IPPROTO_TCP),
    (RETURN, 0, 0, ERRNO),
    (RETURN, 0, 0, ALLOW),
]

ALLOW_ALL = [(RETURN, 0, 0, ALLOW)]


class Program(ctypes.Structure):
    _fields_ = [('length', ctypes.c_ushort), ('instructions', ctypes.c_char_p)]


def listen(instructions):
    """Returns the descriptor at which calls arrive from now on, which is closed on exec."""
    code = b''.join(struct.pack('HBBI', *each) for each in instructions)
    libc = ctypes.CDLL(None, use_errno=True)
    listener = -1
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        listener = libc.syscall(SECCOMP, SET_FILTER, NEW_LISTENER, ctypes.byref(Program(len(instructions), code)))
    if listener < 0:
        raise OSError(ctypes.get_errno(), 'seccomp')
    return listener


def main(way, *program):
    listener = listen(HOLD_CONNECTS)
    with socket.socket(fileno=int(way)) as answerer:
        socket.send_fds(answerer, [b'.'], [listener])
    os.close(listener)
    os.execv(program[0], program)


if __name__ == '__main__':
    main(*sys.argv[1:])
