"""Answers what stands in an authority's directory and what is missing there. Who can be asked is directory's."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload, selectinload

from notifications.addresses import is_mobile
from strategy.clock import in_london
from strategy.db import db
from strategy.models import Agency, Authority, Desk, Event, Person, Served
from strategy.queries import covering
from strategy.queries.covering import StandIn
from strategy.queries.schools import Schools, schools
from strategy.rules.entry_gaps import AgencyFacts, DeskFacts, gaps
from strategy.rules.opening_words import say_week
from strategy.rules.policy import Policy
from strategy.rules.working_time import OpeningHours
from strategy.vocabulary import Gap, Sector

SCHOOL = "education"  # the role a school's desk answers for
_ANY = "%"


@dataclass(frozen=True, slots=True)
class Line:
    """An agency as the list shows it."""

    agency: Agency
    gaps: tuple[Gap, ...]

    @property
    def desks(self) -> list[Desk]:
        """Those in use."""
        return [desk for desk in self.agency.desks if desk.active]

    @property
    def people(self) -> list[Person]:
        """Those in use."""
        return [person for person in self.agency.people if person.active]


@dataclass(frozen=True, slots=True)
class Search:
    """What the list is searched for: words of an agency, desk or person, a sector, something that is missing."""

    words: str = ""
    sector: Sector | None = None
    gap: Gap | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of an agency's ladder, and who stands on it."""

    number: int
    title: str
    people: Sequence[Person]


def listed(authority_id: int, search: Search, policy: Policy, now: datetime) -> list[Line]:
    """The agencies that serve the authority, by name, in the same few queries whatever their number."""
    asked = select(Agency).where(Agency.serving(authority_id), Agency.active.is_(not search.retired))
    if search.sector is not None:
        asked = asked.where(Agency.sector == search.sector)
    for word in search.words.split():
        asked = asked.where(_speaks_of(word))
    found = db.session.scalars(asked.order_by(Agency.name, Agency.id).options(*_WHOLE)).all()
    known = schools([one.id for one in found if _is_school(one)])
    lines = [Line(one, gaps_of(one, known, policy, now)) for one in found]
    return [line for line in lines if search.gap is None or search.gap in line.gaps]


def gaps_of(agency: Agency, known: Schools, policy: Policy, now: datetime) -> tuple[Gap, ...]:
    """What the agency lacks: somebody on each rung that the ladders of its desks climb, too."""
    desks, people = [one for one in agency.desks if one.active], [one for one in agency.people if one.active]
    covers = {one.out_of_hours_id for one in desks}
    entries: list[Desk | Person] = [*desks, *people]
    today = in_london(now).date()
    ahead = any(term.ends_on >= today for term in known.terms.get(agency.id, ()))
    return gaps(
        AgencyFacts(
            sector=agency.sector,
            desks=[_facts(one, covers) for one in desks],
            rungs=frozenset(one.rung for one in people if one.rung is not None),
            climbed=frozenset(rung.number for ladder in ladders(agency, policy) for rung in ladder),
            verified_at=[one.verified_at for one in entries],
            school=(ahead, agency.id in known.covers) if _is_school(agency) else None,
        ),
        now,
    )


def ladders(agency: Agency, policy: Policy) -> list[tuple[Rung, ...]]:
    """The ladders of the roles its desks answer for, each rung with those who stand on it."""
    roles = [role for desk in agency.desks if desk.active for role in desk.roles if role in policy.roles]
    codes = dict.fromkeys(policy.roles[role].ladder for role in roles)
    people = [one for one in agency.people if one.active]
    return [
        tuple(
            Rung(step.number, step.title, [one for one in people if one.rung == step.number])
            for step in policy.ladders[code].rungs
        )
        for code in codes
    ]


def is_school(agency: Agency) -> bool:
    """Whether one of its desks answers for a school, so that term dates matter."""
    return _is_school(agency)


def hours_of(desk: Desk) -> list[tuple[str, str]]:
    """Its week in words."""
    return say_week(OpeningHours.from_plain(desk.hours))


def stands_in(person: Person, now: datetime) -> StandIn | None:
    """Who covers for them now."""
    return covering.stand_in(person, now)


def whole(agency_id: int) -> Agency:
    """The agency with all that its page shows. Raises NoResultFound."""
    return db.session.scalars(select(Agency).where(Agency.id == agency_id).options(*_WHOLE, *_PEOPLE)).one()


def events_of(agency: Agency, most: int = 10) -> Sequence[Event]:
    """What was done to the entry, the newest first."""
    asked = select(Event).where(Event.agency_id == agency.id)
    return db.session.scalars(asked.order_by(Event.id.desc()).limit(most)).all()


def other_authorities(keeper_id: int) -> Sequence[Authority]:
    """Those an agency can serve besides its keeper, by name."""
    return db.session.scalars(select(Authority).where(Authority.id != keeper_id).order_by(Authority.name)).all()


_WHOLE = (
    joinedload(Agency.authority),
    selectinload(Agency.served).joinedload(Served.authority),
    selectinload(Agency.desks).joinedload(Desk.out_of_hours).joinedload(Desk.agency),
    selectinload(Agency.people),
)
_PEOPLE = (selectinload(Agency.people).options(*covering.WHOLE),)


def _is_school(agency: Agency) -> bool:
    return any(SCHOOL in desk.roles for desk in agency.desks if desk.active)


def _facts(desk: Desk, covers: Collection[int | None]) -> DeskFacts:
    always = OpeningHours.from_plain(desk.hours) == OpeningHours.always()
    instead = desk.out_of_hours
    return DeskFacts(
        email=desk.email is not None,
        mobile=desk.phone is not None and is_mobile(desk.phone),
        covered=always or desk.id in covers or (instead is not None and instead.active and instead.agency.active),
    )


def _speaks_of(word: str) -> ColumnElement[bool]:
    """Whether the agency, a desk or a person of it has that in its name."""
    like = f"{_ANY}{word.replace('%', '').replace('_', '')}{_ANY}"
    return or_(
        Agency.name.ilike(like),
        Agency.desks.any(Desk.name.ilike(like)),
        Agency.people.any(or_(Person.name.ilike(like), Person.job_title.ilike(like))),
    )
