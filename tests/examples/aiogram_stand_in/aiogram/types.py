"""Messages, and files on their way to Telegram."""

from types import SimpleNamespace


class FSInputFile:

    def __init__(self, path):
        self.path = path


class _InputMedia:

    def __init__(self, media):
        self.media = media


class InputMediaAudio(_InputMedia):
    type = 'audio'


class InputMediaDocument(_InputMedia):
    type = 'document'


class InputMediaPhoto(_InputMedia):
    type = 'photo'


class InputMediaVideo(_InputMedia):
    type = 'video'


class Message:

    def __init__(self, bot, fields):
        self._bot, self._id = bot, fields['message_id']
        self.text, self.caption = fields.get('text'), fields.get('caption')
        self.chat = SimpleNamespace(**fields['chat'])

    def answer(self, text):
        return self._bot.call('sendMessage', {'chat_id': self.chat.id, 'text': text})

    def reply(self, text):
        return self._reply('sendMessage', {'text': text})

    def reply_video(self, file, **fields):
        return self._reply('sendVideo', {'video': 'attach://file', **fields}, {'file': file})

    def reply_photo(self, file):
        return self._reply('sendPhoto', {'photo': 'attach://file'}, {'file': file})

    def reply_audio(self, file):
        return self._reply('sendAudio', {'audio': 'attach://file'}, {'file': file})

    def reply_document(self, file):
        return self._reply('sendDocument', {'document': 'attach://file'}, {'file': file})

    def reply_media_group(self, media):
        return self._reply(
            'sendMediaGroup',
            {'media': [{'type': one.type, 'media': f'attach://file{number}'} for number, one in enumerate(media)]},
            {f'file{number}': one.media for number, one in enumerate(media)})

    def _reply(self, method, fields, files=None):
        reply_to = {'chat_id': self.chat.id, 'reply_parameters': {'message_id': self._id}}
        return self._bot.call(method, {**reply_to, **fields}, files)
