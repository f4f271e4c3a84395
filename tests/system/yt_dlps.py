"""Copies of the real yt-dlp under other versions, some of them broken."""

import importlib.metadata
import re
import shutil
import sys
import zipfile
from pathlib import Path

import yt_dlp.extractor.tiktok

PACKAGE = Path(yt_dlp.__file__).parent

_UNDERSTANDS = '    def _extract_web_data_and_status(self, url, video_id, fatal=True):\n'


def _not_needed(folder, names):
    """A thousand extractors of other sites, which yt-dlp loads when it is asked for one of theirs."""
    if Path(folder) == PACKAGE / 'extractor':
        return [name for name in names if f'yt_dlp.extractor.{Path(name).stem}' not in sys.modules and
                name != '__init__.py']
    return [name for name in names if name == '__pycache__']


def make(folder, version):
    """A folder of that version's name, with the package in it."""
    copy = folder / version / 'yt_dlp'
    shutil.copytree(PACKAGE, copy, ignore=_not_needed)
    said = copy / 'version.py'
    said.write_text(re.sub(r'(?m)^__version__ = .*', f"__version__ = '{version}'", said.read_text()))
    return copy.parent


def make_outdated(folder, version, *understood):
    """One that no longer understands TikTok, but for those posts."""
    made = make(folder, version)
    extractor = made / 'yt_dlp/extractor/tiktok.py'
    text = extractor.read_text()
    assert text.count(_UNDERSTANDS) == 1, 'yt-dlp has changed'
    extractor.write_text(text.replace(_UNDERSTANDS, _UNDERSTANDS + (
        f'        if video_id not in {understood!r}:\n'
        "            raise ExtractorError('the page is not understood')\n")))
    return made


def make_broken(folder, version):
    """One that cannot be imported."""
    made = make(folder, version)
    (made / 'yt_dlp/__init__.py').write_text('raise ImportError("made for another Python")\n')
    return made


def pack(made, archive):
    """A zip of it, or a wheel, which says of itself what the real one does."""
    metadata = importlib.metadata.distribution('yt-dlp').read_text('METADATA')
    metadata = re.sub(r'(?m)^Version: .*', f'Version: {made.name}', metadata, count=1)
    files = {str(path.relative_to(made)): path.read_bytes() for path in made.rglob('*.py')}
    return write_wheel(archive, f'yt_dlp-{made.name}', metadata, files)


def write_wheel(archive, name_and_version, metadata, files):
    """Returns `archive`, which is a wheel then as far as pip looks."""
    info = f'{name_and_version}.dist-info'
    files = {
        **files,
        f'{info}/METADATA': metadata,
        f'{info}/WHEEL': 'Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    }
    with zipfile.ZipFile(archive, 'w', zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
        packed.writestr(f'{info}/RECORD', ''.join(f'{name},,\n' for name in [*files, f'{info}/RECORD']))
    return archive
