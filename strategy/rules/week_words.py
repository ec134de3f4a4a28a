"""Holds how a whole week of opening hours is written in one cell and read again; a single day is opening_words'."""

import re
from typing import Final

from strategy.rules.opening_words import DAY_NAMES, read_day, say_week
from strategy.rules.working_time import DAYS, OpeningHours, Window

_EXAMPLE: Final = "like Monday to Friday 09:00-17:00; Saturday 10:00-12:00, or “always”"
_ALWAYS: Final = frozenset({"always", "24/7", "24 hours", "all day", "day and night"})
_CLOSED: Final = frozenset({"closed", "shut"})
_BANK: Final = "bank holidays"
_GROUPS: Final = {"weekdays": range(5), "weekends": range(5, 7), "every day": range(7), "daily": range(7)}

_DAY: Final = r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?\b"
_JOIN: Final = r"\s*(?:-|–|—|\bto\b|,|&|\band\b)\s*"
_WHICH: Final = re.compile(rf"{'|'.join(_GROUPS)}|{_BANK}|{_DAY}(?:{_JOIN}{_DAY})*")
_STEP: Final = re.compile(rf"({_JOIN})?({_DAY})")
_UNTIL: Final = re.compile(r"-|–|—|to")


def read_week(text: str) -> OpeningHours:
    """The week of "Mon-Fri 9am to 5pm; Saturday 10:00-12:00; bank holidays open"; "always"; "closed".

    A day not named is closed, and so are bank holidays. Raises ValueError, whose words can stand beside the cell.
    """
    said = " ".join(text.casefold().split())
    if said in _ALWAYS:
        return OpeningHours.always()
    if said in _CLOSED:
        return OpeningHours(((),) * 7)
    named = list(_WHICH.finditer(said))
    if not named or said[: named[0].start()].strip():
        raise ValueError(f"must say which days and when, {_EXAMPLE}")
    week: dict[int, tuple[Window, ...]] = {}
    bank = False
    ends = [*(one.start() for one in named[1:]), len(said)]
    for which, end in zip(named, ends, strict=True):
        times = said[which.end() : end].strip(" ,;:.")
        if which[0] == _BANK:
            bank = _bank(times)
        else:
            _put(week, _days(which[0]), times)
    return OpeningHours(tuple(week.get(day, ()) for day in range(7)), bank)


def say_whole_week(hours: OpeningHours) -> str:
    """A week as ``read_week`` reads it again: "Monday to Friday 09:00-17:00; Saturday to Sunday closed"."""
    if hours == OpeningHours.always():
        return "always"
    if not any(hours.week):
        return "closed"
    days = [f"{days} {times}" for days, times in say_week(hours)]
    return "; ".join([*days, f"{_BANK} open"] if hours.open_on_bank_holidays else days)


def _bank(times: str) -> bool:
    if times not in {"open", *_CLOSED}:
        raise ValueError("must say “bank holidays open”, at the day's own hours, or “bank holidays closed”")
    return times == "open"


def _put(week: dict[int, tuple[Window, ...]], days: list[int], times: str) -> None:
    if not times:
        raise ValueError(f"must say when on each of the days, {_EXAMPLE}")
    try:
        windows = read_day(times)
    except ValueError:
        raise ValueError(f"has times that cannot be read, write them {_EXAMPLE}") from None
    for day in days:
        if day in week:
            raise ValueError(f"names {DAY_NAMES[day]} twice")
        week[day] = windows


def _days(which: str) -> list[int]:
    """Days by number, Monday 0: "mon to fri", "mon, wed and fri", "fri to mon"."""
    if which in _GROUPS:
        return list(_GROUPS[which])
    found: list[int] = []
    for join, word in _STEP.findall(which):
        day = DAYS.index(word[:3])
        if found and _UNTIL.fullmatch(join.strip()):
            found += [(found[-1] + step) % 7 for step in range(1, (day - found[-1]) % 7 + 1)]
        else:
            found.append(day)
    return found
