"""What a competent Python developer would run instead: FastAPI on uvicorn, with yt_dlp in the process.

Measured against ttsave-server by bench/run.sh. Everything that is known to be fast with these libraries is done: a
YoutubeDL that is kept, downloads on threads, finished posts kept on the disk, plain reads of 64 KiB on the event loop
(faster than any library for asynchronous files), no per-request log.
"""

import asyncio
import base64
import json
import os
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yt_dlp
from fastapi import FastAPI, HTTPException
from fastapi.responses import PlainTextResponse, StreamingResponse
from pydantic import BaseModel

BOUNDARY = 'simple_boundary'
READ_BYTES = 64 * 1024

_directory = Path(os.environ['PEER_CACHE_DIR'])
_threads = ThreadPoolExecutor(16)
_own = threading.local()
_post_url = re.compile(r'^https://www\.tiktok\.com/@[^/]+/video/(\d+)')

app = FastAPI()


class Order(BaseModel):
    url: str
    download_content_type: str = 'ORIGINAL'


def _downloader():
    """One for each thread: making one costs more than a download."""
    if not hasattr(_own, 'downloader'):
        _own.downloader = yt_dlp.YoutubeDL({
            'cachedir': False,
            'compat_opts': {'no-certifi'},
            'noprogress': True,
            'nopart': True,
            'outtmpl': str(_directory / '%(id)s.mp4'),
            'overwrites': True,
            'proxy': os.environ['PEER_PROXY'],
            'quiet': True,
        })
    return _own.downloader


def _download(url, about):
    """Puts a post's file into the directory, and then what is known of it."""
    info = _downloader().extract_info(url)
    meta = {'title': info.get('title'), 'description': info.get('description')}
    unfinished = about.with_suffix(f'.{threading.get_ident()}')
    unfinished.write_text(base64.b64encode(json.dumps(meta).encode()).decode())
    unfinished.rename(about)


async def _body(name, file):
    with file:
        size = os.fstat(file.fileno()).st_size
        head = (f'--{BOUNDARY}\r\nContent-Type: video/mp4\r\n'
                f'Content-Disposition: attachment; filename="{name}"\r\nContent-Length: {size}\r\n\r\n').encode()
        while chunk := file.read(READ_BYTES):
            yield head + chunk
            head = b''
        yield f'\r\n--{BOUNDARY}--\r\n'.encode()


@app.get('/ping', response_class=PlainTextResponse)
async def ping():
    return 'pong'


@app.post('/api/v3/download')
async def download(order: Order):
    match = _post_url.match(order.url)
    if not match:
        raise HTTPException(422, 'not a link to a video')
    about = _directory / f'{match[1]}.meta'
    if not about.exists():
        try:
            await asyncio.get_running_loop().run_in_executor(_threads, _download, order.url, about)
        except yt_dlp.utils.YoutubeDLError as error:
            raise HTTPException(400, 'the post cannot be had') from error
    name = f'{match[1]}.mp4'
    file = (_directory / name).open('rb')
    return StreamingResponse(_body(name, file), media_type=f'multipart/x-mixed-replace; boundary={BOUNDARY}',
                             headers={'Content-Meta': about.read_text()})
