"""A real, quick SMTP server on loopback that takes, defers, refuses, hangs up in the middle of DATA, and is slow.

Holds no assertion. What it took, and on which connection, is written down: who got what twice can be told afterwards.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Thread
from typing import Self

_SLOW_SECONDS = 0.05
_REPLIES = {b"EHLO": b"250-ready\r\n250 SIZE 10000000\r\n", b"HELO": b"250 ready\r\n", b"NOOP": b"250 OK\r\n"}


class Mood(StrEnum):
    """What the server does with one message."""

    TAKE = "take"
    DEFER = "defer"  # a temporary answer to RCPT, as greylisting gives
    REFUSE = "refuse"  # there is no such mailbox
    DROP = "drop"  # the connection is gone in the middle of the message, which is not kept
    SLOW = "slow"


@dataclass
class Connection:
    """One connection: the ids of what was taken on it, in order, and whether it was left in good order."""

    taken: list[str] = field(default_factory=list)
    left: bool = False  # by QUIT, or because we hung up: not by a sender that died


@dataclass
class FaultyServer:
    """``mood`` is asked for every message; ``keep`` keeps the bytes too. A context manager; it has its own thread."""

    mood: Callable[[], Mood] = lambda: Mood.TAKE
    keep: bool = False
    port: int = 0
    connections: list[Connection] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    open: set[asyncio.Transport] = field(default_factory=set)

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def taken(self) -> list[str]:
        """The ids of everything taken, in no order."""
        return [one for connection in list(self.connections) for one in list(connection.taken)]

    @property
    def orphaned(self) -> set[str]:
        """What was the last thing taken on a connection whose sender then vanished: it may not know of our yes."""
        return {one.taken[-1] for one in list(self.connections) if one.taken and not one.left}

    async def _close(self) -> None:
        self._server.close()
        for transport in list(self.open):
            transport.abort()

    async def _listen(self) -> None:
        self._server = await self._loop.create_server(lambda: _Dialogue(self), "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]


class _Dialogue(asyncio.Protocol):
    """One SMTP dialogue, as RFC 5321 has it and no more than smtplib says."""

    def __init__(self, server: FaultyServer) -> None:
        self.server, self.connection = server, Connection()
        self.buffer, self.in_data, self.mood = b"", False, Mood.TAKE

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.server.connections.append(self.connection)
        self.server.open.add(transport)
        transport.write(b"220 mail.example\r\n")

    def connection_lost(self, _error: Exception | None) -> None:
        self.server.open.discard(self.transport)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while self.buffer and self._took_in_data() if self.in_data else self._took_a_line():
            pass

    def _took_a_line(self) -> bool:
        line, found, rest = self.buffer.partition(b"\r\n")
        if not found:
            return False
        self.buffer = rest
        verb = line[:4].upper()
        if verb == b"QUIT":
            self.connection.left = True
            self.transport.write(b"221 bye\r\n")
            self.transport.close()
            return False
        if verb == b"DATA":
            self.in_data = True
            self.transport.write(b"354 go on\r\n")
        else:
            self.transport.write(_REPLIES.get(verb) or self._answer(verb))
        return not self.in_data

    def _answer(self, verb: bytes) -> bytes:
        if verb == b"RCPT":
            self.mood = self.server.mood()
            if self.mood is Mood.DEFER:
                return b"451 4.7.1 Try again later\r\n"
            if self.mood is Mood.REFUSE:
                return b"550 5.1.1 No such mailbox\r\n"
        return b"250 OK\r\n"

    def _took_in_data(self) -> bool:
        if self.mood is Mood.DROP:
            self.connection.left = True
            self.transport.abort()
            return False
        message, found, rest = self.buffer.partition(b"\r\n.\r\n")
        if not found:
            return False
        self.buffer, self.in_data = rest, False
        if self.mood is Mood.SLOW:
            asyncio.get_running_loop().call_later(_SLOW_SECONDS, self._take, message)
        else:
            self._take(message)
        return False

    def _take(self, message: bytes) -> None:
        """Taken is what we say yes to, whether or not anybody is left to hear it."""
        head = message[: message.find(b"\r\n\r\n")].lower()
        start = head.find(b"message-id: <") + 13
        self.connection.taken.append(head[start : head.find(b"@", start)].decode("ascii"))
        if self.server.keep:
            self.server.raw.append(message)
        self.transport.write(b"250 2.0.0 queued\r\n")


def moody(dice: random.Random, **shares: float) -> Callable[[], Mood]:
    """A mood for each message by chance: ``moody(dice, defer=0.02)`` defers two in a hundred and takes the rest."""
    moods = [Mood(name) for name in shares]
    weights = [*shares.values(), 1 - sum(shares.values())]
    return lambda: dice.choices([*moods, Mood.TAKE], weights)[0]
