"""What a contender takes of the machine: processor time and memory of all its processes."""

import os
from pathlib import Path

from system import processes


def family(pid):
    return [pid, *processes.descendants(pid)]


def cpu_s(pids):
    """Seconds on a processor, of every thread (to the nanosecond, unlike /proc/PID/stat)."""
    total = 0
    for pid in pids:
        for thread in os.listdir(f'/proc/{pid}/task'):
            try:
                total += int(Path(f'/proc/{pid}/task/{thread}/schedstat').read_text().split()[0])
            except FileNotFoundError:
                continue
    return total / 1e9


def resident_bytes(pid):
    for line in Path(f'/proc/{pid}/status').read_text().splitlines():
        if line.startswith('VmRSS:'):
            return int(line.split()[1]) * 1024
    raise AssertionError('the kernel does not tell VmRSS')


def socket_memory_bytes():
    """Of all TCP sockets of the machine, on both sides."""
    for line in Path('/proc/net/sockstat').read_text().splitlines():
        if line.startswith('TCP:'):
            return int(line.split()[-1]) * os.sysconf('SC_PAGE_SIZE')
    raise AssertionError('the kernel does not tell the sockets\' memory')
