"""Holds bringing in a sheet of the directory: keep what was read, confirm, drop, forget. Undoing is elsewhere."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select, update

from strategy.act import Act, Refused
from strategy.commands import directory, events
from strategy.commands.directory import AgencyEntry
from strategy.commands.directory_writing import (
    LINKS,
    values_of,
    write_active,
    write_desk,
    write_links,
    write_person,
)
from strategy.db import db
from strategy.models import Agency, Authority, Desk, DirectoryImport, Person, PolicyVersion, User
from strategy.queries import directory_imports
from strategy.rules.directory_entries import Place, Slot
from strategy.rules.directory_plan import Item, Plan
from strategy.rules.directory_sheet import (
    ACTIVE,
    DEPUTY,
    DESK,
    EMAIL,
    HOURS,
    IS_DESK,
    LINES,
    NAME,
    OUT_OF_HOURS,
    PHONE,
    ROLES,
    RUNG,
    TITLE,
    Reading,
)
from strategy.vocabulary import IMPORT_MOVES, EventVerb, ImportState, Sector, may_move

KEPT: Final = timedelta(days=1)  # how long what was read waits for somebody to decide on it
_CHANGED: Final = "Something changed since you looked at this sheet. Nothing was done: check it again below"
# Which of a model's columns a sheet's column is.
_NAMES: Final[Mapping[str, str]] = {
    NAME: "name",
    ROLES: "roles",
    TITLE: "job_title",
    RUNG: "rung",
    EMAIL: "email",
    PHONE: "phone",
    HOURS: "hours",
    LINES: "lines",
    OUT_OF_HOURS: "out_of_hours_id",
    DESK: "desk_id",
    DEPUTY: "deputy_id",
    ACTIVE: "active",
}
_EMPTY: Final[Mapping[str, Any]] = {"email": None, "phone": None, "rung": None, "lines": None}


def keep(reading: Reading, sender: User, act: Act) -> DirectoryImport:
    """Keep what a file said, encrypted, for somebody to look at. Nothing is done to the directory yet."""
    found = DirectoryImport(
        authority_id=sender.authority_id,
        user=sender,
        state=ImportState.READ,
        entries=directory_imports.stored(reading),
        row_count=len(reading.lines) + len({one.row for one in reading.problems}),
        added_count=0,
        changed_count=0,
        read_at=act.at,
    )
    db.session.add(found)
    db.session.flush()
    return found


def confirm(source: DirectoryImport, seen: str, sender: User, policy: PolicyVersion, act: Act) -> None:
    """Do what the plan says, all of it or nothing. ``seen`` is the fingerprint of what was looked at.

    Raises Refused when the plan has changed since, for the world goes on while somebody looks at a sheet.
    """
    move(source, ImportState.DONE)
    wait_for_others(sender.authority)
    try:
        plan = directory_imports.plan(source, policy)
    except LookupError:
        raise Refused("This sheet is a day old and was forgotten. Send the file again") from None
    if plan.seen != seen:
        raise Refused(_CHANGED)
    if not (plan.added or plan.changed):
        raise Refused("There is nothing to add or change")
    deeds = _Bringing(sender.authority, act).do(plan)
    source.deeds, source.entries = json.dumps(deeds), None
    source.added_count, source.changed_count, source.done_at = len(plan.added), len(plan.changed), act.at
    words = f"A sheet of the directory was brought in: {len(plan.added)} entries added, {len(plan.changed)} changed"
    facts = {"import": source.id}
    events.add(EventVerb.DIRECTORY_IMPORTED, words, act, authority=sender.authority, facts=facts)


def drop(source: DirectoryImport) -> None:
    """Forget a sheet nobody wants to bring in. Raises Refused."""
    move(source, ImportState.DROPPED)
    source.entries = None


def forget(act: Act) -> int:
    """Drop sheets that have waited a day for somebody to decide on them; how many."""
    waits = (DirectoryImport.state == ImportState.READ, DirectoryImport.read_at < act.at - KEPT)
    old = update(DirectoryImport).where(*waits).values(state=ImportState.DROPPED, entries=None)
    return len(db.session.scalars(old.returning(DirectoryImport.id)).all())


def move(source: DirectoryImport, state: ImportState) -> None:
    """Take it to another state. Raises Refused where it cannot go there."""
    if not may_move(IMPORT_MOVES, source.state, state):
        raise Refused(f"This sheet cannot be used so any more: {source.state.words.lower()}")
    source.state = state


def wait_for_others(authority: Authority) -> None:
    """One sheet of an authority after the other, and no entry of it is edited meanwhile."""
    db.session.execute(select(Authority.id).where(Authority.id == authority.id).with_for_update(key_share=True))
    ours = Agency.authority_id == authority.id
    for kept in (
        select(Agency).where(ours).order_by(Agency.id).with_for_update(key_share=True, of=Agency),
        select(Desk).join(Desk.agency).where(ours).order_by(Desk.id).with_for_update(key_share=True, of=Desk),
        select(Person).join(Person.agency).where(ours).order_by(Person.id).with_for_update(key_share=True, of=Person),
    ):
        db.session.scalars(kept.execution_options(populate_existing=True)).all()


class _Bringing:
    """One plan being done: agencies first, then who leaves use, then entries, then their links."""

    def __init__(self, keeper: Authority, act: Act) -> None:
        self.keeper, self.act = keeper, act
        self.agencies: dict[int, Agency] = {}
        self.entries: dict[int, Desk | Person] = {}  # by the slot's identity
        self.deeds: list[dict[str, Any]] = []

    def do(self, plan: Plan) -> list[dict[str, Any]]:
        """Do it; what was done, an entry each, in the order undoing shows it. Raises Refused, naming the row."""
        for place in plan.places:
            self._agency(place)
        items = [*plan.added, *plan.changed]
        before = {id(one.slot): values_of(found) for one in items if (found := self._here(one.slot)) is not None}
        for step in (self._retire, self._write, self._link, self._reactivate):
            for item in items:
                try:
                    step(item)
                except Refused as refused:
                    raise Refused(f"Row {item.row}: {refused.reason}") from None
        deeds = [self._deed(item, before.get(id(item.slot))) for item in items]
        return self.deeds + [one for one in deeds if one["before"] != one["after"]]

    def _agency(self, place: Place) -> None:
        sector = Sector(place.new_sector)
        if place.id is None:
            agency = directory.add(AgencyEntry(place.name, sector), self.keeper, self.act)
        else:
            agency = db.session.get_one(Agency, place.id)
            served = [one.authority_id for one in agency.served]
            directory.edit(agency, AgencyEntry(agency.name, sector, served), self.act)
        self.agencies[id(place)] = agency
        was = None if place.id is None else {"sector": place.sector}
        now = {"sector": place.new_sector}
        changes = [] if place.id is None else [["sector", Sector(place.sector).words, sector.words]]
        self.deeds.append(_deed("agency", agency.id, agency, agency.name, was, now, changes))

    def _here(self, slot: Slot) -> Desk | Person | None:
        """The entry of a slot, when it is there."""
        if slot.id is not None and id(slot) not in self.entries:
            is_desk = slot.kind == IS_DESK
            found = db.session.get_one(Desk, slot.id) if is_desk else db.session.get_one(Person, slot.id)
            self.entries[id(slot)] = found
        return self.entries.get(id(slot))

    def _retire(self, item: Item) -> None:
        entry = self._here(item.slot)
        if entry is not None and not item.slot.after[ACTIVE]:
            write_active(entry, False, self.act)

    def _reactivate(self, item: Item) -> None:
        write_active(self.entries[id(item.slot)], bool(item.slot.after[ACTIVE]), self.act)

    def _write(self, item: Item) -> None:
        """Its own values, where anything differs; a link that does is noted on the trail so."""
        slot, entry = item.slot, self._here(item.slot)
        own = {_NAMES[column]: value for column, value in slot.after.items() if _NAMES[column] not in LINKS}
        if entry is not None and all(slot.before[one] == slot.after[one] for one in slot.after if one != ACTIVE):
            return
        agency = self.agencies.get(id(item.place)) or db.session.get_one(Agency, item.place.id)
        if slot.kind == IS_DESK:
            desk = entry if isinstance(entry, Desk) else None
            self.entries[id(slot)] = write_desk(agency, desk, {**_EMPTY, **own}, self.act)
        else:
            person = entry if isinstance(entry, Person) else None
            self.entries[id(slot)] = write_person(agency, person, {**_EMPTY, **own}, self.act)
        db.session.flush()

    def _link(self, item: Item) -> None:
        slot, entry = item.slot, self.entries[id(item.slot)]
        links: dict[str, int | None] = {}
        for column in (OUT_OF_HOURS, DESK, DEPUTY):
            other = slot.after.get(column)
            if slot.before.get(column) is not other:
                links[_NAMES[column]] = None if other is None else self._id(other)
        if links:
            write_links(entry, links)

    def _id(self, slot: Slot) -> int:
        found = self._here(slot)
        if found is None:
            raise LookupError("a link leads to an entry that was not written")
        return found.id

    def _deed(self, item: Item, before: dict[str, Any] | None) -> dict[str, Any]:
        entry = self.entries[id(item.slot)]
        changes = [[one.column, one.old, one.new] for one in item.changes]
        now = values_of(entry)
        return _deed(item.slot.kind, entry.id, entry.agency, entry.name, before, now, changes)


def _deed(
    kind: str,
    entry_id: int,
    agency: Agency,
    name: str,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    changes: list[list[str]] | None = None,
) -> dict[str, Any]:
    """What was done to one entry, as it is kept; ``before`` is None for one that was added."""
    known = {"kind": kind, "id": entry_id, "agency_id": agency.id, "agency": agency.name, "name": name}
    return {**known, "before": before, "after": after, "changes": changes or []}
