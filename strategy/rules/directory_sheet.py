"""Holds what the rows of a sheet of the directory mean, and what is wrong with each, by row and column.

One row is one desk or one person. Which entry it is about, and what would change, is directory_plan's.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from strategy.rules.week_words import read_week

AGENCY: Final = "agency"
SECTOR: Final = "sector"
KIND: Final = "kind"
NAME: Final = "name"
ROLES: Final = "roles answered"
TITLE: Final = "job title"
RUNG: Final = "rung"
EMAIL: Final = "email"
PHONE: Final = "phone"
HOURS: Final = "hours"
OUT_OF_HOURS: Final = "out-of-hours desk"
DESK: Final = "desk"
DEPUTY: Final = "deputy"
ACTIVE: Final = "active"
LINES: Final = "lines"
# Each column, and what it holds, as the page explains it.
COLUMNS: Final[Mapping[str, str]] = {
    AGENCY: "The agency's name. Needed. One that is not here is added.",
    SECTOR: "Police, health and so on. Needed for an agency that is not here.",
    KIND: "“desk” or “person”. Needed.",
    NAME: "The desk's name, or the person's full name. Needed.",
    ROLES: "Desks. Codes or names of the roles it answers for, parted by semicolons. A new desk needs it.",
    TITLE: "People. A new person needs it.",
    RUNG: "People. Their rung on the agency's ladder, 0 to 4.",
    EMAIL: "Where mail goes.",
    PHONE: "Where texts go, or the number to ring. Keep its first 0: format the column as text.",
    HOURS: "Desks. Like “Monday to Friday 09:00-17:00; Saturday 10:00-12:00”, or “always”; days not named are closed. "
    "Add “bank holidays open” where they are. A new desk needs it.",
    OUT_OF_HOURS: "Desks. The name of the agency's desk that answers when this one is shut.",
    DESK: "People. The name of the agency's desk they belong to.",
    DEPUTY: "People. The name or email address of somebody else of the agency who stands in for them.",
    ACTIVE: "“yes”, or “no” to take the entry out of use. A new one is in use.",
    LINES: "Desks. In how many discussions it can be at once, 1 to 50.",
}
MOST_ROWS: Final = 500  # written in one transaction, in which nobody else writes
CLEARED: Final = "-"
IS_DESK: Final = "desk"
IS_PERSON: Final = "person"
LINKS: Final = (OUT_OF_HOURS, DESK, DEPUTY)
_NEEDED: Final = (AGENCY, KIND, NAME)
_ONLY: Final = {
    IS_DESK: frozenset({ROLES, HOURS, OUT_OF_HOURS, LINES}),
    IS_PERSON: frozenset({TITLE, RUNG, DESK, DEPUTY}),
}
_CLEARABLE: Final = frozenset({RUNG, EMAIL, PHONE, *LINKS})
_LONGEST: Final = 120
_LONGEST_ADDRESS: Final = 254
_YES_NO: Final = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}


class WrongHeading(ValueError):
    """The first row does not name the columns needed. ``reason`` is a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Written:
    """What may be written. ``roles`` and ``sectors`` map words, folded, to codes.

    ``email`` and ``phone`` make an address canonical, or raise ValueError with a sentence.
    """

    roles: Mapping[str, str]
    sectors: Mapping[str, str]
    email: Callable[[str], str]
    phone: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One desk or person as a row has it. ``values`` are the cells that say something, by column; None clears."""

    row: int
    agency: str
    kind: str
    name: str
    values: Mapping[str, Any] = field(default_factory=dict)
    sector: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused, without what stood in it."""

    row: int
    column: str
    words: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a sheet says. ``unused`` are headings that mean nothing here; what stood under them is not kept."""

    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]
    unused: tuple[str, ...]


def folded(words: str) -> str:
    """Words as they are compared: neither case nor spaces count."""
    return " ".join(words.casefold().split())


def read(header: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]], written: Written) -> Reading:
    """Read a sheet: ``rows`` are (number, cells). A row with anything wrong is refused whole. Raises WrongHeading."""
    names = [_column(name) for name in header]
    known = [name for name in names if name in COLUMNS]
    for name in _NEEDED:
        if name not in known:
            raise WrongHeading(f"The first row must name the column “{name}”")
    if len(set(known)) < len(known):
        raise WrongHeading("Two columns have the same name")
    if len(rows) > MOST_ROWS:
        raise WrongHeading(f"The file has more than {MOST_ROWS} rows: send it in parts")
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, cells in rows:
        found = _line(number, dict(zip(names, cells, strict=True)), written)
        if isinstance(found, Line):
            lines.append(found)
        else:
            problems += found
    unused = tuple(name for name, one in zip(header, names, strict=True) if name and one not in COLUMNS)
    return Reading(tuple(lines), tuple(problems), unused)


def _column(name: str) -> str:
    """The column a heading names, whether written with spaces, hyphens or underscores."""
    plain = folded(re.sub(r"[_-]", " ", name))
    return next((column for column in COLUMNS if column.replace("-", " ") == plain), plain)


def _line(row: int, cells: Mapping[str, str], written: Written) -> Line | list[Problem]:
    problems: list[Problem] = []
    said: dict[str, Any] = {}
    for column in COLUMNS:
        text = " ".join(cells.get(column, "").split())
        if not text and column not in _NEEDED:
            continue
        try:
            said[column] = _value(column, text, written)
        except ValueError as wrong:
            problems.append(Problem(row, column, str(wrong)))
    kind = said.get(KIND, "")
    other = _ONLY[IS_PERSON if kind == IS_DESK else IS_DESK] if kind else ()
    problems += [Problem(row, column, f"is not for a {kind}: leave it empty") for column in said if column in other]
    if problems:
        return problems
    values = {column: value for column, value in said.items() if column not in {AGENCY, SECTOR, KIND, NAME}}
    return Line(row, said[AGENCY], kind, said[NAME], values, said.get(SECTOR))


def _value(column: str, text: str, written: Written) -> Any:
    """What a cell means; None where it clears. Raises ValueError, whose words follow the column's name."""
    if not text:
        raise ValueError("is empty")
    if text == CLEARED:
        if column not in _CLEARABLE:
            raise ValueError("cannot be cleared")
        return None
    if column in _READ:
        return _READ[column](text, written)
    longest = _LONGEST_ADDRESS if column == DEPUTY else _LONGEST
    if len(text) > longest:
        raise ValueError(f"must be {longest} characters or fewer")
    if not text.isprintable():
        raise ValueError("must be one line of plain words")
    return text


def _kind(text: str, _: Written) -> str:
    if text.casefold() not in _ONLY:
        raise ValueError("must be “desk” or “person”")
    return text.casefold()


def _sector(text: str, written: Written) -> str:
    if folded(text) not in written.sectors:
        raise ValueError(f"must be one of: {', '.join(sorted(set(written.sectors.values())))}")
    return written.sectors[folded(text)]


def _roles(text: str, written: Written) -> list[str]:
    named = [folded(part) for part in text.split(";") if part.strip()]
    if not named or any(one not in written.roles for one in named):
        raise ValueError("names a role the policy does not have")
    return sorted({written.roles[one] for one in named})


def _number(lowest: int, highest: int) -> Callable[[str, Written], int]:
    def number(text: str, _: Written) -> int:
        if not re.fullmatch(r"[0-9]{1,3}", text) or not lowest <= int(text) <= highest:
            raise ValueError(f"must be a whole number from {lowest} to {highest}")
        return int(text)

    return number


def _yes_no(text: str, _: Written) -> bool:
    if text.casefold() not in _YES_NO:
        raise ValueError("must be “yes” or “no”")
    return _YES_NO[text.casefold()]


_READ: Final[Mapping[str, Callable[[str, Written], Any]]] = {
    KIND: _kind,
    SECTOR: _sector,
    ROLES: _roles,
    RUNG: _number(0, 4),
    LINES: _number(1, 50),
    EMAIL: lambda text, written: written.email(text),
    PHONE: lambda text, written: written.phone(text),
    HOURS: lambda text, _: read_week(text).to_plain(),
    ACTIVE: _yes_no,
}
