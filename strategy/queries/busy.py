"""Answers when desks and people are busy by their diaries, and how far that can be trusted. It reads no diary."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import or_, select

from strategy import clock
from strategy.db import db
from strategy.models import Diary
from strategy.rules import diaries as rules
from strategy.rules.diaries import Span

Whose = Literal["desk", "person", "user"]


@dataclass(frozen=True, slots=True)
class Busy:
    """What the diaries of one desk or person say.

    ``spans`` are aware UTC, merged, inside what was asked for. Of several diaries the oldest reading counts for
    ``fetched_at`` (None: one was never read) and ``known_until``, beyond which nothing is known; ``stale`` says that
    one of them is older than an hour, was never read, or is failing.
    """

    spans: tuple[Span, ...]
    fetched_at: datetime | None
    known_until: datetime | None
    stale: bool


@dataclass(frozen=True, slots=True)
class Diaries:
    """Who is busy when, by ("desk" | "person" | "user", id). Who has no diary linked is not in it."""

    by_owner: Mapping[tuple[Whose, int], Busy] = field(default_factory=dict)

    def of(self, whose: Whose, owner_id: int) -> Busy | None:
        """What is known of that one, or None where no diary is linked."""
        return self.by_owner.get((whose, owner_id))


def spans(
    desk_ids: Collection[int],
    person_ids: Collection[int],
    user_ids: Collection[int],
    start: datetime,
    end: datetime,
    now: datetime | None = None,
) -> Diaries:
    """The busy times of all of these between two aware moments, in one query; ``now`` (if not this moment) is what
    staleness is measured against. The caller has made sure that they are the authority's own."""
    present = now or clock.now()
    asked = select(
        Diary.desk_id, Diary.person_id, Diary.user_id, Diary.spans, Diary.fetched_at, Diary.known_until, Diary.failures
    ).where(or_(Diary.desk_id.in_(desk_ids), Diary.person_id.in_(person_ids), Diary.user_id.in_(user_ids)))
    found: dict[tuple[Whose, int], Busy] = {}
    for desk_id, person_id, user_id, pairs, fetched_at, known_until, failures in db.session.execute(asked):
        busy = rules.within(_moments(pairs), start, end)
        one = Busy(busy, fetched_at, known_until, rules.is_stale(fetched_at, failures, present))
        owner = _owner(desk_id, person_id, user_id)
        found[owner] = _together(found[owner], one) if owner in found else one
    return Diaries(found)


def _owner(desk_id: int | None, person_id: int | None, user_id: int | None) -> tuple[Whose, int]:
    if desk_id is not None:
        return "desk", desk_id
    return ("person", person_id) if person_id is not None else ("user", user_id or 0)


def _moments(pairs: list[tuple[int, int]]) -> list[Span]:
    return [(datetime.fromtimestamp(begins, UTC), datetime.fromtimestamp(ends, UTC)) for begins, ends in pairs]


def _together(one: Busy, other: Busy) -> Busy:
    return Busy(
        rules.merged(one.spans + other.spans),
        _earlier(one.fetched_at, other.fetched_at),
        _earlier(one.known_until, other.known_until),
        one.stale or other.stale,
    )


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return None if one is None or other is None else min(one, other)
