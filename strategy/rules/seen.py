"""Holds how far an invitation got, as one chain from queued to joined, and how certain each link is. It asks nobody."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from strategy.rules.answering import TOO_QUICK
from strategy.vocabulary import Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """What is known of one invitation's messages and page. All moments aware UTC, None for what has not happened.

    ``left`` is when each message with the link went out, ``delivered_at`` the first receipt, ``arrived_at`` when it
    first counted as told, with a receipt or without; ``lost_at`` when the last of them was lost, with none that may
    still arrive; ``looks`` are all looks at the link's page; ``certain`` False says that the answer may be a mail
    scanner's. ``has_page`` is False for our own people, who have no link.
    """

    queued_at: datetime | None
    left: Collection[datetime] = ()
    delivered_at: datetime | None = None
    arrived_at: datetime | None = None
    lost_at: datetime | None = None
    looks: Sequence[datetime] = ()
    answered_at: datetime | None = None
    certain: bool = True
    joined_at: datetime | None = None
    has_page: bool = True


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the chain: what it says, when it happened (None: not yet), and whether that is certain."""

    step: Seen
    at: datetime | None
    words: str
    certain: bool = True


def chain(trail: Trail) -> tuple[Link, ...]:
    """The whole chain in its order, what has not happened included."""
    opened = (_opened(trail),) if trail.has_page else ()
    return (
        _plain(Seen.QUEUED, trail.queued_at),
        _plain(Seen.SENT, min(trail.left, default=None)),
        _delivered(trail),
        *opened,
        _answered(trail),
        _plain(Seen.JOINED, trail.joined_at),
    )


def first_look(looks: Sequence[datetime], left: Collection[datetime]) -> tuple[datetime | None, bool]:
    """When a person first looked, and whether it was one: a look within seconds of a message is a mail scanner's."""
    people = [look for look in looks if not any(sent <= look < sent + TOO_QUICK for sent in left)]
    return (min(people), True) if people else (min(looks, default=None), False)


def _plain(step: Seen, at: datetime | None) -> Link:
    return Link(step, at, step.words if at is not None else f"Not {step.words.lower()}")


def _delivered(trail: Trail) -> Link:
    """With a receipt it is certain. A mail server that took it and sends no receipt may still return it."""
    if trail.lost_at is not None:
        return Link(Seen.LOST, trail.lost_at, Seen.LOST.words)
    if trail.delivered_at is not None or trail.arrived_at is None:
        return _plain(Seen.DELIVERED, trail.delivered_at)
    return Link(Seen.DELIVERED, trail.arrived_at, "Taken by their server, no receipt", certain=False)


def _opened(trail: Trail) -> Link:
    at, certain = first_look(trail.looks, trail.left)
    if at is None:
        return _plain(Seen.OPENED, None)
    return Link(Seen.OPENED, at, Seen.OPENED.words if certain else "Opened, unverified", certain)


def _answered(trail: Trail) -> Link:
    if trail.answered_at is not None and not trail.certain:
        return Link(Seen.ANSWERED, trail.answered_at, "Answered, unverified", certain=False)
    return _plain(Seen.ANSWERED, trail.answered_at)
