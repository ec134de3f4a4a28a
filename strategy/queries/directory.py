"""Answers who can be asked: the desks and people for a role, and the authority's own staff. It suggests no role."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from notifications.addresses import display_phone
from strategy.dates import brief
from strategy.db import db
from strategy.models import Agency, Contact, Desk, Person, User
from strategy.queries import conflicts, covering, rotas, standing_in
from strategy.queries.duty import Duty
from strategy.rules import naming
from strategy.rules.conflicts import NOBODY, Conflicts
from strategy.rules.working_time import Calendar, OpeningHours
from strategy.vocabulary import StaffRole


@dataclass(frozen=True, slots=True)
class Option:
    """A desk, or a person of it, who can be asked in a role. ``value`` is what a form sends for it."""

    desk: Desk | None
    person: Person | None = None

    @property
    def value(self) -> str:
        """ "desk:3" or "person:7"."""
        if self.person:
            return f"person:{self.person.id}"
        return f"desk:{self.desk.id}" if self.desk else ""

    @property
    def words(self) -> str:
        """As lists show it: "Exampleshire Police: MASH desk"."""
        if self.person:
            return f"{self.person.agency.name}: {self.person.name}, {self.person.job_title}"
        return f"{self.desk.agency.name}: {self.desk.name}" if self.desk else ""

    @property
    def agency(self) -> str:
        """The organisation's name."""
        source = self.person or self.desk
        return source.agency.name if source else ""

    @property
    def is_chief(self) -> bool:
        """Whether this is somebody whom a ladder tells, and who is not asked to come in the first place."""
        return self.person is not None and bool(self.person.rung)

    def described(
        self, now: datetime, calendar: Calendar, on_duty: Mapping[int, Sequence[Duty]], barred: Conflicts = NOBODY
    ) -> str:
        """``words`` with where it goes and who is there: true of this choice, whatever is chosen.

        ``on_duty`` is ``Directory.on_duty``.
        """
        desk_id, person_id = self.desk.id if self.desk else None, self.person.id if self.person else None
        there = rotas.said_of(on_duty, now, desk_id=desk_id, person_id=person_id)
        parts = [self.words, there, self.email or "no email", display_phone(self.phone) if self.phone else "no phone"]
        if self.hours:
            opens = None if self.hours.is_open(now, calendar) else self.hours.next_open(now, calendar)
            shut = f"shut now, opens {brief(opens, now)}" if opens else "shut now"
            parts.append("open now" if self.hours.is_open(now, calendar) else shut)
        if self.person and (gone := covering.away(self.person, now)):
            cover = covering.stand_in(self.person, now, barred=barred)
            parts.append(
                f"away until {brief(gone.ends_at, now)}, {f'{cover.name} covers' if cover else 'nobody covers'}"
            )
        return " · ".join(part for part in parts if part)

    def standing_in(
        self, now: datetime, calendar: Calendar, authority_id: int, barred: Conflicts = NOBODY
    ) -> Desk | None:
        """Who answers for the desk while it is shut; None while it is open, and where nobody does."""
        if self.desk is None or self.person is not None:
            return None
        asked = (self.desk, *standing_in.covers(self.desk, authority_id, barred))
        there = standing_in.answering(asked, now, calendar)
        return None if there is self.desk else there

    @property
    def only_desk(self) -> Desk | None:
        """The desk, when it is the desk itself that is asked and not a person of it."""
        return None if self.person else self.desk

    @property
    def email(self) -> str | None:
        """Where a mail to them goes."""
        return self._source.email if self._source else None

    @property
    def phone(self) -> str | None:
        """Where a text to them goes, or which number to ring."""
        return self._source.phone if self._source else None

    @property
    def hours(self) -> OpeningHours | None:
        """When the desk answers; None for a person who belongs to none."""
        return OpeningHours.from_plain(self.desk.hours) if self.desk else None

    @property
    def _source(self) -> Person | Desk | None:
        """A person without an address of their own is reached through their desk, as inviting does."""
        if self.person and (self.person.email or self.person.phone):
            return self.person
        return self.desk or self.person


@dataclass(frozen=True, slots=True)
class Directory:
    """The partner agencies of one authority, ready to be asked about any number of roles without another query.

    Whoever is ``barred``, as implicated in the contact it is asked about, is no option and on no duty.
    """

    desks: Sequence[Desk]
    people: Sequence[Person]
    barred: Conflicts = NOBODY
    _options: dict[str, tuple[Option, ...]] = field(default_factory=dict)
    _on_duty: dict[datetime, Mapping[int, tuple[Duty, ...]]] = field(default_factory=dict)

    def options(self, role: str) -> tuple[Option, ...]:
        """Who can be asked in a role: its desks, then the people of those desks."""
        return tuple(option for option in self._every(role) if not self.bars(option))

    def bars(self, option: Option) -> bool:
        """Whether they are implicated, or somebody implicated reads what would go there."""
        if option.person:
            return self.barred.person(option.person.id, option.email, option.phone)
        return self.barred.desk(option.desk.id if option.desk else None, option.email, option.phone)

    def left_out(self, roles: Iterable[str]) -> int:
        """How many choices for these roles are left out because somebody is implicated."""
        return len({option.value for role in roles for option in self._every(role) if self.bars(option)})

    def unlisted(self, options: Iterable[Option]) -> tuple[str, ...]:
        """The organisations among these at which somebody implicated works who is not in the directory."""
        sources = [option.person or option.desk for option in options]
        return tuple(dict.fromkeys(one.agency.name for one in sources if one and one.agency_id in self.barred.agencies))

    def about(self, barred: Conflicts) -> "Directory":
        """The same for another contact."""
        return self if barred == self.barred else Directory(self.desks, self.people, barred, self._options)

    def _every(self, role: str) -> tuple[Option, ...]:
        if role not in self._options:
            desks = [desk for desk in self.desks if role in desk.roles]
            ids, agencies = {desk.id for desk in desks}, {desk.agency_id for desk in desks}
            people = [
                person
                for person in self.people
                if person.desk_id in ids or (person.desk_id is None and person.agency_id in agencies)
            ]
            options = [Option(desk) for desk in desks] + [Option(person.desk, person) for person in people]
            self._options[role] = tuple(options)
        return self._options[role]

    def find(self, role: str, value: str) -> Option | None:
        """The option a form sent, if it is one for that role."""
        return next((option for option in self.options(role) if option.value == value), None)

    def on_duty(self, now: datetime) -> Mapping[int, tuple[Duty, ...]]:
        """Who is on duty at each desk at that moment; as many queries for all desks as for one."""
        if now not in self._on_duty:
            self._on_duty[now] = rotas.on_duty_at([desk.id for desk in self.desks], now, self.barred)
        return self._on_duty[now]

    def best(
        self, role: str, now: datetime, calendar: Calendar, *, urgent: bool = False, typed: str | None = None
    ) -> Option | None:
        """Whom to suggest: the one ordinary desk; when urgent and that is shut, who stands in for it now. None: a
        person must choose.

        ``typed`` is the organisation somebody named: only its own desk is suggested then. Of several ordinary desks
        (schools, wards) none is, since asking the wrong one tells strangers about a child.
        """
        desks = [option for option in self.options(role) if option.desk and option.person is None]
        covers = {option.desk.out_of_hours_id for option in desks if option.desk}
        agencies = self.named(role, typed) if typed is not None else None
        mine = [option for option in desks if agencies is None or option.agency in agencies]
        ordinary = [option for option in mine if option.desk and option.desk.id not in covers] or mine
        if len(ordinary) != 1:
            return None
        desk = ordinary[0].desk
        by_id = {one.desk.id: one for one in desks if one.desk}
        asked = [ordinary[0]]
        while urgent and desk and (after := by_id.get(desk.out_of_hours_id or 0)) and after not in asked:
            asked.append(after)
            desk = after.desk
        answering = (option for option in asked if option.hours and option.hours.is_open(now, calendar))
        return next(answering, ordinary[0])

    def named(self, role: str, typed: str) -> tuple[str, ...]:
        """The agencies with a desk for that role which ``typed`` names; more than one when it could be either."""
        agencies = {option.agency: None for option in self.options(role) if option.person is None}
        return naming.named(typed, agencies)


def directory(authority_id: int, about: Contact | None = None) -> Directory:
    """Everybody in use of the agencies that serve the authority, in two queries whatever their number.

    ``about`` is the contact somebody is to be asked for: who is implicated in it is left out.
    """
    of_ours = (Agency.serving(authority_id), Agency.active.is_(True))
    desks = db.session.scalars(
        select(Desk)
        .join(Desk.agency)
        .where(*of_ours, Desk.active.is_(True))
        .options(joinedload(Desk.agency), joinedload(Desk.out_of_hours))
        .order_by(Agency.name, Desk.name, Desk.id)
    ).all()
    people = db.session.scalars(
        select(Person)
        .join(Person.agency)
        .where(*of_ours, Person.active.is_(True))
        .options(joinedload(Person.agency), *covering.WHOLE)
        .order_by(Agency.name, Person.name, Person.id)
    )
    return Directory(desks, people.unique().all(), conflicts.of(about) if about is not None else NOBODY)


def staff_of(authority_id: int, *roles: StaffRole, about: Contact | None = None) -> list[User]:
    """The authority's people who can sign in and hold any of ``roles`` (none named: all), by name.

    ``about`` is the contact they would work on: who is implicated in it is left out.
    """
    barred = conflicts.of(about).users if about is not None else frozenset()
    users = db.session.scalars(
        select(User)
        .where(User.authority_id == authority_id)
        .options(selectinload(User.roles))
        .order_by(User.full_name, User.id)
    ).all()
    return [user for user in users if user.active and user.id not in barred and (not roles or user.holds(*roles))]
