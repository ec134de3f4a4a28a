"""Where a guarded fetch may go: schemes, hosts, and the network addresses they stand for. It connects to nothing."""

import socket
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from ssl import SSLContext
from urllib.parse import urlsplit

_PORTS = {"https": 443, "http": 80}
_TRIED = 4  # addresses of one name
_PRIVATE = (
    "The address leads into a private network, which is not read. "
    "Whoever runs this installation can allow that server by name."
)
# IPv6 ranges that carry an IPv4 address within: through a translator they lead wherever that one does.
_CARRIERS = tuple(
    IPv6Network(one) for one in ("::ffff:0:0/96", "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)


class NotRead(Exception):
    """Something at a web address could not be read. ``reason`` is a sentence for staff, without the address.

    ``again`` is how long the server asked to be left alone.
    """

    def __init__(self, reason: str, again: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again


class Unreachable(NotRead):
    """It may work later, by itself."""


class Unacceptable(NotRead):
    """It will not work until somebody mends the address, the password, or what lies there."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What a fetch may do at most.

    ``allowed_hosts`` ("host" or "host:port", lower case) may stand for private network addresses, and with
    ``plain_http`` be asked without TLS. ``most_bytes`` counts what came over the wire and what it unpacks to;
    ``seconds`` is for everything, redirects included; ``tls`` None trusts what the system trusts.
    """

    allowed_hosts: frozenset[str] = frozenset()
    plain_http: bool = False
    most_bytes: int = 5 * 1024 * 1024
    seconds: float = 15.0
    redirects: int = 3
    tls: SSLContext | None = field(default=None, repr=False)

    def allows(self, host: str, port: int) -> bool:
        """Whether somebody who runs this installation vouches for that server."""
        return host in self.allowed_hosts or f"{host}:{port}" in self.allowed_hosts


@dataclass(frozen=True, slots=True)
class Destination:
    """One checked place. ``addresses`` are the only ones to connect to: asking the name again could answer anew."""

    scheme: str
    host: str
    port: int
    target: str
    addresses: tuple[str, ...]

    @property
    def origin(self) -> tuple[str, str, int]:
        """Who a password given for this place may be shown to."""
        return self.scheme, self.host, self.port


def checked(url: str, guard: Guard) -> Destination:
    """The place a web address names, its name resolved once. Raises Unacceptable or Unreachable."""
    scheme, host, port, target = looked_at(url, guard)
    addresses = _resolved(host, port)
    if not guard.allows(host, port) and not all(is_public(address) for address in addresses):
        raise Unacceptable(_PRIVATE)
    return Destination(scheme, host, port, target, addresses[:_TRIED])


def looked_at(url: str, guard: Guard) -> tuple[str, str, int, str]:
    """Scheme, host, port and target of a web address, judged by how it is written: no name is asked for.

    Raises Unacceptable for what could never be fetched: what is no web address, is not asked over TLS, or writes out
    an address of a private network.
    """
    scheme, host, port, target = _parts(url)
    allowed = guard.allows(host, port)
    if scheme == "http" and not (allowed and guard.plain_http):
        raise Unacceptable("The address must begin with https://, so that nobody on the way can read along.")
    if not allowed and _is_private_as_written(host):
        raise Unacceptable(_PRIVATE)
    return scheme, host, port, target


def why_never(url: str, guard: Guard) -> str | None:
    """Why an address as it is written could never be fetched, as a sentence; None when it may be."""
    try:
        looked_at(url, guard)
    except NotRead as problem:
        return problem.reason
    return None


def is_public(address: str) -> bool:
    """Whether a network address is one of the open internet, and carries no other address within it."""
    found = ip_address(address)
    if isinstance(found, IPv6Address) and (found.is_site_local or any(found in carrier for carrier in _CARRIERS)):
        return False
    return found.is_global and not _special(found)


def _is_private_as_written(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not is_public(host)
    except ValueError:
        return False  # a name


def _special(found: IPv4Address | IPv6Address) -> bool:
    inward = found.is_private or found.is_loopback or found.is_link_local or found.is_unspecified
    return inward or found.is_multicast or found.is_reserved


def _parts(url: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise Unacceptable("That is not a web address.") from None
    if parts.scheme not in _PORTS or not host:
        raise Unacceptable("That is not a web address.")
    if "@" in parts.netloc:
        raise Unacceptable("Leave user name and password out of the address: they have fields of their own.")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, host, port or _PORTS[parts.scheme], target


def _resolved(host: str, port: int) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("No server of that name is known.") from None
    # in the order the system prefers, each once
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))
