"""What the operator is told."""


class Failure(Exception):
    """A sentence for the operator, and the exit status."""

    def __init__(self, sentence, status=1):
        super().__init__(sentence)
        self.status = status


def say(sentence):
    print(sentence, flush=True)
