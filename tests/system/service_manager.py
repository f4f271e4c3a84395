"""What systemd does for a service, as far as a server notices: sd_notify(3), sd_listen_fds(3), seccomp of a unit's.

As a command, in front of a server's: `service_manager.py hand FD... -- PROGRAM...` hands over descriptors,
`service_manager.py box UNIT -- PROGRAM...` builds the walls of the unit's that are made of system calls.
"""

import configparser
import ctypes
import errno
import os
import socket
import subprocess
import sys
import time

FIRST_HANDED = 3


class NotifySocket:
    """Where a service tells how things go. `name`: a path, or @ and an abstract name. A context manager."""

    def __init__(self, name):
        self.name = name
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind('\0' + name[1:] if name.startswith('@') else name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def receive(self, seconds):
        """The next message as an object, or None."""
        self._socket.settimeout(seconds or 1e-9)
        try:
            message = self._socket.recv(4096).decode()
        except TimeoutError:
            return None
        return dict(line.split('=', 1) for line in message.split('\n'))

    def wait_for(self, key, seconds):
        """The next message with that key; others before it are passed over."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            message = self.receive(left)
            if message and key in message:
                return message
        raise AssertionError(f'no {key} in {seconds:.0f} s')


def read_unit(path):
    """Its sections; of a setting that is given several times, all values, in a list."""
    unit = configparser.RawConfigParser(strict=False, delimiters='=', comment_prefixes='#', dict_type=_Lists,
                                        interpolation=None)
    unit.optionxform = str
    unit.read(path)
    return {name: {key: value.split('\n') for key, value in unit.items(name)} for name in unit.sections()}


class _Lists(dict):
    """Keeps what configparser, which puts a setting's lines into a list, would replace."""

    def __setitem__(self, key, value):
        if isinstance(value, list) and key in self:
            self[key].extend(value)
        else:
            super().__setitem__(key, value)


# Handing over


def hand(descriptors, program):
    # First out of the way of each other.
    moved = [os.dup(descriptor) for descriptor in descriptors]
    spare = [_above(descriptor, FIRST_HANDED + len(moved)) for descriptor in moved]
    for number, descriptor in enumerate(spare, FIRST_HANDED):
        os.dup2(descriptor, number)  # inheritable
    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(moved)))
    os.execv(program[0], program)


def _above(descriptor, lowest):
    while descriptor < lowest:
        descriptor = os.dup(descriptor)
    return descriptor


# The box


_ALLOW, _ERRNO, _EQUAL = 0x7FFF0000, 0x00050000, 4
_SET_MDWE, _REFUSE_EXEC_GAIN = 65, 1
_FAMILIES = {name: getattr(socket, name) for name in dir(socket) if name.startswith('AF_')}


class _Argument(ctypes.Structure):
    _fields_ = [('index', ctypes.c_uint), ('comparison', ctypes.c_int), ('value', ctypes.c_uint64),
                ('unused', ctypes.c_uint64)]


def calls_of(names):
    """System calls, with groups such as @system-service resolved."""
    found = set()
    for name in names:
        if not name.startswith('@'):
            found.add(name)
            continue
        listed = subprocess.run(['systemd-analyze', '--no-pager', 'syscall-filter', name], capture_output=True,
                                text=True, check=True).stdout
        lines = [line.strip() for line in listed.splitlines()[1:]]
        found |= calls_of(line for line in lines if line and not line.startswith('#'))
    return found


def allowed_calls(service):
    allowed = set()
    for line in service['SystemCallFilter']:
        if line.startswith('~'):
            allowed -= calls_of(line[1:].split())
        else:
            allowed |= calls_of(line.split())
    return allowed


def box(unit, program):
    service = read_unit(unit)['Service']
    libc = ctypes.CDLL(None, use_errno=True)
    if service['MemoryDenyWriteExecute'] == ['yes']:
        libc.prctl(_SET_MDWE, _REFUSE_EXEC_GAIN, 0, 0, 0)  # kernels before 6.3 do not know it
    seccomp = ctypes.CDLL('libseccomp.so.2')
    seccomp.seccomp_init.restype = ctypes.c_void_p
    rules = ctypes.c_void_p(seccomp.seccomp_init(_ERRNO | errno.EPERM))

    def allow(name, *arguments):
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        seccomp.seccomp_rule_add_array(rules, _ALLOW, number, len(arguments), (_Argument * len(arguments))(*arguments))

    for name in allowed_calls(service) - {'socket'}:
        allow(name)
    for family in ' '.join(service['RestrictAddressFamilies']).split():
        allow('socket', _Argument(0, _EQUAL, _FAMILIES[family], 0))
    if seccomp.seccomp_load(rules):  # sets no_new_privs
        raise OSError('seccomp_load')
    os.execv(program[0], program)


def main(task, *words):
    end = words.index('--')
    if task == 'hand':
        hand([int(word) for word in words[:end]], words[end + 1:])
    else:
        box(words[0], words[end + 1:])


if __name__ == '__main__':
    main(*sys.argv[1:])
