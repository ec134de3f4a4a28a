"""The directory: who answers for a role, whom to take, and whom nobody else may see."""

from datetime import UTC, datetime

from strategy.db import db, transaction
from strategy.models import Desk, Person
from strategy.policy import calendar_of
from strategy.queries.directory import directory, staff_of
from strategy.vocabulary import StaffRole, Via
from tests.cast import ALWAYS, Cast

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
NIGHT = datetime(2026, 11, 26, 23, tzinfo=UTC)


def add(*rows: object) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        db.session.add_all(rows)


def test_a_roles_desks_come_first_then_the_people_of_their_agencies(cast: Cast) -> None:
    options = directory(cast.authority.id).options("police")
    assert options[0].words == "Exampleshire Police: MASH desk"
    assert options[0].value == f"desk:{cast.police_desk.id}"
    assert f"person:{cast.sergeant.id}" in {option.value for option in options[1:]}
    assert "Exampleshire Health Trust" not in " ".join(option.words for option in options)


def test_what_a_form_sends_is_found_only_for_that_role(cast: Cast) -> None:
    known = directory(cast.authority.id)
    assert known.find("police", f"desk:{cast.police_desk.id}") is not None
    assert known.find("police", f"desk:{cast.health_desk.id}") is None
    assert known.find("police", "desk:x") is None


def test_who_is_out_of_use_is_not_offered(cast: Cast) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        cast.sergeant.active = False
        cast.health_desk.agency.active = False
    known = directory(cast.authority.id)
    assert f"person:{cast.sergeant.id}" not in {option.value for option in known.options("police")}
    assert known.options("health-0-19") == ()


def test_another_authority_has_a_directory_of_its_own(cast: Cast) -> None:
    assert directory(cast.outsider.authority_id).options("police") == ()


def test_the_ordinary_desk_is_suggested_and_when_it_is_urgent_at_night_its_cover(cast: Cast) -> None:
    cover = Desk(
        agency=cast.health_desk.agency, name="Nurse on call", roles=["health-0-19"], hours=ALWAYS, phone="+447700900099"
    )
    add(cover)
    with transaction("tests", Via.COMMAND_LINE):
        cast.health_desk.out_of_hours = cover
    known, calendar = directory(cast.authority.id), calendar_of(cast.policy.text)
    by_day = known.best("health-0-19", NOON, calendar, urgent=True)
    by_night = known.best("health-0-19", NIGHT, calendar, urgent=True)
    routine = known.best("health-0-19", NIGHT, calendar)
    assert by_day is not None
    assert by_day.desk is not None
    assert by_day.desk.name == "0-19 desk"
    assert by_night is not None
    assert by_night.desk is not None
    assert by_night.desk.name == "Nurse on call"
    assert routine == by_day
    assert known.best("camhs", NOON, calendar) is None


def test_the_control_room_of_another_agency_is_suggested_only_at_night(cast: Cast) -> None:
    room = Desk(agency=cast.police_desk.agency, name="Control room", roles=["health-0-19"], hours=ALWAYS)
    add(room)
    with transaction("tests", Via.COMMAND_LINE):
        cast.health_desk.out_of_hours = room
    known, calendar = directory(cast.authority.id), calendar_of(cast.policy.text)
    by_day = known.best("health-0-19", NOON, calendar, urgent=True)
    by_night = known.best("health-0-19", NIGHT, calendar, urgent=True)
    assert by_day is not None and by_day.desk is not None and by_day.desk.name == "0-19 desk"
    assert by_night is not None and by_night.words == "Exampleshire Police: Control room"


def test_a_person_without_an_address_shows_their_desks(cast: Cast) -> None:
    officer = Person(agency=cast.police_desk.agency, desk=cast.police_desk, name="Pat Officer", job_title="Constable")
    add(officer)
    option = directory(cast.authority.id).find("police", f"person:{officer.id}")
    assert option is not None
    assert option.email == "mash@police.example"


def test_staff_are_the_authoritys_own_in_use_with_the_role(cast: Cast) -> None:
    assert [user.full_name for user in staff_of(cast.authority.id, StaffRole.CHAIR)] == ["Terry Example"]
    assert "Olly Outsider" not in {user.full_name for user in staff_of(cast.authority.id)}
    with transaction("tests", Via.COMMAND_LINE):
        cast.chair.active = False
    assert staff_of(cast.authority.id, StaffRole.CHAIR) == []
