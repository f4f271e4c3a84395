"""An extractor that misbehaves as its arguments say: fake_worker.py MODE NOTES. Speaks the protocol by hand.

NOTES is a file that every process of the test appends its steps to, so that the test can see what happened when.
NOTES.gate is a FIFO: who opens it waits until the test does. Where only the first life of an extractor goes well, it
has FIRST_LIVES of them, if the environment says so.
"""

import json
import os
import signal
import subprocess
import sys

MIB = 1024 * 1024


def note(text):
    with open(sys.argv[2], 'a') as notes:
        notes.write(f'{text}\n')


def starts():
    with open(sys.argv[2]) as notes:
        return sum(line.startswith('start') for line in notes)


def wait_at_gate():
    note(f'waiting {os.getpid()}')
    os.close(os.open(sys.argv[2] + '.gate', os.O_RDONLY))


def say(message):
    print(json.dumps(message), flush=True)


def receive():
    line = sys.stdin.readline()
    if not line:
        note('eof')
        sys.exit(0)
    return json.loads(line)


def post(post_id):
    return {'id': post_id, 'kind': 'video', 'title': 't', 'description': 'd', 'author': 'a', 'media': [
        {'role': 'video', 'sound': True, 'ext': 'mp4', 'sources': [{'url': 'https://cdn.example/v', 'headers': {}}]}]}


def memory(size):
    """Takes memory that is really there, and keeps it."""
    return bytearray(os.urandom(4096) * (size // 4096))


class Worker:

    def __init__(self, mode):
        self.mode = mode
        self.life = starts()
        self.is_first = self.life <= int(os.environ.get('FIRST_LIVES', '1'))
        self.job_count = 0
        self.kept = []

    def start(self):
        """Does what comes before being ready. Returns whether it is."""
        mode, first_life = self.mode, self.is_first
        if mode == 'dies_at_start':
            sys.exit('this Python is too old')
        if mode == 'stubborn':
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if mode == 'has_child':
            note(f'child {subprocess.Popen(["sleep", "1000"]).pid}')
        receive()
        note('configured')
        if mode == 'unusable' or mode in ('first_life_only', 'gated_alone') and not first_life or (
                mode == 'unusable_until_repaired' and not os.path.exists(sys.argv[2] + '.repaired')):
            say({'event': 'unusable', 'message': 'no yt_dlp'})
            return False
        if mode == 'silent':
            signal.pause()
        if mode == 'gated_successors' and not first_life:
            wait_at_gate()
        is_deaf = mode == 'deaf_once' and first_life
        if is_deaf:
            os.close(0)
        say({'event': 'ready', 'yt_dlp': 'fake', 'python': '3', 'protocol': 4 if mode == 'wrong_version' else 5})
        if mode == 'ready_then_dies' or mode == 'successor_dies_when_ready' and self.life == 2:
            note(f'dying {os.getpid()}')
            return False
        if is_deaf:
            signal.pause()
        if mode == 'stops_when_ready' and self.life <= 2:
            os.kill(os.getpid(), signal.SIGSTOP)
        return True

    def answer(self, job):
        self.job_count += 1
        mode, first_life = self.mode, self.is_first
        if mode == 'dies_once' and first_life or mode == 'dies':
            os.kill(os.getpid(), signal.SIGKILL)
        if mode == 'dies_of_an_earlier_job' and self.life <= 2:
            if self.job_count == 2:
                os.kill(os.getpid(), signal.SIGKILL)
            wait_at_gate()
        if mode == 'hangs' or mode == 'hangs_once' and first_life:
            signal.pause()
        if mode == 'babbles_once' and first_life:
            print('{"id": 1, "event": "pots"}', flush=True)
        if mode == 'endless_line':
            while True:
                sys.stdout.write('x' * 65536)
        if mode == 'wrong_id':
            say({'id': job['id'] + 1, 'event': 'post', 'post': post('1')})
        if mode in ('gated_jobs', 'gated_alone'):
            wait_at_gate()
        if mode == 'fails':
            say({'id': job['id'], 'event': 'failed', 'code': 'post.private', 'message': 'private'})
            return
        if mode == 'successor_dies_when_ready' and self.job_count == 2:
            wait_at_gate()
        if mode == 'leaks':
            self.kept.append(memory(24 * MIB))
        if mode == 'grows_once' and first_life:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            self.kept.append(memory(256 * MIB))
            note('grown')
            signal.pause()
        answer = json.dumps({'id': job['id'], 'event': 'post', 'post': post(job['url'].rsplit('/', 1)[1])}) + '\n'
        # In one write, so that what should not be there is there when the answer is.
        os.write(1, (answer + ('leftover' if mode == 'leaves_something' else '')).encode())


def main():
    note(f'start {os.getpid()}')
    worker = Worker(sys.argv[1])
    if not worker.start():
        return
    while True:
        job = receive()
        note(f'job {job["id"]}')
        note(f'at {os.getpid()}')
        worker.answer(job)


main()
