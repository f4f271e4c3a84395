"""extractor_path: versions of yt-dlp, and which of them is used."""

import contextlib
import fcntl
import os
import shutil
from pathlib import Path

from .sources import version_in
from .words import Failure


class Versions:
    """extractor_path: the versions, and the two links."""

    def __init__(self, folder):
        self._folder = Path(folder)
        self._versions = self._folder / 'versions'

    @contextlib.contextmanager
    def locked(self):
        try:
            self._versions.mkdir(parents=True, exist_ok=True)
            lock = open(self._folder / 'lock', 'w', encoding='utf-8')  # pylint: disable=consider-using-with
        except OSError as error:
            raise Failure(f'{error.filename} cannot be written: {error.strerror}.') from error
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise Failure('Another ttsave-update is at work.') from error
            yield

    def links(self):
        """Where `current` and `previous` lead, as it is written there; None for what Python has."""
        return tuple(os.readlink(link) if link.is_symlink() else None
                     for link in (self._folder / 'current', self._folder / 'previous'))

    def link(self, current, previous):
        """There is a whole link at all times."""
        for name, target in (('previous', previous), ('current', current)):
            if target is None:
                (self._folder / name).unlink(missing_ok=True)
                continue
            new = self._folder / f'.{name}'
            new.unlink(missing_ok=True)
            new.symlink_to(target)
            new.rename(self._folder / name)

    def version_of(self, target):
        """What a link's target says of itself, if it says anything."""
        with contextlib.suppress(Failure):
            return version_in(self._folder / target) if target else None
        return None

    def prune(self):
        """Removes all but what the links lead to, what earlier runs have left included."""
        kept = {(self._folder / target).resolve() for target in self.links() if target}
        for entry in self._versions.iterdir():
            if entry.resolve() not in kept:
                shutil.rmtree(entry, ignore_errors=True)

    @contextlib.contextmanager
    def fresh(self):
        """A folder for a new version, which is gone again after the block unless it was given a name."""
        folder = self._versions / f'.new-{os.getpid()}'
        folder.mkdir(mode=0o755)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def keep(self, folder, version):
        """Gives a new version a name that no other has. Returns what a link to it says, and its path."""
        path, count = self._versions / version, 1
        while path.exists():
            count += 1
            path = self._versions / f'{version}-{count}'
        return f'versions/{path.name}', folder.rename(path)
