"""Brings a newer yt-dlp to ttsave-server while it runs, and takes it back if it is worse.

Fetches the newest version by pip (or takes a folder, a wheel or a zip), tries it on the server's canary_urls, switches
the link that the server's extractors start from, has the server replace them, and watches what becomes of the first
posts. The versions lie in extractor_path/versions; `current` and `previous` beside it are links to two of them, and a
link that is missing stands for the yt-dlp that Python has.

Exit status: 0 if the version wanted is in use, 1 if that of before still or again is, 2 for wrong usage.
"""

import argparse
import sys
from pathlib import Path

from .server import Server
from .steps import roll_back, update
from .versions import Versions
from .words import Failure


def main(binary):
    """Returns the exit status. `binary`: the server's."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('path', nargs='?', type=Path, help='folder, wheel or zip of yt-dlp; else pip fetches the newest')
    parser.add_argument('--rollback', action='store_true', help='back to the version before')
    parser.add_argument('--force', action='store_true', help='also if that version is in use already')
    parser.add_argument('--wait', type=int, default=60, metavar='SECONDS', help='for an extractor to be ready (60)')
    parser.add_argument('--watch', type=int, default=300, metavar='SECONDS', help='the first posts, for so long at most (300)')
    parser.add_argument('--pid', type=int, help='the server; else the process that runs the binary beside this')
    parser.add_argument('--config', help="the server's, if none is running")
    parser.add_argument('--url', help='of the server, http://HOST:PORT; else where it listens')
    wanted = parser.parse_args()
    if wanted.rollback and wanted.path:
        parser.error('--rollback takes no path')
    if wanted.path and not wanted.path.exists():
        parser.error(f'{wanted.path} is not there')
    try:
        server = Server(binary, wanted.pid, wanted.config, wanted.url)
        folder = server.setting('extractor_path')
        if not folder:
            raise Failure('The server has no extractor_path where versions could be.', 2)
        versions = Versions(folder)
        with versions.locked():
            if wanted.rollback:
                roll_back(server, versions, wanted.wait)
            else:
                update(server, versions, wanted)
    except Failure as failure:
        print(f'ttsave-update: {failure}', file=sys.stderr)
        return failure.status
    except OSError as error:
        print(f'ttsave-update: {error}', file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print('ttsave-update: Interrupted; what was switched stays so.', file=sys.stderr)
        return 1
    return 0
