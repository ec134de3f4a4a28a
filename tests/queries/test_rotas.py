"""Who is on duty at desks, and who will answer at any moment, in and out of hours."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from strategy.commands import rotas
from strategy.commands.rotas import NewOverride
from strategy.db import db, transaction
from strategy.models import Desk, Shift
from strategy.queries import rota_weeks
from strategy.queries.rotas import Answering, answering, duties
from strategy.vocabulary import Via
from tests.calendar_file import event
from tests.cast import ALWAYS, OFFICE, Cast
from tests.counting import statements
from tests.rotas import NOON, TUESDAY, at, imported, london, on_duty


@pytest.fixture
def mash(cast: Cast) -> Desk:
    """Police: the sergeant until 2pm, the inspector until 10pm, on weekdays; the desk never shuts."""
    with transaction("tests", Via.COMMAND_LINE):
        on_duty(cast.police_desk, cast.sergeant, "08:00-14:00")
        on_duty(cast.police_desk, cast.inspector, "14:00-22:00")
    return cast.police_desk


@pytest.fixture
def health(cast: Cast) -> Desk:
    """Health: an office whose out-of-hours desk never shuts; each refers to the other."""
    with transaction("tests", Via.COMMAND_LINE):
        office = cast.health_desk
        cover = Desk(agency=office.agency, name="Nurse on call", roles=[], hours=ALWAYS, phone="+447700900099")
        db.session.add(cover)
        db.session.flush()
        office.out_of_hours = cover
        db.session.flush()
        cover.out_of_hours = office
    return office


def on(desk: Desk, moment: datetime) -> list[str]:
    found = duties([desk.id], moment, moment + timedelta(minutes=1))[desk.id]
    return [duty.name for duty in found if duty.covers(moment)]


def there(desk: Desk, at: datetime) -> Answering:
    """Who answers there for the desk's own authority."""
    return answering(desk, at, desk.agency.authority_id)


def test_a_duty_has_its_true_ends_also_beyond_the_window(cast: Cast, mash: Desk) -> None:
    (duty,) = duties([mash.id], NOON, NOON + timedelta(minutes=1))[mash.id]
    assert (duty.desk_id, duty.person_id, duty.name) == (mash.id, cast.sergeant.id, "Dee Sergeant")
    assert (duty.starts_at, duty.ends_at) == (london(24, 8), london(24, 14))
    assert (duty.job_title, duty.phone) == ("Detective Sergeant", "+447700900011")


def test_every_desk_asked_for_is_a_key_and_more_desks_cost_no_more_queries(
    cast: Cast, mash: Desk, health: Desk
) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        on_duty(health, cast.named_nurse, "09:00-17:00")
        imported(health, event("1", "Nat Nurse", "20261128T090000", "20261128T120000"))
    police, office, nobody = mash.id, health.id, cast.school_desk.id
    db.session.rollback()
    with statements() as one:
        duties([police], NOON, london(30, 0))
    db.session.rollback()
    with statements() as all_of_them:
        found = duties([police, office, nobody], NOON, london(30, 0))
    assert one.count == all_of_them.count == 4  # the fourth asks who of them is away
    assert found[nobody] == ()
    assert {duty.name for duty in found[office]} == {"Nat Nurse"}


def test_somebody_out_of_use_is_on_no_duty(cast: Cast, mash: Desk) -> None:
    assert on(mash, NOON) == ["Dee Sergeant"]
    with transaction("tests", Via.COMMAND_LINE):
        cast.sergeant.active = False
    assert on(mash, NOON) == []


def test_a_shift_is_not_worked_on_a_bank_holiday_the_desk_is_shut_on(cast: Cast, mash: Desk, health: Desk) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        on_duty(health, cast.named_nurse, "09:00-17:00")
    christmas = NOON + timedelta(days=31)
    assert on(health, NOON) == ["Nat Nurse"]
    assert on(health, christmas) == []
    assert on(mash, christmas) == ["Dee Sergeant"]


def test_whoever_is_on_duty_answers(mash: Desk) -> None:
    found = there(mash, london(24, 15, 40))
    assert found.words == "Detective Inspector Ina Inspector, on duty at MASH desk until 10pm"
    assert [duty.phone for duty in found.duties] == ["+447700900012"]
    assert found.by is mash


def test_several_on_duty_are_all_named(cast: Cast, mash: Desk) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        on_duty(mash, cast.chief_inspector, "12:00-16:00")
    assert there(mash, london(24, 13)).words == (
        "Detective Sergeant Dee Sergeant (until 2pm) and Detective Chief Inspector Chris Chief (until 4pm), "
        "on duty at MASH desk"
    )


def test_an_open_desk_answers_itself_where_nobody_is_named(cast: Cast, mash: Desk) -> None:
    night, school = (
        there(mash, london(24, 23)),
        there(cast.school_desk, NOON),
    )
    assert night.words == "MASH desk, open day and night; nobody is named on its rota for then"
    assert school.words == "Safeguarding lead, open until 5pm; nobody is named on its rota for then"
    assert (school.by, school.duties) == (cast.school_desk, ())


def test_out_of_hours_the_other_desk_answers_and_whoever_is_on_duty_there(cast: Cast, health: Desk) -> None:
    cover = health.out_of_hours
    assert cover is not None
    evening = london(24, 19)
    assert there(health, evening).words == (
        "0-19 desk is shut then. Nurse on call, open day and night; nobody is named on its rota for then"
    )
    with transaction("tests", Via.COMMAND_LINE):
        on_duty(cover, cast.named_nurse, "17:00-09:00")
    found = there(health, evening)
    assert found.words == (
        "0-19 desk is shut then. Named nurse Nat Nurse, on duty at Nurse on call until Wed 25 Nov 9am"
    )
    assert found.by is cover


def test_desks_that_refer_to_each_other_end_with_nobody(health: Desk) -> None:
    cover = health.out_of_hours
    assert cover is not None
    with transaction("tests", Via.COMMAND_LINE):
        cover.hours = OFFICE
    found = there(health, london(27, 19))
    assert found.by is None
    assert found.words == "Nobody: 0-19 desk is shut until Mon 30 Nov 9am, and no other desk answers for it then"
    with transaction("tests", Via.COMMAND_LINE):
        cover.hours, cover.active = ALWAYS, False
    assert there(health, london(27, 19)).by is None


def test_an_override_is_who_answers(cast: Cast, mash: Desk) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        rotas.add_override(mash, NewOverride(london(24, 0), london(25, 0), cast.chief_inspector, cast.sergeant), at())
    assert on(mash, NOON) == ["Chris Chief"]
    assert on(mash, london(25, 12)) == ["Dee Sergeant"]


def test_a_week_says_who_and_which_hours_nobody_covers(cast: Cast, health: Desk) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        on_duty(health, cast.named_nurse, "09:00-14:00")
        on_duty(health, cast.named_nurse, "22:00-06:00", ("fri",))
    days = rota_weeks.week(health, rota_weeks.monday_of(NOON))
    assert [day.words for day in days][:2] == ["Monday 23 November", "Tuesday 24 November"]
    assert (days[0].gaps, days[0].turns) == (("Nobody on duty 9am to 5pm",), ())
    assert days[1].hours == ("9am to 5pm",)
    assert days[1].gaps == ("Nobody on duty 2pm to 5pm",)
    assert [turn.words for turn in days[4].turns] == ["9am to 2pm", "from 10pm to 6am the next day"]
    assert [turn.words for turn in days[5].turns] == ["until 6am"]
    assert (days[5].hours, days[5].gaps) == ((), ())


def test_the_overview_tells_a_gap_from_no_rota_and_costs_the_same_for_every_size(
    app: Flask, cast: Cast, mash: Desk, health: Desk
) -> None:
    db.session.rollback()
    with statements() as some:
        lines = {line.desk.name: line for line in rota_weeks.overview(cast.authority.id, NOON)}
    gap = lines["MASH desk"].gap
    assert gap is not None
    assert rota_weeks.gap_words(gap, NOON) == "Nobody on duty 10pm to tomorrow 8am"
    assert [duty.name for duty in lines["MASH desk"].on_duty] == ["Dee Sergeant"]
    assert (lines["0-19 desk"].has_rota, lines["0-19 desk"].gap) == (False, None)
    with transaction("tests", Via.COMMAND_LINE):
        on_duty(health, cast.named_nurse, "09:00-17:00")
        on_duty(cast.school_desk, cast.headteacher, "09:00-17:00")
    db.session.rollback()
    with statements() as more:
        rota_weeks.overview(cast.authority.id, NOON)
    assert more.count == some.count


def test_a_shift_in_words(cast: Cast, mash: Desk) -> None:
    shifts = rota_weeks.shifts_of(mash, TUESDAY)
    assert [rota_weeks.shift_words(shift) for shift in shifts] == [
        "8am to 2pm, Monday to Friday, from 24 November 2026",
        "2pm to 10pm, Monday to Friday, from 24 November 2026",
    ]
    with transaction("tests", Via.COMMAND_LINE):
        other = on_duty(mash, cast.sergeant, "20:00-08:00", ("mon", "wed", "sun"))
        other.every_weeks, other.last_day = 2, TUESDAY.replace(month=12)
        once = on_duty(mash, cast.sergeant, "18:00-00:00", ())
    assert rota_weeks.shift_words(other) == (
        "8pm to 8am the next day, Monday, Wednesday and Sunday, every 2 weeks, "
        "from 24 November 2026 until 24 December 2026"
    )
    assert rota_weeks.shift_words(once) == "6pm to midnight, once, on 24 November 2026"
    assert once not in rota_weeks.shifts_of(mash, TUESDAY + timedelta(days=1))
    assert db.session.query(Shift).count() == 4
