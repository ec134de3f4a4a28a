"""Answers which times suit a discussion that is to be booked or moved, and whom to ring when none does."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from strategy.dates import brief
from strategy.db import db
from strategy.models import Contact, Desk, Discussion, Invitation, User
from strategy.policy import calendar_of, parsed
from strategy.queries import availability, conflicts, covering, other_work, standing_in
from strategy.queries.availability import Wanted
from strategy.queries.directory import staff_of
from strategy.rules.conflicts import Conflicts
from strategy.rules.policy import Need
from strategy.rules.slots import HORIZON, Grid, Party, Question, lead_for
from strategy.rules.working_time import Calendar, OpeningHours
from strategy.vocabulary import InvitationState, Mode, StaffRole

_CHAIR = "chair"


@dataclass(frozen=True, slots=True)
class Shape:
    """How long and how it is to be held. ``until``, when given, is a moment the answer must reach besides."""

    length: timedelta
    mode: Mode
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Aim:
    """By when it is to be held. Where nobody owes it (``targeted`` False), ``due_at`` is only how far to look."""

    warn_at: datetime | None
    due_at: datetime
    urgent: bool
    targeted: bool = True


@dataclass(frozen=True, slots=True)
class Ring:
    """Whom to ring now for a role: the person, or who covers for them; else the desk while it is open, then its
    out-of-hours desk. ``phone`` is E.164.
    """

    label: str
    words: str
    phone: str | None
    note: str


def for_contact(
    contact: Contact,
    wanted: Sequence[Wanted],
    needs: Sequence[Need],
    shape: Shape,
    now: datetime,
    aim: Aim | None = None,
) -> Question:
    """The question for a discussion to be booked, against the contact's own target unless another ``aim`` is given.

    While nobody was chosen to chair, any chair of ours will do.
    """
    aim = aim or Aim(contact.warn_at, contact.due_at or now, contact.urgent)
    grid, calendar = _grid(now, aim.due_at, shape), calendar_of(contact.policy.text)
    chairs = [] if any(one.role == _CHAIR for one in wanted) else _chairs(contact)
    known = other_work.of([*wanted, *chairs], grid, now, conflicts.of(contact))
    found = availability.parties(wanted, grid, calendar, urgent=aim.urgent, known=known)
    if chairs:
        several = availability.parties(chairs, grid, calendar, urgent=aim.urgent, known=known)
        found.append(availability.any_of(_CHAIR, "Chair", several))
    short = parsed(contact.policy.text).chase.short_notice_minutes
    return _question(grid, now, aim, found, needs, shape, short)


def _chairs(contact: Contact) -> list[Wanted]:
    users = staff_of(contact.authority_id, StaffRole.CHAIR, about=contact)
    return [Wanted(_CHAIR, "Chair", user.full_name, True, user=user) for user in users]


def for_discussion(discussion: Discussion, shape: Shape, now: datetime) -> Question:
    """The question for another time of a discussion: everybody it asks is asked again."""
    grid, calendar = _grid(now, discussion.due_at, shape), calendar_of(discussion.policy.text)
    wanted = wanted_of(discussion, shape.length)
    found = availability.parties(
        wanted,
        grid,
        calendar,
        urgent=discussion.urgent,
        besides=discussion.id,
        known=other_work.of(wanted, grid, now, conflicts.of(discussion.contact)),
    )
    needs = [Need(one.code, one.words, tuple(one.roles)) for one in discussion.needs if one.waived_at is None]
    short = parsed(discussion.policy.text).chase.short_notice_minutes
    aim = Aim(discussion.warn_at, discussion.due_at, discussion.urgent, discussion.has_target)
    return _question(grid, now, aim, found, needs, shape, short)


def wanted_of(discussion: Discussion, length: timedelta | None = None) -> list[Wanted]:
    """Everybody a discussion asks, by the desk that was chosen; one query reads their desks.

    Where it would be of another ``length`` than it is, all are asked for the whole of it.
    """
    asked = [one for one in discussion.invitations if one.state is not InvitationState.WITHDRAWN]
    ids = {_desk_id(one) for one in asked} - {None}
    desks = {desk.id: desk for desk in _desks(ids)}
    found = [
        Wanted(
            one.role,
            one.role_words if one.user is None else one.invitee,
            one.invitee if one.stands_in_for is None else named(one.stands_in_for),
            one.required,
            desk=desks.get(_desk_id(one) or 0),
            person=one.person,
            user=one.user,
            part=one.part if length in (None, discussion.ends_at - discussion.starts_at) else None,
        )
        for one in asked
    ]
    return covered(found, discussion.contact)


def covered(wanted: Sequence[Wanted], contact: Contact, barred: Conflicts | None = None) -> list[Wanted]:
    """The same, with who stands in for each desk out of its hours. Whoever is implicated in the contact does not;
    who that is, is asked unless it is said.
    """
    barred = conflicts.of(contact) if barred is None else barred
    return [replace(one, covers=_covers(one, contact.authority_id, barred)) for one in wanted]


def _covers(one: Wanted, authority_id: int, barred: Conflicts) -> tuple[Wanted, ...]:
    if one.desk is None or one.person is not None:
        return ()
    desks = standing_in.covers(one.desk, authority_id, barred)
    return tuple(replace(one, name=named(desk), desk=desk, covers=()) for desk in desks)


def named(desk: Desk) -> str:
    """As lists show it: "Exampleshire Police: MASH desk"."""
    return f"{desk.agency.name}: {desk.name}"


def _desk_id(invitation: Invitation) -> int | None:
    if invitation.person is not None:
        return invitation.person.desk_id
    return invitation.stands_in_for_id or invitation.desk_id


def _desks(ids: Collection[int | None]) -> Sequence[Desk]:
    cover = joinedload(Desk.out_of_hours)
    found = select(Desk).where(Desk.id.in_(ids)).options(joinedload(Desk.agency), cover.joinedload(Desk.agency))
    return db.session.scalars(found).all()


def own(chair: User | None, social_worker: User | None, minute_taker: User | None) -> list[Wanted]:
    """The authority's own people, each in their part."""
    parts = (_CHAIR, True, chair), ("social-worker", True, social_worker), ("minute-taker", False, minute_taker)
    return [
        Wanted(role, user.full_name, user.full_name, required, user=user)
        for role, required, user in parts
        if user is not None
    ]


def to_ring(wanted: Sequence[Wanted], now: datetime, calendar: Calendar, about: Contact) -> list[Ring]:
    """Whom to ring now to hold it at once: everybody required who is not our own, with the number that answers.

    Whoever is away is covered for by nobody implicated; where nobody with a number covers, their desk is rung.
    """
    ringing = _Ringing(now, calendar, about.authority_id, conflicts.of(about))
    asked = [one for one in wanted if one.required and one.user is None]
    return [_ring_person(one, ringing) if one.person else _ring(one, ringing) for one in asked]


def _question(
    grid: Grid,
    now: datetime,
    aim: Aim,
    parties: Sequence[Party],
    needs: Sequence[Need],
    shape: Shape,
    short: int,
) -> Question:
    return Question(
        grid=grid,
        now=now,
        warn_at=aim.warn_at,
        due_at=aim.due_at,
        targeted=aim.targeted,
        length=shape.length,
        parties=parties,
        needs=needs,
        short_notice=timedelta(minutes=short),
        lead=lead_for(shape.mode),
    )


def _grid(now: datetime, due_at: datetime, shape: Shape) -> Grid:
    """From today to past the target, as far as a time may have to be looked for."""
    return Grid.days(now, max(max(now, due_at) + HORIZON, shape.until or now))


@dataclass(frozen=True, slots=True)
class _Ringing:
    """What every number is looked up under: when, whose calendar and authority, and who is barred."""

    now: datetime
    calendar: Calendar
    authority_id: int
    barred: Conflicts


def _ring_person(one: Wanted, ringing: _Ringing) -> Ring:
    person, now = one.person, ringing.now
    gone = covering.away(person, now) if person else None
    if person is None or gone is None:
        if person and (person.phone or one.desk is None):
            return Ring(one.label, one.name, person.phone, "")
        return _ring(one, ringing)
    cover = covering.stand_in(person, now, barred=ringing.barred)
    if cover is not None and cover.phone:
        return Ring(one.label, f"{person.agency.name}: {cover.name}", cover.phone, cover.covering)
    why = f"no number of {cover.name}, {cover.covering}, is known" if cover else "and nobody covers"
    away = f"{person.name} is away until {brief(gone.ends_at, now)}, {why}"
    if one.desk is None:
        return Ring(one.label, f"{person.agency.name}: {person.name}", person.phone, away)
    at_desk = replace(one, person=None, name=f"{one.desk.agency.name}: {one.desk.name}")
    found = _ring(at_desk, ringing)
    return replace(found, note=f"{found.note}. {away}")


def _ring(one: Wanted, ringing: _Ringing) -> Ring:
    now, calendar = ringing.now, ringing.calendar
    desk = one.desk
    if desk is None:
        return Ring(one.label, one.name, None, "")
    line = [desk, *standing_in.covers(desk, ringing.authority_id, ringing.barred)]
    there = standing_in.answering(line, now, calendar)
    if there is not None:
        at_desk = there is desk
        return Ring(
            one.label,
            one.name if at_desk else named(there),
            there.phone,
            "open now" if at_desk else "answers out of hours",
        )
    opens = OpeningHours.from_plain(desk.hours).next_open(now, calendar)
    return Ring(one.label, one.name, desk.phone, f"shut now, opens {brief(opens, now)}" if opens else "shut now")
