"""Where Telegram's Bot API is."""


class TelegramAPIServer:

    def __init__(self, base):
        self.base = base

    @classmethod
    def from_base(cls, base):
        return cls(base)


PRODUCTION = TelegramAPIServer('https://api.telegram.org')
