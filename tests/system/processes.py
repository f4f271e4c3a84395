"""What Linux tells of a process from outside, under /proc."""

import contextlib
import os
import signal
from pathlib import Path


# The state of a listening socket in /proc/net/tcp (include/net/tcp_states.h).
LISTEN = '0A'


def _stat(pid):
    """The fields of /proc/PID/stat from the state on (man 5 proc_pid_stat, field 3); None for no such process."""
    try:
        return Path(f'/proc/{pid}/stat').read_text().rpartition(')')[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def identity(pid):
    """Tells a process from a later one with the same number, by its start time."""
    stat = _stat(pid)
    return (pid, stat[19]) if stat else None


def is_alive(who):
    """Whether the process of that identity() still runs; a zombie does not."""
    stat = _stat(who[0])
    return stat is not None and stat[19] == who[1] and stat[0] not in 'ZX'


def descendants(pid):
    """Numbers of all processes below `pid`, zombies included: an unreaped child is a leak too."""
    parents = {}
    for entry in os.listdir('/proc'):
        stat = _stat(entry) if entry.isdigit() else None
        if stat:
            parents.setdefault(int(stat[1]), []).append(int(entry))
    found, pending = [], [pid]
    while pending:
        children = parents.get(pending.pop(), [])
        found += children
        pending += children
    return sorted(found)


def name(pid):
    """What the kernel calls a process, or None when it is gone."""
    try:
        return Path(f'/proc/{pid}/comm').read_text().rstrip('\n')
    except (FileNotFoundError, ProcessLookupError):
        return None


def title(pid):
    """Its command line, which some programs write anew to say what they are at; empty when it is gone."""
    try:
        return Path(f'/proc/{pid}/cmdline').read_text(errors='replace').replace('\0', ' ').strip()
    except (FileNotFoundError, ProcessLookupError):
        return ''


def status(pid):
    """The lines of /proc/PID/status (man 5 proc_pid_status) by their names; empty when the process is gone."""
    try:
        lines = Path(f'/proc/{pid}/status').read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return {}
    return {name: value.strip() for name, _, value in (line.partition(':') for line in lines)}


def open_descriptors(pid):
    """What each open descriptor of a process refers to, as the kernel words it (`socket:[1]`, `/path (deleted)`); paths as
    the process sees them, which may have another root than we."""
    root = os.readlink(f'/proc/{pid}/root').rstrip('/')
    targets = {}
    for number in os.listdir(f'/proc/{pid}/fd'):
        try:
            targets[int(number)] = os.readlink(f'/proc/{pid}/fd/{number}').removeprefix(root)
        except FileNotFoundError:
            continue
    return targets


def listening_ports(pid):
    """The TCP ports that a process accepts connections on."""
    held = set(open_descriptors(pid).values())
    ports = []
    for table in ('tcp', 'tcp6'):
        for line in Path(f'/proc/{pid}/net/{table}').read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == LISTEN and f'socket:[{fields[9]}]' in held:
                ports.append(int(fields[1].rpartition(':')[2], 16))
    return ports


def peak_memory_bytes(pid):
    """The largest resident set the process ever had."""
    for line in Path(f'/proc/{pid}/status').read_text().splitlines():
        if line.startswith('VmHWM:'):
            return int(line.split()[1]) * 1024
    raise AssertionError('the kernel does not tell VmHWM')


def cpu_s(pid):
    """Processor time the process has taken, in user space and in the kernel."""
    utime, stime = _stat(pid)[11:13]
    return (int(utime) + int(stime)) / os.sysconf('SC_CLK_TCK')


def kill_hard(*pids):
    """SIGKILL; a process that has just gone by itself is as good."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def send(who, number):
    """A signal to the process of that identity(), if it is still there."""
    if is_alive(who):
        with contextlib.suppress(ProcessLookupError):
            os.kill(who[0], number)


def anonymous_memory_bytes(pid):
    """What of a process' resident set is its own rather than a file's; 0 when it is gone."""
    try:
        lines = Path(f'/proc/{pid}/status').read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith('RssAnon:'))
