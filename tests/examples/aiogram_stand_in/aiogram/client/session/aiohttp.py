"""Calls of the Bot API over HTTP."""

import json
from pathlib import Path

import aiohttp

from ...exceptions import TelegramAPIError, TelegramRetryAfter


class AiohttpSession:

    def __init__(self, api):
        self._base = api.base

    async def call(self, token, method, fields, files):
        form = aiohttp.FormData()
        for name, value in fields.items():
            form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        for name, file in files.items():
            form.add_field(name, Path(file.path).read_bytes(), filename=Path(file.path).name)
        url = f'{self._base}/bot{token}/{method}'
        async with aiohttp.ClientSession() as session, session.post(url, data=form) as told:
            answer = await told.json()
        if answer['ok']:
            return answer['result']
        if 'retry_after' in answer.get('parameters', {}):
            raise TelegramRetryAfter(answer['parameters']['retry_after'])
        raise TelegramAPIError(answer['description'])
