"""Holds when a night of the emergency duty team begins and ends, by the authority's own working time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from strategy.rules.working_time import Calendar, at_local, local_day

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class EmergencyDuty:
    """The policy's figures; the defaults are for versions that were stored before it had any.

    ``accept_within_minutes``: after so long whoever handed a child over hears that nobody has accepted it, and again
    after as long. ``handover_at``: local time of the morning's list, every day.
    """

    accept_within_minutes: int = 15
    handover_at: time = time(8)
    source: str = ""
    effective: date | None = None

    @property
    def accept_within(self) -> timedelta:
        """How long they may take to accept."""
        return timedelta(minutes=self.accept_within_minutes)


EMERGENCY_DUTY = EmergencyDuty()


def is_out_of_hours(moment: datetime, calendar: Calendar) -> bool:
    """Whether the authority is shut then: at night, at weekends, on bank holidays and its closure days."""
    day = local_day(moment)
    opens, closes = at_local(day, calendar.open_of_business), calendar.close_of(day)
    return not calendar.is_working_day(day) or not opens <= moment < closes


def evening_before(day: date, calendar: Calendar) -> datetime:
    """The last close of business before that day: the night that ends on a Monday began on the Friday."""
    day -= _DAY
    while not calendar.is_working_day(day):
        day -= _DAY
    return calendar.close_of(day)


def morning_of(day: date, hour: time) -> datetime:
    """When the day's list of what happened overnight is due, UTC: its local hour, also on a day clocks change."""
    return at_local(day, hour)


def next_morning(now: datetime, hour: time) -> datetime:
    """The first such morning still to come."""
    today = morning_of(local_day(now), hour)
    return today if now < today else morning_of(local_day(now) + _DAY, hour)
