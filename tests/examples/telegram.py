"""A Telegram that runs on loopback: as much of the Bot API as examples/aiogram_bot.py meets, with its limits."""

import http.server
import json
import re
import threading
import urllib.parse
from types import SimpleNamespace

from system.deadlines import PATIENT_S

_NAME = re.compile(rb'[ ;]name="([^"]*)"')
_FILE_NAME = re.compile(rb'filename="([^"]*)"')
_MAX_PHOTO_BYTES, _MAX_FILE_BYTES = 10_000_000, 50_000_000
_SENDS = ('sendPhoto', 'sendVideo', 'sendAudio', 'sendDocument', 'sendMediaGroup')


def _form(headers, body):
    """The fields of a form, and its files as (name, content) by field."""
    content_type = headers.get('Content-Type', '')
    if not content_type.startswith('multipart/form-data'):
        return dict(urllib.parse.parse_qsl(body.decode())), {}
    fields, files = {}, {}
    boundary = content_type.partition('boundary=')[2].strip('"').encode()
    for part in (b'\r\n' + body).split(b'\r\n--' + boundary)[1:-1]:
        head, _, content = part.partition(b'\r\n\r\n')
        name = _NAME.search(head)[1].decode()
        if found := _FILE_NAME.search(head):
            files[name] = (found[1].decode(), content)
        else:
            fields[name] = content.decode()
    return fields, files


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # a bot that was ended in the middle of a call


class Telegram:
    """`base_url` is what a bot's TELEGRAM_API_URL names. Each call that is not about updates stands in `calls`: method,
    fields, and what was sent: [(kind, name, content)]."""

    def __init__(self):
        self._news = threading.Condition()
        self._updates = []
        self._refusals = []
        self.calls = []
        telegram = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'

            def do_POST(self):
                fields, files = _form(self.headers, self._body())
                status, answer = telegram._answer(self.path.rpartition('/')[2], fields, files)
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header('Content-Type', 'application/json')
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def _body(self):
                if (length := self.headers.get('Content-Length')) is not None:
                    return self.rfile.read(int(length))
                body = b''
                while size := int(self.rfile.readline(), 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            def log_message(self, *_):
                pass

        self._server = _Server(('127.0.0.1', 0), Handler)
        self.base_url = 'http://127.0.0.1:%d' % self._server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def write(self, text, chat_type='private', key='text'):
        """Somebody writes this to the bot."""
        with self._news:
            number = len(self._updates) + 1
            chat = {'id': 7, 'type': chat_type}
            self._updates.append({'update_id': number, 'message': {
                'message_id': 100 + number, 'date': 1790000000, 'chat': chat, key: text,
                'from': {'id': 7, 'is_bot': False, 'first_name': 'Ann'}}})
            self._news.notify_all()

    def refuse_next(self, error_code, description, **parameters):
        """The next file that the bot sends is answered so."""
        self._refusals.append({'ok': False, 'error_code': error_code, 'description': description,
                               'parameters': parameters})

    def wait_for(self, method, count=1):
        """The `count`-th call of a method."""
        def calls():
            return [call for call in self.calls if call.method == method]
        with self._news:
            if not self._news.wait_for(lambda: len(calls()) >= count, PATIENT_S):
                raise AssertionError(f'no call {count} of {method} in {[(c.method, c.fields) for c in self.calls]}')
            return calls()[count - 1]

    def _answer(self, method, fields, files):
        if method == 'getUpdates':
            offset = int(fields.get('offset', 0))
            with self._news:
                # Short, so that a bot that is being ended does not wait for it.
                self._news.wait_for(lambda: len(self._updates) >= max(1, offset), 0.5)
                return 200, {'ok': True, 'result': [each for each in self._updates if each['update_id'] >= offset]}
        if method == 'getMe':
            return 200, {'ok': True, 'result': {'id': 1, 'is_bot': True, 'first_name': 'Bot', 'username': 'a_bot'}}
        with self._news:
            refusal = self._refusals.pop(0) if method in _SENDS and self._refusals else None
            sent = self._sent(method, fields, files)
            refusal = refusal or self._too_much(method, sent)
            self.calls.append(SimpleNamespace(method=method, fields=fields, sent=sent, was_refused=bool(refusal)))
            self._news.notify_all()
        if refusal:
            return refusal['error_code'], refusal
        if method == 'sendChatAction':
            return 200, {'ok': True, 'result': True}
        message = {'message_id': 1000, 'date': 1790000000, 'chat': {'id': 7, 'type': 'private'}, 'text': 'sent'}
        return 200, {'ok': True, 'result': [message] * len(sent) if method == 'sendMediaGroup' else message}

    @staticmethod
    def _sent(method, fields, files):
        if method == 'sendMediaGroup':
            named = [(one['type'], one['media']) for one in json.loads(fields['media'])]
        elif method in _SENDS:
            kind = method.removeprefix('send').lower()
            named = [(kind, fields.get(kind, f'attach://{kind}'))]
        else:
            named = []
        return [(kind, *files[place.removeprefix('attach://')]) for kind, place in named]

    @staticmethod
    def _too_much(method, sent):
        kinds = {kind for kind, _, _ in sent}
        is_odd_album = method == 'sendMediaGroup' and not 2 <= len(sent) <= 10
        is_mixed = len(kinds) > 1 and kinds != {'photo', 'video'}
        is_large = any(len(content) > (_MAX_PHOTO_BYTES if kind == 'photo' else _MAX_FILE_BYTES)
                       for kind, _, content in sent)
        if is_odd_album or is_mixed or is_large:
            return {'ok': False, 'error_code': 400, 'description': 'Bad Request'}
        return None
