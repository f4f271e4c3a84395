#!/usr/bin/env python3
"""Saves a TikTok post with nothing but requests:

    python_requests.py LINK [FOLDER] [--video-only]

The environment says which server, and with which key: API_URL=http://host:4347/api/v3 API_KEY=...
"""

import argparse
import os
import sys

import requests

from ttsave_answer import BrokenOff, FileWriter, TTSaveError, post_of

API_URL = os.environ.get('API_URL', 'http://127.0.0.1:4347/api/v3')
API_KEY = os.environ.get('API_KEY')

# Seconds to connect, and between two pieces: until the first one the server asks TikTok.
TIMEOUTS_S = (10, 120)


def download(link, folder='.', content_type='ORIGINAL'):
    """Returns what the post says of itself, and the paths of its files."""
    headers = {'Authorization': f'Bearer {API_KEY}'} if API_KEY else {}
    order = {'url': link, 'download_content_type': content_type}
    # Without stream=True, requests would hold the whole answer in memory.
    with requests.post(f'{API_URL}/download', json=order, headers=headers, stream=True, timeout=TIMEOUTS_S) as answer:
        if answer.status_code != 200:
            raise TTSaveError(answer.status_code, answer.headers, answer.content)
        with FileWriter(answer.headers['Content-Type'], folder) as files:
            for piece in answer.iter_content(64 * 1024):
                files.feed(piece)
            return post_of(answer.headers), files.finish()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('link')
    parser.add_argument('folder', nargs='?', default='.')
    parser.add_argument('--video-only', action='store_true', help='a photo post as one video')
    words = parser.parse_args()
    try:
        post, files = download(words.link, words.folder, 'VIDEO_ONLY' if words.video_only else 'ORIGINAL')
    except TTSaveError as error:
        if error.code == 'post.private':
            sys.exit('post.private: only its author, or their friends, can see this post')
        if error.retry_after_s:
            sys.exit(f'{error}: try again in {error.retry_after_s} s')
        sys.exit(f'{error.code or error.status}: {error}')
    except (BrokenOff, requests.RequestException) as error:
        sys.exit(f'the server cannot be reached, or broke off: {error}')
    print(post['title'] or post['desc'])
    for path in files:
        print(path)


if __name__ == '__main__':
    main()
