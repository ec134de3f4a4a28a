"""Several providers for one kind of message, tried in order; mail with a calendar part apart. Sends nothing itself."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from notifications.channel import Channel, NotSent, Rejected, Sent, Unavailable
from notifications.messages import Email, Message
from notifications.outcomes import Cause

M = TypeVar("M", bound=Message)

# How long a provider that is down is passed over. Then one message tries it again, while the others go on passing it.
_ASIDE = timedelta(minutes=1)
_LONGEST_ASIDE = timedelta(minutes=10)
# Trouble that the next message would meet too. One that is merely busy may take the next.
_DOWN = frozenset({Cause.PROVIDER, Cause.OUR_SETTINGS})


class Failover(Generic[M]):
    """Sends through the first provider that takes the message. The reference begins with who that was: `twilio:SM…`.

    The next is asked when one is unavailable, or refuses for a reason that is its own (its limits, its policy). It is
    not asked when the address is dead or has opted out: another sender must not go round somebody's STOP.
    """

    def __init__(self, parts: Sequence[Channel[M]], now: Callable[[], datetime]) -> None:
        self.parts = tuple(parts)
        self.name = ",".join(part.name for part in parts)
        self._now = now
        self._lock = threading.Lock()
        self._aside: dict[str, datetime] = {}

    def send(self, message: M) -> Sent:
        """Hand over one message. Raises Unavailable when any provider may take it later, else Rejected."""
        failures: list[NotSent] = []
        for part in self._in_order():
            try:
                sent = part.send(message)
            except NotSent as error:
                self._note(part, error)
                if isinstance(error, Rejected) and error.dead_address:
                    raise
                failures.append(error)
            else:
                self._mended(part)
                return replace(sent, reference=f"{part.name}:{sent.reference}")
        raise _worth_telling(failures)

    def close(self) -> None:
        for part in self.parts:
            part.close()

    def _in_order(self) -> list[Channel[M]]:
        """As they were given, those known to be down last: with all others down, one of them may have come back.

        Whose time aside is over is tried again, by this caller alone.
        """
        at = self._now()
        with self._lock:
            down = [part for part in self.parts if self._aside.get(part.name, at) > at]
            up = [part for part in self.parts if part not in down]
            self._aside.update({part.name: at + _ASIDE for part in up if part.name in self._aside})
        return [*up, *down]

    def _note(self, part: Channel[M], error: NotSent) -> None:
        if not isinstance(error, Unavailable) or error.cause not in _DOWN:
            return
        with self._lock:
            self._aside[part.name] = self._now() + min(max(error.retry_after or _ASIDE, _ASIDE), _LONGEST_ASIDE)

    def _mended(self, part: Channel[M]) -> None:
        with self._lock:
            self._aside.pop(part.name, None)


def _worth_telling(failures: Sequence[NotSent]) -> NotSent:
    """The failure that says most about what to do: wait while any may take it later, the shortest wait asked for.

    A busy one comes before one that is down: then not every message has to wait.
    """
    later = [error for error in failures if isinstance(error, Unavailable)]
    if not later:
        return failures[0]
    first = min(later, key=lambda error: error.cause in _DOWN)
    waits = [error.retry_after for error in later]
    first.retry_after = None if None in waits else min(wait for wait in waits if wait is not None)
    return first


class CalendarApart:
    """Mail: what carries a calendar part goes one way, what is plain another."""

    def __init__(self, calendar: Channel[Email], plain: Channel[Email]) -> None:
        self.name = plain.name
        self._calendar, self._plain = calendar, plain

    @property
    def parts(self) -> Sequence[Channel[Email]]:
        return self._calendar, self._plain

    def send(self, message: Email) -> Sent:
        """Hand over one mail, by the way that can carry it. Raises as every channel."""
        return (self._plain if message.calendar is None else self._calendar).send(message)

    def close(self) -> None:
        self._calendar.close()
        self._plain.close()
