"""An update, step by step, and the way back."""

import os
import shutil
import time

from .sources import copy, fetch, version_in
from .words import Failure, say

PROBATION = 5  # posts on which a version is judged
LOOK_S = 0.5


def name_of(target):
    return os.path.basename(target) if target else 'the yt-dlp that Python has'


def try_out(server, path, version):
    say(f'Trying {version}:')
    done = server.run('--try-extractor', str(path))
    for line in done.stdout.splitlines():
        say('  ' + line)
    if done.returncode != 0 or f'ready: yt-dlp {version}' not in done.stdout.splitlines():
        raise Failure(f'{version} does not work here. Nothing was changed.')


def wait_for(server, is_right, seconds):
    """Whether an extractor of the right version becomes ready."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        checks = server.checks()
        if checks and is_right(checks['yt_dlp'].get('version')):
            return True
        time.sleep(LOOK_S)
    return False


def counts(server):
    """Posts that TikTok has told something about, and posts that failed as they do with a bad yt-dlp."""
    tiktok = (server.checks() or {}).get('tiktok')
    return tiktok and (tiktok['answered'], tiktok['blocked'] + tiktok['failed'])


def watch(server, version, seconds):
    """Raises Failure if most of the first posts fail."""
    base, good, bad = counts(server), 0, 0
    say(f'{version} is in use. Watching the first {PROBATION} posts, for {seconds} s at most.')
    deadline = time.monotonic() + seconds
    while good + bad < PROBATION and time.monotonic() < deadline:
        time.sleep(LOOK_S)
        now = counts(server)
        if base is None or now is None:
            base = base or now
            continue
        good, bad = now[0] - base[0], now[1] - base[1]
        if 2 * bad > max(good + bad, PROBATION):
            raise Failure(f'{bad} of the first {good + bad} posts failed with {version}.')
    say(f'{version} is kept: {good + bad} posts seen, {bad} of them failed.')


def renew(server, versions, links, is_right, seconds):
    """Has the server use what `links` say. Returns whether it does after so many seconds."""
    versions.link(*links)
    if not server.pid:
        say('No server is running: the next one to start uses it.')
        return True
    server.reload()
    return wait_for(server, is_right, seconds)


def update(server, versions, wanted):
    versions.prune()
    known = (server.checks() or {}).get('yt_dlp', {}).get('version') if server.pid else None
    current, before = versions.links()
    with versions.fresh() as folder:
        if wanted.path:
            copy(wanted.path, folder)
        else:
            fetch(folder)
        version = version_in(folder)
        if version == (versions.version_of(current) if current else known) and not wanted.force:
            say(f'{version} is in use already.')
            return
        target, path = versions.keep(folder, version)
    server.compile(path)
    try:
        try_out(server, path, version)
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise
    say(f'Switching from {name_of(current)} to {version}.')
    try:
        if not renew(server, versions, (target, current), lambda shown: shown == version, wanted.wait):
            raise Failure(f'No extractor with {version} became ready within {wanted.wait} s.')
        if server.pid:
            watch(server, version, wanted.watch)
    except Failure as failure:
        say(f'{failure} Rolling back to {name_of(current)}.')
        # The new one stays until the next run: extractors may still be at work with it.
        is_back = renew(server, versions, (current, before), lambda shown: shown == known or shown != version,
                        wanted.wait)
        raise Failure('Rolled back.' if is_back else 'Rolled back, but no extractor of before became ready: see the log.'
                      ) from failure
    versions.prune()


def roll_back(server, versions, seconds):
    current, previous = versions.links()
    if current is None and previous is None:
        raise Failure('There is nothing to roll back to.')
    say(f'Switching from {name_of(current)} to {name_of(previous)}.')
    left, wanted = versions.version_of(current), versions.version_of(previous)
    if not renew(server, versions, (previous, current), lambda shown: shown == wanted if wanted else shown != left,
                 seconds):
        raise Failure('No extractor with it has become ready: see the log of the server.')
