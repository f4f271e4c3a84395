class RequestsError(OSError):

    def __init__(self, message, code, response):
        super().__init__(message)
        self.code = code
        self.response = response
