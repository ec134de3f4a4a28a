"""Rota pages: everybody of the authority sees them, administrators keep them, and who will answer at any moment."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from strategy.db import db, transaction
from strategy.models import Desk, Override, Shift, User
from strategy.vocabulary import Via
from tests.browser import markup, plain
from tests.cast import Cast
from tests.rotas import NOON, on_duty
from tests.walking import Walker

SignIn = Callable[[User], FlaskClient]

pytestmark = pytest.mark.usefixtures("browsers")


@pytest.fixture
def desk(cast: Cast) -> Iterator[int]:
    """The health desk with the nurse until 2pm; it is noon on Tuesday."""
    with transaction("tests", Via.COMMAND_LINE):
        on_duty(cast.health_desk, cast.named_nurse, "09:00-14:00")
        cast.health_desk.out_of_hours = cast.police_desk
    desk_id = cast.health_desk.id
    with time_machine.travel(NOON, tick=False):
        yield desk_id


@pytest.fixture
def admin(cast: Cast, sign_in: SignIn, desk: int) -> FlaskClient:
    return sign_in(cast.admin)


def shift(person: int, **changed: object) -> dict[str, object]:
    usual = {
        "person": person,
        "opens": "14:00",
        "closes": "17:00",
        "repeats": "weekly",
        "weekdays": ["mon", "tue", "wed", "thu", "fri"],
        "every": "1",
        "first": "2026-11-23",
        "last_day": "",
    }
    return {**usual, **changed}


def test_all_desks_at_a_glance(admin: FlaskClient, desk: int) -> None:
    page = plain(admin.get("/rotas"))
    assert "1 desk has open hours with nobody on duty within 7 days. 2 desks have no rota." in page
    assert "Nat Nurse, until 2pm" in page
    assert "Nobody on duty 2pm to 5pm" in page


def test_a_week_shows_gaps_in_words_and_leads_to_the_next(admin: FlaskClient, desk: int) -> None:
    page = markup(admin.get(f"/rotas/desks/{desk}"))
    assert '<strong class="govuk-tag govuk-tag--red app-nowrap">Nobody on duty 2pm to 5pm</strong>' in page
    assert "9am to 2pm: Nat Nurse" in page
    assert f"/rotas/desks/{desk}?week=2026-11-30" in page
    later = plain(admin.get(f"/rotas/desks/{desk}?week=2027-12-24"))
    assert "Week from Monday 20 December 2027" in later
    assert "Week from Monday 23 November 2026" in plain(admin.get(f"/rotas/desks/{desk}?week=nonsense"))
    assert "Week from Monday 23 November 2026" in plain(admin.get(f"/rotas/desks/{desk}?week=0001-01-01"))


def test_a_desk_without_a_rota_has_no_gaps_and_says_so(admin: FlaskClient, cast: Cast) -> None:
    page = plain(admin.get(f"/rotas/desks/{cast.school_desk.id}"))
    assert "No shift is entered." in page
    assert "Nobody on duty" not in page


def test_a_shift_is_added_changed_ended_and_removed(admin: FlaskClient, cast: Cast, desk: int) -> None:
    added = admin.post(f"/rotas/desks/{desk}/shifts/new", data=shift(cast.named_nurse.id))
    assert added.location == f"/rotas/desks/{desk}"
    assert "Nobody on duty 9am to 2pm" in plain(admin.get(added.location))  # Monday: before the nurse's first day
    new = max(db.session.scalars(select(Shift.id)))
    at = f"/rotas/desks/{desk}/shifts/{new}"
    assert 'value="14:00"' in markup(admin.get(at))
    walker = Walker(admin)
    walker.open(at)
    walker.send("Save this shift", {"opens": "13:00", "every": "2", "weekdays": ["tue"]})
    assert "1pm to 5pm, Tuesday, every 2 weeks, from 23 November 2026" in plain(admin.get(added.location))
    assert "Nat Nurse: 1pm to 5pm" in plain(admin.get(f"{at}/end"))
    admin.post(f"{at}/end", data={"last_day": "2026-12-31"})
    assert "from 23 November 2026 until 31 December 2026" in plain(admin.get(added.location))
    gone = {"submission": "abc-1"}
    assert "To keep them, end it instead" in plain(admin.get(f"{at}/remove"))
    assert admin.post(f"{at}/remove", data=gone).location == f"/rotas/desks/{desk}"
    assert admin.post(f"{at}/remove", data=gone).location == f"/rotas/desks/{desk}"
    assert db.session.get(Shift, new) is None


def test_what_is_wrong_with_a_shift_stands_at_its_field(admin: FlaskClient, cast: Cast, desk: int) -> None:
    page = plain(admin.post(f"/rotas/desks/{desk}/shifts/new", data={"every": "99", "person": "0"}))
    for words in (
        "Choose who is on duty",
        "Enter when the shift begins",
        "Enter when the shift ends",
        "Weeks must be a number from 1 to 52",
    ):
        assert words in page
    bad = shift(cast.named_nurse.id, opens="noon", first="soon", weekdays=[])
    page = plain(admin.post(f"/rotas/desks/{desk}/shifts/new", data=bad))
    assert "From must be a time, like 14:00" in page
    assert "First day must be a date, like 27/11/2026" in page
    assert "Choose at least one weekday" in page
    stranger = shift(cast.sergeant.id)
    assert "Choose somebody from the list" in plain(admin.post(f"/rotas/desks/{desk}/shifts/new", data=stranger))
    backwards = shift(cast.named_nurse.id, last_day="2026-11-01")
    assert "on or after the first" in plain(admin.post(f"/rotas/desks/{desk}/shifts/new", data=backwards))


def test_somebody_else_is_there_for_a_time_and_the_shifts_stand_again(
    admin: FlaskClient, cast: Cast, desk: int
) -> None:
    typed = {
        "starts_at": "2026-11-24T00:00",
        "ends_at": "2026-11-25T00:00",
        "instead_of": str(cast.named_nurse.id),
        "person": "0",
    }
    admin.post(f"/rotas/desks/{desk}/overrides/new", data=typed)
    page = plain(admin.get(f"/rotas/desks/{desk}"))
    assert "Nat Nurse is not there" in page
    assert "Nobody on duty 9am to 5pm" in page
    override = db.session.scalars(select(Override.id)).one()
    address = f"/rotas/desks/{desk}/overrides/{override}/remove"
    assert "Nat Nurse is not there, midnight last night to midnight tonight" in plain(admin.get(address))
    admin.post(address)
    assert "Nat Nurse is not there" not in plain(admin.get(f"/rotas/desks/{desk}"))
    wrong = plain(admin.post(f"/rotas/desks/{desk}/overrides/new", data={**typed, "ends_at": "2026-11-23T00:00"}))
    assert "It must end after it begins" in wrong


def test_who_will_answer_is_told_for_any_moment_in_and_out_of_hours(admin: FlaskClient, desk: int) -> None:
    now = plain(admin.get(f"/rotas/who?desk={desk}"))
    assert "Named nurse Nat Nurse, on duty at 0-19 desk until 2pm." in now
    assert "07700 900021" in now
    later = plain(admin.get(f"/rotas/who?desk={desk}&at=2026-11-24T15:40"))
    assert "0-19 desk, open until 5pm; nobody is named on its rota for then." in later
    night = plain(admin.get(f"/rotas/who?desk={desk}&at=2026-11-24T23:00"))
    assert "0-19 desk is shut then. Exampleshire Police, MASH desk, open day and night" in night
    assert "07700 900001" in night


def test_nonsense_in_the_question_is_told_and_answers_nothing(admin: FlaskClient, desk: int) -> None:
    assert "When must be a date and time" in plain(admin.get(f"/rotas/who?desk={desk}&at=teatime"))
    for wrong in ("x", "999999", "-1"):
        answer = admin.get(f"/rotas/who?desk={wrong}")
        assert answer.status_code == 200
        assert "on duty at" not in plain(answer)


def test_staff_see_rotas_and_only_administrators_keep_them(cast: Cast, sign_in: SignIn, desk: int) -> None:
    worker = sign_in(cast.social_worker)
    page = plain(worker.get(f"/rotas/desks/{desk}"))
    assert "9am to 2pm: Nat Nurse" in page
    assert "Add a shift" not in page
    shift_id = db.session.scalars(select(Shift.id)).one()
    for address in (
        "shifts/new",
        f"shifts/{shift_id}",
        f"shifts/{shift_id}/end",
        f"shifts/{shift_id}/remove",
        "overrides/new",
        "imports/new",
    ):
        assert worker.get(f"/rotas/desks/{desk}/{address}").status_code == 403
        assert worker.post(f"/rotas/desks/{desk}/{address}").status_code == 403
    assert '<a class="govuk-service-navigation__link" href="/rotas"' not in markup(worker.get("/waiting"))
    assert 'href="/rotas"' in markup(sign_in(cast.admin).get("/waiting"))


def test_another_authority_sees_none_of_it(cast: Cast, sign_in: SignIn, desk: int) -> None:
    outsider = sign_in(cast.outsider)
    assert outsider.get(f"/rotas/desks/{desk}").status_code == 404
    assert "There is no desk yet" in plain(outsider.get("/rotas"))
    assert "Nat Nurse" not in plain(outsider.get(f"/rotas/who?desk={desk}"))


def test_choosing_a_desk_and_ringing_it_say_who_is_on_duty(cast: Cast, sign_in: SignIn, convened: int) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        on_duty(cast.police_desk, cast.sergeant, "08:00-14:00")
        office = db.session.get_one(Desk, cast.health_desk.id)
        on_duty(office, cast.named_nurse, "09:00-12:00")
    worker = sign_in(cast.social_worker)
    page = plain(worker.get("/hold-now"))
    assert "MASH desk · Detective Sergeant Dee Sergeant on duty to 2pm · mash@police.example" in page
    assert "0-19 desk · desk019@health.example · 07700 900002 · open now" in page
    assert "Nat Nurse on duty" not in page
    police, health = (f"/invitations/{one}/ring" for one in _invited(convened))
    assert "Detective Sergeant Dee Sergeant, on duty at MASH desk until 2pm: 07700 900011" in plain(worker.get(police))
    assert "on duty at 0-19 desk" not in plain(worker.get(health))


def _invited(convened: int) -> list[int]:
    rows = db.session.execute(
        db.text(
            "SELECT id FROM invitations WHERE discussion_id = :one AND role IN ('police', 'health-0-19') ORDER BY id"
        ),
        {"one": convened},
    )
    return [row.id for row in rows]
