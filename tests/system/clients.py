"""The clients this server has to serve: PyTTSave, a strict one, Python requests and curl."""

import ast
import base64
import json
import subprocess
import tempfile
from pathlib import Path
from types import SimpleNamespace

import requests

from .deadlines import PATIENT_S
from .multipart import MultipartReader, boundary_of, meta_of, parse_whole
from .wire import Answer, Connection, Head, json_request

DOWNLOAD = '/api/v3/download'


def _post(url, document):
    """requests.post(), but that no proxy of the machine that runs the tests may come between."""
    with requests.Session() as session:
        session.trust_env = False
        return session.post(url, json=document, timeout=PATIENT_S)


def order(link, content_type='ORIGINAL', key='download_content_type'):
    """The JSON object that asks for a post."""
    return {'url': link, key: content_type}


# PyTTSave


class PyttsaveFailed(Exception):
    """PyTTSave's own exception; `server_is_up` is what the ping said that it sends after a failure."""

    def __init__(self, server_is_up):
        super().__init__('the server is up' if server_is_up else 'the server is down')
        self.server_is_up = server_is_up


def pyttsave_download(base_url, link, content_type='ORIGINAL'):
    """Does what contract.md, "What the real client does", says. Returns the files as (name, content) and the meta.

    Its splitting costs quadratic time: small files only.
    """
    answer = _post(base_url + 'download', {'url': link, 'content_type': content_type})
    if answer.status_code != 200:
        raise PyttsaveFailed(pyttsave_ping(base_url))
    delimiter = b'--' + answer.headers['Content-Type'].split('boundary=')[-1].encode()
    rest, files = b'', []
    for piece in answer.iter_content(1024):
        rest += piece
        while delimiter in rest:
            part, rest = rest.split(delimiter, 1)
            if b'\r\n\r\n' in part:
                files.append(_pyttsave_file(part))
    meta = ast.literal_eval(base64.b64decode(answer.headers['Content-Meta']).decode())
    return SimpleNamespace(files=files, meta=meta)


def _pyttsave_file(part):
    head, content = part.split(b'\r\n\r\n', 1)
    lines = head.decode('utf-8').split('\r\n')
    next(line.split(': ')[1] for line in lines if line.startswith('Content-Type'))
    name = next(line.split('filename=')[1].strip() for line in lines if 'filename=' in line).strip('"')
    return name, content


def pyttsave_ping(base_url):
    return _post(base_url + 'ping', {}).status_code == 200


# The strict one


class StrictDownload:
    """A download as it comes in, every byte checked. Close it, or use it as a context manager."""

    def __init__(self, address, link, *, content_type='ORIGINAL', receive_buffer=None, version='1.1', target=DOWNLOAD):
        self.connection = Connection(address, receive_buffer=receive_buffer)
        self._version = version
        try:
            self.connection.send(json_request(target, order(link, content_type), version=version))
        except BaseException:
            self.connection.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def read_head(self):
        """Waits for the 200 and checks it; an error answer is an AssertionError that shows it."""
        self.head = self.connection.read_head()
        if self.head.status != 200:
            body = b''.join(self.connection.read_body(self.head))
            raise AssertionError(f'not a download: {Answer(self.head, body)}')
        chunking = 'chunked' if self._version == '1.1' else None
        assert self.head.get('Transfer-Encoding') == chunking, self.head.fields
        assert self.head.get('Content-Length') is None, self.head.fields
        self.boundary = boundary_of(self.head)
        self.meta = meta_of(self.head)
        self._reader = MultipartReader(self.boundary)
        self._pieces = self.connection.read_body(self.head, 'POST')
        return self

    @property
    def parts(self):
        return self._reader.parts

    @property
    def received(self):
        """How many bytes of files have arrived."""
        return sum(len(part.data) for part in self.parts)

    def read_some(self):
        """Waits for the next bytes. False when the body has ended as it should; CutOff when it broke off."""
        piece = next(self._pieces, None)
        if piece is None:
            self._reader.finish()
            return False
        self._reader.feed(piece)
        return True

    def read_until(self, count):
        """Reads on until that many bytes of files are here."""
        while self.received < count:
            assert self.read_some(), f'the body ended after {self.received} bytes'
        return self

    def read_rest(self):
        while self.read_some():
            pass
        return self


def strict_download(address, link, **options):
    """A whole download, checked in every detail: its head, meta and parts."""
    with StrictDownload(address, link, **options) as download:
        return download.read_head().read_rest()


# Python requests and curl


def requests_download(base_url, link, **keys):
    """What any Python script does. Returns the parts."""
    answer = _post(base_url + 'download', order(link, **keys))
    assert answer.status_code == 200, answer.text
    return parse_whole(answer.headers['Content-Type'].rpartition('boundary=')[2].encode(), answer.content)


def curl(*words):
    """Runs curl. Returns its exit status, the last answer's Head (or None) and the body."""
    with tempfile.TemporaryDirectory() as folder:
        head_file, body_file = Path(folder, 'head'), Path(folder, 'body')
        done = subprocess.run(
            ['curl', '--silent', '--show-error', '--noproxy', '*', '--max-time', str(int(PATIENT_S)),
             '--dump-header', head_file, '--output', body_file, *words],
            stdin=subprocess.DEVNULL, capture_output=True, check=False)
        heads = head_file.read_bytes().split(b'\r\n\r\n')[:-1] if head_file.exists() else []
        body = body_file.read_bytes() if body_file.exists() else b''
        return SimpleNamespace(status=done.returncode, head=Head(heads[-1]) if heads else None, body=body)


def curl_download(base_url, link):
    """The curl line of the README. Returns the parts."""
    done = curl('--header', 'Content-Type: application/json', '--data', json.dumps(order(link)), base_url + 'download')
    assert done.status == 0 and done.head.status == 200, (done.status, done.head and done.head.fields, done.body[:300])
    return parse_whole(boundary_of(done.head), done.body)


# Answers that are not files


def post_json(address, document, target=DOWNLOAD):
    """One POST on a connection of its own; `document` is an object or the body's bytes."""
    with Connection(address) as connection:
        connection.send(json_request(target, document, fields=[('Connection', 'close')]))
        return connection.read_answer('POST')
