"""What was asked of the stand-in, in order."""

import threading

from .http1 import Request


class Journal:
    """Entries appear when a request arrives; whoever answers it fills in `status` and `sent` as it goes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[dict] = []

    def record(self, via: str, host: str, request: Request, status: int = 0) -> dict:
        entry = {"host": host, "method": request.method, "path": request.target, "headers": request.headers,
                 "status": status, "sent": 0, "via": via}
        with self._lock:
            self._entries.append(entry)
        return entry

    def entries(self) -> list[dict]:
        with self._lock:
            return [dict(entry) for entry in self._entries]

    def reset(self) -> None:
        with self._lock:
            self._entries = []
