"""Answers whom to ring at each agency: every desk with its hours, who answers out of them, who is on duty, and rungs.

As many queries for all agencies as for one. It tells and asks nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from strategy.dates import brief
from strategy.db import db
from strategy.models import Agency, Authority, Desk, Person, User
from strategy.queries import covering, rotas, standing_in
from strategy.queries.directory import directory, staff_of
from strategy.queries.duty import Duty
from strategy.rules.week_words import say_whole_week
from strategy.vocabulary import StaffRole

_AHEAD = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A desk: ``hours`` in words, ``duties`` of the next 24 hours, and who answers for it at that moment.

    ``by`` is the desk at which they are, it or one that stands in for it; None: nobody answers now, and ``opens`` says
    when it does again.
    """

    desk: Desk
    hours: str
    duties: tuple[Duty, ...]
    stands_in: tuple[Desk, ...]
    by: Desk | None
    people: tuple[Duty, ...]
    opens: datetime | None

    @property
    def number(self) -> str | None:
        """Whom to ring this minute: who is on duty, else the desk that answers."""
        first = next((one.phone for one in self.people if one.phone), None)
        return first or (self.by.phone if self.by else None)


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody on a rung; ``remark`` says that they are away and who covers."""

    person: Person
    remark: str


@dataclass(frozen=True, slots=True)
class AgencyLines:
    """One agency's."""

    agency: Agency
    desks: tuple[DeskLine, ...]
    people: tuple[PersonLine, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Everybody to ring, as of ``at``; ``team`` and ``managers`` are our own."""

    authority: Authority
    at: datetime
    team: Sequence[User]
    managers: Sequence[User]
    agencies: Sequence[AgencyLines]

    @property
    def until(self) -> datetime:
        """The end of the time it says who is on duty for."""
        return self.at + _AHEAD


def numbers(authority_id: int, now: datetime) -> Numbers:
    """Everybody of the agencies that serve the authority, by name."""
    agencies = _agencies(authority_id)
    known = directory(authority_id)
    duties = rotas.duties([one.id for one in known.desks], now, now + _AHEAD)
    found = [
        AgencyLines(
            agency,
            tuple(_desk(one, duties, now, authority_id) for one in known.desks if one.agency_id == agency.id),
            tuple(sorted((_person(one, now) for one in known.people if _is_rung(one, agency)), key=_rung)),
        )
        for agency in agencies
    ]
    managers = staff_of(authority_id, StaffRole.CHAIR, StaffRole.LEADER)
    home = db.session.get_one(Authority, authority_id)
    team = staff_of(authority_id, StaffRole.EDT)
    return Numbers(home, now, team, [one for one in managers if one not in team], found)


def _agencies(authority_id: int) -> Sequence[Agency]:
    return db.session.scalars(
        select(Agency)
        .where(Agency.serving(authority_id), Agency.active.is_(True))
        .options(selectinload(Agency.served), joinedload(Agency.authority))
        .order_by(Agency.name, Agency.id)
    ).all()


def _desk(desk: Desk, duties: Mapping[int, Sequence[Duty]], now: datetime, authority_id: int) -> DeskLine:
    line = standing_in.line(desk, authority_id)
    by, people = _answering(line, duties, now)
    hours = rotas.hours_of(desk)
    return DeskLine(
        desk=desk,
        hours=say_whole_week(hours),
        duties=tuple(duties.get(desk.id, ())),
        stands_in=tuple(line[1:]),
        by=by,
        people=people,
        opens=None if by is not None else hours.next_open(now, rotas.calendar_of(desk)),
    )


def _answering(
    line: Sequence[Desk], duties: Mapping[int, Sequence[Duty]], now: datetime
) -> tuple[Desk | None, tuple[Duty, ...]]:
    """As rotas.answering, from what was read for all desks at once."""
    for one in line:
        here = tuple(duty for duty in duties.get(one.id, ()) if duty.there and duty.covers(now))
        if here or rotas.hours_of(one).is_open(now, rotas.calendar_of(one)):
            return one, here
    return None, ()


def _is_rung(person: Person, agency: Agency) -> bool:
    return person.agency_id == agency.id and person.rung is not None


def _rung(line: PersonLine) -> tuple[int, int, str]:
    return line.person.rung or 0, line.person.rung_order, line.person.name


def _person(person: Person, now: datetime) -> PersonLine:
    gone = covering.away(person, now)
    if gone is None:
        return PersonLine(person, "")
    cover = covering.stand_in(person, now)
    who = f"{cover.name} covers" if cover else "nobody covers"
    return PersonLine(person, f"away until {brief(gone.ends_at, now)}, {who}")
