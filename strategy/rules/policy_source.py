"""Holds the reading of typed values from TOML, collecting every fault. What they mean is policy_reading's."""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from difflib import get_close_matches
from typing import TypeVar

from strategy.rules.policy import Span
from strategy.rules.policy_toml import loaded
from strategy.vocabulary import SpanUnit, Word

_W = TypeVar("_W", bound=Word)
_V = TypeVar("_V")
_SPAN = re.compile(r"(\d{1,3}) ?(h|wd|d)")
_LINE_IN_MESSAGE = re.compile(r"at line (\d+)")
_LARGEST = 1_000_000
_LAST_PLACE = re.compile(r" \(at (?:line \d+, column \d+|end of document)\)$")
_TWICE = re.compile(r"Cannot declare \((.*)\) twice")
_QUOTED = re.compile(r"['\"]([^'\"]*)['\"]")
_NEVER = date(1, 1, 1)
# What the columns hold that a version's words and codes are copied to.
_LONGEST_TEXT = 400
_LONGEST_LABEL = 120
_LONGEST_CODE = 40
_LABELS = frozenset({"label", "short", "title", "name"})


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault. ``where`` is the table and key, as in "targets.standard.due"; ``line`` counts from 1 when known."""

    where: str
    what: str
    line: int | None = None

    def __str__(self) -> str:
        place = self.where if self.line is None else f"{self.where} (line {self.line})"
        return f"{place}: {self.what}"


class PolicyError(ValueError):
    """The text is no policy. ``problems`` lists every fault found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass(slots=True)
class Source:
    """The text of a policy and the faults found in it so far."""

    text: str
    problems: list[Problem] = field(default_factory=list)

    def root(self) -> "Table":
        """The whole document. Raises PolicyError at once when it is not TOML."""
        try:
            return Table(self, "", loaded(self.text))
        except tomllib.TOMLDecodeError as fault:
            line = _LINE_IN_MESSAGE.search(str(fault))
            # a fault that names no line was found where the text ends
            number = int(line[1]) if line else len(self.text.splitlines())
            raise PolicyError((Problem("the file", _plain(str(fault)), number),)) from fault

    def complain(self, path: str, key: str, what: str) -> None:
        """Note a fault of one key, or of the whole table when ``key`` is empty."""
        self.problems.append(Problem(".".join(filter(None, (path, key))), what, self._line(path, key)))

    def _line(self, path: str, key: str) -> int | None:
        """The line of a key, else of its table, else of the nearest thing around it."""
        names = [*path.split("."), key] if key else path.split(".")
        while names:
            found = self._line_of(".".join(names[:-1]), names[-1])
            if found is not None:
                return found
            names.pop()
        return None

    def _line_of(self, path: str, name: str) -> int | None:
        header, counts = "", dict[str, int]()
        whole = f"{path}.{name}".lstrip(".")
        for number, line in enumerate(self.text.splitlines(), start=1):
            bare = line.strip()
            if bare.startswith("["):
                header = bare.split("#")[0].strip(" []")
                if bare.startswith("[["):
                    counts[header] = counts.get(header, -1) + 1
                    header = f"{header}[{counts[header]}]"
                if header == whole:
                    return number
            elif header == path and re.match(rf"{re.escape(name.partition('[')[0])}\s*=", bare):
                return number
        return None


@dataclass(slots=True)
class Table:
    """One table. Each reading notes a fault and gives a harmless value, so that all faults are found in one go."""

    source: Source
    path: str
    values: Mapping[str, object]
    read: set[str] = field(default_factory=set)

    def complain(self, key: str, what: str) -> None:
        """Note a fault of one of this table's keys, or of the table when ``key`` is empty."""
        self.source.complain(self.path, key, what)

    @property
    def is_sound(self) -> bool:
        """Whether nothing in it has been complained of yet: only then is it worth comparing one value with another."""
        return not any(problem.where.startswith(f"{self.path}.") for problem in self.source.problems)

    def text(self, key: str, default: str | None = None) -> str:
        """A text; one that is required may not be blank."""
        value = self._typed(key, str, "" if default is None else default, required=default is None)
        if default is None and key in self.values and not value.strip():
            self.complain(key, "must not be blank")
        most = _LONGEST_LABEL if key in _LABELS else _LONGEST_TEXT
        if len(value) > most:
            self.complain(key, f"must have {most} characters or fewer; this has {len(value)}")
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false."""
        return self._typed(key, bool, default, required=False)

    def whole(self, key: str, default: int | None = None, least: int = 1) -> int:
        """A whole number, at least ``least``."""
        value = self._typed(key, int, default or 0, required=default is None)
        if key in self.values and not least <= value <= _LARGEST:
            self.complain(key, f"must be {least} or more" if value < least else f"must be {_LARGEST:,} or less")
        return value

    def day(self, key: str) -> date:
        """A date."""
        return self._typed(key, date, _NEVER, required=True)

    def day_or_none(self, key: str) -> date | None:
        """A date, or None when left out."""
        return self.day(key) if key in self.values else None

    def hour(self, key: str, default: time | None = None) -> time:
        """A time of day."""
        return self._typed(key, time, default or time(17), required=default is None)

    def days(self, key: str) -> frozenset[date]:
        """A list of dates; none when left out."""
        return frozenset(self._items(key, date, required=False))

    def texts(self, key: str, required: bool = False) -> tuple[str, ...]:
        """A list of texts; one that is required may not be empty."""
        return tuple(self._items(key, str, required))

    def shares(self, key: str) -> tuple[float, ...]:
        """A list of parts of 1."""
        return tuple(self._items(key, float, required=True))

    def share(self, key: str) -> float:
        """A part of 1."""
        return self._typed(key, float, 0.0, required=True)

    def word(self, key: str, words: type[_W], default: _W | None = None) -> _W:
        """One of the vocabulary's words."""
        given = self.text(key, default.value if default else None)
        known = {word.value: word for word in words}
        if given not in known and given:
            self.complain(key, f"{given!r} is none of {', '.join(known)}")
        return known.get(given, next(iter(words)))

    def span(self, key: str, same_day_floor: int | None = None, *, days: bool = False) -> Span:
        """A span such as "3 wd"; "same day" only where a floor in hours is given for it, "28 d" only with ``days``."""
        given = self.text(key)
        if given == "same day" and same_day_floor is not None:
            return Span(same_day_floor, SpanUnit.SAME_DAY)
        parts = _SPAN.fullmatch(given)
        if parts and int(parts[1]) and (days or parts[2] != "d"):
            return Span(int(parts[1]), SpanUnit(parts[2]))
        if given:
            more = (', "28 d"' if days else "") + (', "same day"' if same_day_floor is not None else "")
            self.complain(key, f'{given!r} is no span: write "24 h", "3 wd"{more}')
        return Span(1, SpanUnit.HOURS)

    def table(self, key: str) -> "Table":
        """A table inside this one; it must be there."""
        values = self._typed(key, dict, {}, required=True)
        return Table(self.source, f"{self.path}.{key}".lstrip("."), values)

    def each(self) -> Iterator[tuple[str, "Table"]]:
        """Every table inside this one, by name."""
        for name in self.values:
            self._check_code(name)
            yield name, self.table(name)

    def rows(self, key: str, required: bool = True) -> Iterator["Table"]:
        """Every table of an array of tables."""
        for number, values in enumerate(self._items(key, dict, required)):
            yield Table(self.source, f"{self.path}.{key}[{number}]".lstrip("."), values)

    def labels(self) -> dict[str, str]:
        """This whole table as codes with their labels."""
        for code in self.values:
            self._check_code(code)
        return {code: self.text(code) for code in self.values}

    def finish(self) -> None:
        """Note every key nobody read: a misspelt key must not pass in silence."""
        for key in self.values.keys() - self.read:
            near = get_close_matches(key, self.read - self.values.keys(), n=1)
            self.complain(key, "is not a key of this table" + (f": is {near[0]!r} meant?" if near else ""))

    def _check_code(self, code: str) -> None:
        if not code or len(code) > _LONGEST_CODE:
            self.complain(code, f"a code has from 1 to {_LONGEST_CODE} characters")

    def _typed(self, key: str, kind: type[_V], default: _V, required: bool) -> _V:
        self.read.add(key)
        if key not in self.values:
            if required:
                self.complain(key, "is missing")
            return default
        value = self.values[key]
        # exact: TOML's true is a Python int as well, and its date-time a date
        if type(value) is not kind:
            self.complain(key, f"must be a {_KINDS[kind]}")
            return default
        return value

    def _items(self, key: str, kind: type[_V], required: bool) -> list[_V]:
        items = self._typed(key, list, [], required)
        if required and not items and key in self.values:
            self.complain(key, "must not be empty")
        good = [item for item in items if type(item) is kind]
        if len(good) < len(items):
            self.complain(key, f"must hold only {_KINDS[kind]}s")
        return good


def known(row: Table, key: str, codes: tuple[str, ...], there_are: Collection[str]) -> None:
    """Note every code that is none of those there are."""
    for code in codes:
        if code and code not in there_are:
            row.complain(key, f"{code!r} is not defined")


def _plain(fault: str) -> str:
    """What the TOML reader complains of in our words; the line is said beside it, once."""
    words = _LAST_PLACE.sub("", fault)
    twice = _TWICE.fullmatch(words)
    if twice:
        return f"the table [{'.'.join(_QUOTED.findall(twice[1]))}] stands here a second time: give each only once"
    return "this key stands here a second time: give each only once" if words == "Cannot overwrite a value" else words


_KINDS: Mapping[type, str] = {
    str: "text",
    bool: "true or false",
    int: "whole number",
    float: "decimal number",
    date: "date",
    time: "time of day",
    list: "list",
    dict: "table",
}
