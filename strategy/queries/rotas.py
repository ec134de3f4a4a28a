"""Answers who is on duty at desks, and who will answer at one at any moment. What a week looks like is rota_weeks'."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import aliased, joinedload

from strategy import holidays
from strategy.dates import brief, until
from strategy.db import db
from strategy.models import Agency, Desk, Override, Person, RotaEntry, RotaEvent, RotaImport, Shift
from strategy.queries import standing_in
from strategy.queries.duty import Duty, as_covered
from strategy.rules import rota
from strategy.rules.conflicts import NOBODY, Conflicts
from strategy.rules.working_time import DAYS, Calendar, OpeningHours, Window, local_day

Row = TypeVar("Row", Shift, Override)

_MOMENT = timedelta(minutes=1)
_AROUND = timedelta(days=3)  # a turn that touches the window may begin or go on so far beyond it
_LONG_AROUND = timedelta(days=40)  # so may an imported one, whose end an override may cut off
_WEEK = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Answering:
    """Who will answer at a moment: those on duty at ``by``, else ``by`` itself; ``by`` None: nobody will.

    Whoever is away and covered for by nobody is in ``words`` and not in ``duties``.

    ``desk`` is the desk asked for, ``by`` the desk at which they are; ``words`` say it as a sentence without full stop.
    """

    desk: Desk
    at: datetime
    duties: tuple[Duty, ...]
    by: Desk | None
    words: str


def duties(
    desk_ids: Collection[int], start: datetime, end: datetime, barred: Conflicts = NOBODY
) -> Mapping[int, tuple[Duty, ...]]:
    """Who is on duty at each desk from ``start`` to ``end``, in order; every desk asked for is a key.

    Whoever is away is covered for by nobody ``barred``, or marked as not there. Four queries whatever the number of
    desks. People out of use are on no duty.
    """
    shifts = _by_desk(db.session.scalars(_shifts(desk_ids, start, end)).unique())
    overrides = _by_desk(db.session.scalars(_overrides(desk_ids, start, end)).unique())
    entries = _entries(desk_ids, start, end)
    found: dict[int, tuple[Duty, ...]] = {}
    for desk_id in desk_ids:
        mine = (shifts.get(desk_id, ()), entries.get(desk_id, ()), overrides.get(desk_id, ()))
        found[desk_id] = _worked_out(desk_id, *mine, start, end)
    return as_covered(found, barred)


def answering(desk: Desk, at: datetime, authority_id: int, barred: Conflicts = NOBODY) -> Answering:
    """Who will answer there at that moment for that authority; whoever is ``barred`` is passed over.

    Whoever is on duty at the desk, or covers for them; else the desk itself when it is open; else its out-of-hours desk
    in the same way, and that one's, however they refer to each other; else nobody.
    """
    asked = standing_in.line(desk, authority_id)
    line = [one for one in asked if one is desk or not barred.desk(one.id, one.email, one.phone)]
    found = on_duty_at([one.id for one in line], at, barred)
    before = ""
    for one in line:
        here = tuple(duty for duty in found[one.id] if duty.there)
        before += "".join(f"{duty.titled}. " for duty in found[one.id] if not duty.there)
        if here or hours_of(one).is_open(at, calendar_of(one)):
            return Answering(desk, at, here, one, before + _words(_named(one, desk), one, here, at))
        before += f"{desk.name} is shut then. " if one is desk else ""
    opens = hours_of(desk).next_open(at, calendar_of(desk))
    then = f" until {until(opens, at)}" if opens else ""
    away = "".join(f"{duty.titled}. " for one in line for duty in found[one.id])
    shut = f"{desk.name} is shut{then}, and no other desk answers for it then"
    return Answering(desk, at, (), None, f"{away}Nobody: {shut}")


def said_of(
    on_duty: Mapping[int, Sequence[Duty]], now: datetime, *, desk_id: int | None = None, person_id: int | None = None
) -> str:
    """Who is on duty at a desk, or that this person is, as words beside it in a list; empty when nobody is."""
    if person_id is not None:
        mine = [one for duties_there in on_duty.values() for one in duties_there if one.is_by(person_id)]
        return f"on duty to {brief(mine[0].ends_at, now)}" if mine else ""
    here = on_duty.get(desk_id, ()) if desk_id is not None else ()
    return "; ".join(_said(one, now) for one in here)


def on_duty_at(desk_ids: Collection[int], now: datetime, barred: Conflicts = NOBODY) -> Mapping[int, tuple[Duty, ...]]:
    """Who is on duty at each desk at one moment, but for whoever is ``barred``."""
    found = duties(desk_ids, now, now + _MOMENT, barred)
    return {
        desk_id: tuple(one for one in here if one.covers(now) and not _barred(one, barred))
        for desk_id, here in found.items()
    }


def hours_of(desk: Desk) -> OpeningHours:
    """When the desk answers."""
    return OpeningHours.from_plain(desk.hours)


def calendar_of(desk: Desk) -> Calendar:
    """The bank holidays a desk keeps or works through: its authority's nation's."""
    return Calendar(holidays.of(desk.agency.authority.nation))


def closes_at(desk: Desk, at: datetime) -> datetime | None:
    """When a desk that is open shuts; None when that is more than a week away."""
    spans = rota.joined(hours_of(desk).open_spans(at, at + _WEEK, calendar_of(desk)))
    return spans[0][1] if spans and spans[0][1] < at + _WEEK else None


def live_entries(desk_ids: Collection[int]) -> Select[int, str, RotaEntry]:
    """Desk, UID and entry of what imported rotas say, with people in use.

    Of each event the latest confirmed file speaks, from the moment it was read on; the time before is the earlier
    file's. A file taken back says nothing.
    """
    later, same = aliased(RotaImport), aliased(RotaEvent)
    overridden = (
        select(later.id)
        .outerjoin(same, and_(same.import_id == later.id, same.uid == RotaEvent.uid))
        .where(
            later.desk_id == RotaImport.desk_id,
            later.place > RotaImport.place,
            later.read_at < RotaEntry.ends_at,
            or_(later.whole, same.id.is_not(None)),
        )
    )
    return (
        select(RotaImport.desk_id, RotaEvent.uid, RotaEntry)
        .join(RotaEvent, RotaEvent.id == RotaEntry.event_id)
        .join(RotaImport, RotaImport.id == RotaEvent.import_id)
        .join(Person, Person.id == RotaEntry.person_id)
        .where(RotaImport.desk_id.in_(desk_ids), RotaImport.place.is_not(None), Person.active.is_(True))
        .where(~overridden.exists())
        .options(joinedload(RotaEntry.person))
    )


def as_rule(shift: Shift) -> rota.Shift:
    """A shift as the rules know it."""
    return rota.Shift(
        person=shift.person_id,
        window=Window(shift.opens, shift.closes),
        first=shift.first_day,
        last=shift.last_day,
        weekdays=frozenset(DAYS.index(day) for day in shift.weekdays),
        every=shift.every_weeks,
    )


def _shifts(desk_ids: Collection[int], start: datetime, end: datetime) -> Select[Shift]:
    first, last = local_day(start - _AROUND), local_day(end + _AROUND)
    return (
        select(Shift)
        .join(Shift.person)
        .where(Shift.desk_id.in_(desk_ids), Person.active.is_(True), Shift.first_day <= last)
        .where(or_(Shift.last_day.is_(None), Shift.last_day >= first))
        .options(joinedload(Shift.person), joinedload(Shift.desk).joinedload(Desk.agency).joinedload(Agency.authority))
    )


def _overrides(desk_ids: Collection[int], start: datetime, end: datetime) -> Select[Override]:
    return (
        select(Override)
        .where(Override.desk_id.in_(desk_ids))
        .where(Override.ends_at > start - _LONG_AROUND, Override.starts_at < end + _LONG_AROUND)
        .order_by(Override.id)
        .options(joinedload(Override.person))
    )


def _entries(desk_ids: Collection[int], start: datetime, end: datetime) -> Mapping[int, Sequence[RotaEntry]]:
    around = (RotaEntry.ends_at > start - _AROUND, RotaEntry.starts_at < end + _AROUND)
    found: defaultdict[int, list[RotaEntry]] = defaultdict(list)
    for desk_id, _, entry in db.session.execute(live_entries(desk_ids).where(*around)):
        found[desk_id].append(entry)
    return found


def _worked_out(
    desk_id: int,
    shifts: Sequence[Shift],
    entries: Sequence[RotaEntry],
    overrides: Sequence[Override],
    start: datetime,
    end: datetime,
) -> tuple[Duty, ...]:
    if not (shifts or entries or overrides):
        return ()
    people = {one.person_id: one.person for one in shifts} | {one.person_id: one.person for one in entries}
    people |= {one.person_id: one.person for one in overrides if one.person_id and one.person}
    off = rota.days_off(hours_of(shifts[0].desk), calendar_of(shifts[0].desk)) if shifts else ()
    fixed = [rota.Stretch(one.person_id, one.starts_at, one.ends_at) for one in entries]
    changes = [rota.Override(one.starts_at, one.ends_at, _in_use(one), one.instead_of_id) for one in overrides]
    stretches = rota.duty(map(as_rule, shifts), fixed, changes, start, end, off)
    return tuple(_duty(desk_id, people[one.person], one) for one in stretches)


def _in_use(override: Override) -> int | None:
    return override.person_id if override.person is not None and override.person.active else None


def _duty(desk_id: int, person: Person, stretch: rota.Stretch) -> Duty:
    who = (desk_id, person.id, person.name, stretch.starts_at, stretch.ends_at)
    return Duty(*who, job_title=person.job_title, email=person.email, phone=person.phone)


def _by_desk(rows: Iterable[Row]) -> Mapping[int, Sequence[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.desk_id].append(row)
    return found


def _barred(duty: Duty, barred: Conflicts) -> bool:
    """Whether they are implicated; who covers for them is not."""
    return duty.person_id in barred.people and not (duty.there and duty.remark)


def _said(duty: Duty, now: datetime) -> str:
    if not duty.there:
        return duty.titled
    return f"{duty.titled}{',' if duty.remark else ''} on duty to {brief(duty.ends_at, now)}"


def _named(one: Desk, instead_of: Desk) -> str:
    """A desk's name, with its agency's where another agency's desk was asked for."""
    return one.name if one.agency_id == instead_of.agency_id else f"{one.agency.name}, {one.name}"


def _words(name: str, desk: Desk, here: Sequence[Duty], at: datetime) -> str:
    if len(here) == 1:
        return f"{here[0].titled}, on duty at {name} until {until(here[0].ends_at, at)}"
    if here:
        people = [f"{one.titled} (until {until(one.ends_at, at)})" for one in here]
        return f"{', '.join(people[:-1])} and {people[-1]}, on duty at {name}"
    closes = closes_at(desk, at)
    open_until = f"open until {until(closes, at)}" if closes else "open day and night"
    return f"{name}, {open_until}; nobody is named on its rota for then"
