"""Keeping a rota: who may be on it, what is refused, and what is left on the trail."""

from datetime import date, time, timedelta

import pytest

from strategy.act import Refused
from strategy.commands import rotas
from strategy.commands.rotas import NewOverride, NewShift
from strategy.db import db
from strategy.models import Event, Override, Shift
from strategy.vocabulary import EventVerb
from tests.cast import Cast
from tests.rotas import TUESDAY, at, london, on_duty

pytestmark = pytest.mark.usefixtures("writing")


def told() -> list[str]:
    return [one.text for one in db.session.query(Event).filter_by(verb=EventVerb.ROTA_CHANGED).order_by(Event.id)]


def entry(cast: Cast, **changed: object) -> NewShift:
    usual: dict[str, object] = {
        "person": cast.sergeant,
        "opens": time(8),
        "closes": time(14),
        "first": TUESDAY,
        "weekdays": ("tue",),
    }
    return NewShift(**{**usual, **changed})  # type: ignore[arg-type]  # each test says a value of its own


def test_a_shift_is_added_changed_ended_and_removed_and_each_is_told(cast: Cast) -> None:
    shift = rotas.add_shift(cast.police_desk, entry(cast, weekdays=("fri", "tue")), at())
    assert shift.weekdays == ["tue", "fri"]
    rotas.change_shift(shift, entry(cast, person=cast.inspector, closes=time(15), every=2), at())
    assert (shift.person_id, shift.closes, shift.every_weeks) == (cast.inspector.id, time(15), 2)
    rotas.end_shift(shift, TUESDAY + timedelta(days=7), at())
    assert shift.last_day == date(2026, 12, 1)
    rotas.remove_shift(shift, at())
    db.session.flush()
    assert db.session.query(Shift).count() == 0
    assert told() == [
        "Exampleshire Police, MASH desk: shift added for Dee Sergeant.",
        "Exampleshire Police, MASH desk: shift changed for Ina Inspector.",
        "Exampleshire Police, MASH desk: shift of Ina Inspector ends with 2026-12-01.",
        "Exampleshire Police, MASH desk: shift of Ina Inspector removed.",
    ]
    event = db.session.query(Event).filter_by(verb=EventVerb.ROTA_CHANGED).first()
    assert event is not None
    assert (event.authority_id, event.contact_id, event.by) == (cast.authority.id, None, "Ada Admin")


def test_only_people_of_the_agency_who_are_in_use_are_on_its_rota(cast: Cast) -> None:
    with pytest.raises(Refused, match="own agency") as stranger:
        rotas.add_shift(cast.police_desk, entry(cast, person=cast.named_nurse), at())
    assert stranger.value.field == "person"
    cast.sergeant.active = False
    with pytest.raises(Refused, match="out of use"):
        rotas.add_shift(cast.police_desk, entry(cast), at())
    assert told() == []


def test_days_that_never_come_are_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="on or after"):
        rotas.add_shift(cast.police_desk, entry(cast, last=TUESDAY - timedelta(days=1)), at())
    with pytest.raises(Refused, match="No such day"):
        rotas.add_shift(cast.police_desk, entry(cast, weekdays=("mon",), last=TUESDAY + timedelta(days=2)), at())
    with pytest.raises(Refused, match="1 to 52"):
        rotas.add_shift(cast.police_desk, entry(cast, every=0), at())


def test_what_happens_once_is_removed_and_not_ended(cast: Cast) -> None:
    shift = rotas.add_shift(cast.police_desk, entry(cast, weekdays=(), every=3, last=TUESDAY), at())
    assert (shift.every_weeks, shift.last_day) == (1, None)
    with pytest.raises(Refused, match="once"):
        rotas.end_shift(shift, TUESDAY, at())
    repeating = on_duty(cast.police_desk, cast.sergeant, "08:00-14:00")
    with pytest.raises(Refused, match="after that day"):
        rotas.end_shift(repeating, TUESDAY - timedelta(days=1), at())


def test_an_override_has_a_length_and_two_people_and_is_taken_away_again(cast: Cast) -> None:
    desk = cast.police_desk
    with pytest.raises(Refused, match="after it begins"):
        rotas.add_override(desk, NewOverride(london(24, 12), london(24, 12)), at())
    with pytest.raises(Refused, match="year"):
        rotas.add_override(desk, NewOverride(london(24, 12), london(24, 12) + timedelta(days=400)), at())
    with pytest.raises(Refused, match="same person"):
        rotas.add_override(desk, NewOverride(london(24, 12), london(24, 14), cast.sergeant, cast.sergeant), at())
    with pytest.raises(Refused, match="own agency") as stranger:
        rotas.add_override(desk, NewOverride(london(24, 12), london(24, 14), None, cast.named_nurse), at())
    assert stranger.value.field == "instead_of"
    override = rotas.add_override(desk, NewOverride(london(24, 12), london(24, 14), cast.inspector), at())
    rotas.remove_override(override, at())
    db.session.flush()
    assert db.session.query(Override).count() == 0
    span = "Ina Inspector instead of everybody, Tue 24 Nov 12:00pm to Tue 24 Nov 2pm"
    assert told() == [
        f"Exampleshire Police, MASH desk: change added, {span}.",
        f"Exampleshire Police, MASH desk: change removed, {span}.",
    ]
