"""Whom a booking asks: no organisation nobody named, each choice with its own address, two people for two parts."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from strategy.db import db, transaction
from strategy.models import Agency, Desk, Invitation, User
from strategy.rules.working_time import DAYS
from strategy.vocabulary import Sector, Via
from tests.browser import plain
from tests.cast import ALWAYS, Cast
from tests.commands.stories import waiting_child
from tests.rotas import on_duty
from tests.views.booking_pages import children, fill, fresh, send, who

SignIn = Callable[[User], FlaskClient]


def school_field(page: str, number: int = 0) -> str:
    """The name of one of the fields that ask for a school."""
    names: list[str] = re.findall(r'name="(who_education[^"]*)"', page)
    return list(dict.fromkeys(names))[number]


def selected(page: str, field: str) -> str:
    """The value a list of the page shows."""
    whole = re.search(rf'<select[^>]*name="{field}".*?</select>', page, re.DOTALL)
    assert whole is not None, field
    chosen = re.findall(r'value="([^"]*)" selected', whole[0])
    assert len(chosen) <= 1
    return str(chosen[0]) if chosen else ""


@pytest.fixture
def other_schools(cast: Cast) -> dict[str, Desk]:
    """Two more schools, one of which comes first in the alphabet."""
    with transaction("tests", Via.COMMAND_LINE):
        desks = {}
        for name in ("Example Village School", "Sample Academy"):
            agency = Agency(authority=cast.authority, name=name, sector=Sector.EDUCATION)
            desks[name] = Desk(agency=agency, name="Office", roles=["education"], phone="+441632960201", hours=ALWAYS)
        db.session.add_all(desks.values())
    return desks


def asked(browser: FlaskClient, contact_id: int, **typed: Any) -> str:
    """The second page after the first was answered."""
    browser.post(f"/contacts/{contact_id}/book/children", data=children(contact_id, **typed))
    return browser.get(f"/contacts/{contact_id}/book/who").text


@pytest.mark.parametrize("typed", ["Sample Primary School", "sample primary", "SAMPLE PRIMARY SCHOOL (Year 3)"])
def test_the_school_typed_is_the_school_asked(
    browser: FlaskClient, cast: Cast, contact_id: int, other_schools: dict[str, Desk], typed: str
) -> None:
    page = asked(browser, contact_id, **{"children-0-school": typed})
    assert selected(page, school_field(page)) == f"desk:{cast.school_desk.id}"


@pytest.mark.parametrize("typed", ["", "Oak Lane School", "Sample", "School"])
def test_no_school_is_asked_that_nobody_named(
    browser: FlaskClient, cast: Cast, contact_id: int, other_schools: dict[str, Desk], typed: str
) -> None:
    page = asked(browser, contact_id, **{"children-0-school": typed, "flags": ["school-age"]})
    field = school_field(page)
    assert selected(page, field) == "choose"
    assert "Choose a school" in page
    required = field.replace("who_", "required_")
    refused = browser.post(f"/contacts/{contact_id}/book/who", data=who(cast, **{field: "choose", required: "y"}))
    assert "Choose a school for School or college (DSL)" in refused.text
    fill(browser, cast, contact_id, children=children(contact_id, flags=["school-age"]))
    send(browser, contact_id)
    fresh()
    assert "education" not in {one.role for one in db.session.scalars(select(Invitation))}


def test_even_the_only_school_is_not_asked_unless_it_was_named(
    browser: FlaskClient, cast: Cast, contact_id: int
) -> None:
    page = asked(browser, contact_id, flags=["school-age"])
    assert selected(page, school_field(page)) == "choose"


def test_a_school_typed_for_a_child_is_left_out_by_nobody_unawares(
    browser: FlaskClient, cast: Cast, contact_id: int, other_schools: dict[str, Desk]
) -> None:
    field = school_field(asked(browser, contact_id, **{"children-0-school": "Nowhere Academy"}))
    refused = browser.post(f"/contacts/{contact_id}/book/who", data=who(cast, **{field: "choose"})).text
    assert "Choose a school for School or college (DSL) (typed: Nowhere Academy), or" in refused
    assert browser.post(f"/contacts/{contact_id}/book/who", data=who(cast, **{field: ""})).status_code == 303


def two_children(contact_id: int, first: str, second: str) -> dict[str, Any]:
    return children(
        contact_id,
        **{"children-0-school": first, "children-1-case_reference": "4471-B", "children-1-school": second},
    )


def test_two_children_at_two_schools_are_two_rows_and_two_invitations(
    browser: FlaskClient, cast: Cast, contact_id: int, other_schools: dict[str, Desk]
) -> None:
    both = two_children(contact_id, "Sample Primary School", "Sample Academy")
    browser.post(f"/contacts/{contact_id}/book/children", data=both)
    page = browser.get(f"/contacts/{contact_id}/book/who").text
    chosen = {school_field(page, number): selected(page, school_field(page, number)) for number in (0, 1)}
    schools = {f"desk:{cast.school_desk.id}", f"desk:{other_schools['Sample Academy'].id}"}
    assert set(chosen.values()) == schools
    twice = dict.fromkeys(chosen, f"desk:{cast.school_desk.id}")
    refused = browser.post(f"/contacts/{contact_id}/book/who", data=who(cast, **twice))
    assert "this desk is chosen above already" in refused.text
    fill(browser, cast, contact_id, children=both, who=who(cast, **chosen))
    send(browser, contact_id)
    fresh()
    invited = db.session.scalars(select(Invitation).where(Invitation.role == "education")).all()
    assert {f"desk:{one.desk_id}" for one in invited} == schools


def test_two_children_at_one_school_are_one_row(
    browser: FlaskClient, contact_id: int, other_schools: dict[str, Desk]
) -> None:
    both = two_children(contact_id, "Sample Primary School", "sample primary")
    browser.post(f"/contacts/{contact_id}/book/children", data=both)
    page = browser.get(f"/contacts/{contact_id}/book/who").text
    assert len(set(re.findall(r'name="who_education[^"]*"', page))) == 1


def test_an_answer_for_one_school_is_not_taken_for_another(
    browser: FlaskClient, cast: Cast, contact_id: int, other_schools: dict[str, Desk]
) -> None:
    page = asked(browser, contact_id, **{"children-0-school": "Sample Primary School"})
    browser.post(
        f"/contacts/{contact_id}/book/who", data=who(cast, **{school_field(page): f"desk:{cast.school_desk.id}"})
    )
    after = asked(browser, contact_id, **{"children-0-school": "Sample Academy"})
    assert selected(after, school_field(after)) == f"desk:{other_schools['Sample Academy'].id}"


def test_the_gp_typed_is_the_gp_asked_and_no_other(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        agency = Agency(authority=cast.authority, name="Sample Surgery", sector=Sector.HEALTH)
        surgery = Desk(agency=agency, name="Duty doctor", roles=["health-gp"], phone="+441632960202", hours=ALWAYS)
        db.session.add(surgery)
    page = asked(browser, contact_id, **{"children-0-gp": "Dr Example, sample surgery"})
    field = re.findall(r'name="(who_health-gp[^"]*)"', page)[0]
    assert selected(page, field) == f"desk:{surgery.id}"
    other = asked(browser, contact_id, **{"children-0-gp": "Oak Lane"})
    assert selected(other, re.findall(r'name="(who_health-gp[^"]*)"', other)[0]) == "choose"


def test_of_two_wards_none_is_asked_unasked(browser: FlaskClient, cast: Cast) -> None:
    with transaction("Sam Worker", Via.STAFF) as act:
        agency = Agency(authority=cast.authority, name="Sample Hospital", sector=Sector.HEALTH)
        for name in ("Ward 1", "Ward 2"):
            db.session.add(Desk(agency=agency, name=name, roles=["health-ward"], phone="+441632960203", hours=ALWAYS))
        contact_id = waiting_child(cast, act, "hospital").id
    page = browser.get(f"/contacts/{contact_id}/book/who").text
    assert selected(page, "who_health-ward") == "choose"
    assert "Choose who is asked" in page


def test_every_choice_says_its_own_address_and_hours(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    page = browser.get(f"/contacts/{contact_id}/book/who").text
    assert "MASH desk · mash@police.example · 07700 900001 · open now</option>" in page
    fill(browser, cast, contact_id)
    check = browser.get(f"/contacts/{contact_id}/book/check").text
    assert "Who is asked" in check
    assert check.count("mash@police.example · 07700 900001 · open now") == 1


def test_those_a_ladder_is_for_stand_apart_from_those_who_are_asked(
    browser: FlaskClient, cast: Cast, contact_id: int
) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        cast.sergeant.rung = 0
    page = browser.get(f"/contacts/{contact_id}/book/who").text
    police = page[page.index('name="who_police"') :]
    asked_first, chiefs = police[: police.index("</select>")].split('<optgroup label="Somebody else')
    assert "Dee Sergeant" in asked_first
    assert "MASH desk" in asked_first
    assert "Ina Inspector" in chiefs


def test_the_chair_is_asked_for_until_one_was_booked_with(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    page = browser.get(f"/contacts/{contact_id}/book/who").text
    assert selected(page, "chair") == "0"
    assert selected(page, "social_worker") == str(cast.social_worker.id)
    refused = browser.post(f"/contacts/{contact_id}/book/who", data=who(cast, chair="0"))
    assert "Choose the chair" in refused.text
    assert "There is a problem" in refused.text
    fill(browser, cast, contact_id)
    send(browser, contact_id)
    with transaction("Sam Worker", Via.STAFF) as act:
        other = waiting_child(cast, act, case="4480-C").id
    assert selected(browser.get(f"/contacts/{other}/book/who").text, "chair") == str(cast.chair.id)


def test_a_manager_who_books_chairs_and_says_who_the_social_worker_is(
    cast: Cast, contact_id: int, sign_in: SignIn
) -> None:
    browser = sign_in(cast.chair)
    page = browser.get(f"/contacts/{contact_id}/book/who").text
    assert selected(page, "chair") == str(cast.chair.id)
    assert selected(page, "social_worker") == "0"
    typed = who(cast, social_worker=str(cast.chair.id))
    refused = browser.post(f"/contacts/{contact_id}/book/who", data=typed)
    assert "The chair and the social worker are two people" in refused.text
    assert 'href="#social_worker"' in refused.text


def test_who_is_on_duty_at_the_desk_suggested_is_said_beside_it(
    browser: FlaskClient, cast: Cast, contact_id: int
) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        on_duty(cast.police_desk, cast.sergeant, "00:00-00:00", DAYS, date(2026, 1, 1))
    page = plain(browser.get(f"/contacts/{contact_id}/book/who"))
    assert "At MASH desk now: Detective Sergeant Dee Sergeant on duty to" in page
    assert "Exampleshire Police: MASH desk · Detective Sergeant Dee Sergeant on duty to" in page
    assert "Exampleshire Police: Dee Sergeant, Detective Sergeant · on duty to" in page


def test_nobody_is_suggested_for_a_role_the_case_alone_knows(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        line = Agency(authority=cast.authority, name="Sample Advice", sector=Sector.VOLUNTARY)
        roles = ["referrer", "domestic-abuse", "placing-authority"]
        db.session.add(Desk(agency=line, name="Line", roles=roles, phone="+441632960201", hours=ALWAYS))
    flags = ["referrer-professional", "placed-by-another"]
    browser.post(f"/contacts/{contact_id}/book/children", data=children(contact_id, flags=flags))
    page = browser.get(f"/contacts/{contact_id}/book/who").text
    for field in ("who_referrer", "who_placing-authority"):
        assert selected(page, field) in ("", "choose") and "Choose who</option>" in page
    browser.post(f"/contacts/{contact_id}/book/who", data=who(cast, add_role="domestic-abuse", then="add"))
    added = browser.get(f"/contacts/{contact_id}/book/who").text
    assert selected(added, "who_domestic-abuse").startswith("desk:")  # the only one there is: an ordinary desk
