"""Holds what bringing a sheet in would do to a directory: which entry each row is about, what changes, what is refused.

Rows may stand in any order: entries are matched first, and what links them to each other is looked at last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from strategy.rules.directory_entries import Known, Place, Slot, answers_to, matched, twins
from strategy.rules.directory_sheet import (
    ACTIVE,
    AGENCY,
    DEPUTY,
    DESK,
    EMAIL,
    HOURS,
    IS_DESK,
    IS_PERSON,
    LINKS,
    NAME,
    OUT_OF_HOURS,
    PHONE,
    ROLES,
    SECTOR,
    TITLE,
    Line,
    Problem,
    Reading,
    folded,
)
from strategy.rules.week_words import say_whole_week
from strategy.rules.working_time import OpeningHours

_NEEDED_NEW: Final = {IS_DESK: (ROLES, HOURS), IS_PERSON: (TITLE,)}
_WHO: Final = {OUT_OF_HOURS: "another desk", DESK: "a desk", DEPUTY: "somebody else"}


@dataclass(frozen=True, slots=True)
class Change:
    """A column that changes, in words."""

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Item:
    """A row that is not refused, and what it does. No changes: it is here as the row says."""

    row: int
    place: Place
    slot: Slot
    changes: tuple[Change, ...]

    @property
    def is_new(self) -> bool:
        """Whether the entry is added."""
        return self.slot.id is None


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done. ``seen`` changes whenever any of it does. ``places`` are those added or of another sector."""

    added: tuple[Item, ...]
    changed: tuple[Item, ...]
    unchanged: tuple[Item, ...]
    refused: tuple[Problem, ...]
    places: tuple[Place, ...]
    unused: tuple[str, ...]

    @property
    def seen(self) -> str:
        """A fingerprint of what a person was shown, to be sent back when they confirm it."""
        items = [
            (one.row, one.place.id, one.place.name, one.slot.id, one.changes)
            for one in (*self.added, *self.changed, *self.unchanged)
        ]
        places = [(one.id, one.name, one.sector, one.new_sector) for one in self.places]
        return sha256(repr((items, places, self.refused)).encode()).hexdigest()


def plan(reading: Reading, known: Known) -> Plan:
    """What bringing the sheet in would do.

    A row whose links lead to a refused row is refused too, so the rest is tried again until nothing more is refused.
    """
    lines, refused = list(reading.lines), list(reading.problems)
    while True:
        attempt = _Attempt(known)
        attempt.try_all(lines)
        if not attempt.problems:
            break
        refused += attempt.problems
        wrong = {problem.row for problem in attempt.problems}
        lines = [line for line in lines if line.row not in wrong]
    items = attempt.items()
    return Plan(
        added=tuple(one for one in items if one.is_new),
        changed=tuple(one for one in items if not one.is_new and one.changes),
        unchanged=tuple(one for one in items if not one.is_new and not one.changes),
        refused=tuple(sorted(refused, key=lambda one: one.row)),
        places=tuple(one for one in attempt.used if one.id is None or one.sector != one.new_sector),
        unused=reading.unused,
    )


class _Attempt:
    """One try at some rows, on the directory as it stands."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.problems: list[Problem] = []
        self.places = {folded(place.name): place for place in known.places}
        for place in known.places:
            place.new_sector = place.sector
            place.slots[:] = [slot for slot in place.slots if slot.id is not None]
            for slot in place.slots:
                slot.row, slot.after = None, dict(slot.before)
        self.used: list[Place] = []
        self.found: list[tuple[Line, Place, Slot]] = []
        self.sectors_said: dict[int, str] = {}

    def try_all(self, lines: Sequence[Line]) -> None:
        """Match every row, then set what it says, then its links, then see whether what came out can be."""
        said = {folded(line.agency): line.sector for line in reversed(lines) if line.sector}
        for line in lines:
            place = self._place(line, said.get(folded(line.agency)))
            slot = self._slot(line, place) if place is not None else None
            if place is not None and slot is not None:
                self.found.append((line, place, slot))
        for line, _, slot in self.found:
            slot.after |= {column: value for column, value in line.values.items() if column not in LINKS}
            if slot.id is not None and folded(slot.after[EMAIL] or "") == folded(slot.before[EMAIL] or ""):
                slot.after[EMAIL] = slot.before[EMAIL]  # in other letters alone it is no other address
            if folded(slot.name) != folded(line.name):
                slot.after[NAME] = line.name  # matched by its email address
        for line, place, slot in self.found:
            self._link(line, place, slot)
        for line, place, slot in self.found:
            self._judge(line, place, slot)

    def items(self) -> list[Item]:
        """What each row does."""
        return [Item(line.row, place, slot, self._changes(place, slot, line)) for line, place, slot in self.found]

    def _refuse(self, line: Line, column: str, words: str) -> None:
        self.problems.append(Problem(line.row, column, words))

    def _place(self, line: Line, sector: str | None) -> Place | None:
        key = folded(line.agency)
        place = self.places.get(key)
        if place is None and key in self.known.elsewhere:
            self._refuse(line, AGENCY, f"is kept by {self.known.elsewhere[key]}: ask them to change the entry")
            return None
        if place is None and sector is None:
            self._refuse(line, SECTOR, "is empty, and the agency is not in the directory")
            return None
        if place is None:
            place = self.places[key] = Place(None, line.agency, sector or "", True, [], sector or "")
        if not place.active:
            self._refuse(line, AGENCY, "is out of use: take it back into use on its page first")
            return None
        if place not in self.used:
            self.used.append(place)
        if line.sector and self.sectors_said.setdefault(id(place), line.sector) != line.sector:
            self._refuse(line, SECTOR, "is another than in a row above for the same agency")
            return None
        place.new_sector = line.sector or place.new_sector
        return place

    def _slot(self, line: Line, place: Place) -> Slot | None:
        """The entry a row is about, a new one when there is none; None when that cannot be told."""
        try:
            slot = matched(line, place)
        except LookupError as unclear:
            self._refuse(line, EMAIL if line.values.get(EMAIL) else NAME, str(unclear))
            return None
        if slot is None:
            slot = Slot(line.kind, None, {}, {NAME: line.name, ACTIVE: True, EMAIL: line.values.get(EMAIL)})
            place.slots.append(slot)
        elif slot.row is not None:
            self._refuse(line, NAME, f"is about the same {line.kind} as row {slot.row}")
            return None
        slot.row = line.row
        return slot

    def _link(self, line: Line, place: Place, slot: Slot) -> None:
        for column in (one for one in LINKS if one in line.values):
            wanted = line.values[column]
            kind = IS_PERSON if column == DEPUTY else IS_DESK
            others = [one for one in place.slots if one.kind == kind and one is not slot and one.after.get(ACTIVE)]
            fits = [one for one in others if wanted is not None and answers_to(one, wanted)]
            if wanted is not None and len(fits) != 1:
                several = "could be several people: give an email address"
                self._refuse(line, column, several if fits else f"must be {_WHO[column]} of the agency, in use")
            else:
                slot.after[column] = fits[0] if fits else None

    def _judge(self, line: Line, place: Place, slot: Slot) -> None:
        if slot.id is None:
            self._judge_new(line, slot)
        elif not slot.before[ACTIVE] and ACTIVE not in line.values:
            self._refuse(line, ACTIVE, "is empty, and the entry is out of use: “yes” takes it back, “no” leaves it")
        if any(role not in self.known.roles for role in slot.after.get(ROLES) or ()):
            self._refuse(line, ROLES, "is empty, and the policy no longer has a role the desk answers for")
        if slot.after[ACTIVE] and any(twins(slot, one) for one in place.slots if one is not slot):
            self._refuse(line, NAME, f"is that of another {slot.kind} of the agency in use")

    def _judge_new(self, line: Line, slot: Slot) -> None:
        for column in _NEEDED_NEW[slot.kind]:
            if column not in line.values:
                self._refuse(line, column, f"is empty, and the {slot.kind} is not in the directory")
        if not slot.after[ACTIVE]:
            self._refuse(line, ACTIVE, f"is “no”, and the {slot.kind} is not in the directory")

    def _changes(self, place: Place, slot: Slot, line: Line) -> tuple[Change, ...]:
        differs = [column for column, value in slot.after.items() if slot.before.get(column) != value]
        found = [
            Change(column, self._said(column, slot.before.get(column)), self._said(column, slot.after[column]))
            for column in differs
            if slot.id is not None or column not in {NAME, ACTIVE}
        ]
        if place.id is not None and place.sector != place.new_sector and line.sector:
            sectors = self.known.sectors
            found.insert(0, Change(SECTOR, sectors[place.sector], sectors[place.new_sector]))
        return tuple(found)

    def _said(self, column: str, value: Any) -> str:
        """A value as a person reads it."""
        if isinstance(value, Slot):
            return value.name
        if isinstance(value, bool):
            return "yes" if value else "no"
        if value is None:
            return "nothing"
        if column == ROLES:
            return "; ".join(self.known.roles.get(code, code) for code in value)
        if column == HOURS:
            return say_whole_week(OpeningHours.from_plain(value))
        return self.known.dialled(value) if column == PHONE else str(value)
