"""Holds when a diary is read again, when what it said is stale, and how busy spans are joined. It reads no diary."""

from collections.abc import Iterable
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]

# What is older may have been overtaken by a morning's new appointments.
STALE_AFTER = timedelta(hours=1)
# How far ahead diaries are read: fifteen working days and a margin, the longest a conference waits.
AHEAD = timedelta(days=42)
# A server that says "nothing changed" is believed only while what is known reaches far enough ahead.
AHEAD_AT_LEAST = timedelta(days=28)

_SOON, _LATER = timedelta(minutes=1), timedelta(hours=1)
_LONG, _LONGEST = timedelta(hours=1), timedelta(days=1)


def is_stale(fetched_at: datetime | None, failures: int, now: datetime) -> bool:
    """Whether what is known must not be taken for how things stand: never read, read long ago, or failing since."""
    return fetched_at is None or failures > 0 or now - fetched_at > STALE_AFTER


def wait(failures: int, *, mended_by_people: bool, again: timedelta | None = None) -> timedelta:
    """How long to wait after failure number ``failures`` in a row (the first is 1).

    What a server cannot help is tried again from one minute on, doubling to an hour. What somebody has to mend (a
    password, an address) is tried hourly at most, doubling to a day: some servers lock whoever is wrong too often.
    ``again`` is the server's own wish, honoured up to a day.
    """
    first, most = (_LONG, _LONGEST) if mended_by_people else (_SOON, _LATER)
    doubled = first * (1 << min(failures - 1, 16))
    return max(min(doubled, most), min(again or timedelta(), _LONGEST))


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time as few spans as can be, in order; those that touch or overlap become one."""
    joined: list[Span] = []
    for begins, ends in sorted(spans):
        if begins >= ends:
            continue
        if joined and begins <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], ends)
        else:
            joined.append((begins, ends))
    return tuple(joined)


def within(spans: Iterable[Span], start: datetime, end: datetime) -> tuple[Span, ...]:
    """What of the spans lies between two moments, in their order."""
    cut = ((max(begins, start), min(ends, end)) for begins, ends in spans)
    return tuple((begins, ends) for begins, ends in cut if begins < ends)
