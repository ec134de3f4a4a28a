"""Answers what an imported rota says and what it changes. Reading one in is commands/rota_imports.py's."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from strategy.db import db
from strategy.models import RotaEntry, RotaEvent, RotaImport
from strategy.queries.rotas import live_entries

NEW, CHANGED, SAME, GONE = "New", "Changed", "As before", "Taken away"
_Turn = tuple[int, datetime, datetime]


@dataclass(frozen=True, slots=True)
class Line:
    """One turn, and what becomes of it: NEW, CHANGED (another turn of an event known before), SAME or GONE."""

    entry: RotaEntry
    state: str


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Events of one title that cannot be used: the first one's time, how many, and why."""

    title: str
    when: datetime | None
    count: int
    reason: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What confirming an import would do to the desk's rota, in order of time."""

    lines: tuple[Line, ...]
    not_understood: tuple[NotUnderstood, ...]

    def count(self, state: str) -> int:
        """How many turns are in that state."""
        return sum(line.state == state for line in self.lines)


def preview(found: RotaImport) -> Preview:
    """What a file that is not confirmed yet would add, change and take away; and what in it was not understood."""
    events = dict(db.session.execute(select(RotaEvent.id, RotaEvent.uid).where(RotaEvent.import_id == found.id)).all())
    entries = _entries(found)
    before = _before(found)
    by_uid: defaultdict[str, set[_Turn]] = defaultdict(set)
    for uid, old in before:
        by_uid[uid].add(_turn(old))
    lines = [Line(one, _state(one, by_uid.get(events[one.event_id]))) for one in entries]
    lines += _gone(found, before, entries, set(events.values()))
    lines.sort(key=lambda line: (line.entry.starts_at, line.entry.person.name, line.state == GONE))
    return Preview(tuple(lines), _not_understood(found))


def turns_of(found: RotaImport) -> Sequence[RotaEntry]:
    """The turns of an import, in order."""
    return _entries(found)


def _entries(found: RotaImport) -> Sequence[RotaEntry]:
    return db.session.scalars(
        select(RotaEntry)
        .join(RotaEntry.event)
        .where(RotaEvent.import_id == found.id)
        .options(joinedload(RotaEntry.person))
        .order_by(RotaEntry.starts_at, RotaEntry.id)
    ).all()


def _before(found: RotaImport) -> list[tuple[str, RotaEntry]]:
    """What files confirmed before say of the time this one speaks of."""
    live = live_entries([found.desk_id]).where(RotaEntry.ends_at > found.read_at)
    return [(uid, entry) for _, uid, entry in db.session.execute(live)]


def _state(entry: RotaEntry, known: Collection[_Turn] | None) -> str:
    if known is None:
        return NEW
    return SAME if _turn(entry) in known else CHANGED


def _gone(
    found: RotaImport, before: Sequence[tuple[str, RotaEntry]], entries: Sequence[RotaEntry], spoken_of: set[str]
) -> list[Line]:
    kept = {_turn(entry) for entry in entries}
    return [Line(old, GONE) for uid, old in before if (found.whole or uid in spoken_of) and _turn(old) not in kept]


def _turn(entry: RotaEntry) -> _Turn:
    return entry.person_id, entry.starts_at, entry.ends_at


def _not_understood(found: RotaImport) -> tuple[NotUnderstood, ...]:
    rows = json.loads(found.not_understood or "[]")
    return tuple(
        NotUnderstood(title, datetime.fromisoformat(when) if when else None, count, reason)
        for title, when, count, reason in rows
    )
