"""Where a version of yt-dlp comes from."""

import glob
import os
import re
import shutil
import subprocess
import sys
import zipfile

from .words import Failure, say


def version_in(folder):
    """Read, not run: nothing of it is trusted before it is tried, in the server's box."""
    try:
        found = re.search(r"(?m)^__version__ = ['\"]([\w.+-]{1,64})['\"]", (folder / 'yt_dlp/version.py').read_text())
    except OSError:
        found = None
    if not found or not (folder / 'yt_dlp/__init__.py').is_file():
        raise Failure('That is no yt-dlp: there is no package yt_dlp in it that says its version.')
    return found[1]


def pip():
    if subprocess.run([sys.executable, '-m', 'pip', '--version'], capture_output=True, check=False).returncode == 0:
        return [sys.executable, '-m', 'pip']
    wheels = glob.glob('/usr/share/python-wheels/pip-*.whl')
    if not wheels:
        raise Failure('There is no pip: install python3-pip-whl, or name a folder, a wheel or a zip.')
    return [sys.executable, wheels[0] + '/pip']


def fetch(into):
    say('Fetching the newest yt-dlp by pip.')
    scratch = into.with_suffix('.pip')
    scratch.mkdir()
    try:
        done = subprocess.run(
            [*pip(), 'install', '--quiet', '--disable-pip-version-check', '--no-cache-dir', '--no-compile', '--no-deps',
             '--only-binary', ':all:', '--upgrade', '--target', into, 'yt-dlp'],
            env={**os.environ, 'TMPDIR': str(scratch)}, stdin=subprocess.DEVNULL, check=False)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if done.returncode != 0:
        raise Failure('pip could not fetch it.')


def copy(source, into):
    try:
        if source.is_dir():
            shutil.copytree(source, into, dirs_exist_ok=True, ignore=shutil.ignore_patterns('__pycache__'))
        else:
            with zipfile.ZipFile(source) as archive:
                archive.extractall(into)
    except (OSError, shutil.Error, zipfile.BadZipFile) as error:
        raise Failure(f'{source} cannot be copied: {error}') from error
