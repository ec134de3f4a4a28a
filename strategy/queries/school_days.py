"""Answers which of the schools typed for a booking are in holidays on its day, and who answers for each then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from strategy.dates import date_of
from strategy.queries.directory import Directory, Option
from strategy.queries.schools import schools

SCHOOL = "education"
HOLIDAY = "education-holiday"


@dataclass(frozen=True, slots=True)
class Shut:
    """Schools in holidays for which the same desk or person answers; ``typed`` as somebody typed them."""

    typed: tuple[str, ...]
    best: Option | None
    why: str


@dataclass(frozen=True, slots=True)
class SchoolDays:
    """Each school typed: whether it is in term that day (None: nobody has entered it), and its holiday cover."""

    on: date
    in_term: Mapping[str, bool | None]
    covers: Mapping[str, Option | None]

    @property
    def shut(self) -> tuple[str, ...]:
        """The schools known to be in holidays, as typed."""
        return tuple(typed for typed, open_ in self.in_term.items() if open_ is False)

    def answering(self, fallback: Option | None) -> list[Shut]:
        """Who is asked for the schools in holidays: each school's cover, else ``fallback``; each of them once."""
        asked: dict[str, list[str]] = {}
        options: dict[str, Option | None] = {}
        for typed in self.shut:
            option = self.covers[typed] or fallback
            key = option.value if option else ""
            asked.setdefault(key, []).append(typed)
            options[key] = option
        return [Shut(tuple(names), options[key], self._why(names)) for key, names in asked.items()]

    def _why(self, names: Sequence[str]) -> str:
        are, their = ("are", "their") if len(names) > 1 else ("is", "its")
        return f"{' and '.join(names)} {are} in holidays on {date_of(self.on)}, by {their} term dates."


def school_days(typed: Sequence[str], directory: Directory, on: date) -> SchoolDays:
    """What the term dates of the schools typed say about that day. A name that could be two schools says nothing."""
    homes = {name: _agency_id(name, directory) for name in typed}
    known = schools([one for one in homes.values() if one is not None])
    return SchoolDays(
        on,
        {name: None if one is None else known.in_term(one, on) for name, one in homes.items()},
        {name: None if one is None else _open(known.cover(one, directory), directory) for name, one in homes.items()},
    )


def _open(option: Option | None, directory: Directory) -> Option | None:
    """Who answers in the holidays, unless they are implicated."""
    return None if option is None or directory.bars(option) else option


def _agency_id(typed: str, directory: Directory) -> int | None:
    named = directory.named(SCHOOL, typed)
    options = (option for option in directory.options(SCHOOL) if option.agency in named and option.desk)
    ids = {option.desk.agency_id for option in options if option.desk}
    return ids.pop() if len(ids) == 1 else None
