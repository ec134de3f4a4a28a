"""Reads a calendar file into a desk's rota: first only shown, then confirmed as a whole, and taken back as a whole."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, func, select

from strategy.act import Act, Refused
from strategy.commands import events
from strategy.db import db
from strategy.models import Desk, Person, RotaEntry, RotaEvent, RotaImport
from strategy.queries.rotas import live_entries
from strategy.rota_calendar import FileEvent, RotaFile, Turn
from strategy.rules.rota_matching import Known, Matched, match
from strategy.vocabulary import EventVerb

_NAME = 120
_MOST_LISTED = 200  # lines of what was not understood: whoever has more has sent the wrong file

NotUnderstood = dict[tuple[str, str], tuple[datetime | None, int]]  # (title, reason) -> first time, how many


def read(desk: Desk, file_name: str, file: RotaFile, act: Act, *, whole: bool = False) -> RotaImport:
    """Keep what a file says of a desk's rota, to be looked at: nobody is on duty by it until it is confirmed.

    People are those of the desk's agency. What was read for the desk before and never confirmed is forgotten.
    """
    for forgotten in db.session.scalars(_unconfirmed(desk)):
        db.session.delete(forgotten)
    known = _known(desk)
    not_understood: NotUnderstood = {}
    for problem in file.problems:
        _note(not_understood, problem.title, problem.reason, problem.when)
    found = RotaImport(desk=desk, file_name=plain(file_name), whole=whole, read_by=act.by, read_at=act.at, place=None)
    found.events = _events(desk, file.events, known, not_understood, act)
    found.not_understood = json.dumps(_listed(not_understood))
    db.session.add(found)
    db.session.flush()
    return found


def confirm(found: RotaImport, act: Act) -> None:
    """Let all of it count from now on, with the desk's row locked. Raises Refused when there is nothing to confirm."""
    if found.place is not None or found.undone_at is not None:
        raise Refused("It was confirmed already, or taken back.")
    if not found.events:
        raise Refused("There is nothing in it that could be added.")
    last = db.session.scalar(select(func.max(RotaImport.place)).where(RotaImport.desk_id == found.desk_id))
    found.place, found.confirmed_at, found.not_understood = (last or 0) + 1, act.at, None
    _tell(EventVerb.ROTA_IMPORTED, f"rota imported from {found.file_name}", found, act)


def undo(found: RotaImport, act: Act) -> None:
    """Take back all of it: what it replaced counts again. Raises Refused when it does not count."""
    if found.place is None:
        raise Refused("It does not count: there is nothing to take back.")
    found.place, found.undone_at = None, act.at
    _tell(EventVerb.ROTA_IMPORT_UNDONE, f"rota imported from {found.file_name} taken back", found, act)


def discard(found: RotaImport) -> None:
    """Forget what was read and never confirmed. Raises Refused for what was: that is taken back instead."""
    if found.confirmed_at is not None:
        raise Refused("It was confirmed: take it back instead.")
    db.session.delete(found)


def _unconfirmed(desk: Desk) -> Select[RotaImport]:
    return select(RotaImport).where(RotaImport.desk_id == desk.id, RotaImport.confirmed_at.is_(None))


def _known(desk: Desk) -> list[Known]:
    people = db.session.scalars(
        select(Person).where(Person.agency_id == desk.agency_id, Person.active.is_(True)).order_by(Person.id)
    )
    return [Known(person.id, person.name, person.email) for person in people]


def _events(
    desk: Desk, read_events: Iterable[FileEvent], known: Sequence[Known], not_understood: NotUnderstood, act: Act
) -> list[RotaEvent]:
    """The events to keep: those with turns of people we know, and those that take an earlier file's away."""
    spoken_of = set(
        db.session.scalars(live_entries([desk.id]).where(RotaEntry.ends_at > act.at).with_only_columns(RotaEvent.uid))
    )
    matched: dict[tuple[str, tuple[tuple[str, str], ...]], Matched] = {}
    kept = []
    for event in read_events:
        entries = []
        for turn in event.turns:
            who = (turn.title, turn.attendees)
            if who not in matched:
                matched[who] = match(*who, known)
            entries += _entries(turn, matched[who], not_understood)
        if entries or event.uid in spoken_of:
            kept.append(RotaEvent(uid=event.uid, entries=entries))
    return kept


def _entries(turn: Turn, matched: Matched, not_understood: NotUnderstood) -> list[RotaEntry]:
    if matched.reason is not None:
        _note(not_understood, turn.title, matched.reason, turn.starts_at)
    return [RotaEntry(person_id=person, starts_at=turn.starts_at, ends_at=turn.ends_at) for person in matched.people]


def _note(not_understood: NotUnderstood, title: str, reason: str, when: datetime | None) -> None:
    """Say once what is wrong with a title, and how often."""
    first, count = not_understood.get((title, reason), (when, 0))
    not_understood[title, reason] = (first, count + 1)


def _listed(not_understood: NotUnderstood) -> list[tuple[str, str | None, int, str]]:
    every = [
        (title, when.isoformat() if when else None, count, reason)
        for (title, reason), (when, count) in not_understood.items()
    ]
    left = len(every) - _MOST_LISTED
    return every if left <= 0 else [*every[:_MOST_LISTED], ("", None, left, "and others like them")]


def plain(file_name: str) -> str:
    """A file's name as it can be shown: its last part, printable."""
    name = file_name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in name if c.isprintable()).strip()[:_NAME] or "calendar.ics"


def _tell(verb: EventVerb, what: str, found: RotaImport, act: Act) -> None:
    desk = found.desk
    text = f"{desk.agency.name}, {desk.name}: {what}."
    events.add(verb, text, act, authority=desk.agency.authority, facts={"desk_id": desk.id, "import_id": found.id})
