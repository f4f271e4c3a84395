"""The ways into the stand-in: an http, an https and a SOCKS 5 proxy. None of them ever connects anywhere."""

import ipaddress
import struct
from urllib.parse import urlsplit

from .authority import Authority
from .catalogue import Catalogue
from .connection import Connection
from .doors import Door
from .http1 import Answer, Exchange, Request, read_request
from .journal import Journal
from .site import Site

TLS_PORT = 443
REFUSED = 403
STRANGER = 407

# RFC 1928.
SOCKS_VERSION = 5
SOCKS_NO_AUTHENTICATION = 0
SOCKS_PASSWORD = 2
SOCKS_NO_ACCEPTABLE_METHOD = 0xFF
SOCKS_CONNECT = 1
SOCKS_IPV4 = 1
SOCKS_NAME = 3
SOCKS_IPV6 = 4
SOCKS_SUCCEEDED = 0
SOCKS_NOT_ALLOWED = 2
# RFC 1929.
SOCKS_PASSWORD_VERSION = 1
SOCKS_PASSWORD_WRONG = 1
SOCKS_COMMAND_NOT_SUPPORTED = 7
SOCKS_ADDRESS_NOT_SUPPORTED = 8


class Proxies:
    """serve_http, serve_https and serve_socks5 each serve one connection of theirs."""

    def __init__(self, authority: Authority, catalogue: Catalogue, journal: Journal) -> None:
        self._authority = authority
        self._catalogue = catalogue
        self._journal = journal
        self._site = Site(catalogue, journal)
        self._context = authority.proxy_context()

    def serve_https(self, connection: Connection, door: Door = Door("https")) -> None:
        connection.start_tls(self._context)
        self.serve_http(connection, door)

    def serve_http(self, connection: Connection, door: Door = Door("http")) -> None:
        request = read_request(connection)
        if not request:
            return
        user = door.user_of(request.headers.get("proxy-authorization", ""))
        host, port = _target_of(request)
        if door.behaviour == "hang":
            connection.wait()
        status = STRANGER if user is None else door.status
        if status is None and not (request.method == "CONNECT" and self._admits(host, port)):
            status = REFUSED
        if status is None:
            connection.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self._enter(connection, door.via(user), host, request)
            return
        exchange = Exchange(connection, request, self._journal.record(door.via(user or ""), host, request))
        exchange.keep_alive = False
        exchange.send(Answer(status, (("Proxy-Authenticate", "Basic"),) if status == STRANGER else ()))
        connection.finish()

    def serve_socks5(self, connection: Connection, door: Door = Door("socks5")) -> None:
        version, method_count = connection.read_exactly(2)
        if version != SOCKS_VERSION:
            return
        method = SOCKS_PASSWORD if door.users else SOCKS_NO_AUTHENTICATION
        if method not in connection.read_exactly(method_count):
            connection.write(bytes((SOCKS_VERSION, SOCKS_NO_ACCEPTABLE_METHOD)))
            connection.finish()
            return
        connection.write(bytes((SOCKS_VERSION, method)))
        user = _read_socks_user(connection, door) if door.users else ""
        if user is None:
            connection.finish()
            return
        if door.behaviour == "hang":
            connection.wait()

        _, command, _, address_type = connection.read_exactly(4)
        host = _read_socks_address(connection, address_type)
        if command != SOCKS_CONNECT or host is None:
            _reply_socks(connection, SOCKS_ADDRESS_NOT_SUPPORTED if host is None else SOCKS_COMMAND_NOT_SUPPORTED)
            connection.finish()
            return
        port, = struct.unpack(">H", connection.read_exactly(2))
        request = Request("CONNECT", f"{host}:{port}", "SOCKS5", {})
        if self._admits(host, port) and door.status is None:
            _reply_socks(connection, SOCKS_SUCCEEDED)
            self._enter(connection, door.via(user), host, request)
        else:
            self._journal.record(door.via(user), host, request, REFUSED)
            _reply_socks(connection, SOCKS_NOT_ALLOWED)
            connection.finish()

    def _admits(self, host: str, port: int | None) -> bool:
        return port == TLS_PORT and self._catalogue.knows_host(host)

    def _enter(self, connection: Connection, via: str, host: str, request: Request) -> None:
        try:
            connection.start_tls(self._authority.context_for(host))
        except OSError:
            self._journal.record(via, host, request)
            return
        self._site.serve(connection, host, via)


def _target_of(request: Request) -> tuple[str, int | None]:
    """The host and port a request to a proxy names; ("", None) for nonsense."""
    if request.method == "CONNECT":
        url = "//" + request.target
    else:
        url = request.target if "://" in request.target else "//" + request.headers.get("host", "")
    try:
        parts = urlsplit(url)
        return parts.hostname or "", parts.port
    except ValueError:
        return "", None


def _read_socks_user(connection: Connection, door: Door) -> str | None:
    """Who logs in; None, and the client is told, when nobody may with these credentials."""
    connection.read_exactly(1)
    user, password = (connection.read_exactly(connection.read_exactly(1)[0]).decode() for _ in range(2))
    is_right = door.admits(user, password)
    connection.write(bytes((SOCKS_PASSWORD_VERSION, SOCKS_SUCCEEDED if is_right else SOCKS_PASSWORD_WRONG)))
    return user if is_right else None


def _read_socks_address(connection: Connection, address_type: int) -> str | None:
    if address_type == SOCKS_IPV4:
        return str(ipaddress.IPv4Address(connection.read_exactly(4)))
    if address_type == SOCKS_IPV6:
        return str(ipaddress.IPv6Address(connection.read_exactly(16)))
    if address_type == SOCKS_NAME:
        length, = connection.read_exactly(1)
        return connection.read_exactly(length).decode("latin-1").lower()
    return None


def _reply_socks(connection: Connection, code: int) -> None:
    unspecified = struct.pack(">B4xH", SOCKS_IPV4, 0)
    connection.write(bytes((SOCKS_VERSION, code, 0)) + unspecified)
