"""Takes a sheet of the directory back: what it changed unless it was since, what it added unless it is used since."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import delete, select, update

from strategy.act import Act, Refused
from strategy.commands import directory, entries, events
from strategy.commands.directory import AgencyEntry
from strategy.commands.directory_imports import move, wait_for_others
from strategy.commands.directory_writing import (
    LINKS,
    values_of,
    write_active,
    write_desk,
    write_links,
    write_person,
)
from strategy.db import Base, db
from strategy.models import Agency, Desk, DirectoryImport, Event, Person, User
from strategy.queries import directory_imports
from strategy.vocabulary import EventVerb, ImportState, Sector

Deed = Mapping[str, Any]
Key = tuple[str, int]  # kind and id

_KINDS: Final = {"agencies": "agency", "desks": "desk", "people": "person"}  # by table
_WORDS: Final = {
    "job_title": "job title",
    "out_of_hours_id": "out-of-hours desk",
    "desk_id": "desk",
    "deputy_id": "deputy",
    "active": "whether it is in use",
}
# What refers to an entry, by table, as why it stays.
_USES: Final = {
    "invitations": "somebody was invited since",
    "shifts": "it is on a rota since",
    "rota_overrides": "it is on a rota since",
    "rota_imports": "it is on a rota since",
    "rota_entries": "it is on a rota since",
    "holiday_covers": "it answers for a school in holidays since",
    "diaries": "a diary was linked since",
    "aways": "time away was entered since",
    "verifications": "it was asked whether it is right since",
    "agencies_served": "it is shared with another authority since",
    "terms": "term dates were entered since",
}


def undo(source: DirectoryImport, sender: User, act: Act) -> None:
    """Take back all that can be; what cannot, and why, stands in ``source.left``. Raises Refused."""
    move(source, ImportState.UNDONE)
    wait_for_others(sender.authority)
    undoing = _Undoing(act)
    taken = undoing.do(directory_imports.deeds(source))
    source.left = json.dumps(undoing.left)
    source.deeds, source.undone_at, source.undone_by_id = None, act.at, act.user_id
    words = f"A sheet of the directory was taken back: {taken} entries, {len(undoing.left)} could not be"
    facts = {"import": source.id}
    events.add(EventVerb.DIRECTORY_IMPORT_UNDONE, words, act, authority=sender.authority, facts=facts)


class _Undoing:
    """One import being taken back. ``left`` is what could not be, and why."""

    def __init__(self, act: Act) -> None:
        self.act = act
        self.left: list[tuple[str, str]] = []

    def do(self, deeds: Collection[Deed]) -> int:
        """Take back what can be; how many entries were."""
        changed = [deed for deed in deeds if deed["before"] is not None]
        done = sum([self._restored(deed) for deed in changed])
        db.session.flush()
        return done + self._remove([deed for deed in deeds if deed["before"] is None])

    def _stays(self, deed: Deed, why: str) -> None:
        name = deed["name"] if deed["kind"] == "agency" else f"{deed['agency']}: {deed['name']}"
        self.left.append((name, why))

    def _restored(self, deed: Deed) -> bool:
        """Whether anything of a changed entry is as it was again."""
        entry = _entry(deed)
        if entry is None:
            self._stays(deed, "it is not in the directory any more")
            return False
        before, after, now = deed["before"], deed["after"], _values(entry)
        touched = [name for name in before if before[name] != after[name]]
        since = [name for name in touched if now[name] != after[name]]
        if since:
            self._stays(deed, f"{', '.join(_WORDS.get(name, name) for name in since)} changed since")
        back = {name: before[name] for name in touched if name not in since}
        try:
            self._write(entry, {**now, **back}, back)
        except Refused as refused:
            self._stays(deed, refused.reason)
            return False
        return bool(back)

    def _write(self, entry: Agency | Desk | Person, values: Mapping[str, Any], back: Mapping[str, Any]) -> None:
        """Give an entry those values, of which ``back`` are other than now. Raises Refused."""
        if not back:
            return
        if isinstance(entry, Agency):
            served = [one.authority_id for one in entry.served]
            directory.edit(entry, AgencyEntry(entry.name, Sector(values["sector"]), served), self.act)
            return
        if "active" in back and not values["active"]:
            write_active(entry, False, self.act)
        if set(back) - {"active"}:
            if isinstance(entry, Desk):
                write_desk(entry.agency, entry, values, self.act)
            else:
                write_person(entry.agency, entry, values, self.act)
        write_links(entry, {name: _there(name, wanted) for name, wanted in back.items() if name in LINKS})
        write_active(entry, values["active"], self.act)

    def _remove(self, deeds: Collection[Deed]) -> int:
        """Take away added entries that nothing uses, though entries that go too may; how many."""
        going: dict[Key, Deed] = {}
        for deed in deeds:
            entry = _entry(deed)
            if entry is None:
                self._stays(deed, "it is not in the directory any more")
            elif _values(entry) != deed["after"]:
                self._stays(deed, "it was changed since")
            else:
                going[deed["kind"], deed["id"]] = deed
        uses = _uses(going)
        while stay := {key: why for key in going if (why := _why(uses[key], going)) is not None}:
            for key, why in stay.items():
                self._stays(going.pop(key), why)
        self._note(going)
        _delete(going)
        return len(going)

    def _note(self, going: Mapping[Key, Deed]) -> None:
        for (kind, _), deed in going.items():
            if kind != "agency" and ("agency", deed["agency_id"]) not in going:
                agency = db.session.get_one(Agency, deed["agency_id"])
                entries.note(agency, f"{deed['name']} taken away again from {agency.name}", self.act)


def _entry(deed: Deed) -> Agency | Desk | Person | None:
    """The entry a deed was done to, if it is there."""
    if deed["kind"] == "agency":
        return db.session.get(Agency, deed["id"])
    return db.session.get(Desk, deed["id"]) if deed["kind"] == "desk" else db.session.get(Person, deed["id"])


def _values(entry: Agency | Desk | Person) -> dict[str, Any]:
    return {"sector": entry.sector.value} if isinstance(entry, Agency) else values_of(entry)


def _there(name: str, wanted: int | None) -> int | None:
    """An entry a link led to, unless it is gone."""
    model = Person if name == "deputy_id" else Desk
    return wanted if wanted is not None and db.session.get(model, wanted) is not None else None


def _uses(going: Collection[Key]) -> dict[Key, list[Key | str]]:
    """What refers to each entry: another entry, or the name of a table. Whatever tables there are, or will be."""
    found: dict[Key, list[Key | str]] = defaultdict(list)
    for table in Base.metadata.sorted_tables:
        for key in (one for one in table.foreign_keys if one.column.table.name in _KINDS):
            if table.name == "events":
                continue
            kind = _KINDS[key.column.table.name]
            ids = [entry_id for other, entry_id in going if other == kind]
            by = table.c.id if table.name in _KINDS else key.parent
            for entry_id, by_id in db.session.execute(select(key.parent, by).where(key.parent.in_(ids))):
                user: Key | str = (_KINDS[table.name], by_id) if table.name in _KINDS else table.name
                found[kind, entry_id].append(user)
    return found


def _why(users: Collection[Key | str], going: Collection[Key]) -> str | None:
    """Why an entry stays; None when it can go."""
    for user in users:
        if isinstance(user, str):
            return _USES.get(user, "something refers to it since")
        if user not in going:
            return "another entry that stays belongs to it or names it"
    return None


def _delete(going: Collection[Key]) -> None:
    ids = {kind: [entry_id for other, entry_id in going if other == kind] for kind in _KINDS.values()}
    desks, people, agencies = ids["desk"], ids["person"], ids["agency"]
    for statement in (
        update(Desk).where(Desk.id.in_(desks)).values(out_of_hours_id=None),
        update(Person).where(Person.id.in_(people)).values(desk_id=None, deputy_id=None),
        update(Event).where(Event.agency_id.in_(agencies)).values(agency_id=None),
        delete(Person).where(Person.id.in_(people)),
        delete(Desk).where(Desk.id.in_(desks)),
        delete(Agency).where(Agency.id.in_(agencies)),
    ):
        db.session.execute(statement)
    db.session.flush()
    db.session.expire_all()
