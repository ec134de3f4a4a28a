"""Fetches what lies at a web address somebody typed in, guarded: where it goes, how long, how much. Reads no calendar.

A plain client would ask the name system twice (once to check, once to connect) and follow anybody anywhere. Here the
name is resolved once and that very address connected to; every redirect is checked like the first address.
"""

import base64
import http.client
import io
import socket
import ssl
import time
import zlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from queue import Empty, Queue
from threading import Thread
from urllib.parse import urljoin

from notifications.destinations import Destination, Guard, NotRead, Unacceptable, Unreachable, checked

_MOVED = frozenset({301, 302, 303, 307, 308})
_CHUNK = 64 * 1024
_HEADERS = 64 * 1024  # bytes on the wire beside the body
_CONNECTING = 5.0  # seconds for one of a name's addresses


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask. The password is shown to the origin of ``url`` alone, wherever a redirect leads."""

    url: str
    method: str = "GET"
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    username: str | None = None
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers by lower-case name, and the whole unpacked body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def fetch(request: Request, guard: Guard) -> Answer:
    """Ask, following redirects within bounds. Raises Unreachable or Unacceptable; any status is an answer."""
    deadline = time.monotonic() + guard.seconds
    trusted = None
    for _ in range(guard.redirects + 1):
        destination = _checked(request.url, guard, deadline)
        trusted = trusted or destination.origin
        if destination.origin != trusted:
            request = replace(request, username=None, password=None)
        if destination.scheme == "http" and trusted[0] == "https":
            raise Unacceptable("The server sends us on to an address without https://.")
        answer = _asked(request, destination, guard, deadline)
        if answer.status not in _MOVED or "location" not in answer.headers:
            return answer
        request = replace(request, url=_moved(request.url, answer.headers["location"]))
    raise Unacceptable("The server sends us on from address to address without end.")


def _checked(url: str, guard: Guard, deadline: float) -> Destination:
    """The place, its name resolved within what is left of the time. Raises Unreachable or Unacceptable.

    The system's own resolver cannot be told how long to take: it is asked in a thread, which nobody waits for longer.
    """
    found: Queue[Destination | NotRead] = Queue()

    def resolve() -> None:
        try:
            found.put(checked(url, guard))
        except NotRead as reason:
            found.put(reason)
        except Exception:  # in a thread nobody would hear of it
            found.put(Unreachable("The server cannot be reached."))

    Thread(target=resolve, daemon=True).start()
    try:
        answer = found.get(timeout=_left(deadline))
    except (Empty, TimeoutError):
        raise Unreachable("The server took too long to answer.") from None
    if isinstance(answer, NotRead):
        raise answer
    return answer


def _moved(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise Unacceptable("The server sends us on to something that is no web address.") from None


def _asked(request: Request, destination: Destination, guard: Guard, deadline: float) -> Answer:
    """One question and its answer. Every way this can go wrong becomes a sentence."""
    try:
        with closing(_connected(destination, guard, deadline)) as connected:
            wire = _Wire(connected, deadline, guard.most_bytes + _HEADERS)
            connection = _Connection(destination, wire)
            connection.request(request.method, destination.target, request.body, _headers(request))
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            if response.status in _MOVED:
                return Answer(response.status, headers, b"")  # what stands on a signpost is not read
            return Answer(response.status, headers, _body(response, guard.most_bytes))
    except TimeoutError:
        raise Unreachable("The server took too long to answer.") from None
    except ssl.SSLCertVerificationError:
        raise Unacceptable("The server cannot prove who it is: its certificate is not trusted.") from None
    except (OSError, http.client.HTTPException):
        raise Unreachable("The server cannot be reached.") from None
    except ValueError:
        raise Unacceptable("The address or the password holds characters that cannot be sent.") from None


def _connected(destination: Destination, guard: Guard, deadline: float) -> socket.socket:
    """A connection to the first checked address that takes one, in TLS that names the host."""
    plain = _first(destination, deadline)
    if destination.scheme == "http":
        return plain
    try:
        plain.settimeout(_left(deadline))
        context = guard.tls or ssl.create_default_context()
        return context.wrap_socket(plain, server_hostname=destination.host)
    except BaseException:
        plain.close()
        raise


def _first(destination: Destination, deadline: float) -> socket.socket:
    problem: OSError = ConnectionError("no address")
    for address in destination.addresses:
        try:
            return socket.create_connection((address, destination.port), min(_CONNECTING, _left(deadline)))
        except OSError as error:
            problem = error
    raise problem


def _headers(request: Request) -> dict[str, str]:
    headers = {"User-Agent": "strategy-discussions", "Accept-Encoding": "gzip", "Connection": "close"}
    if request.username is not None:
        pair = f"{request.username}:{request.password or ''}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(pair).decode('ascii')}"
    return headers | dict(request.headers)


def _body(response: http.client.HTTPResponse, most: int) -> bytes:
    """The whole body, unpacked piece by piece, so that no small file becomes a large one in memory first."""
    coding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip"):
        raise Unacceptable("The server packs its answer in a way that is not read.")
    unpack = None if coding == "identity" else zlib.decompressobj(wbits=31)
    body = bytearray()
    while piece := response.read(_CHUNK):
        body += piece if unpack is None else _unpacked(unpack, piece, most + 1 - len(body))
        if len(body) > most:
            raise Unacceptable(f"What lies there is larger than {most // (1024 * 1024)} MB, and is not read.")
    if response.length or (unpack is not None and body and not unpack.eof):
        raise Unreachable("The server stopped in the middle of its answer.")
    return bytes(body)


def _unpacked(unpack: "zlib._Decompress", piece: bytes, room: int) -> bytes:
    try:
        return unpack.decompress(piece, room)
    except zlib.error:
        raise Unacceptable("The server's answer is packed and cannot be unpacked.") from None


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Wire:
    """A socket for the standard library's client: each step has only what is left of the time, and of the bytes.

    The client's own timeout begins anew with each byte, so that a server sending one a second would never end.
    """

    def __init__(self, connection: socket.socket, deadline: float, most: int) -> None:
        self._socket = connection
        self._deadline = deadline
        self._room = most

    def sendall(self, data: bytes) -> None:
        self._socket.settimeout(_left(self._deadline))
        self._socket.sendall(data)

    def receive(self, into: memoryview) -> int:
        self._socket.settimeout(_left(self._deadline))
        count = self._socket.recv_into(into)
        self._room -= count
        if self._room < 0:
            raise Unacceptable("The server does not stop sending; what lies there is too large to be read.")
        return count

    def makefile(self, mode: str = "rb", *_: object) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self))

    def close(self) -> None:
        """Nothing yet: the client lets go before the answer is read, and whoever connected hangs up."""


class _Incoming(io.RawIOBase):
    def __init__(self, wire: _Wire) -> None:
        self._wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, into: "bytearray | memoryview") -> int:  # type: ignore[override]  # any buffer, says the stub
        return self._wire.receive(memoryview(into))


class _Connection(http.client.HTTPConnection):
    """Speaks HTTP over a wire that is connected already; the Host line carries the name, never the number."""

    def __init__(self, destination: Destination, wire: _Wire) -> None:
        super().__init__(destination.host, destination.port)
        self.default_port = {"https": 443, "http": 80}[destination.scheme]
        self._wire = wire

    def connect(self) -> None:
        self.sock = self._wire
