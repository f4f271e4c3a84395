"""A name server that changes its mind (RFC 1035): what a name means may differ from one question to the next."""

import contextlib
import ipaddress
import socket
import struct
import threading

_HEADER = struct.Struct('>HHHHHH')
_ANSWER = struct.Struct('>HHHIH')  # name, type, class, TTL, length
_QUESTION_AT = 0xC00C  # a pointer to the question's name
_RESPONSE = 0x8180
_NO_SUCH_NAME = 3
_INTERNET = 1
_FAMILIES = {1: 4, 28: 6}  # A and AAAA


class NameServer:
    """Answers on port 53 of `address`. Nothing it says may be kept: its TTL is 0. `asked` has every name it was asked
    for, but only those that were set exist."""

    address = '127.0.0.1'

    def __init__(self):
        self.asked = []
        self._lock = threading.Lock()
        self._rounds = {}
        self._counts = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((self.address, 53))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self):
        with contextlib.suppress(OSError):  # it is not connected, but wakes up
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def set(self, name, *rounds):
        """Each round is a list of addresses: the first is the answer to the first lookup, and the last one stays."""
        with self._lock:
            self._rounds[name] = [[ipaddress.ip_address(address) for address in addresses] for addresses in rounds]
            self._counts = {key: count for key, count in self._counts.items() if key[0] != name}

    def _serve(self):
        while True:
            query, client = self._socket.recvfrom(512)
            if not query:
                return
            self._socket.sendto(self._answer(query), client)

    def _answer(self, query):
        identity = _HEADER.unpack_from(query)[0]
        labels, at = [], _HEADER.size
        while length := query[at]:
            labels.append(query[at + 1:at + 1 + length].decode('latin-1'))
            at += 1 + length
        question = query[_HEADER.size:at + 5]
        kind, = struct.unpack_from('>H', query, at + 1)
        addresses = self._look_up('.'.join(labels).lower(), kind)
        if addresses is None:
            return _HEADER.pack(identity, _RESPONSE | _NO_SUCH_NAME, 1, 0, 0, 0) + question
        records = (_ANSWER.pack(_QUESTION_AT, kind, _INTERNET, 0, len(address.packed)) + address.packed
                   for address in addresses)
        return _HEADER.pack(identity, _RESPONSE, 1, len(addresses), 0, 0) + question + b''.join(records)

    def _look_up(self, name, kind):
        with self._lock:
            self.asked.append(name)
            rounds = self._rounds.get(name)
            if rounds is None:
                return None
            count = self._counts[name, kind] = self._counts.get((name, kind), 0) + 1
            return [address for address in rounds[min(count, len(rounds)) - 1]
                    if address.version == _FAMILIES.get(kind)]
