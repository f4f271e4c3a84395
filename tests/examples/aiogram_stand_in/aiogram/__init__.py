"""Stands for aiogram 3: the names that examples/aiogram_bot.py uses, and what they do over HTTP."""

import asyncio
from types import SimpleNamespace

from .types import Message


class Bot:

    def __init__(self, token, session):
        self.token, self._session = token, session

    def call(self, method, fields, files=None):
        """Calls a method of Telegram's Bot API. Returns its result."""
        return self._session.call(self.token, method, fields, files or {})


class _Field:
    """F.text and the like: whether an update has it."""

    def __init__(self, *names):
        self.names = names

    def __or__(self, other):
        return _Field(*self.names, *other.names)

    def matches(self, message):
        return any(getattr(message, name) for name in self.names)


F = SimpleNamespace(text=_Field('text'), caption=_Field('caption'))


class Dispatcher:
    """Hands each message to the first handler whose filter matches, all at the same time."""

    def __init__(self):
        self._handlers = []

    def message(self, field):
        def register(handler):
            self._handlers.append((field, handler))
            return handler
        return register

    async def start_polling(self, bot, **context):
        offset, running = 0, set()
        while True:
            for update in await bot.call('getUpdates', {'offset': offset, 'timeout': 10}):
                offset = update['update_id'] + 1
                message = Message(bot, update['message'])
                for field, handler in self._handlers:
                    if field.matches(message):
                        task = asyncio.create_task(handler(message, bot=bot, **context))
                        running.add(task)
                        task.add_done_callback(running.discard)
                        break
