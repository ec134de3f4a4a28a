"""Draws three months of cases as plain values: what, when, who was known to be concerned. It writes nothing down.

Everything follows from the seed and the day it is drawn on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from strategy.clock import LONDON, in_london
from strategy.rules.working_time import Calendar
from strategy.vocabulary import DiscussionKind, Mode

COUNT = 60
_DAYS = 63  # working days: about three months

_KINDS = {
    "unborn": DiscussionKind.PRE_BIRTH,
    "missing": DiscussionKind.MISSING,
    "lado": DiscussionKind.LADO,
}
_CONCERNS = {
    "standard": 58,
    "serious-injury": 12,
    "recent-sexual-abuse": 6,
    "hospital": 6,
    "unborn": 6,
    "missing": 5,
    "housing-16-17": 4,
    "lado": 3,
}
_SAME_DAY = frozenset({"serious-injury", "recent-sexual-abuse", "missing", "housing-16-17"})
_FLAGS = {"school-age": 0.62, "under-five": 0.25, "gp-involved": 0.25, "domestic-abuse": 0.2, "mental-health": 0.12}
_LETTERS = ("Alpha", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliet", "Kilo", "Lima")
_MODES = (Mode.VIDEO, Mode.VIDEO, Mode.PHONE, Mode.IN_PERSON)


@dataclass(frozen=True, slots=True)
class Plot:
    """One case to tell. Moments are aware; ``dice`` are its own, so that one case changes no other."""

    number: int
    received_at: datetime
    decided_at: datetime
    booked_at: datetime
    starts_at: datetime
    concern: str
    flags: frozenset[str]
    mode: Mode
    children: tuple[str, ...]
    dice: Random
    moved: bool = False
    stood_down: bool = False
    without_health: bool = False
    left_open: bool = False  # an absence nobody has explained yet

    @property
    def kind(self) -> DiscussionKind:
        """The kind of discussion its concern asks for."""
        return _KINDS.get(self.concern, DiscussionKind.INITIAL)

    @property
    def case_reference(self) -> str:
        """As the case system would number it."""
        return f"EX-{4100 + self.number}"


def plots(calendar: Calendar, now: datetime, seed: int) -> list[Plot]:
    """The cases of about three months up to yesterday, oldest first."""
    days = _working_days(calendar, in_london(now).date(), _DAYS + 10)
    return [_plot(number, days, Random(f"{seed}/{number}")) for number in range(COUNT)]


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """That time of that day in London."""
    return datetime.combine(day, time(hour, minute), tzinfo=LONDON)


def names(number: int, dice: Random) -> tuple[str, ...]:
    """One to three children who plainly do not exist."""
    siblings = dice.choices((1, 2, 3), (6, 3, 1))[0]
    return tuple(f"Child {_LETTERS[(number + each) % len(_LETTERS)]} {number + 1}" for each in range(siblings))


def _working_days(calendar: Calendar, today: date, count: int) -> Sequence[date]:
    """The working days before today, oldest first."""
    found: list[date] = []
    day = today
    while len(found) < count:
        day -= timedelta(days=1)
        if calendar.is_working_day(day):
            found.append(day)
    return found[::-1]


def _plot(number: int, days: Sequence[date], dice: Random) -> Plot:
    place = 10 + number * _DAYS // COUNT  # ten days before the first, for those decided long before they were held
    concern = dice.choices(list(_CONCERNS), list(_CONCERNS.values()))[0]
    late = number % 15 == 7
    if late:
        concern = "standard"
    starts, booked, decided = _times(days, place, concern in _SAME_DAY, late, dice)
    return Plot(
        number=number,
        received_at=decided - timedelta(minutes=dice.choice((35, 50, 90, 180, 240, 1080, 1260, 1620))),
        decided_at=decided,
        booked_at=booked,
        starts_at=starts,
        concern=concern,
        flags=_flags(concern, dice),
        mode=dice.choice(_MODES),
        children=names(number, dice),
        dice=dice,
        moved=number % 11 == 4,
        stood_down=number % 13 == 6,
        without_health=number in (18, 44),
        left_open=number in (COUNT - 3, COUNT - 2),
    )


def _times(
    days: Sequence[date], place: int, same_day: bool, late: bool, dice: Random
) -> tuple[datetime, datetime, datetime]:
    """Start, booking and decision: within the target, unless it is to be late."""
    day = days[place]
    minutes = timedelta(minutes=dice.randrange(0, 55, 5))
    if same_day or (dice.random() < 0.35 and not late):
        starts = at(day, dice.randrange(13, 16), dice.choice((0, 30)))
        booked = starts - timedelta(hours=2, minutes=20) - minutes
    else:
        starts = at(day, dice.randrange(9, 16), dice.choice((15, 30, 45)))
        booked = at(days[place - 1], dice.randrange(10, 16)) + minutes
    decided = booked - timedelta(minutes=dice.randrange(15, 60))
    return starts, booked, at(days[place - 5], 11) + minutes if late else decided


def _flags(concern: str, dice: Random) -> frozenset[str]:
    drawn = {flag for flag, share in _FLAGS.items() if dice.random() < share}
    if concern == "unborn":
        drawn -= {"school-age"}
    if concern == "serious-injury":
        drawn.add("physical-injury")
    return frozenset(drawn)
