#!/usr/bin/env python3
"""Saves a TikTok post with PyTTSave (pip install PyTTSave), with nothing changed but its api_url:

    pyttsave.py LINK [FOLDER] [Original|VideoOnly]

The environment says which server, and with which key: API_URL=http://host:4347/api/v3/ API_KEY=...
"""

import os
import sys
from urllib.parse import quote

from ttsave_api import ContentType, TTSave


def api_url():
    """PyTTSave puts the endpoint's name right behind it, so it ends with a slash; and a key can only stand in it."""
    url = os.environ.get('API_URL', 'http://127.0.0.1:4347/api/v3/').rstrip('/') + '/'
    if key := os.environ.get('API_KEY'):
        url = url.replace('://', f'://key:{quote(key, safe="")}@', 1)
    return url


def main(link, folder='.', content_type='Original'):
    answer = TTSave(api_url()).download(link, ContentType[content_type], folder)
    # PyTTSave 1.1.0 prints what went wrong and returns None; of an error it knows the status, but not the code. It
    # reads the whole answer into memory, and leaves the line break in front of the next boundary, two bytes, at the
    # end of each file; players do not mind. python_requests.py does better at all three.
    if answer is None:
        sys.exit(1)
    print(answer['meta']['title'] or answer['meta']['desc'])
    print(*answer['files'], sep='\n')


if __name__ == '__main__':
    main(*sys.argv[1:])
