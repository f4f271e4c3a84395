"""Tries what a program run beside the server must not be able to do, and what it must, one thing after the other.

Run as `python3 -c TEXT KEY=VALUE...`, so that it needs no file to be read. `only` names what to try, separated by
commas. Prints a line `NAME OUTCOME` for each: `done`, the name of the error, a limit's value, or `gate` when what was
connected is not what was meant but something that refuses to go anywhere.
"""

import contextlib
import ctypes
import errno
import fcntl
import mmap
import os
import resource
import signal
import socket
import subprocess
import sys
import termios
import threading

given = dict(word.split('=', 1) for word in sys.argv[1:])
server = os.getppid()
folder = given['folder']
libc = ctypes.CDLL(None, use_errno=True)
attempts = {}

SEIZE = 0x4206  # ptrace(2): without stopping
NEW_USER, NEW_NET, NEW_MOUNTS = 0x10000000, 0x40000000, 0x00020000
IS_INVALID = 0x1234  # an argument that lets a call do no harm where it is not refused
TOO_MUCH_MEMORY = 1 << 36
NO_RESERVE = 0x4000  # mmap(2): Python's module has the name from 3.13 on


def attempt(tried):
    attempts[tried.__name__] = tried


def check(result):
    if result == -1:
        raise OSError(ctypes.get_errno(), '')


def c(name, *arguments):
    check(getattr(libc, name)(*arguments))


def system_call(name, *arguments):
    """By the number that is given, for those without a function of the C library."""
    check(libc.syscall(int(given[f'SYS_{name}']), *arguments))


def simple(**tried):
    """Attempts of one expression each."""
    attempts.update(tried)


def connect(address, *kind):
    with socket.socket(*kind) as connection:
        connection.connect(address)
        return whose(connection)


def whose(connection):
    """'gate', or None for a connection of the kind that the socket was made for."""
    if connection.getsockopt(socket.SOL_SOCKET, socket.SO_DOMAIN) == connection.family:
        return None
    connection.sendall(b'CONNECT evil.example:443 HTTP/1.1\r\n\r\n')
    return 'gate' if connection.recv(100).startswith(b'HTTP/1.1 403 ') else 'somebody'


def c_connect(descriptor, length=16, address=b'\x02\0\0\x50\xc0\0\x02\x01'):
    """connect(2), by default to port 80 of 192.0.2.1."""
    c('connect', descriptor, address.ljust(length, b'\0'), length)


# Files

simple(
    create=lambda: open(f'{folder}/new', 'w').close(),
    create_without_a_name=lambda: os.close(os.open(folder, os.O_TMPFILE | os.O_WRONLY)),
    overwrite=lambda: open(f'{folder}/secret', 'r+').close(),
    overwrite_own_package=lambda: open(f'{given["package"]}/__init__.py', 'r+').close(),
    read_cookies=lambda: open(f'{folder}/cookies').close(),
    read_keys=lambda: open(f'{folder}/secret').close(),
    read_shadow=lambda: open('/etc/shadow').close(),
    read_server_environment=lambda: open(f'/proc/{server}/environ').close(),
    read_server_memory=lambda: open(f'/proc/{server}/mem', 'rb').close(),
    list_server_descriptors=lambda: os.listdir(f'/proc/{server}/fd'),
    list_folder=lambda: os.listdir(folder),
    truncate=lambda: os.truncate(f'{folder}/truncated', 0),
    make_folder=lambda: os.mkdir(f'{folder}/made'),
    make_fifo=lambda: os.mkfifo(f'{folder}/fifo'),
    make_device=lambda: os.mknod(f'{folder}/device', 0o20600, os.makedev(1, 3)),
    make_symlink=lambda: os.symlink('secret', f'{folder}/symlink'),
    make_link=lambda: os.link(f'{folder}/secret', f'{folder}/link'),
    rename=lambda: os.rename(f'{folder}/renamed', f'{folder}/renamed.new'),
    unlink=lambda: os.unlink(f'{folder}/unlinked'),
    chmod=lambda: os.chmod(f'{folder}/secret', 0o600),
    chown=lambda: os.chown(f'{folder}/secret', os.getuid(), os.getgid()),
    utime=lambda: os.utime(f'{folder}/secret'),
    setxattr=lambda: os.setxattr(f'{folder}/secret', 'user.test', b'1'),
    chdir=lambda: os.chdir(folder),
    memory_file=lambda: os.close(os.memfd_create('test')),
)

# Other processes, and privileges

simple(
    fork=lambda: os._exit(0) if os.fork() == 0 else os.wait(),
    spawn=lambda: subprocess.run(['/bin/true'], check=True),
    kill_server=lambda: os.kill(server, 0),
    signal_group=lambda: os.killpg(0, 0),
    signal_by_pidfd=lambda: signal.pidfd_send_signal(os.pidfd_open(server), 0),
    signal_by_descriptor=lambda: fcntl.fcntl(1, fcntl.F_SETOWN, server),
    trace_server=lambda: c('ptrace', SEIZE, server, 0, 0),
    read_server_limits=lambda: resource.prlimit(server, resource.RLIMIT_CORE),
    raise_own_limits=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, resource.getrlimit(resource.RLIMIT_NOFILE)),
    set_server_priority=lambda: os.setpriority(os.PRIO_PROCESS, server, os.getpriority(os.PRIO_PROCESS, server)),
    set_server_affinity=lambda: os.sched_setaffinity(server, os.sched_getaffinity(server)),
    leave_group=lambda: os.setsid(),
    become_user=lambda: os.setuid(os.getuid()),
    new_user_namespace=lambda: c('unshare', NEW_USER),
    new_network=lambda: c('unshare', NEW_NET),
    new_mounts=lambda: c('unshare', NEW_MOUNTS),
    enter_namespace=lambda: c('setns', 0, 0),
    change_root=lambda: os.chroot('/'),
    mount=lambda: c('mount', b'none', folder.encode(), b'tmpfs', 0, 0),
    unmount=lambda: c('umount2', b'/no/such/folder', 0),
    personality=lambda: c('personality', 0xffffffff),
    set_clock=lambda: c('clock_settime', IS_INVALID, ctypes.byref((ctypes.c_long * 2)())),
    set_host_name=lambda: c('sethostname', b'', IS_INVALID),
    reboot=lambda: c('reboot', IS_INVALID),
    swap=lambda: c('swapon', b'/no/such/file', 0),
    push_into_terminal=lambda: fcntl.ioctl(0, termios.TIOCSTI, b'x'),
)
for name in ('add_key', 'bpf', 'init_module', 'io_uring_setup', 'kcmp', 'kexec_load', 'keyctl', 'move_mount',
             'open_by_handle_at', 'perf_event_open', 'pivot_root', 'process_vm_readv', 'process_vm_writev', 'seccomp',
             'userfaultfd'):
    attempts[name] = lambda name=name: system_call(name, IS_INVALID, 0, 0, 0, 0, 0)

# Network

simple(
    connect=lambda: connect(('127.0.0.1', int(given['port'])), socket.AF_INET, socket.SOCK_STREAM),
    connect_by_mptcp=lambda: connect(('127.0.0.1', int(given['port'])), socket.AF_INET, socket.SOCK_STREAM, 262),
    connect_by_ipv6=lambda: connect(('::1', int(given['port'])), socket.AF_INET6, socket.SOCK_STREAM),
    connect_abstract=lambda: connect('\0' + given['abstract'], socket.AF_UNIX, socket.SOCK_STREAM),
    udp=lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close(),
    raw=lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1).close(),
    packet=lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close(),
    netlink=lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close(),
    vsock=lambda: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM).close(),
    crypto=lambda: socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET).close(),
    socket_pair=lambda: socket.socketpair(),
    connect_file=lambda: c_connect(int(given['file'])),
    connect_pipe=lambda: c_connect(1),
    connect_nothing=lambda: c_connect(61),
)


@attempt
def connect_to_gate():
    """Where it listens at a port, which has to be shown a password."""
    with socket.create_connection(('127.0.0.1', int(given['gate']))) as connection:
        connection.sendall(b'CONNECT www.tiktok.com:443 HTTP/1.1\r\n\r\n')
        return 'gate' if connection.recv(100).startswith(b'HTTP/1.1 407 ') else 'somebody'


@attempt
def connect_to_that_port_elsewhere():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.connect(('127.0.0.2', int(given['gate'])))


@attempt
def connect_anywhere():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        c_connect(connection.fileno())
        return whose(connection)


@attempt
def connect_twice():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        c_connect(connection.fileno())
        c_connect(connection.fileno())
        return whose(connection)


@attempt
def connect_given_socket():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, fileno=os.dup(int(given['handed']))) as connection:
        c_connect(connection.fileno())
        return whose(connection)


@attempt
def connect_to_path():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        c_connect(connection.fileno(), 110, b'\x01\0/run/systemd/private')


@attempt
def connect_from_threads():
    """All at once; says how many were connected at a time."""
    with contextlib.ExitStack() as made:
        connections = [made.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) for _ in range(20)]
        errors = []
        threads = [threading.Thread(target=lambda each=each: errors.append(each.connect_ex(('192.0.2.1', 80))))
                   for each in connections]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        refused = errors.count(errno.ECONNREFUSED)
        return f'at-most-{errors.count(0)}' if errors.count(0) + refused == len(connections) else str(errors)


@attempt
def connect_again_and_again():
    for _ in range(500):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
            connection.connect_ex(('192.0.2.1', 80))
    while True:
        with contextlib.suppress(ConnectionRefusedError):  # those before may not have been noticed to be closed
            return connect(('192.0.2.1', 80), socket.AF_INET, socket.SOCK_STREAM)


@attempt
def die_while_connecting():
    def connect_on():
        while True:
            with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
                connection.connect(('192.0.2.1', 80))
                started.set()
    started = threading.Event()
    for _ in range(8):
        threading.Thread(target=connect_on, daemon=True).start()
    started.wait()
    os._exit(0)


@attempt
def connect_while_sending():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as connection:
        connection.sendto(b'x', socket.MSG_FASTOPEN, ('127.0.0.1', int(given['port'])))


@attempt
def give_descriptor_away():
    with socket.socket(fileno=os.dup(int(given['handed']))) as handed:
        socket.send_fds(handed, [b'x'], [0])


@attempt
def listen():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.bind(('127.0.0.1', 0))
        listener.listen()


# Resources

@attempt
def take_memory():
    mmap.mmap(-1, TOO_MUCH_MEMORY, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | NO_RESERVE).close()


@attempt
def take_descriptors():
    with contextlib.ExitStack() as taken:
        for _ in range(200):
            taken.enter_context(open('/dev/null'))


@attempt
def write_given_file():
    with open(f'/proc/self/fd/{given["file"]}', 'r+b') as file:
        file.write(b'written')


@attempt
def write_too_much():
    os.pwrite(int(given['file']), b'x', int(given['too_far']))


@attempt
def start_thread():
    thread = threading.Thread(target=lambda: None)
    thread.start()
    thread.join()


for name in ('AS', 'CORE', 'CPU', 'FSIZE', 'NOFILE'):
    def limit(name=name):
        return resource.getrlimit(getattr(resource, f'RLIMIT_{name}'))[1]
    attempts[f'limit_{name}'] = limit


@attempt
def start_shell():
    os.execv('/bin/sh', ['/bin/sh', '-c', 'echo start_shell done'])  # the last one, since it may succeed


def outcome(tried):
    try:
        value = tried()
    except OSError as error:
        return errno.errorcode[error.errno]
    return value if tried.__name__ == 'limit' or isinstance(value, str) else 'done'


for name in given['only'].split(','):
    print(name, outcome(attempts[name]), flush=True)
