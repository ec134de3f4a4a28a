"""Answers what a sheet of the directory would do if it were brought in now, and what one that was did."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from notifications import addresses
from strategy import sheets
from strategy.db import db
from strategy.models import Agency, Desk, DirectoryImport, Person, PolicyVersion
from strategy.policy import parsed
from strategy.rules import directory_plan, directory_sheet
from strategy.rules.directory_entries import Known, Place, Slot
from strategy.rules.directory_plan import Item, Plan
from strategy.rules.directory_sheet import (
    ACTIVE,
    DEPUTY,
    DESK,
    EMAIL,
    HOURS,
    IS_DESK,
    IS_PERSON,
    LINES,
    NAME,
    OUT_OF_HOURS,
    PHONE,
    ROLES,
    RUNG,
    TITLE,
    Line,
    Problem,
    Reading,
    Written,
    folded,
)
from strategy.rules.policy import Policy
from strategy.rules.working_time import OpeningHours
from strategy.vocabulary import ImportState, Sector


def written(policy: Policy) -> Written:
    """What may be written in a sheet under that policy."""
    roles: dict[str, str] = {}
    for code, role in policy.roles.items():
        for words in (code, role.label):
            roles.setdefault(folded(words), code)
    sectors = {folded(words): one.value for one in Sector for words in (one.value, one.words)}
    return Written(roles, sectors, addresses.email, addresses.phone)


def read_file(data: bytes, filename: str, version: PolicyVersion) -> Reading:
    """What a file says, its roles in the words of a policy. Raises sheets.Unreadable or WrongHeading."""
    sheet = sheets.read(data, filename)
    rows = [(row.number, row.cells) for row in sheet.rows]
    return directory_sheet.read(sheet.header, rows, written(parsed(version.text)))


def stored(reading: Reading) -> str:
    """A reading as it is kept until somebody decides on it."""
    return json.dumps(asdict(reading))


def plan(source: DirectoryImport, version: PolicyVersion) -> Plan:
    """What it would do now, in as many queries for any sheet and directory. Raises LookupError when it is gone."""
    if source.entries is None:
        raise LookupError("what the sheet said is not kept any more")
    kept = json.loads(source.entries)
    reading = Reading(
        lines=tuple(Line(**one) for one in kept["lines"]),
        problems=tuple(Problem(**one) for one in kept["problems"]),
        unused=tuple(kept["unused"]),
    )
    return directory_plan.plan(reading, known(source.authority_id, version))


def known(authority_id: int, version: PolicyVersion) -> Known:
    """The directory an authority keeps, as a sheet is compared with it, and the names it may not use."""
    policy = parsed(version.text)
    serving = db.session.scalars(
        select(Agency)
        .where(Agency.serving(authority_id))
        .options(joinedload(Agency.authority), selectinload(Agency.desks), selectinload(Agency.people))
        .order_by(Agency.active, Agency.id)  # of two of a name the one in use counts
    ).all()
    others = {
        folded(one.name): one.authority.name for one in serving if one.authority_id != authority_id and one.active
    }
    return Known(
        places=[_place(one) for one in serving if one.authority_id == authority_id],
        elsewhere=others,
        roles={code: role.label for code, role in policy.roles.items()},
        sectors={one.value: one.words for one in Sector},
        dialled=addresses.display_phone,
    )


def facts(plan: Plan) -> dict[str, Any]:
    """How many rows of which kind, as the page counts them, each entry added and changed, and why rows are refused.

    What stood in a refused row is not repeated. A row with two faults is refused once and listed twice.
    """
    return {
        "added": len(plan.added),
        "changed": len(plan.changed),
        "unchanged": len(plan.unchanged),
        "refused_rows": len({one.row for one in plan.refused}),
        "additions": [_named(one) | {"values": {each.column: each.new for each in one.changes}} for one in plan.added],
        "changes": [_named(one) | _changed(one) for one in plan.changed],
        "refused": [{"row": one.row, "column": one.column, "why": one.words} for one in plan.refused],
    }


def _named(item: Item) -> dict[str, Any]:
    return {"row": item.row, "kind": item.slot.kind, "agency": item.place.name, "entry": item.slot.name}


def _changed(item: Item) -> dict[str, Any]:
    return {
        "columns": [one.column for one in item.changes],
        "values": [{"column": one.column, "old": one.old, "new": one.new} for one in item.changes],
    }


def lately(authority_id: int) -> Sequence[DirectoryImport]:
    """The last sheets that were brought in or wait to be, the newest first."""
    return db.session.scalars(
        select(DirectoryImport)
        .where(DirectoryImport.authority_id == authority_id, DirectoryImport.state != ImportState.DROPPED)
        .options(joinedload(DirectoryImport.user))
        .order_by(DirectoryImport.id.desc())
        .limit(10)
    ).all()


def deeds(source: DirectoryImport) -> list[dict[str, Any]]:
    """What an import did, an entry each, as commands.directory_imports wrote it down."""
    found: list[dict[str, Any]] = json.loads(source.deeds or "[]")
    return found


def left(source: DirectoryImport) -> list[tuple[str, str]]:
    """What undoing could not take back: which entry, and why."""
    return [(name, why) for name, why in json.loads(source.left or "[]")]


def _place(agency: Agency) -> Place:
    desks = {one.id: Slot(IS_DESK, one.id, _desk(one)) for one in agency.desks}
    people = {one.id: Slot(IS_PERSON, one.id, _person(one)) for one in agency.people}
    for desk in agency.desks:
        desks[desk.id].before[OUT_OF_HOURS] = desks.get(desk.out_of_hours_id or 0)
    for person in agency.people:
        people[person.id].before[DESK] = desks.get(person.desk_id or 0)
        people[person.id].before[DEPUTY] = people.get(person.deputy_id or 0)
    slots = [*desks.values(), *people.values()]
    return Place(agency.id, agency.name, agency.sector.value, agency.active, slots)


def _desk(desk: Desk) -> dict[str, Any]:
    return {
        NAME: desk.name,
        ROLES: sorted(desk.roles),
        EMAIL: desk.email,
        PHONE: desk.phone,
        HOURS: OpeningHours.from_plain(desk.hours).to_plain(),
        ACTIVE: desk.active,
        LINES: desk.lines,
    }


def _person(person: Person) -> dict[str, Any]:
    return {
        NAME: person.name,
        TITLE: person.job_title,
        RUNG: person.rung,
        EMAIL: person.email,
        PHONE: person.phone,
        ACTIVE: person.active,
    }
