"""Issue 7, line 3: `extractor_path`, where newer versions of yt-dlp live; a link is switched under a running server."""

import importlib.util
import re
import shutil
import signal
import tempfile
import unittest
import zipfile
from pathlib import Path

from .deadlines import until
from .expectations import assert_delivered
from .fixture import Fixture

fixture = Fixture()

PACKAGE = Path(importlib.util.find_spec('yt_dlp').origin).parent


def setUpModule():
    """Copies of the real yt-dlp under other versions, in folders and in a zip."""
    global versions
    fixture.start()
    unittest.addModuleCleanup(fixture.stop)
    versions = Path(unittest.enterModuleContext(tempfile.TemporaryDirectory()))
    for name in ('2099.01.01', '2099.02.02'):
        copy = versions / name / 'yt_dlp'
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns('__pycache__'))
        version = copy / 'version.py'
        version.write_text(re.sub(r"(?m)^__version__ = .*", f"__version__ = '{name}'", version.read_text()))
    with zipfile.ZipFile(versions / 'yt_dlp.zip', 'w', zipfile.ZIP_DEFLATED) as archive:
        for path in (versions / '2099.02.02').rglob('*.py'):
            archive.write(path, path.relative_to(versions / '2099.02.02'))
    broken = versions / 'broken' / 'yt_dlp'
    broken.mkdir(parents=True)
    (broken / '__init__.py').write_text('raise ImportError("made for another Python")\n')


class Versions(unittest.TestCase):

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def switch_to(self, target):
        """As ttsave-update does: there is a link at all times."""
        new = self.folder / 'new'
        new.symlink_to(target)
        new.rename(self.folder / 'current')

    def start(self):
        self.server = self.enterContext(fixture.new_server(extractor_path=self.folder))
        self.server.wait_for_log('extractor ready')

    def reload(self, said):
        before = len(re.findall(said, self.server.log))
        self.server.send_signal(signal.SIGHUP)
        self.server.wait_for_log(said, count=before + 1)

    def deliver(self):
        assert_delivered(self.server.address, fixture.post(), fixture.media('small.mp4'))

    def test_the_link_is_switched(self):
        self.switch_to(versions / '2099.01.01')
        self.start()
        self.server.wait_for_log(f'extractors use the yt-dlp of {versions}/2099.01.01')
        self.server.wait_for_log('extractor ready .* yt_dlp=2099.01.01 ')
        self.switch_to(versions / '2099.02.02')
        self.deliver()  # what the process of before still has to load is its own version's
        self.assertNotIn('2099.02.02', self.server.log)
        self.reload('the extractors are renewed: yt_dlp=2099.02.02')
        self.deliver()
        (self.folder / 'current').unlink()
        self.reload(r'the extractors are renewed: yt_dlp=20[0-8]\d\.')
        self.deliver()

    def test_the_link_leads_to_a_zip(self):
        self.switch_to(versions / 'yt_dlp.zip')
        self.start()
        self.server.wait_for_log('extractor ready .* yt_dlp=2099.02.02 ')
        self.deliver()

    def test_without_a_link(self):
        self.start()
        self.deliver()
        self.assertNotIn('extractor_path', self.server.log)
        self.switch_to(versions / '2099.01.01')
        self.reload('the extractors are renewed: yt_dlp=2099.01.01')
        self.deliver()

    def test_a_link_that_leads_nowhere(self):
        self.switch_to('versions/missing')
        self.start()
        self.server.wait_for_log('warning extractor_path: .*/current leads nowhere: No such file or directory; '
                                 'extractors use the yt-dlp that Python has')
        self.deliver()

    def test_a_version_that_does_not_work(self):
        self.switch_to(versions / '2099.01.01')
        self.start()
        [before] = self.server.extractors()
        self.switch_to(versions / 'broken')
        self.reload('the extractors are not renewed.*: yt-dlp cannot be imported: ImportError: made for another Python')
        self.deliver()
        until(lambda: self.server.extractors() == [before], 'the one of before is there, and no other')
        self.switch_to(versions / '2099.02.02')
        self.reload('the extractors are renewed: yt_dlp=2099.02.02')
        self.deliver()
