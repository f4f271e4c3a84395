"""python3 -m ttsave_extractor: reads the configuration and then jobs on stdin, answers on stdout, logs on stderr."""

import contextlib
import ctypes.util
import importlib
import logging
import os
import platform
import signal
import sys

from .protocol import VERSION, Channel, ProtocolError, expect_configuration, expect_job

# Exit statuses, for the server's log.
EXIT_PROTOCOL = 2
EXIT_UNUSABLE = 3


class _UnderWay(logging.Filter):
    """Has each line of the log begin with the id of the request that is worked for, if any."""

    _shown = ''

    def begin(self, request):
        self._shown = f'request={request} ' if request else ''

    def filter(self, record):
        record.request = self._shown
        return True


_under_way = _UnderWay()


def main():
    # The server decides when this process ends; a terminal's Ctrl-C must not take it away from running jobs.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    stdout = _take_stdout()
    channel = Channel(sys.stdin.buffer, stdout)
    logging.basicConfig(stream=sys.stderr, level=logging.DEBUG, format='%(levelname)s %(request)s%(message)s')
    logging.getLogger().handlers[0].addFilter(_under_way)
    logging.getLogger('urllib3').setLevel(logging.WARNING)
    try:
        return _serve(channel)
    except ProtocolError as error:
        logging.error('protocol error: %s', error)
        return EXIT_PROTOCOL
    except BrokenPipeError:
        with contextlib.suppress(BrokenPipeError):
            stdout.close()  # else Python tries once more at its end, and complains
        return 0


def _take_stdout():
    """Keeps the real stdout for the protocol: whatever a library prints goes to stderr and cannot break a line."""
    stdout = os.fdopen(os.dup(1), 'wb')
    os.dup2(2, 1)
    return stdout


def _serve(channel):
    settings = channel.receive()
    if settings is None:
        return 0
    expect_configuration(settings)
    _start_no_programs()
    # Imported here so that a missing or broken yt-dlp is reported in the protocol's own words. A broken one may also
    # raise SystemExit, which is no Exception.
    try:
        importlib.import_module('yt_dlp')
    except (Exception, SystemExit) as error:
        return _give_up(channel, f'yt-dlp cannot be imported: {_reason(error)}')
    try:
        from .resolver import Resolver
        resolver = Resolver(proxy=settings['gate'], cookies_file=settings['cookies_file'],
                            user_agent=settings['user_agent'], extractor_args=settings['extractor_args'])
    except (Exception, SystemExit) as error:
        return _give_up(channel, f'yt-dlp cannot be used: {_reason(error)}')
    channel.send({
        'event': 'ready',
        'yt_dlp': resolver.version,
        'python': platform.python_version(),
        'protocol': VERSION,
    })

    while (job := channel.receive()) is not None:
        expect_job(job)
        _under_way.begin(job['request'])
        channel.send({'id': job['id'], **_answer(resolver, job)})
    return 0


def _start_no_programs():
    """Libraries that yt-dlp imports ask `file` what this Python is, and ldconfig and a compiler where other libraries
    are. Here no program can be started and no file written; they do without (PyCryptodome without gmp)."""
    platform.architecture = lambda *args, **kwargs: ('64bit' if sys.maxsize > 2**32 else '32bit', '')
    ctypes.util.find_library = lambda name: None


def _give_up(channel, message):
    channel.send({'event': 'unusable', 'message': message[:500]})
    return EXIT_UNUSABLE


def _reason(error):
    return ' '.join(f'{type(error).__name__}: {error}'.split())


def _answer(resolver, job):
    from .failures import Failed
    try:
        return {'event': 'post', 'post': resolver.resolve(job['url'], job['timeout_s'])}
    except Failed as failure:
        return {'event': 'failed', 'code': failure.code, 'message': failure.message}


if __name__ == '__main__':
    sys.exit(main())
