"""Stands for PyTTSave 1.1.0: what its users see, by what contract.md says of it. tests/ has to be in the path."""

from enum import Enum
from pathlib import Path

import requests

from system.clients import PyttsaveFailed, pyttsave_download


class ContentType(Enum):
    Original = 'ORIGINAL'
    VideoOnly = 'VIDEO_ONLY'


class TTSave:

    def __init__(self, api_url):
        self.api_url = api_url

    def download(self, url, content_type, downloads_dir='./'):
        try:
            answer = pyttsave_download(self.api_url, url, content_type.value)
        except (PyttsaveFailed, requests.RequestException) as error:
            print(f'failed: {error}')
            return None
        files = []
        Path(downloads_dir).mkdir(exist_ok=True)
        for name, content in answer.files:
            path = Path(downloads_dir, name)
            path.write_bytes(content)
            files.append(str(path))
        return {'files': files, 'meta': answer.meta}
