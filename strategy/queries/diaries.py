"""Answers which diaries are linked, how they fare, and where the worker finds one. When people are busy is busy's."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from strategy.db import db
from strategy.models import Desk, Diary, Person
from strategy.rules import diaries as rules
from strategy.rules.diaries import Span
from strategy.vocabulary import DiaryKind

_WEEK = timedelta(days=7)
_SOON = timedelta(minutes=1)  # the worker comes round far sooner, or something is wrong


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What it takes to read a diary. ``known_until`` is how far ahead the last reading reached."""

    kind: DiaryKind
    address: str = field(repr=False)
    username: str | None = field(repr=False)
    password: str | None = field(repr=False)
    etag: str | None
    modified: str | None
    known_until: datetime | None


def owners(authority_id: int) -> frozenset[str]:
    """Who has a diary linked, as the form's list says them: "desk:3", "person:3" or "user:3"."""
    whose = select(Diary.desk_id, Diary.person_id, Diary.user_id).where(Diary.authority_id == authority_id)
    kinds = ("desk", "person", "user")
    rows = db.session.execute(whose)
    return frozenset(f"{kind}:{one}" for row in rows for kind, one in zip(kinds, row, strict=True) if one is not None)


def whereabouts(diary_id: int) -> Whereabouts | None:
    """Where and how the worker reads that diary; None when it was unlinked meanwhile.

    Raises cryptography's InvalidToken when no configured key fits.
    """
    row = db.session.execute(
        select(
            Diary.kind,
            Diary.address,
            Diary.username,
            Diary.password,
            Diary.etag,
            Diary.modified,
            Diary.known_until,
        ).where(Diary.id == diary_id)
    ).first()
    return None if row is None else Whereabouts(*row)


def linked(authority_id: int, user_id: int | None = None) -> Sequence[Diary]:
    """The authority's diaries, or only somebody's own, those in trouble first; one query."""
    asked = (
        select(Diary)
        .where(Diary.authority_id == authority_id)
        .options(
            joinedload(Diary.desk).joinedload(Desk.agency),
            joinedload(Diary.person).joinedload(Person.agency),
            joinedload(Diary.user),
        )
        .order_by(Diary.failures.desc(), Diary.linked_at, Diary.id)
    )
    return db.session.scalars(asked if user_id is None else asked.where(Diary.user_id == user_id)).unique().all()


def server(diary: Diary) -> str:
    """The server alone: the rest of an address may be its only lock."""
    return urlsplit(diary.address).hostname or ""


def is_stale(diary: Diary, now: datetime) -> bool:
    """Whether what is known of it must not be taken for how things stand."""
    return rules.is_stale(diary.fetched_at, diary.failures, now)


def is_awaited(diary: Diary, now: datetime) -> bool:
    """Whether somebody has just asked for it to be read, or it is being read: the answer comes within seconds."""
    if diary.problem is not None or now - diary.due_at > _SOON:
        return False  # answered, or nobody comes round
    if diary.fetched_at is None or diary.failures or diary.due_at <= now:
        return True
    return diary.tried_at is not None and diary.tried_at > diary.fetched_at


def coming(diary: Diary, now: datetime) -> tuple[Span, ...]:
    """Its busy times of the next seven days."""
    return rules.within(diary.busy, now, now + _WEEK)
