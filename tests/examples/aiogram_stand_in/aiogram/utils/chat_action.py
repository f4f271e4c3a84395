"""What a chat shows while a bot is busy."""


class ChatActionSender:

    def __init__(self, bot, chat_id, action):
        self._bot, self._fields = bot, {'chat_id': chat_id, 'action': action}

    async def __aenter__(self):
        await self._bot.call('sendChatAction', self._fields)
        return self

    async def __aexit__(self, *_):
        pass
