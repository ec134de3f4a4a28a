"""Holds how tests put people on duty: shifts of the cast, entered at a moment, and files read in."""

from datetime import UTC, date, datetime, time

from strategy.act import Act
from strategy.clock import LONDON
from strategy.commands import rota_imports, rotas
from strategy.commands.rotas import NewShift
from strategy.models import Desk, Person, RotaImport, Shift
from strategy.rota_calendar import read
from strategy.rules.working_time import DAYS
from strategy.vocabulary import Via
from tests.calendar_file import calendar

TUESDAY = date(2026, 11, 24)
WEEKDAYS = DAYS[:5]


def london(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in November 2026."""
    return datetime(2026, 11, day, hour, minute, tzinfo=LONDON).astimezone(UTC)


NOON = london(24, 12)


def at(moment: datetime = NOON) -> Act:
    """An administrator's act."""
    return Act(by="Ada Admin", at=moment, via=Via.STAFF)


def on_duty(desk: Desk, person: Person, span: str, days: tuple[str, ...] = WEEKDAYS, first: date = TUESDAY) -> Shift:
    """A shift "08:00-14:00" on those weekdays, every week."""
    opens, closes = map(time.fromisoformat, span.split("-"))
    return rotas.add_shift(desk, NewShift(person, opens, closes, first, None, days), at())


def imported(
    desk: Desk, *events: str, moment: datetime = NOON, confirm: bool = True, whole: bool = False
) -> RotaImport:
    """A file of those events, read then and confirmed at once."""
    found = rota_imports.read(desk, "rota.ics", read(calendar(*events), moment), at(moment), whole=whole)
    if confirm:
        rota_imports.confirm(found, at(moment))
    return found
