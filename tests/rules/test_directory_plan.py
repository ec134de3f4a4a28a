"""What a sheet would do to a directory: matched, compared, linked in any order, refused by row and column."""

from typing import Any

import pytest

from strategy.rules.directory_entries import Known, Place, Slot
from strategy.rules.directory_plan import Plan, plan
from strategy.rules.directory_sheet import Line, Reading
from strategy.rules.working_time import OpeningHours

ALWAYS = OpeningHours.always().to_plain()
NEW_DESK: dict[str, Any] = {"roles answered": ["police"], "hours": ALWAYS}


def desk(number: int, name: str, **more: Any) -> Slot:
    whole = {"name": name, "roles answered": ["police"], "email": None, "phone": None, "hours": ALWAYS}
    return Slot("desk", number, {**whole, "active": True, "lines": 1, "out-of-hours desk": None, **more})


def person(number: int, name: str, email: str | None = None, **more: Any) -> Slot:
    whole = {"name": name, "job title": "Sergeant", "rung": 1, "email": email, "phone": None, "active": True}
    return Slot("person", number, {**whole, "desk": None, "deputy": None, **more})


def known(*slots: Slot, active: bool = True) -> Known:
    police = Place(1, "Exampleshire Police", "police", active, list(slots))
    sectors = {"police": "Police", "health": "Health"}
    return Known([police], {"elsewhere trust": "Elsewhere Council"}, {"police": "Police", "gp": "GP"}, sectors)


def row(
    number: int, kind: str, name: str, agency: str = "exampleshire  POLICE", sector: str | None = None, **v: Any
) -> Line:
    return Line(number, agency, kind, name, {key.replace("_", " "): value for key, value in v.items()}, sector)


def planned(directory: Known, *lines: Line) -> Plan:
    return plan(Reading(lines, (), ()), directory)


def refused(found: Plan) -> list[tuple[int, str]]:
    return [(one.row, one.column) for one in found.refused]


def test_a_row_that_says_what_is_there_changes_nothing() -> None:
    found = planned(known(desk(1, "MASH desk")), row(2, "desk", "mash DESK", lines=1, active=True))
    assert (len(found.unchanged), found.added, found.changed, found.refused, found.places) == (1, (), (), (), ())


def test_a_change_says_what_was_and_what_will_be() -> None:
    found = planned(known(person(1, "Dee")), row(2, "person", "Dee", rung=None, phone="+44", job_title="Inspector"))
    (item,) = found.changed
    said = [(one.column, one.old, one.new) for one in item.changes]
    assert said == [("job title", "Sergeant", "Inspector"), ("rung", "1", "nothing"), ("phone", "nothing", "+44")]


def test_links_may_be_written_in_any_order_even_in_a_circle() -> None:
    lines = [
        row(2, "person", "Ann", "New", job_title="A", deputy="bob@x", desk="day"),
        row(3, "person", "Bob", "New", job_title="B", email="bob@x", deputy="ANN"),
        Line(4, "New", "desk", "Day", {**NEW_DESK, "out-of-hours desk": "Night"}),
        Line(5, "New", "desk", "Night", {**NEW_DESK, "out-of-hours desk": "Day"}, "health"),
    ]
    found = planned(known(), *lines)
    assert (len(found.added), found.refused) == (4, ())
    assert [(one.name, one.new_sector) for one in found.places] == [("New", "health")]


def test_a_row_that_leads_to_a_refused_row_is_refused_too_and_an_agency_left_empty_is_not_made() -> None:
    lines = [
        Line(2, "New", "desk", "Day", {**NEW_DESK, "out-of-hours desk": "Night"}, "health"),
        Line(3, "New", "desk", "Night", {"roles answered": ["police"]}),
    ]
    found = planned(known(), *lines)
    assert refused(found) == [(2, "out-of-hours desk"), (3, "hours")]
    assert (found.added, found.places) == ((), ())


def test_a_person_is_found_by_address_and_then_may_have_another_name() -> None:
    found = planned(known(person(1, "Dee Old", "dee@x")), row(2, "person", "Dee New", email="dee@x"))
    assert [(one.column, one.old, one.new) for one in found.changed[0].changes] == [("name", "Dee Old", "Dee New")]


def test_who_could_be_two_is_refused() -> None:
    two = known(person(1, "Dee", "dee@x"), person(2, "Eve", "eve@x"))
    assert refused(planned(two, row(2, "person", "Eve", email="dee@x"))) == [(2, "email")]
    same = known(person(1, "Dee"), person(2, "Dee", **{"job title": "Inspector"}))
    assert refused(planned(same, row(2, "person", "Dee", rung=2))) == [(2, "name")]
    assert planned(same, row(2, "person", "Dee", job_title="inspector", rung=2)).changed[0].slot.id == 2


def test_the_same_entry_twice_in_the_file_counts_once() -> None:
    lines = [row(2, "desk", "MASH", lines=2), row(3, "desk", "mash", lines=3)]
    found = planned(known(desk(1, "MASH")), *lines)
    assert (refused(found), len(found.changed)) == ([(3, "name")], 1)
    fresh = [
        Line(2, "Exampleshire Police", "desk", "A", NEW_DESK),
        Line(3, "Exampleshire Police", "desk", "a", NEW_DESK),
    ]
    assert refused(planned(known(), *fresh)) == [(3, "name")]


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        (row(2, "desk", "X", "Elsewhere Trust"), "agency", "kept by Elsewhere Council"),
        (row(2, "desk", "X", "Nobody's"), "sector", "not in the directory"),
        (row(2, "desk", "X", hours=ALWAYS), "roles answered", "not in the directory"),
        (row(2, "person", "X"), "job title", "not in the directory"),
        (Line(2, "Exampleshire Police", "desk", "X", {**NEW_DESK, "active": False}), "active", "is “no”"),
        (Line(2, "Exampleshire Police", "desk", "MASH", {"out-of-hours desk": "mash"}), "out-of-hours desk", "another"),
        (row(2, "person", "Dee", deputy="Dee"), "deputy", "somebody else"),
        (row(2, "person", "Dee", desk="Old"), "desk", "in use"),
        (row(2, "desk", "Old", lines=2), "active", "out of use"),
        (row(2, "person", "Dee", email="new@x", job_title="Inspector"), "", ""),
    ],
)
def test_what_cannot_be_done_is_refused_at_its_column(line: Line, column: str, words: str) -> None:
    directory = known(desk(1, "MASH"), desk(2, "Old", active=False), person(3, "Dee", "dee@x"))
    found = planned(directory, line)
    assert [(one.column, words in one.words) for one in found.refused] == ([(column, True)] if column else [])


def test_nothing_is_added_to_an_agency_out_of_use() -> None:
    assert refused(planned(known(active=False), row(2, "desk", "X"))) == [(2, "agency")]


def test_another_sector_is_shown_on_the_row_that_says_it_and_two_are_refused() -> None:
    directory = known(desk(1, "MASH"), desk(2, "Night"))
    found = planned(directory, row(2, "desk", "MASH", sector="health"))
    assert [(one.column, one.old, one.new) for one in found.changed[0].changes] == [("sector", "Police", "Health")]
    two = planned(directory, row(2, "desk", "MASH", sector="health"), row(3, "desk", "Night", sector="police"))
    assert refused(two) == [(3, "sector")]


def test_the_fingerprint_follows_what_is_there() -> None:
    line = row(2, "desk", "MASH", lines=2)
    assert planned(known(desk(1, "MASH")), line).seen == planned(known(desk(1, "MASH")), line).seen
    assert planned(known(desk(1, "MASH")), line).seen != planned(known(desk(1, "MASH", lines=3)), line).seen
