"""Holds how a day's opening hours are written and read in plain words. Counting open time is rules.working_time's."""

import re
from datetime import time

from strategy.rules.working_time import OpeningHours, Window

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHUT = frozenset({"", "closed", "shut", "none", "-"})
_ALWAYS = frozenset({"all day", "24 hours", "always", "00:00-24:00"})
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?")
_DASHES = re.compile(r"\s*(?:-|–|—|\bto\b|\buntil\b)\s*")
_BETWEEN = re.compile(r"\s*(?:,|;|\band\b)\s*")
_SAYS_WHICH_HALF = re.compile(r"[:.]|am|pm")  # "9-5" would be read as open until the next morning
_EXAMPLE = "like 09:00-17:00, or “closed”"


def read_day(text: str) -> tuple[Window, ...]:
    """The windows of "09:00-17:00", "9am to 12.30pm and 1pm to 5pm", "all day", "closed".

    Raises ValueError, whose words can stand beside the field, for anything else.
    """
    said = " ".join(text.casefold().split())
    if said in _SHUT:
        return ()
    if said in _ALWAYS:
        return (Window(time(0), time(0)),)
    return tuple(_window(part) for part in _BETWEEN.split(said))


def say_day(windows: tuple[Window, ...]) -> str:
    """A day's windows as ``read_day`` reads them again."""
    if not windows:
        return "closed"
    if windows == (Window(time(0), time(0)),):
        return "all day"
    return ", ".join(str(window) for window in windows)


def say_week(hours: OpeningHours) -> list[tuple[str, str]]:
    """The week in words, days in a row that are alike together: [("Monday to Friday", "09:00-17:00"), …]."""
    said = [say_day(windows) for windows in hours.week]
    found, first = [], 0
    for day in range(1, len(said) + 1):
        if day == len(said) or said[day] != said[first]:
            last = day - 1
            days = DAY_NAMES[first] if first == last else f"{DAY_NAMES[first]} to {DAY_NAMES[last]}"
            found.append((days, said[first]))
            first = day
    return found


def _window(text: str) -> Window:
    ends = _DASHES.split(text)
    if len(ends) != 2:
        raise ValueError(f"Enter when it opens and closes, {_EXAMPLE}")
    opens, closes = _time(ends[0]), _time(ends[1])
    if closes <= opens and not _SAYS_WHICH_HALF.search(text):
        raise ValueError(f"Say whether that is morning or afternoon, {_EXAMPLE}")
    return Window(opens, closes)


def _time(text: str) -> time:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"Enter times of the day, {_EXAMPLE}")
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            raise ValueError("With am or pm the hour must be between 1 and 12")
        hour = hour % 12 + (12 if found[3] == "pm" else 0)
    if hour == 24 and not minute:
        hour = 0  # midnight, where a day ends
    if hour > 23 or minute > 59:
        raise ValueError(f"There is no such time of the day. Enter hours {_EXAMPLE}")
    return time(hour, minute)
