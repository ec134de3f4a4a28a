"""Holds a stretch of duty, and who answers in it: whoever has the turn or, while they are away, who covers."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select

from strategy.dates import short
from strategy.db import db
from strategy.models import Away, Person
from strategy.queries import covering
from strategy.rules import rota
from strategy.rules.conflicts import NOBODY, Conflicts


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody's turn at a desk without a break, aware UTC, with its true ends, and how whoever answers is reached.

    ``person_id`` is whose turn it is. Where they are away all that time, ``name``, title and addresses are those of who
    covers, ``cover_id`` theirs if they are in the directory, and ``remark`` says so; with nobody to cover ``there`` is
    False and the name is their own.
    """

    desk_id: int
    person_id: int
    name: str
    starts_at: datetime
    ends_at: datetime
    job_title: str = ""
    email: str | None = None
    phone: str | None = None
    remark: str = ""
    there: bool = True
    cover_id: int | None = None

    @property
    def titled(self) -> str:
        """Job title, name and what is to be said of them."""
        return ", ".join(filter(None, (f"{self.job_title} {self.name}".strip(), self.remark)))

    @property
    def named(self) -> str:
        """The same without the title."""
        return ", ".join(filter(None, (self.name, self.remark)))

    def covers(self, at: datetime) -> bool:
        """Whether it is their turn at that moment; at the very end it no longer is."""
        return self.starts_at <= at < self.ends_at

    def is_by(self, person_id: int) -> bool:
        """Whether that person of the directory answers in it."""
        return self.there and person_id == (self.cover_id if self.remark else self.person_id)


def as_covered(found: Mapping[int, tuple[Duty, ...]], barred: Conflicts = NOBODY) -> Mapping[int, tuple[Duty, ...]]:
    """The turns of each desk with who answers in them; a turn during which somebody leaves or returns is parted there.

    One query, and none where nobody has a turn. Nobody ``barred`` covers.
    """
    every = [duty for here in found.values() for duty in here]
    if not every:
        return found
    first, last = min(one.starts_at for one in every), max(one.ends_at for one in every)
    gone = absent({one.person_id for one in every}, first, last)
    if not gone:
        return found
    return {
        desk_id: tuple(sorted((part for duty in here for part in _parts(duty, gone, barred)), key=_begins))
        for desk_id, here in found.items()
    }


def absent(person_ids: Collection[int], start: datetime, end: datetime) -> dict[int, Person]:
    """Those of these people who are away at any time from ``start`` to ``end``, by id; one query."""
    away = Person.aways.any((Away.taken_back_at.is_(None)) & (Away.ends_at > start) & (Away.starts_at < end))
    rows = db.session.scalars(select(Person).where(Person.id.in_(person_ids), away).options(*covering.WHOLE))
    return {person.id: person for person in rows.unique()}


def reached(person: Person, start: datetime, end: datetime, barred: Conflicts) -> list[tuple[datetime, datetime]]:
    """When they, or who covers for them, can be asked from ``start`` to ``end``."""
    whole = Duty(0, person.id, person.name, start, end)
    parts = _parts(whole, {person.id: person}, barred)
    return list(rota.joined((one.starts_at, one.ends_at) for one in parts if one.there))


def _begins(duty: Duty) -> datetime:
    return duty.starts_at


def _parts(duty: Duty, gone: Mapping[int, Person], barred: Conflicts) -> Iterable[Duty]:
    person = gone.get(duty.person_id)
    return [duty] if person is None else list(_joined(_cut(duty, person, barred)))


def _cut(duty: Duty, person: Person, barred: Conflicts) -> Iterator[Duty]:
    inside = {moment for moment in covering.turns(person) if duty.covers(moment)}
    for begins, ends in pairwise(sorted({duty.starts_at, *inside, duty.ends_at})):
        yield _answered(replace(duty, starts_at=begins, ends_at=ends), person, barred)


def _answered(duty: Duty, person: Person, barred: Conflicts) -> Duty:
    """A part in which nobody leaves or returns, with who answers in it."""
    gone = covering.away(person, duty.starts_at)
    if gone is None:
        return duty
    cover = covering.stand_in(person, duty.starts_at, barred=barred)
    if cover is None:
        return replace(duty, remark=f"away until {short(gone.ends_at)}, and nobody covers", there=False)
    return replace(
        duty,
        name=cover.name,
        job_title=cover.person.job_title if cover.person else "",
        email=cover.email,
        phone=cover.phone,
        remark=cover.covering,
        cover_id=cover.person.id if cover.person else None,
    )


def _joined(parts: Iterable[Duty]) -> Iterator[Duty]:
    """Parts that follow each other and differ in nothing but their times are one."""
    whole: Duty | None = None
    for part in parts:
        if whole is not None and replace(part, starts_at=whole.starts_at) == replace(whole, ends_at=part.ends_at):
            whole = replace(whole, ends_at=part.ends_at)
            continue
        if whole is not None:
            yield whole
        whole = part
    if whole is not None:
        yield whole
