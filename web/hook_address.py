"""Where a web hook may lead (推送地址), and how a request gets there and nowhere else.

An address is one of somebody's choice, and this process may reach what they cannot. So it must be
`https`, or `http` on this very machine; its name is looked up once, and what was found is connected
to; that must be a public address, or in a network that the operator of the service has named; a
redirect is not followed; what comes back is not shown. docs/deployment.md names what this does not
guard against.
"""

import socket
import ssl
from collections.abc import Collection, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from threading import Timer
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

from ledger.problem import Mendable
from ledger.values import Invalid
from web.ways_in import is_private

Network = IPv4Network | IPv6Network
LENGTH: Final = 500
TIMEOUT: Final = 10.0
"""Seconds for each step of a request."""
DEADLINE: Final = 20.0
"""Seconds for all of it: a receiver that answers byte by byte does not hold anybody up."""
NAT64: Final = IPv6Network("64:ff9b::/96")
"""IPv6 addresses that a network leads to the IPv4 addresses at their end (RFC 6052)."""


class Answered(NamedTuple):
    """What came of a request.

    Attributes:
        status: of the answer; 0 where there was none.
        words: for who looks after the hook: the status, or why there is none.
    """

    status: int
    words: str


def checked(address: str) -> SplitResult:
    """The parts of an address of the form that a hook may have.

    Raises:
        Mendable: it is not of that form.
    """
    with suppress(ValueError):
        parts = urlsplit(address)
        plain = parts.username is None and parts.password is None and not parts.fragment
        fits = len(address) <= LENGTH and address.isascii() and address.isprintable()
        if fits and plain and is_private(address) and parts.port != 0 and " " not in address:
            return parts
    raise Mendable(
        "地址须以 https:// 开头（本机可用 http://127.0.0.1），不含用户名和 #",
        "the address must begin with https:// (or http://127.0.0.1 on this machine), without a"
        " user name and #",
        rule="hook",
        field="address",
    )


def send(
    address: str, body: bytes, headers: Mapping[str, str], networks: Collection[Network]
) -> Answered:
    """Send something to a hook, once; a redirect is an answer like any other."""
    try:
        parts = checked(address)
        place = _place(parts, networks)
    except Invalid as refused:
        return Answered(0, refused.text.en)
    except (OSError, UnicodeError):  # one that no name of a host can be among them
        return Answered(0, "the name of the host is not known")
    connection = _connection(parts, place)
    timer = Timer(DEADLINE, _cut_off, (connection,))
    timer.daemon = True
    timer.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, {**headers, "host": parts.netloc})
        answer = connection.getresponse()  # and nothing of what follows: it is not shown
    except ssl.SSLError:
        return Answered(0, "the certificate of the host does not hold")
    except (OSError, HTTPException, ValueError) as error:
        return Answered(0, f"no answer ({type(error).__name__})")
    else:
        return Answered(answer.status, str(answer.status))
    finally:
        timer.cancel()
        connection.close()


def _place(
    parts: SplitResult, networks: Collection[Network]
) -> tuple[socket.AddressFamily, tuple[str, int]]:
    """Where a host is, if one may go there.

    Raises:
        Invalid: one may not, by any of its addresses.
        OSError: nobody knows.
    """
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    for *_, there in found:
        address = ip_address(str(there[0]).partition("%")[0])
        if not may_go_to(address, networks):
            raise Invalid("地址不在允许的网络内", "not in a network that is allowed", rule="hook")
    family, _, _, _, there = found[0]
    return family, (str(there[0]), port)


def may_go_to(address: IPv4Address | IPv6Address, networks: Collection[Network]) -> bool:
    """Whether a hook may lead to an address: a public one, or one in a network that was named."""
    inner: IPv4Address | IPv6Address = address
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or address
        if address in NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
    if any(inner in network for network in networks if network.version == inner.version):
        return True
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def _connection(
    parts: SplitResult, place: tuple[socket.AddressFamily, tuple[str, int]]
) -> HTTPConnection:
    """A connection to that very place, which is asked for its certificate by the host's name."""
    host, port = parts.hostname or "", place[1][1]
    if parts.scheme == "https":
        connection: HTTPConnection = HTTPSConnection(
            host, port, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        connection = HTTPConnection(host, port, timeout=TIMEOUT)

    def connected(
        _named: object, timeout: float | None = TIMEOUT, _source: object = None
    ) -> socket.socket:
        return socket.create_connection(place[1], timeout)

    # What the library calls to connect; with it the name is not looked up again.
    connection._create_connection = connected  # type: ignore[attr-defined] # noqa: SLF001 - as said
    return connection


def _cut_off(connection: HTTPConnection) -> None:
    if connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
