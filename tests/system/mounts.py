"""Real file systems that fail for real: full, read-only, dead. In a mount namespace of this process' own, as root.

Nothing of it is seen by other processes but this one's children, and all of it is gone with them.
"""

import ctypes
import fcntl
import os
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

_CLONE_NEWNS = 0x00020000
_EXT4_IOC_SHUTDOWN = 0x8004587D  # _IOR('X', 125, __u32), linux/fs/ext4/ext4.h
_WITHOUT_FLUSHING_THE_LOG = 2
_IMAGE_BYTES = 32_000_000

_libc = ctypes.CDLL(None, use_errno=True)


def run(*words):
    """A command that has to succeed."""
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f'{" ".join(map(str, words))}: {done.stderr}'


def unshare(kind, what):
    """A namespace of that kind for the calling thread, and the processes and threads that it starts from now on. Fails
    where that is not allowed: without it nothing here would test anything."""
    if _libc.unshare(kind) != 0:
        error = ctypes.get_errno()
        raise AssertionError(f'no {what} namespace of our own ({os.strerror(error)}): these tests have to run as root, '
                             'with CAP_SYS_ADMIN')


def enter_own_namespace():
    """Mounts of this process' and its children's own; see unshare()."""
    unshare(_CLONE_NEWNS, 'mount')
    run('mount', '--make-rprivate', '/')


def mount_tmpfs(place, options):
    run('mount', '-t', 'tmpfs', '-o', f'mode=0700,{options}', 'ttsave-test', place)


def remount(place, options):
    """Fails while a file on it is open for writing, if it is to become read-only."""
    run('mount', '-o', f'remount,{options}', place)


def mount_ext4(place, options='defaults'):
    """A disk of its own: a file on a loop device. Both are gone with the mount. Skips the test where the kernel lends no
    loop devices, as in containers: there only the faults that a tmpfs can have are tested."""
    if not os.access('/dev/loop-control', os.R_OK | os.W_OK):
        raise unittest.SkipTest('no loop devices')
    with tempfile.NamedTemporaryFile(prefix='ttsave-disk-') as image:
        os.truncate(image.name, _IMAGE_BYTES)
        run('mkfs.ext4', '-q', '-F', image.name)
        run('mount', '-o', f'loop,{options}', image.name, place)


def unmount(place):
    """Even while files on it are open, which go on as they are."""
    run('umount', '--lazy', place)


def break_ext4(place):
    """From now on every call on the file system is an EIO, as on a disk that is gone."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        fcntl.ioctl(descriptor, _EXT4_IOC_SHUTDOWN, struct.pack('I', _WITHOUT_FLUSHING_THE_LOG))
    finally:
        os.close(descriptor)


def trip_ext4(place):
    """The file system finds an error in itself, and does what its `errors` option says."""
    device = os.stat(place).st_dev
    name = Path(f'/sys/dev/block/{os.major(device)}:{os.minor(device)}').resolve().name
    Path(f'/sys/fs/ext4/{name}/trigger_fs_error').write_text('1')


def fill(directory):
    """Takes every byte that is left, by another process; returns the file to unlink."""
    ballast = Path(directory, 'ballast')
    done = subprocess.run(['dd', 'if=/dev/zero', f'of={ballast}', 'bs=4096'], stderr=subprocess.PIPE, check=False)
    assert b'No space left on device' in done.stderr, done.stderr
    return ballast
