"""An extractor that misbehaves as its arguments say: fake_worker.py MODE NOTES. Speaks the protocol by hand.

NOTES is a file that every process of the test appends its steps to, so that the test can see what happened when.
"""

import json
import os
import signal
import subprocess
import sys


def note(text):
    with open(sys.argv[2], 'a') as notes:
        notes.write(f'{text}\n')


def starts():
    with open(sys.argv[2]) as notes:
        return sum(line.startswith('start') for line in notes)


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


def answer(job):
    mode = sys.argv[1]
    first_life = starts() == 1
    if mode == 'dies_once' and first_life or mode == 'dies':
        os.kill(os.getpid(), signal.SIGKILL)
    if mode == 'hangs':
        signal.pause()
    if mode == 'babbles_once' and first_life:
        print('{"id": 1, "event": "pots"}', flush=True)
    if mode == 'endless_line':
        while True:
            sys.stdout.write('x' * 65536)
    if mode == 'wrong_id':
        say({'id': job['id'] + 1, 'event': 'post', 'post': post('1')})
    if mode == 'fails':
        say({'id': job['id'], 'event': 'failed', 'code': 'post.private', 'message': 'private'})
    say({'id': job['id'], 'event': 'post', 'post': post(job['url'].rsplit('/', 1)[1])})


def main():
    mode = sys.argv[1]
    note(f'start {os.getpid()}')
    if mode == 'stubborn':
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if mode == 'has_child':
        note(f'child {subprocess.Popen(["sleep", "1000"]).pid}')
    note(f'proxy {receive()["proxy"]}')
    if mode == 'unusable':
        say({'event': 'unusable', 'message': 'no yt_dlp'})
        return
    if mode == 'silent':
        signal.pause()
    say({'event': 'ready', 'yt_dlp': 'fake', 'python': '3', 'protocol': 1 if mode == 'wrong_version' else 2})
    while True:
        job = receive()
        note(f'job {job["id"]}')
        answer(job)


main()
