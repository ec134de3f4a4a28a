"""Keeping the directory: agencies that serve several authorities, desks, people; refused at the field, undone."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from strategy.act import Act, Refused
from strategy.commands import directory, directory_desks, directory_people, inviting
from strategy.commands.directory import AgencyEntry
from strategy.commands.directory_desks import DeskEntry
from strategy.commands.directory_people import PersonEntry
from strategy.commands.inviting import Invitee
from strategy.db import db
from strategy.models import Agency, Desk, Discussion, Event, Person, Served
from strategy.queries.directory import directory as known
from strategy.vocabulary import EventVerb, Sector, Via
from tests.cast import Cast
from tests.convened import BOOKED_AT

DESK = DeskEntry("Duty desk", ("police",), "Duty@Police.example", "01632 960300", {"mon": "9am to 5pm"})
PERSON = PersonEntry("Sid Sergeant", "Detective Sergeant", 1, 1, "sid@police.example", "07700 900301")


def by(cast: Cast) -> Act:
    return Act(by=cast.admin.full_name, at=BOOKED_AT, via=Via.STAFF, user_id=cast.admin.id)


def refused_at(field: str | None, do: object, *args: object) -> str:
    with pytest.raises(Refused) as caught:
        do(*args)  # type: ignore[operator]  # whichever command it is
    assert caught.value.field == field
    return caught.value.reason


def test_an_agency_serves_its_keeper_and_whom_else_it_is_shared_with(writing: None, cast: Cast) -> None:
    other = cast.outsider.authority
    police = cast.police_desk.agency
    directory.edit(police, AgencyEntry(police.name, police.sector, (other.id,)), by(cast))
    db.session.flush()
    assert police.serves(other.id) and police.serves(cast.authority.id)
    assert {option.words for option in known(other.id).options("police")} == {
        option.words for option in known(cast.authority.id).options("police")
    }
    directory.edit(police, AgencyEntry(police.name, police.sector), by(cast))
    assert known(other.id).options("police") == ()


def test_whoever_only_uses_an_entry_can_stop_and_its_keeper_cannot(writing: None, cast: Cast) -> None:
    police, other = cast.police_desk.agency, cast.outsider.authority
    directory.edit(police, AgencyEntry(police.name, police.sector, (other.id,)), by(cast))
    directory.leave(police, other, by(cast))
    assert not police.serves(other.id)
    refused_at(None, directory.leave, police, cast.authority, by(cast))


def test_only_a_served_authority_can_ask_its_desks(discussion: Discussion, cast: Cast) -> None:
    away = Agency(authority=cast.outsider.authority, name="Otherton Police", sector=Sector.POLICE, active=True)
    desk = Desk(agency=away, name="Desk", roles=["police"], hours={}, email="desk@otherton.example", active=True)
    db.session.add(desk)
    db.session.flush()
    refused_at("invitee", inviting.invite, discussion, Invitee("police", False, desk=desk), by(cast))
    directory.edit(away, AgencyEntry(away.name, away.sector, (cast.authority.id,)), by(cast))
    assert inviting.invite(discussion, Invitee("police", False, desk=desk), by(cast)).email == "desk@otherton.example"


def test_two_agencies_of_one_name_are_refused_even_if_another_authority_keeps_the_first(
    writing: None, cast: Cast
) -> None:
    entry = AgencyEntry(" exampleshire  police ", Sector.POLICE)
    assert "already" in refused_at("name", directory.add, entry, cast.authority, by(cast))
    elsewhere = cast.outsider.authority
    directory.add(entry, elsewhere, by(cast))
    police = cast.police_desk.agency
    directory.edit(police, AgencyEntry(police.name, police.sector), by(cast))
    refused_at("serves", directory.add, replace(entry, name="New", serves=(999,)), cast.authority, by(cast))
    refused_at("name", directory.add, replace(entry, name=" "), cast.authority, by(cast))


def test_taking_out_of_use_is_undone_and_stands_on_the_trail(writing: None, cast: Cast) -> None:
    police = cast.police_desk.agency
    directory.retire(police, by(cast))
    refused_at(None, directory.retire, police, by(cast))
    assert known(cast.authority.id).options("police") == ()
    directory.reactivate(police, by(cast))
    assert known(cast.authority.id).options("police") != ()
    told = db.session.scalars(select(Event).where(Event.agency_id == police.id).order_by(Event.id)).all()
    assert [event.text.partition(" taken ")[2] for event in told] == ["out of use", "back into use"]
    assert {event.verb for event in told} == {EventVerb.DIRECTORY_CHANGED}


def test_a_desk_is_stored_canonical_with_its_hours(writing: None, cast: Cast) -> None:
    desk = directory_desks.add(cast.police_desk.agency, DESK, by(cast))
    assert (desk.email, desk.phone) == ("Duty@police.example", "+441632960300")
    assert desk.hours["mon"] == ["09:00-17:00"] and desk.hours["tue"] == []
    directory_desks.edit(desk, replace(DESK, out_of_hours_id=cast.police_desk.id), by(cast))
    assert (desk.out_of_hours_id, desk.lines) == (cast.police_desk.id, 1)
    directory_desks.edit(desk, replace(DESK, lines=3), by(cast))
    directory_desks.edit(desk, DESK, by(cast))
    assert desk.lines == 3


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "mash DESK"}, "name"),
        ({"roles": ()}, "roles"),
        ({"roles": ("astrologer",)}, "roles"),
        ({"email": "nobody"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"hours": {"tue": "mornings"}}, "tue"),
        ({"out_of_hours_id": 9999}, "out_of_hours_id"),
        ({"lines": 0}, "lines"),
    ],
)
def test_a_desk_is_refused_at_its_field_and_nothing_is_left(
    writing: None, cast: Cast, changed: dict[str, Any], field: str
) -> None:
    agency = cast.police_desk.agency
    refused_at(field, directory_desks.add, agency, replace(DESK, **changed), by(cast))
    db.session.flush()
    assert [desk.name for desk in agency.desks] == ["MASH desk"]


def test_a_desk_of_another_agency_answers_out_of_hours_where_that_serves_us(writing: None, cast: Cast) -> None:
    entry = replace(DESK, out_of_hours_id=cast.health_desk.id)
    desk = directory_desks.add(cast.police_desk.agency, entry, by(cast))
    assert desk.covered_for(cast.authority.id) is cast.health_desk
    assert desk.covered_for(cast.outsider.authority_id) is None  # whom the hosting agency does not serve
    assert desk.covered_by == "Exampleshire Health Trust: 0-19 desk"
    refused_at("out_of_hours_id", directory_desks.edit, desk, replace(DESK, out_of_hours_id=desk.id), by(cast))
    cast.health_desk.agency.active = False
    refused_at("out_of_hours_id", directory_desks.edit, desk, entry, by(cast))
    assert desk.covered_for(cast.authority.id) is None and not desk.covered_by
    cast.health_desk.agency.active, cast.health_desk.agency.authority_id = True, cast.outsider.authority_id
    refused_at("out_of_hours_id", directory_desks.edit, desk, entry, by(cast))
    cast.health_desk.agency.served.append(Served(authority_id=cast.authority.id))
    directory_desks.edit(desk, entry, by(cast))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "dee sergeant"}, "name"),
        ({"job_title": " "}, "job_title"),
        ({"rung": 5}, "rung"),
        ({"rung_order": -1}, "rung_order"),
        ({"email": "nobody"}, "email"),
        ({"phone": "070 1234"}, "phone"),
        ({"desk_id": 9999}, "desk_id"),
        ({"deputy_id": 9999}, "deputy_id"),
    ],
)
def test_a_person_is_refused_at_their_field(writing: None, cast: Cast, changed: dict[str, Any], field: str) -> None:
    refused_at(field, directory_people.add, cast.police_desk.agency, replace(PERSON, **changed), by(cast))


def test_a_person_is_added_edited_and_taken_out_of_use(writing: None, cast: Cast) -> None:
    sid = directory_people.add(cast.police_desk.agency, PERSON, by(cast))
    assert sid.phone == "+447700900301"
    directory_people.edit(sid, replace(PERSON, deputy_id=cast.sergeant.id, desk_id=cast.police_desk.id), by(cast))
    db.session.flush()
    db.session.expire(sid)
    assert (sid.deputy, sid.desk) == (cast.sergeant, cast.police_desk)
    refused_at("deputy_id", directory_people.edit, sid, replace(PERSON, deputy_id=sid.id), by(cast))
    directory_people.retire(sid, by(cast))
    assert sid not in known(cast.authority.id).people
    directory_people.reactivate(sid, by(cast))
    assert sid in known(cast.authority.id).people


def test_whoever_comes_back_into_use_must_not_stand_there_twice(writing: None, cast: Cast) -> None:
    sid = directory_people.add(cast.police_desk.agency, PERSON, by(cast))
    directory_people.retire(sid, by(cast))
    directory_people.add(cast.police_desk.agency, PERSON, by(cast))
    db.session.flush()
    refused_at("name", directory_people.reactivate, sid, by(cast))


def test_a_new_address_was_never_verified(writing: None, cast: Cast) -> None:
    sergeant: Person = cast.sergeant
    sergeant.verified_at = BOOKED_AT
    same = PersonEntry(sergeant.name, sergeant.job_title, 1, 0, sergeant.email, sergeant.phone)
    directory_people.edit(sergeant, same, by(cast))
    assert sergeant.verified_at == BOOKED_AT
    directory_people.edit(sergeant, replace(same, email="new@police.example"), by(cast))
    assert sergeant.verified_at is None
