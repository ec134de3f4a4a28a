"""Holds a directory as a sheet is compared with it: its agencies and entries, and which entry some words are about."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from strategy.rules.directory_sheet import ACTIVE, EMAIL, IS_DESK, NAME, TITLE, Line, folded


@dataclass(eq=False, slots=True)
class Slot:
    """A desk or a person, here or to be added (``id`` None): what it is by column, before and after.

    Under a link's column stands another slot of the agency, or None.
    """

    kind: str
    id: int | None
    before: dict[str, Any]
    after: dict[str, Any] = field(default_factory=dict)
    row: int | None = None

    @property
    def name(self) -> str:
        """The name it will have."""
        return str(self.after[NAME])


@dataclass(eq=False, slots=True)
class Place:
    """An agency with its desks and people."""

    id: int | None
    name: str
    sector: str
    active: bool
    slots: list[Slot]
    new_sector: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A directory. ``elsewhere`` maps the folded name of an agency others keep to its keeper's name.

    ``roles`` and ``sectors`` map codes to words; ``dialled`` says a stored number as people dial it.
    """

    places: Sequence[Place]
    elsewhere: Mapping[str, str]
    roles: Mapping[str, str]
    sectors: Mapping[str, str]
    dialled: Callable[[str], str] = str


def matched(line: Line, place: Place) -> Slot | None:
    """A desk by name, a person by email address, else by name. Raises LookupError when it could be several."""
    slots = [one for one in place.slots if one.kind == line.kind]
    named = _in_use([one for one in slots if _is(one, NAME, line.name)])
    if line.kind == IS_DESK:
        return named[0] if named else None
    title, email = line.values.get(TITLE), line.values.get(EMAIL)
    reached = _in_use([one for one in slots if email and _is(one, EMAIL, email)])
    both = [one for one in reached if one in named]
    found = both or reached or named
    if len(found) > 1 and title:
        found = [one for one in found if _is(one, TITLE, title)] or found
    if reached and named and not both:
        raise LookupError("is one person's, and the name another's")
    if len(found) > 1:
        raise LookupError("is that of several people of the agency: change each on their own page")
    return found[0] if found else None


def _in_use(slots: list[Slot]) -> list[Slot]:
    """Those in use, where there are any: an entry taken out of use may have a successor of its name."""
    return [one for one in slots if one.before.get(ACTIVE, True)] or slots


def _is(slot: Slot, column: str, words: str) -> bool:
    return folded(str(slot.before.get(column, slot.after.get(column)) or "")) == folded(words)


def answers_to(slot: Slot, words: str) -> bool:
    """Whether a link written so leads to it: by name, a person by email address too."""
    email = slot.after.get(EMAIL) if slot.kind != IS_DESK else None
    return folded(words) in {folded(slot.name), folded(email or "-")}


def twins(one: Slot, other: Slot) -> bool:
    """Whether two would be listed as one: a desk's name, a person's name and job title."""
    if one.kind != other.kind or not other.after.get(ACTIVE) or folded(one.name) != folded(other.name):
        return False
    return one.kind == IS_DESK or folded(one.after.get(TITLE) or "") == folded(other.after.get(TITLE) or "")
