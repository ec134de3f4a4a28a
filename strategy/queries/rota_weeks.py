"""Answers what rotas look like: a desk's week day by day, its shifts in words, and all desks at a glance."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select, union
from sqlalchemy.orm import joinedload

from strategy.clock import in_london
from strategy.dates import brief, clock
from strategy.db import db
from strategy.models import Agency, Desk, Override, Person, RotaImport, Shift
from strategy.queries.duty import Duty
from strategy.queries.rotas import calendar_of, duties, hours_of
from strategy.rules import rota
from strategy.rules.rota import Span
from strategy.rules.working_time import DAYS, at_local

_DAY = timedelta(days=1)
LOOK_AHEAD = timedelta(days=7)
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS = tuple(zip(DAYS, _NAMES, strict=True))


@dataclass(frozen=True, slots=True)
class Turn:
    """Who is on duty within one day, and when, in words."""

    duty: Duty
    words: str


@dataclass(frozen=True, slots=True)
class RotaDay:
    """One local day of a desk: ``hours`` and ``gaps`` in words, none when it is shut or covered."""

    begins: datetime
    hours: tuple[str, ...]
    turns: tuple[Turn, ...]
    gaps: tuple[str, ...]

    @property
    def words(self) -> str:
        """Its date: "Monday 23 November"."""
        local = in_london(self.begins)
        return f"{local:%A} {local.day} {local:%B}"


@dataclass(frozen=True, slots=True)
class DeskLine:
    """A desk at a glance: who answers now, and its next gap within seven days; ``gap`` None: it has none."""

    desk: Desk
    on_duty: tuple[Duty, ...]
    is_open: bool
    has_rota: bool
    gap: Span | None


def monday_of(moment: datetime) -> date:
    """The Monday of the local week a moment lies in."""
    today = in_london(moment).date()
    return today - _DAY * today.weekday()


def week(desk: Desk, monday: date) -> list[RotaDay]:
    """Seven local days from that one on."""
    days = [(at_local(one, time()), at_local(one + _DAY, time())) for one in (monday + _DAY * n for n in range(7))]
    found = duties([desk.id], days[0][0], days[-1][1])[desk.id]
    return [_day(desk, found, begins, ends) for begins, ends in days]


def overview(authority_id: int, now: datetime) -> list[DeskLine]:
    """Every desk in use that serves the authority, by agency and name; the same few queries whatever their number."""
    desks = db.session.scalars(
        select(Desk)
        .join(Desk.agency)
        .where(Agency.serving(authority_id), Agency.active.is_(True), Desk.active.is_(True))
        .options(joinedload(Desk.agency).joinedload(Agency.authority))
        .order_by(Agency.name, Desk.name, Desk.id)
    ).all()
    found = duties([desk.id for desk in desks], now, now + LOOK_AHEAD)
    with_rota = _with_rota([desk.id for desk in desks])
    return [_line(desk, found[desk.id], desk.id in with_rota, now) for desk in desks]


def has_rota(desk: Desk) -> bool:
    """Whether anything was ever entered: a desk without a rota has no gaps, only no rota."""
    return bool(_with_rota([desk.id]))


def gap_words(gap: Span, now: datetime) -> str:
    """A gap as a sentence: "Nobody on duty Fri 27 Nov 2pm to 5pm"; one that goes on now says until when."""
    if gap[0] <= now:
        return f"Nobody on duty now, until {brief(gap[1], now)}"
    return f"Nobody on duty {span_words(gap, now)}"


def span_words(span: Span, now: datetime) -> str:
    """From when to when: "Fri 27 Nov 2pm to 5pm"."""
    begins, ends = span
    same_day = in_london(begins).date() == in_london(ends).date()
    return f"{brief(begins, now)} to {clock(ends) if same_day else brief(ends, now)}"


def shifts_of(desk: Desk, today: date) -> Sequence[Shift]:
    """The desk's shifts that are not over, by the time of day and the day of the week."""
    shifts = db.session.scalars(
        select(Shift)
        .join(Shift.person)
        .where(Shift.desk_id == desk.id)
        .options(joinedload(Shift.person))
        .order_by(Person.name, Shift.id)
    ).unique()
    left = [shift for shift in shifts if (last := _last_day(shift)) is None or last >= today]
    return sorted(
        left, key=lambda one: (one.opens, DAYS.index(one.weekdays[0]) if one.weekdays else one.first_day.weekday())
    )


def overrides_of(desk: Desk, now: datetime) -> Sequence[Override]:
    """What is different at the desk and is not over, by time."""
    return db.session.scalars(
        select(Override)
        .where(Override.desk_id == desk.id, Override.ends_at > now)
        .options(joinedload(Override.person), joinedload(Override.instead_of))
        .order_by(Override.starts_at, Override.id)
    ).all()


def imports_of(desk: Desk) -> Sequence[RotaImport]:
    """The desk's imported rotas, the latest first, those taken back too."""
    return db.session.scalars(
        select(RotaImport).where(RotaImport.desk_id == desk.id).order_by(RotaImport.id.desc()).limit(20)
    ).all()


def people_of(desk: Desk) -> Sequence[Person]:
    """Who can be on the desk's rota: the people in use of its agency, the desk's own first."""
    people = db.session.scalars(
        select(Person).where(Person.agency_id == desk.agency_id, Person.active.is_(True)).order_by(Person.name)
    ).all()
    return sorted(people, key=lambda person: person.desk_id != desk.id)


def shift_words(shift: Shift) -> str:
    """When a shift is, in words: "8am to 2pm, Monday to Friday, every 2 weeks, from 2 November 2026"."""
    parts = [f"{_hour(shift.opens)} to {_hour(shift.closes)}{_next_day(shift)}"]
    if not shift.weekdays:
        return f"{parts[0]}, once, on {_date(shift.first_day)}"
    parts.append(_weekdays([DAYS.index(one) for one in shift.weekdays]))
    if shift.every_weeks > 1:
        parts.append(f"every {shift.every_weeks} weeks")
    until = f" until {_date(shift.last_day)}" if shift.last_day else ""
    return ", ".join([*parts, f"from {_date(shift.first_day)}{until}"])


def override_span(override: Override, now: datetime) -> str:
    """From when to when, in words."""
    return span_words((override.starts_at, override.ends_at), now)


def override_words(override: Override) -> str:
    """What is different, in words."""
    if override.instead_of is None:
        return f"{override.person.name} alone" if override.person else "Nobody at all"
    whose = override.instead_of.name
    return f"{override.person.name} takes {whose}’s turns" if override.person else f"{whose} is not there"


def _day(desk: Desk, found: Iterable[Duty], begins: datetime, ends: datetime) -> RotaDay:
    hours, calendar = hours_of(desk), calendar_of(desk)
    inside = [duty for duty in found if duty.starts_at < ends and begins < duty.ends_at]
    stretches = [rota.Stretch(duty.person_id, duty.starts_at, duty.ends_at) for duty in inside if duty.there]
    gaps = rota.gaps(hours, calendar, stretches, begins, ends)
    return RotaDay(
        begins=begins,
        hours=tuple(_within(span, begins, ends) for span in rota.joined(hours.open_spans(begins, ends, calendar))),
        turns=tuple(Turn(duty, _within((duty.starts_at, duty.ends_at), begins, ends)) for duty in inside),
        gaps=tuple(f"Nobody on duty {_within(gap, begins, ends)}" for gap in gaps),
    )


def _within(span: Span, begins: datetime, ends: datetime) -> str:
    """When something is within a day: "2pm to 5pm", "from 10pm to 6am the next day", "until 6am", "all day"."""
    first, last = span
    if first <= begins and last >= ends:
        return "all day"
    if first < begins:
        return f"until {clock(last)}"
    if last > ends:
        return f"from {clock(first)} to {clock(last)} the next day" if last < ends + _DAY else f"from {clock(first)} on"
    return f"{clock(first)} to {clock(last)}"


def _line(desk: Desk, found: Sequence[Duty], has_rota: bool, now: datetime) -> DeskLine:
    hours, calendar = hours_of(desk), calendar_of(desk)
    stretches = [rota.Stretch(duty.person_id, duty.starts_at, duty.ends_at) for duty in found if duty.there]
    gaps = rota.gaps(hours, calendar, stretches, now, now + LOOK_AHEAD) if has_rota else ()
    on_duty = tuple(duty for duty in found if duty.covers(now))
    return DeskLine(desk, on_duty, hours.is_open(now, calendar), has_rota, gaps[0] if gaps else None)


def _with_rota(desk_ids: Collection[int]) -> set[int]:
    """The desks somebody has ever entered anything for."""
    every = union(
        select(Shift.desk_id).where(Shift.desk_id.in_(desk_ids)),
        select(Override.desk_id).where(Override.desk_id.in_(desk_ids)),
        select(RotaImport.desk_id).where(RotaImport.desk_id.in_(desk_ids), RotaImport.place.is_not(None)),
    )
    return set(db.session.scalars(every))


def _hour(hour: time) -> str:
    return clock(at_local(date(2026, 1, 5), hour))


def _next_day(shift: Shift) -> str:
    goes_on = shift.closes <= shift.opens and shift.closes != time()
    return " the next day" if goes_on else ""


def _last_day(shift: Shift) -> date | None:
    return shift.last_day if shift.weekdays else shift.first_day


def _date(one: date) -> str:
    return f"{one.day} {one:%B %Y}"


def _weekdays(days: Sequence[int]) -> str:
    if len(days) == len(_NAMES):
        return "every day"
    names = [_NAMES[one] for one in days]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"{names[0]} to {names[-1]}"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
