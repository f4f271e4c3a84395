#!/usr/bin/env python3
"""Saves TikTok posts with aiohttp, several at a time:

    python_aiohttp.py FOLDER LINK...

The environment says which server, and with which key: API_URL=http://host:4347/api/v3 API_KEY=...
"""

import asyncio
import os
import sys

import aiohttp

from ttsave_answer import BrokenOff, FileWriter, TTSaveError, post_of

API_URL = os.environ.get('API_URL', 'http://127.0.0.1:4347/api/v3')
API_KEY = os.environ.get('API_KEY')

# To connect, and between two pieces: until the first one the server asks TikTok. The whole may take its time.
TIMEOUTS = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=120)


def new_session():
    """A session that shows the key, if there is one. Close it, or use it in `async with`."""
    headers = {'Authorization': f'Bearer {API_KEY}'} if API_KEY else {}
    return aiohttp.ClientSession(headers=headers, timeout=TIMEOUTS)


async def download(session, link, folder='.', content_type='ORIGINAL'):
    """Returns what the post says of itself, and the paths of its files."""
    order = {'url': link, 'download_content_type': content_type}
    async with session.post(f'{API_URL}/download', json=order) as answer:
        if answer.status != 200:
            raise TTSaveError(answer.status, answer.headers, await answer.read())
        with FileWriter(answer.headers['Content-Type'], folder) as files:
            async for piece in answer.content.iter_any():
                # A disk may be slow; whoever else is served should not wait for it.
                await asyncio.to_thread(files.feed, piece)
            return post_of(answer.headers), files.finish()


async def main(folder, links):
    async with new_session() as session:
        outcomes = await asyncio.gather(*(download(session, link, folder) for link in links), return_exceptions=True)
    for link, outcome in zip(links, outcomes):
        match outcome:
            case post, files:
                print(link, post['title'] or post['desc'], *files, sep='\n  ')
            case TTSaveError(code='tiktok.timeout' | 'tiktok.error' | 'media.unavailable'):
                print(link, f'TikTok has a bad moment, try again: {outcome.code}', sep='\n  ')
            case TTSaveError():
                print(link, f'{outcome.code or outcome.status}: {outcome}', sep='\n  ')
            case BrokenOff() | aiohttp.ClientError() | asyncio.TimeoutError():
                print(link, f'the server cannot be reached, or broke off: {outcome}', sep='\n  ')
            case _:
                raise outcome
    return any(isinstance(outcome, Exception) for outcome in outcomes)


if __name__ == '__main__':
    sys.exit(asyncio.run(main(sys.argv[1], sys.argv[2:])))
