"""Holds what the rows of a case system's list of open contacts mean, and what is wrong with each, by row and column.

Whether a contact is known here already is queries' to say.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from strategy.rules.working_time import LONDON, is_skipped

CASE: Final = "case reference"
RECEIVED: Final = "received at"
DECIDED: Final = "decided at"
BY: Final = "decided by"
CONCERNS: Final = "concerns"
WORKER: Final = "receiving worker email"
# Each column, and what it holds, as the page explains it.
COLUMNS: Final[Mapping[str, str]] = {
    CASE: "The case system's reference, 40 characters at most. Needed. No names.",
    RECEIVED: "When the contact came in. Needed.",
    DECIDED: "When it was decided that a discussion is needed. Empty: not decided yet.",
    BY: "Who decided. Needed with the time of the decision.",
    CONCERNS: "Codes or names of concerns, parted by semicolons. May be empty while nobody has decided.",
    WORKER: "The email address of the receiving worker, as they sign in. They are told, and accept. May be empty.",
}
MOST_ROWS: Final = 500  # added in one transaction, in which nobody else writes
_NEEDED: Final = (CASE, RECEIVED)
_LONGEST_CASE: Final = 40
_LONGEST_LINE: Final = 120
_LONGEST_ADDRESS: Final = 254
_OLDEST: Final = timedelta(days=366)

_LOCAL: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T]+(\d{1,2}):(\d{2})(?::\d{2})?)?")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_IS_A_TIME: Final = "must be a date and time, like 27/11/2026 15:30 or 2026-11-27T15:30"


class WrongHeading(ValueError):
    """The first row does not name the columns needed. ``reason`` is a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Entry:
    """One contact of the list. Moments are aware UTC; ``concerns`` are codes of the policy."""

    row: int
    case_reference: str
    received_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None
    concerns: tuple[str, ...] = ()
    worker_email: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused, without what stood in it."""

    row: int
    column: str
    words: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row about a case that an earlier row of the same file is about."""

    row: int
    of_row: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a list says. ``unused`` are headings that mean nothing here; what stood under them is not kept."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    duplicates: tuple[Duplicate, ...]
    unused: tuple[str, ...]


@dataclass
class _Row:
    """One row being read: its cells by column, and what is wrong so far."""

    number: int
    cells: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def complain(self, column: str, words: str) -> None:
        self.problems.append(Problem(self.number, column, words))

    def moment(self, column: str) -> datetime | None:
        text = self.cells.get(column, "")
        found = moment(text) if text else None
        if text and found is None:
            self.complain(column, _IS_A_TIME)
        elif text and found is not None and _skipped(text):
            self.complain(column, "is a time that is not: the clocks go forward then")
        return found

    def line(self, column: str, most: int) -> str:
        text = " ".join(self.cells.get(column, "").split())
        if len(text) > most:
            self.complain(column, f"must be {most} characters or fewer")
        elif not text.isprintable():
            self.complain(column, "must be one line of plain words")
        return text


def read(
    header: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]], concerns: Mapping[str, str], now: datetime
) -> Reading:
    """Read a list: ``rows`` are (number, cells), ``concerns`` maps what may be written, in lower case, to a code.

    A row with anything wrong is refused whole. Raises WrongHeading.
    """
    names = [_column(name) for name in header]
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise WrongHeading(f"The first row must name the column “{missing[0]}”")
    if len(rows) > MOST_ROWS:
        raise WrongHeading(f"The list has more than {MOST_ROWS:,} rows: send it in parts")
    entries: list[Entry] = []
    problems: list[Problem] = []
    duplicates: list[Duplicate] = []
    seen: dict[str, int] = {}
    for number, cells in rows:
        row = _Row(number, dict(zip(names, cells, strict=True)))
        entry = _entry(row, concerns, now)
        first = seen.setdefault(entry.case_reference.casefold() or f"\n{number}", number)
        if first != number:
            duplicates.append(Duplicate(number, first))
        elif row.problems:
            problems += row.problems
        else:
            entries.append(entry)
    unused = tuple(name for name, known in zip(header, names, strict=True) if name and known not in COLUMNS)
    return Reading(tuple(entries), tuple(problems), tuple(duplicates), unused)


def moment(text: str) -> datetime | None:
    """A moment as offices write it, as aware UTC; None when it is none.

    ISO or dd/mm/yyyy, London time unless an offset says otherwise; an hour that happens twice in autumn is its first,
    and a date alone is the day's first moment, so that no wait is made shorter than it was.
    """
    local = _LOCAL.fullmatch(text)
    try:
        if local:
            day, month, year, hour, minute = (int(part or 0) for part in local.groups())
            return datetime(year, month, day, hour, minute, tzinfo=LONDON).astimezone(UTC)
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=LONDON)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _skipped(text: str) -> bool:
    """Whether a moment without an offset is one London's clocks jump over."""
    local = _LOCAL.fullmatch(text)
    if local:
        day, month, year, hour, minute = (int(part or 0) for part in local.groups())
        return is_skipped(datetime(year, month, day, hour, minute, tzinfo=LONDON))
    found = datetime.fromisoformat(text)
    return found.tzinfo is None and is_skipped(found)


def _column(name: str) -> str:
    return " ".join(name.replace("_", " ").casefold().split())


def _entry(row: _Row, concerns: Mapping[str, str], now: datetime) -> Entry:
    case = row.line(CASE, _LONGEST_CASE)
    if not case:
        row.complain(CASE, "is empty")
    received = _received(row, now)
    decided, by = _decided(row, received, now)
    codes = _concerns(row, concerns)
    if decided and not codes:
        row.complain(CONCERNS, "is empty, and the decision starts a clock that depends on it")
    worker = row.line(WORKER, _LONGEST_ADDRESS).lower() or None
    return Entry(row.number, case, received or now, decided, by, codes, worker)


def _received(row: _Row, now: datetime) -> datetime | None:
    found = row.moment(RECEIVED)
    if found is None:
        if not row.problems or row.problems[-1].column != RECEIVED:
            row.complain(RECEIVED, "is empty")
        return None
    if found > now:
        row.complain(RECEIVED, "is later than now")
    elif found < now - _OLDEST:
        row.complain(RECEIVED, "is more than a year ago: check the year")
    return found


def _decided(row: _Row, received: datetime | None, now: datetime) -> tuple[datetime | None, str | None]:
    found, by = row.moment(DECIDED), row.line(BY, _LONGEST_LINE) or None
    if found is None:
        if by and not row.cells.get(DECIDED):
            row.complain(DECIDED, "is empty, though somebody decided")
        return None, by
    if received and found < received and _is_a_day(row.cells[DECIDED]) and found > received - timedelta(days=1):
        found = received  # "that day", and not before the contact came in
    if found > now:
        row.complain(DECIDED, "is later than now")
    elif received and found < received:
        row.complain(DECIDED, "is earlier than the contact came in")
    if by is None:
        row.complain(BY, "is empty, though it was decided")
    return found, by


def _is_a_day(text: str) -> bool:
    return bool(_DAY.fullmatch(text)) or "/" in text and ":" not in text


def _concerns(row: _Row, concerns: Mapping[str, str]) -> tuple[str, ...]:
    """Parted by semicolons, since some concerns have commas in their names; commas part the rest."""
    found: list[str] = []
    for part in re.split(r"[;|\n]", row.cells.get(CONCERNS, "")):
        whole = " ".join(part.casefold().split())
        for one in [whole] if not whole or whole in concerns else [piece.strip() for piece in whole.split(",")]:
            if one and one not in concerns:
                row.complain(CONCERNS, "names a concern the policy does not have")
                return ()
            if one and concerns[one] not in found:
                found.append(concerns[one])
    return tuple(found)
