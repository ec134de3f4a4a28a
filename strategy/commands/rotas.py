"""Writes down who is on duty at a desk: shifts, and overrides for a span. Imported rotas are rota_imports.py's."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from strategy import dates
from strategy.act import Act, Refused
from strategy.commands import events
from strategy.db import db
from strategy.models import Desk, Override, Person, Shift
from strategy.queries.rotas import as_rule
from strategy.rules.working_time import DAYS
from strategy.vocabulary import EventVerb

MOST_WEEKS = 52
_LONGEST_OVERRIDE = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class NewShift:
    """A shift as it is entered: local times, ``weekdays`` of rules.working_time.DAYS (none: once, on ``first``)."""

    person: Person
    opens: time
    closes: time
    first: date
    last: date | None = None
    weekdays: Collection[str] = ()
    every: int = 1


@dataclass(frozen=True, slots=True)
class NewOverride:
    """What is different for a span: whose turns fall away (None: everybody's), who is there (None: nobody)."""

    starts_at: datetime
    ends_at: datetime
    person: Person | None = None
    instead_of: Person | None = None


def add_shift(desk: Desk, entry: NewShift, act: Act) -> Shift:
    """Put somebody of the agency on its desk's rota. Raises Refused for a stranger, or for days that never come."""
    shift = Shift(desk=desk)
    _write(shift, entry)
    db.session.add(shift)
    db.session.flush()
    _tell(desk, f"shift added for {entry.person.name}", act, shift_id=shift.id)
    return shift


def change_shift(shift: Shift, entry: NewShift, act: Act) -> None:
    """Write a shift anew, for all its days, past ones too. Raises Refused as add_shift does."""
    _write(shift, entry)
    _tell(shift.desk, f"shift changed for {entry.person.name}", act, shift_id=shift.id)


def end_shift(shift: Shift, last: date, act: Act) -> None:
    """Let a repeating shift end with that day; what was before stays known. Raises Refused when it began later."""
    if not shift.weekdays:
        raise Refused("It happens once: remove it instead.", "last_day")
    if last < shift.first_day:
        raise Refused("It begins after that day: remove it instead", "last_day")
    shift.last_day = last
    _tell(shift.desk, f"shift of {shift.person.name} ends with {last.isoformat()}", act, shift_id=shift.id)


def remove_shift(shift: Shift, act: Act) -> None:
    """Take a shift away as if it had never been entered."""
    _tell(shift.desk, f"shift of {shift.person.name} removed", act, shift_id=shift.id)
    db.session.delete(shift)


def add_override(desk: Desk, entry: NewOverride, act: Act) -> Override:
    """Let a rota be different for a span. Raises Refused for a span without length, or somebody of another agency."""
    if entry.ends_at <= entry.starts_at:
        raise Refused("It must end after it begins", "ends_at")
    if entry.ends_at - entry.starts_at > _LONGEST_OVERRIDE:
        raise Refused("A change lasts a year at most: change the shifts instead", "ends_at")
    if entry.person is not None and entry.person is entry.instead_of:
        raise Refused("That is the same person: choose who is there instead", "person")
    for person, field in ((entry.person, "person"), (entry.instead_of, "instead_of")):
        if person is not None:
            _refuse_stranger(desk, person, field)
    override = Override(
        desk=desk,
        person=entry.person,
        instead_of=entry.instead_of,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
    )
    db.session.add(override)
    db.session.flush()
    _tell(desk, f"change added, {_said(override)}", act, override_id=override.id)
    return override


def remove_override(override: Override, act: Act) -> None:
    """Let the shifts stand again."""
    _tell(override.desk, f"change removed, {_said(override)}", act, override_id=override.id)
    db.session.delete(override)


def _write(shift: Shift, entry: NewShift) -> None:
    _refuse_stranger(shift.desk, entry.person, "person")
    if not 1 <= entry.every <= MOST_WEEKS:
        raise Refused(f"Repeat it every 1 to {MOST_WEEKS} weeks", "every")
    if entry.last is not None and entry.last < entry.first:
        raise Refused("The last day must be on or after the first", "last_day")
    shift.person, shift.opens, shift.closes = entry.person, entry.opens, entry.closes
    shift.weekdays = [day for day in DAYS if day in entry.weekdays]
    # a turn that happens once has no last day to keep, and none to fall behind its first
    shift.first_day, shift.last_day = entry.first, entry.last if entry.weekdays else None
    shift.every_weeks = entry.every if entry.weekdays else 1
    shift.person_id = entry.person.id
    if shift.last_day is not None and not any(True for _ in as_rule(shift).days(shift.first_day, shift.last_day)):
        raise Refused("No such day comes between the first and the last day", "weekdays")


def _refuse_stranger(desk: Desk, person: Person, field: str) -> None:
    if person.agency_id != desk.agency_id:
        raise Refused("Choose somebody of the desk's own agency", field)
    if not person.active:
        raise Refused("They are out of use in the directory: choose somebody else", field)


def _said(override: Override) -> str:
    whose = override.instead_of.name if override.instead_of else "everybody"
    who = override.person.name if override.person else "nobody"
    span = f"{dates.short(override.starts_at)} to {dates.short(override.ends_at)}"
    return f"{who} instead of {whose}, {span}"


def _tell(desk: Desk, what: str, act: Act, **facts: int) -> None:
    text = f"{desk.agency.name}, {desk.name}: {what}."
    events.add(EventVerb.ROTA_CHANGED, text, act, authority=desk.agency.authority, facts={"desk_id": desk.id, **facts})
