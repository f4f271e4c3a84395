"""What Telegram refuses."""


class TelegramAPIError(Exception):
    pass


class TelegramRetryAfter(TelegramAPIError):

    def __init__(self, retry_after):
        super().__init__(f'retry after {retry_after} s')
        self.retry_after = retry_after
