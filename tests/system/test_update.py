"""Issue 7, line 3: ttsave-update brings a newer yt-dlp to a running server, and takes it back if it is worse."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from . import yt_dlps
from .clients import StrictDownload
from .deadlines import PATIENT_S, until
from .expectations import assert_delivered, assert_no_files, assert_same
from .fixture import Fixture, id_of
from .harness import binary, clean_environment

fixture = Fixture()

GOOD, BETTER, OUTDATED, HALF, BROKEN = '2099.01.01', '2099.02.02', '2099.03.03', '2099.04.04', '2099.05.05'


def setUpModule():
    global made, canary
    fixture.start()
    unittest.addModuleCleanup(fixture.stop)
    made = Path(unittest.enterModuleContext(tempfile.TemporaryDirectory()))
    canary = fixture.post()
    for version in (GOOD, BETTER):
        yt_dlps.make(made, version)
    yt_dlps.make_outdated(made, OUTDATED)
    yt_dlps.make_outdated(made, HALF, id_of(canary))
    yt_dlps.make_broken(made, BROKEN)


class Run:
    """ttsave-update at work."""

    def __init__(self, *words, environment=None, folder=None):
        self.process = subprocess.Popen(
            [(folder or binary().parent) / 'ttsave-update', *map(str, words)], env=clean_environment(environment),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.said = ''

    def read_until(self, text):
        while text not in self.said:
            line = self.process.stdout.readline()
            assert line, self.said
            self.said += line
        return self

    def end(self):
        """The exit status."""
        rest, _ = self.process.communicate(timeout=2 * PATIENT_S)
        self.said += rest
        return self.process.returncode

    def close(self):
        self.process.kill()
        self.process.communicate()


class UpdateTest(unittest.TestCase):

    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))

    def start(self, **settings):
        self.server = self.enterContext(fixture.new_server(
            extractor_path=self.folder, canary_urls=canary, canary_interval_s=0, **settings))
        self.server.wait_for_log('extractor ready', count=settings.get('workers', 1))

    def begin(self, *words, environment=None):
        run = Run('--pid', self.server.pid, *words, environment=environment)
        self.addCleanup(run.close)
        return run

    def update(self, *words, status=0, environment=None):
        run = self.begin(*words, environment=environment)
        self.assertEqual(run.end(), status, run.said)
        return run.said

    def update_with_downloads(self, version):
        """Three good posts are enough for it to be kept."""
        run = self.begin(made / version).read_until('Watching')
        for _ in range(5):
            self.deliver()
        self.assertEqual(run.end(), 0, run.said)
        return run.said

    def deliver(self):
        assert_delivered(self.server.address, fixture.post(), fixture.media('small.mp4'))

    def assert_links(self, current, previous):
        shown = tuple(link.resolve().name if link.is_symlink() else None
                      for link in (self.folder / 'current', self.folder / 'previous'))
        self.assertEqual(shown, (current, previous))

    def versions(self):
        return sorted(path.name for path in (self.folder / 'versions').iterdir())


class Good(UpdateTest):

    def test_while_downloads_run(self):
        self.start(workers=2)
        fixture.standin.reset()
        fixture.standin.add_post(id=id_of(canary))
        gated = fixture.video('small.mp4', behaviour='gate')
        with StrictDownload(self.server.address, gated) as running:
            running.read_head().read_until(50_000)
            run = self.begin(made / GOOD).read_until('Trying')
            said = run.read_until('Watching').said
            for _ in range(5):
                self.deliver()
            self.assertEqual(run.end(), 0, run.said)
            fixture.standin.open_gate()
            assert_same(running.read_rest().parts[0].data, fixture.media('small.mp4'))
        self.assertIn(f'  ready: yt-dlp {GOOD}\n  ok: {canary}\n', said)
        self.assertIn(f'{GOOD} is kept: 5 posts seen, 0 of them failed.', run.said)
        self.assert_links(GOOD, None)
        until(lambda: len(self.server.extractors()) == 2, 'those of before are gone')
        self.assertNotRegex(self.server.log, ' (warning|error) ')
        self.assertIn('is in use already', self.update(made / GOOD))

        for left in ('2098.01.01', '.new-1'):
            (self.folder / 'versions' / left).mkdir()
        self.update_with_downloads(BETTER)
        self.assert_links(BETTER, GOOD)
        self.assertEqual(self.versions(), [GOOD, BETTER])
        self.assertIn(f'Switching from {BETTER} to {GOOD}', self.update('--rollback'))
        self.server.wait_for_log(f'the extractors are renewed: yt_dlp={GOOD}', count=2)
        self.assert_links(GOOD, BETTER)
        self.deliver()

    def test_back_to_what_python_has(self):
        self.start()
        self.assertIn('nothing to roll back to', self.update('--rollback', status=1))
        self.update('--watch', 0, made / GOOD)
        self.assertIn('to the yt-dlp that Python has', self.update('--rollback'))
        self.assert_links(None, GOOD)
        self.server.wait_for_log(r'the extractors are renewed: yt_dlp=20[0-8]\d\.')
        self.deliver()

    def test_a_wheel_and_what_is_none(self):
        self.start()
        wheel = yt_dlps.pack(made / GOOD, self.folder / f'yt_dlp-{GOOD}-py3-none-any.whl')
        self.update('--watch', 0, wheel)
        self.assert_links(GOOD, None)
        self.server.wait_for_log(f'the extractors are renewed: yt_dlp={GOOD}')
        wheel.write_bytes(b'no wheel')
        self.assertIn('cannot be copied', self.update(wheel, status=1))
        self.assertIn('no yt-dlp', self.update(self.folder / 'versions', status=1))
        self.update(self.folder / 'missing', status=2)
        self.assertEqual(self.versions(), [GOOD])

    def test_by_pip(self):
        """Real pip, first that of python3-pip-whl; it finds a wheel in a folder instead of on the Internet."""
        self.start()
        yt_dlps.pack(made / BETTER, self.folder / f'yt_dlp-{BETTER}-py3-none-any.whl')
        offline = {'PIP_NO_INDEX': '1', 'PIP_FIND_LINKS': str(self.folder)}
        without_pip = self.folder / 'python'
        subprocess.run(['/usr/bin/python3', '-m', 'venv', '--without-pip', without_pip], check=True)
        as_in_the_image = {**offline, 'PATH': f'{without_pip}/bin:/usr/bin:/bin'}
        self.assertIn('Fetching', self.update('--watch', 0, environment=as_in_the_image))
        self.assert_links(BETTER, None)
        self.assertIn('is in use already', self.update(environment=offline))
        self.update('--force', '--watch', 0, environment=offline)
        self.assert_links(f'{BETTER}-2', BETTER)
        nothing = {**offline, 'PIP_FIND_LINKS': str(self.folder / 'versions')}
        self.assertIn('pip could not fetch it', self.update(status=1, environment=nothing))
        self.assertEqual(self.versions(), [BETTER, f'{BETTER}-2'])

    def test_two_at_once(self):
        self.start()
        first = self.begin(made / GOOD).read_until('Watching')
        self.assertIn('Another ttsave-update is at work', self.update(made / BETTER, status=1))
        for _ in range(5):
            self.deliver()
        self.assertEqual(first.end(), 0, first.said)
        self.assert_links(GOOD, None)

    def test_no_server_is_running(self):
        """An installation of its own, since other tests' servers run this one's binary."""
        prefix, path, config = (self.folder / name for name in ('prefix', 'path', 'ttsave.conf'))
        (prefix / 'bin').mkdir(parents=True)
        for program in ('ttsave-server', 'ttsave-update'):
            shutil.copy2(binary().with_name(program), prefix / 'bin')
        (prefix / 'share').symlink_to(binary().parents[1] / 'share')
        config.write_text(f'extractor_path = {path}\nproxy = {fixture.standin.http_proxy}\n')
        run = Run('--config', config, made / GOOD, environment={
            'TTSAVE_CANARY_URLS': canary, 'TTSAVE_CA_FILE': fixture.standin.ca_file}, folder=prefix / 'bin')
        self.addCleanup(run.close)
        self.assertEqual(run.end(), 0, run.said)
        self.assertIn(f'  ok: {canary}\n', run.said)
        self.assertIn('No server is running', run.said)
        self.assertEqual((path / 'current').resolve(), path / 'versions' / GOOD)


class Bad(UpdateTest):

    def assert_refused(self, version, reason):
        self.start()
        said = self.update(made / version, status=1)
        self.assertIn(reason, said)
        self.assertIn(f'{version} does not work here. Nothing was changed.', said)
        self.assert_links(None, None)
        self.assertEqual(self.versions(), [])
        self.assertNotIn('renewed', self.server.log)
        self.deliver()

    def test_one_that_cannot_be_imported(self):
        self.assert_refused(BROKEN, 'not ready: yt-dlp cannot be imported: ImportError: made for another Python')

    def test_one_that_fails_the_canary(self):
        self.assert_refused(OUTDATED, f'tiktok.blocked: {canary}')

    def test_one_with_which_no_extractor_becomes_ready(self):
        """Nothing is wrong with it, and the trial goes well; but the server's own Python is broken since it started."""
        python, config = self.folder / 'python', self.folder / 'ttsave.conf'
        python.write_text('#!/bin/sh\nexec /usr/bin/python3 "$@"\n')
        python.chmod(0o755)
        config.write_text(f'python = {python}\n')
        self.start(words=['--config', config])
        python.write_text('#!/bin/sh\nexit 1\n')
        config.write_text('python = /usr/bin/python3\n')
        said = self.update('--wait', 1, made / GOOD, status=1)
        self.assertIn(f'  ok: {canary}\n', said)
        self.assertIn(f'No extractor with {GOOD} became ready within 1 s. Rolling back to the yt-dlp that Python has.\n'
                      'ttsave-update: Rolled back.\n', said)
        self.assert_links(None, None)
        self.deliver()

    def test_one_that_fails_the_first_posts(self):
        self.start()
        self.update_with_downloads(GOOD)
        run = self.begin(made / HALF).read_until('Watching')
        for _ in range(3):
            assert_no_files(self.server.address, fixture.post(), 'tiktok.blocked')
        self.assertEqual(run.end(), 1, run.said)
        self.assertIn(f'3 of the first 3 posts failed with {HALF}. Rolling back to {GOOD}.\n', run.said)
        self.assertIn('ttsave-update: Rolled back.', run.said)
        self.assert_links(GOOD, None)
        self.server.wait_for_log(f'the extractors are renewed: yt_dlp={GOOD}', count=2)
        self.deliver()

    def test_a_server_without_a_place_for_versions(self):
        with fixture.new_server() as server:
            run = Run('--pid', server.pid, made / GOOD)
            self.addCleanup(run.close)
            self.assertEqual(run.end(), 2)
            self.assertIn('no extractor_path', run.said)
