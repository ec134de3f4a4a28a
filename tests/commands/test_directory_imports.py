"""Bringing in a sheet of the directory: looked at first, done whole or not at all, and taken back where it can be."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from strategy.act import Act, Refused
from strategy.commands import directory_desks, directory_imports, directory_people, directory_undoing
from strategy.db import db
from strategy.models import Agency, Away, Desk, DirectoryImport, Event, Person, Served
from strategy.queries import directory_imports as imports
from strategy.rules.directory_plan import Plan
from strategy.rules.directory_sheet import COLUMNS
from strategy.vocabulary import EventVerb, ImportState, Sector, Via
from tests.cast import Cast
from tests.convened import BOOKED_AT
from tests.counting import statements

pytestmark = pytest.mark.usefixtures("writing")

Row = dict[str, str]
DAY: Row = {"agency": "Sampleton Refuge", "kind": "desk", "name": "Day", "sector": "Voluntary and specialist"}
DAY |= {
    "roles answered": "police",
    "hours": "weekdays 9am to 5pm",
    "out-of-hours desk": "Night",
    "phone": "01632 960111",
}
NIGHT = {**DAY, "name": "Night", "sector": "", "hours": "always", "out-of-hours desk": "Day"}
ANN: Row = {"agency": " Sampleton  Refuge", "kind": "person", "name": "Ann Sample", "job title": "Lead", "rung": "1"}
ANN |= {"deputy": "bob@refuge.example", "desk": "Day"}
BOB = {**ANN, "name": "Bob Sample", "deputy": "Ann Sample", "email": "bob@refuge.example", "desk": ""}


def at(cast: Cast, minutes: int = 0) -> Act:
    moment = BOOKED_AT + timedelta(minutes=minutes)
    return Act(by=cast.admin.full_name, at=moment, via=Via.STAFF, user_id=cast.admin.id)


def keep(cast: Cast, *rows: Row) -> DirectoryImport:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(COLUMNS))
    writer.writeheader()
    writer.writerows(rows)
    reading = imports.read_file(file.getvalue().encode(), "sheet.csv", cast.policy)
    return directory_imports.keep(reading, cast.admin, at(cast))


def bring(cast: Cast, *rows: Row) -> DirectoryImport:
    source = keep(cast, *rows)
    directory_imports.confirm(source, imports.plan(source, cast.policy).seen, cast.admin, cast.policy, at(cast, 5))
    return source


def undo(cast: Cast, source: DirectoryImport) -> dict[str, str]:
    directory_undoing.undo(source, cast.admin, at(cast, 30))
    return dict(imports.left(source))


def plan(cast: Cast, source: DirectoryImport) -> Plan:
    return imports.plan(source, cast.policy)


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def of(name: str) -> Agency:
    return db.session.scalars(select(Agency).where(Agency.name == name)).one()


def test_what_was_read_lies_encrypted_and_does_nothing(cast: Cast) -> None:
    before = count(Agency), count(Desk)
    source = keep(cast, DAY, NIGHT)
    assert "Refuge" not in db.session.execute(text("SELECT entries FROM directory_imports")).scalar_one()
    assert len(plan(cast, source).added) == 2
    assert (count(Agency), count(Desk)) == before


def test_agencies_desks_and_people_come_in_with_their_links_whatever_the_order(cast: Cast) -> None:
    source = bring(cast, ANN, BOB, NIGHT, DAY)
    refuge = of("Sampleton Refuge")
    day, night = sorted(refuge.desks, key=lambda one: one.name)
    ann, bob = sorted(refuge.people, key=lambda one: one.name)
    assert (refuge.sector, refuge.authority, day.phone) == (Sector.VOLUNTARY, cast.authority, "+441632960111")
    assert (day.out_of_hours_id, night.out_of_hours_id) == (night.id, day.id)
    assert (ann.deputy_id, bob.deputy_id, ann.desk_id, bob.desk_id) == (bob.id, ann.id, day.id, None)
    assert (source.state, source.entries, source.added_count) == (ImportState.DONE, None, 4)
    told = db.session.scalars(select(Event.verb).order_by(Event.id)).all()
    assert told[-1] is EventVerb.DIRECTORY_IMPORTED and set(told[:-1]) == {EventVerb.DIRECTORY_CHANGED}
    assert {one.name for one in refuge.desks if one.active} == {"Day", "Night"}


def test_only_what_a_row_says_is_changed(cast: Cast) -> None:
    police, sergeant = cast.police_desk.agency.name, cast.sergeant
    sergeant.rung_order, sergeant.desk = 7, cast.police_desk
    db.session.flush()
    rows = [
        {"agency": police, "kind": "person", "name": "Dee Sergeant", "email": "DS@police.example", "phone": "-"},
        {"agency": police, "kind": "desk", "name": "mash desk", "lines": "4"},
        {"agency": police, "kind": "person", "name": "Chris Chief", "active": "no"},
        {"agency": police, "kind": "person", "name": "Ina Inspector", "rung": "2"},
    ]
    source = bring(cast, *rows)
    assert (source.changed_count, source.added_count, source.row_count) == (3, 0, 4)
    assert (sergeant.phone, sergeant.email, sergeant.rung_order) == (
        None,
        "ds@police.example",
        7,
    )  # case alone is no other address
    assert sergeant.desk_id == cast.police_desk.id
    assert (cast.police_desk.lines, cast.police_desk.email) == (4, "mash@police.example")
    assert not cast.chief_inspector.active


def test_another_authoritys_agency_is_said_when_it_serves_us_and_else_does_not_exist(cast: Cast) -> None:
    theirs = Agency(authority=cast.outsider.authority, name="Sampleton Refuge", sector=Sector.VOLUNTARY, active=True)
    db.session.add(theirs)
    db.session.flush()
    source = keep(cast, DAY, NIGHT)
    assert len(plan(cast, source).added) == 2
    theirs.served.append(Served(authority_id=cast.authority.id))
    db.session.flush()
    words = {one.words for one in plan(cast, source).refused}
    assert words == {"is kept by Elsewhere Council: ask them to change the entry"}


def test_a_directory_that_changed_since_refuses_the_whole_sheet(cast: Cast) -> None:
    row = {"agency": cast.police_desk.agency.name, "kind": "desk", "name": "MASH desk", "lines": "4"}
    source = keep(cast, row, DAY, NIGHT)
    seen = plan(cast, source).seen
    cast.police_desk.lines = 3
    db.session.flush()
    point = db.session.begin_nested()
    with pytest.raises(Refused, match="Something changed"):
        directory_imports.confirm(source, seen, cast.admin, cast.policy, at(cast, 5))
    point.rollback()
    assert db.session.scalar(select(Agency).where(Agency.name == "Sampleton Refuge")) is None


def test_a_sheet_that_changes_nothing_is_refused(cast: Cast) -> None:
    row = {"agency": cast.police_desk.agency.name, "kind": "desk", "name": "MASH desk"}
    with pytest.raises(Refused, match="nothing to add"):
        bring(cast, row)


def test_a_plan_takes_as_many_queries_for_many_rows_as_for_one(cast: Cast) -> None:
    counts = []
    for number in (1, 60):
        source = keep(cast, *[{**DAY, "name": f"Desk {one}", "out-of-hours desk": ""} for one in range(number)])
        db.session.expire_all()
        with statements() as seen:
            assert len(plan(cast, source).added) == number
        counts.append(seen.count)
    assert counts[0] == counts[1] <= 8


def test_undone_everything_is_as_it_was(cast: Cast) -> None:
    police = cast.police_desk.agency
    rows = [
        {"agency": police.name, "kind": "person", "name": "Dee Sergeant", "phone": "-", "deputy": "Ina Inspector"},
        {"agency": police.name, "kind": "person", "name": "Chris Chief", "active": "no", "sector": "justice"},
        {"agency": police.name, "kind": "desk", "name": "MASH desk", "out-of-hours desk": "Front", "hours": "closed"},
        {**NIGHT, "agency": police.name, "name": "Front", "out-of-hours desk": ""},
    ]
    before = [count(model) for model in (Agency, Desk, Person)], dict(cast.police_desk.hours), cast.sergeant.phone
    source = bring(cast, *rows, DAY, NIGHT, ANN, BOB)
    assert (police.sector, cast.police_desk.hours["mon"]) == (Sector.JUSTICE, [])
    assert undo(cast, source) == {}
    after = [count(model) for model in (Agency, Desk, Person)], dict(cast.police_desk.hours), cast.sergeant.phone
    assert after == before
    assert (cast.chief_inspector.active, cast.sergeant.deputy_id, police.sector) == (True, None, Sector.POLICE)
    assert cast.police_desk.out_of_hours_id is None
    assert (source.state, source.deeds) == (ImportState.UNDONE, None)
    with pytest.raises(Refused):
        undo(cast, source)


def test_what_somebody_changed_or_uses_since_stays_and_is_said(cast: Cast) -> None:
    police = cast.police_desk.agency
    row = {"agency": police.name, "kind": "desk", "name": "MASH desk", "lines": "4", "phone": "01632 960199"}
    source = bring(cast, row, DAY, NIGHT, ANN, {**BOB, "deputy": ""})
    cast.police_desk.lines = 9
    bob = db.session.scalars(select(Person).where(Person.name == "Bob Sample")).one()
    gone = {"starts_at": BOOKED_AT, "ends_at": BOOKED_AT + timedelta(days=1), "entered_at": BOOKED_AT}
    db.session.add(Away(person=bob, entered_by="x", **gone))
    db.session.flush()
    left = undo(cast, source)
    assert left == {
        "Exampleshire Police: MASH desk": "lines changed since",
        "Sampleton Refuge: Bob Sample": "time away was entered since",
        "Sampleton Refuge": "another entry that stays belongs to it or names it",
    }
    assert (cast.police_desk.lines, cast.police_desk.phone) == (9, "+447700900001")
    refuge = of("Sampleton Refuge")
    assert ([one.name for one in refuge.people], refuge.desks) == (["Bob Sample"], [])


def test_an_added_entry_edited_or_gone_since_is_not_taken_away(cast: Cast) -> None:
    source = bring(cast, DAY, NIGHT, ANN, BOB)
    day = db.session.scalars(select(Desk).where(Desk.name == "Day")).one()
    ann = db.session.scalars(select(Person).where(Person.name == "Ann Sample")).one()
    directory_desks.retire(day, at(cast, 9))
    directory_people.retire(ann, at(cast, 9))
    left = undo(cast, source)
    assert left["Sampleton Refuge: Day"] == left["Sampleton Refuge: Ann Sample"] == "it was changed since"
    assert left["Sampleton Refuge: Night"].startswith("another entry")
    assert count(DirectoryImport) == 1


def test_a_sheet_is_forgotten_after_a_day_or_when_dropped(cast: Cast) -> None:
    kept, dropped = keep(cast, DAY, NIGHT), keep(cast, DAY, NIGHT)
    directory_imports.drop(dropped)
    db.session.flush()
    assert directory_imports.forget(at(cast, 24 * 60)) == 0
    assert directory_imports.forget(at(cast, 24 * 60 + 1)) == 1
    db.session.expire_all()
    assert (kept.state, kept.entries, dropped.entries) == (ImportState.DROPPED, None, None)
    with pytest.raises(Refused):
        directory_imports.confirm(kept, "", cast.admin, cast.policy, at(cast, 24 * 60 + 2))
