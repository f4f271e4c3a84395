"""Wheels in the place of PyPI's: the yt-dlp that is here under a version of its own, and what it says that it needs.

The latter have no modules in them: pip finds what it looks for, and yt-dlp does without.

    python3 -m image.wheels FOLDER
"""

import importlib.metadata
import re
import sys
import tempfile
from pathlib import Path

from system import yt_dlps

VERSION = '2099.09.09'

# yt-dlp names one exact version of each.
_PINNED = re.compile(r"([\w-]+)==([\w.]+); .*extra == 'pin(?:-curl-cffi)?'")


def write(folder):
    def path(name_and_version):
        return folder / f'{name_and_version}-py3-none-any.whl'
    with tempfile.TemporaryDirectory() as made:
        yt_dlps.pack(yt_dlps.make(Path(made), VERSION), path(f'yt_dlp-{VERSION}'))
    for requirement in importlib.metadata.requires('yt-dlp'):
        if pinned := _PINNED.match(requirement):
            name, version = pinned.groups()
            distribution = f'{name.replace("-", "_")}-{version}'
            yt_dlps.write_wheel(path(distribution), distribution,
                                f'Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n', {})


if __name__ == '__main__':
    write(Path(sys.argv[1]))
