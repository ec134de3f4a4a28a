"""Times of calendar lines in UTC: zones known, defined or unknown; whole days; lengths. Knows no answer.

A time without a zone, or in one that nobody knows, is British local time: it was written by a partner of a British
council about a meeting there. A whole day stays a date.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from notifications.inbound_mail.calendar_lines import CalendarObject, Entry, Line

LOCAL = ZoneInfo("Europe/London")
_TIME = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?", re.IGNORECASE
)
_LENGTH = re.compile(r"([+-]?)P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?")
_OFFSET = re.compile(r"([+-]?)(\d\d):?(\d\d)(?::?\d\d)?")
_SHOWN = re.compile(r"\((?:UTC|GMT)\s*(?:([+-]\d\d:\d\d))?\)\s*(.*)", re.IGNORECASE | re.DOTALL)
_BRITISH = re.compile(r"london|dublin|edinburgh", re.IGNORECASE)
_WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_DAY = re.compile(r"([+-]?\d)?(MO|TU|WE|TH|FR|SA|SU)")
_YEARS = range(1970, 2200)


def span(entry: Entry, within: CalendarObject) -> tuple[datetime | date | None, datetime | date | None]:
    """When the entry begins and ends, either None where not said or not readable."""
    start = moment(entry.get("DTSTART"), within)
    end = moment(entry.get("DTEND") or entry.get("DUE"), within)
    if end is None and start is not None:
        lasting = length(entry.text("DURATION") or "")
        end = _later(start, lasting) if lasting is not None else None
    return start, end


def _later(start: datetime | date, lasting: timedelta) -> datetime | date | None:
    try:
        return start + lasting
    except OverflowError:
        return None


def length(value: str) -> timedelta | None:
    """A DURATION; None for nonsense and for what runs backwards."""
    found = _LENGTH.fullmatch(value.strip().upper())
    if found is None or found[1] == "-" or not any(found.groups()[1:]):
        return None
    weeks, days, hours, minutes, seconds = (int(one or 0) for one in found.groups()[1:])
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def moment(line: Line | None, within: CalendarObject) -> datetime | date | None:
    """A DATE-TIME as aware UTC, a DATE as a date, None for what is neither."""
    found = _TIME.fullmatch(line.value.strip()) if line else None
    if line is None or found is None:
        return None
    try:
        return _moment(found, line.parameters.get("TZID"), within)
    except (ValueError, OverflowError):
        return None


def _moment(found: re.Match[str], zone: str | None, within: CalendarObject) -> datetime | date | None:
    """The clock's own reading is held as if it were UTC until its zone is known."""
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    if year not in _YEARS:
        return None  # no diary's time
    if found[4] is None:
        return date(year, month, day)
    local = datetime(year, month, day, int(found[4]), int(found[5]), min(int(found[6] or 0), 59), tzinfo=UTC)
    told = found[7]
    if told:
        return local.replace(tzinfo=UTC if told in "Zz" else _fixed(told)).astimezone(UTC)
    return local.replace(tzinfo=_zone(zone, local, within)).astimezone(UTC)


def _fixed(text: str) -> tzinfo:
    found = _OFFSET.fullmatch(text.strip())
    if found is None:
        raise ValueError("no offset")
    minutes = int(found[2]) * 60 + int(found[3])
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))


def _zone(name: str | None, local: datetime, within: CalendarObject) -> tzinfo:
    """What a zone's name means: a place, Windows' name, the object's own definition, an offset, else British time."""
    if not name:
        return _named(within.head.text("X-WR-TIMEZONE") or "") or LOCAL
    halves = within.zones.get(name.strip()) or _only(within)
    placed = _named(name)
    if placed is not None and ("/" in placed.key or not halves):
        return placed
    return _defined(halves, local) or _shown(name) or LOCAL


def _only(within: CalendarObject) -> list[Entry]:
    """The one definition there is, for names that differ from it by a quote or an escape."""
    return next(iter(within.zones.values())) if len(within.zones) == 1 else []


def _named(name: str) -> ZoneInfo | None:
    plain = name.strip(' "/')
    pieces = plain.split("/")
    endings = ("/".join(pieces[start:]) for start in range(len(pieces)))
    windows = WINDOWS_TO_OLSON.get(plain)
    known = next((one for one in (windows, *endings) if one in _zones()), None)
    return ZoneInfo(known) if known else None


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _shown(name: str) -> tzinfo | None:
    """The names that Windows shows people, like "(UTC+00:00) Dublin, Edinburgh, Lisbon, London"."""
    found = _SHOWN.fullmatch(name.strip())
    if found is None:
        return None
    if _BRITISH.search(found[2]):
        return LOCAL
    return _fixed(found[1]) if found[1] else UTC


def _defined(halves: list[Entry], local: datetime) -> tzinfo | None:
    """The offset in force by a VTIMEZONE, from the half that began last. Rules other than yearly are left out."""
    try:
        begun = [(onset, half) for half in halves[:20] for onset in _onsets(half, local)]
        last = max(begun, key=lambda one: one[0], default=None)
        half = last[1] if last else next((one for one in halves if one.kind == "STANDARD"), None)
        return _fixed(half.text("TZOFFSETTO") or "") if half else None
    except (ValueError, OverflowError):
        return None


def _onsets(half: Entry, local: datetime) -> Iterator[datetime]:
    """When this half began, up to the moment: its first time, and by its rule this year and last."""
    found = _TIME.fullmatch(half.text("DTSTART") or "")
    if found is None:
        return
    hour, minute = int(found[4] or 0), int(found[5] or 0)
    first = datetime(int(found[1]), int(found[2]), int(found[3]), hour, minute, tzinfo=UTC)
    rule = half.text("RRULE")
    days = [first.date()] if rule is None else _yearly(rule.upper(), first.date(), local.year)
    for day in days:
        onset = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
        if first <= onset <= local:
            yield onset


def _yearly(rule: str, first: date, year: int) -> list[date]:
    facts = dict(piece.split("=", 1) for piece in rule.split(";") if "=" in piece)
    month, day = facts.get("BYMONTH", str(first.month)), _DAY.fullmatch(facts.get("BYDAY", ""))
    if facts.get("FREQ") != "YEARLY" or not month.isdecimal() or not 1 <= int(month) <= 12:
        return [first]
    ends = facts.get("UNTIL", "99991231")[:8]
    found = [_day_of(one, int(month), day, facts.get("BYMONTHDAY", ""), first.day) for one in (year - 1, year)]
    return [one for one in found if f"{one:%Y%m%d}" <= ends]


def _day_of(year: int, month: int, day: re.Match[str] | None, month_days: str, usual: int) -> date:
    last = monthrange(year, month)[1]
    if day is None:
        return date(year, month, min(int(month_days) if month_days.isdecimal() else usual, last))
    matching = [one for one in range(1, last + 1) if date(year, month, one).weekday() == _WEEKDAYS[day[2]]]
    listed = [int(one) for one in month_days.split(",") if one.isdecimal()]
    if listed:
        matching = [one for one in matching if one in listed] or matching
    which = int(day[1] or 1)
    place = which if which < 0 else max(which - 1, 0)
    return date(year, month, matching[max(-len(matching), min(place, len(matching) - 1))])
