"""A calendar file in a desk's rota: only shown at first, confirmed and taken back as a whole, replaced by its UID."""

from datetime import datetime, timedelta

import pytest

from strategy.act import Refused
from strategy.commands import rota_imports
from strategy.db import db
from strategy.models import Desk, Event, RotaEntry, RotaImport
from strategy.queries.rota_imports import CHANGED, GONE, NEW, SAME, preview, turns_of
from strategy.queries.rotas import duties
from strategy.vocabulary import EventVerb
from tests.calendar_file import event
from tests.cast import Cast
from tests.rotas import NOON, at, imported, london

pytestmark = pytest.mark.usefixtures("writing")

LATER = NOON + timedelta(hours=1)
PAST_IT = london(26, 12)


def day(uid: str, who: str, number: int, hours: str = "09-17", *more: str) -> str:
    begins, ends = hours.split("-")
    return event(uid, who, f"202611{number}T{begins}0000", f"202611{number}T{ends}0000", *more)


def on(desk: Desk, moment: datetime) -> list[str]:
    found = duties([desk.id], moment, moment + timedelta(minutes=1))[desk.id]
    return [duty.name for duty in found if duty.covers(moment)]


def test_nothing_counts_until_it_is_confirmed_and_then_all_of_it(cast: Cast) -> None:
    desk = cast.police_desk
    found = imported(desk, day("1", "Dee Sergeant", 25), day("2", "Ina Inspector", 26), confirm=False)
    assert on(desk, london(25, 12)) == []
    rota_imports.confirm(found, at())
    assert on(desk, london(25, 12)) == ["Dee Sergeant"]
    assert on(desk, london(26, 12)) == ["Ina Inspector"]
    told = db.session.query(Event).filter_by(verb=EventVerb.ROTA_IMPORTED).one()
    assert told.text == "Exampleshire Police, MASH desk: rota imported from rota.ics."
    with pytest.raises(Refused, match="confirmed already"):
        rota_imports.confirm(found, at())


def test_an_address_matches_before_a_name_and_who_is_nobody_is_listed_with_the_reason(cast: Cast) -> None:
    mail = "ATTENDEE;CN=Somebody:mailto:DS@police.example"
    found = imported(
        cast.police_desk,
        day("1", "Early", 25, "09-17", mail),
        day("2", "Team meeting", 26),
        day("3", "Team meeting", 27),
        day("4", "Nat Nurse", 27),
        confirm=False,
    )
    shown = preview(found)
    assert [line.entry.person.name for line in shown.lines] == ["Dee Sergeant"]
    listed = [(one.title, one.when, one.count) for one in shown.not_understood]
    assert listed == [("Team meeting", london(26, 9), 2), ("Nat Nurse", london(27, 9), 1)]
    assert {one.reason for one in shown.not_understood} == {"Nobody at this agency has that name or address"}
    rota_imports.confirm(found, at())
    assert found.not_understood is None


def test_a_file_in_which_nobody_is_known_cannot_be_confirmed(cast: Cast) -> None:
    found = imported(cast.police_desk, day("1", "Nobody Known", 25), confirm=False)
    with pytest.raises(Refused, match="nothing in it"):
        rota_imports.confirm(found, at())


def test_the_same_event_again_replaces_it_and_the_rest_stays(cast: Cast) -> None:
    desk = cast.police_desk
    imported(desk, day("1", "Dee Sergeant", 25), day("2", "Ina Inspector", 26), day("3", "Dee Sergeant", 27))
    again = imported(
        desk,
        day("1", "Ina Inspector", 25),
        day("2", "Ina Inspector", 26),
        day("3", "Dee Sergeant", 27, "09-17", "STATUS:CANCELLED"),
        day("4", "Chris Chief", 28),
        moment=LATER,
        confirm=False,
    )
    shown = preview(again)
    states = [(line.entry.starts_at.day, line.entry.person.name, line.state) for line in shown.lines]
    assert states == [
        (25, "Dee Sergeant", GONE),
        (25, "Ina Inspector", CHANGED),
        (26, "Ina Inspector", SAME),
        (27, "Dee Sergeant", GONE),
        (28, "Chris Chief", NEW),
    ]
    rota_imports.confirm(again, at(LATER))
    names = [on(desk, london(number, 12)) for number in (25, 26, 27, 28)]
    assert names == [["Ina Inspector"], ["Ina Inspector"], [], ["Chris Chief"]]


def test_an_event_that_names_nobody_any_more_takes_its_turn_away(cast: Cast) -> None:
    imported(cast.police_desk, day("1", "Dee Sergeant", 25), day("2", "Dee Sergeant", 26))
    imported(cast.police_desk, day("1", "To be found", 25), day("2", "Ina Inspector", 26), moment=LATER)
    assert on(cast.police_desk, london(25, 12)) == []


def test_what_was_before_a_later_file_was_read_stays_known(cast: Cast) -> None:
    desk, rule = cast.police_desk, "RRULE:FREQ=DAILY;COUNT=5"
    imported(desk, day("1", "Dee Sergeant", 24, "13-17", rule))
    imported(desk, day("1", "Ina Inspector", 24, "13-17", rule), moment=PAST_IT)
    assert [on(desk, london(number, 14)) for number in (24, 25, 26, 27)] == [
        ["Dee Sergeant"],
        ["Dee Sergeant"],
        ["Ina Inspector"],
        ["Ina Inspector"],
    ]


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0), (1, 2, 0)])
def test_files_are_taken_back_in_any_order_and_what_they_replaced_counts_again(
    cast: Cast, order: tuple[int, ...]
) -> None:
    desk, people = cast.police_desk, ("Dee Sergeant", "Ina Inspector", "Chris Chief")
    files = [
        imported(desk, day("1", who, 25), moment=NOON + timedelta(minutes=minute)) for minute, who in enumerate(people)
    ]
    left = list(range(3))
    for number in order:
        assert on(desk, london(25, 12)) == [people[left[-1]]]
        rota_imports.undo(files[number], at(LATER))
        left.remove(number)
    assert on(desk, london(25, 12)) == []
    with pytest.raises(Refused, match="nothing to take back"):
        rota_imports.undo(files[0], at(LATER))
    assert db.session.query(Event).filter_by(verb=EventVerb.ROTA_IMPORT_UNDONE).count() == 3


def test_the_whole_rota_replaces_all_that_was_imported_before_and_no_shift(cast: Cast) -> None:
    desk = cast.police_desk
    imported(desk, day("1", "Dee Sergeant", 25), day("2", "Ina Inspector", 26))
    whole = imported(desk, day("9", "Chris Chief", 26), moment=LATER, whole=True, confirm=False)
    assert [(line.entry.person.name, line.state) for line in preview(whole).lines] == [
        ("Dee Sergeant", GONE),
        ("Chris Chief", NEW),
        ("Ina Inspector", GONE),
    ]
    rota_imports.confirm(whole, at(LATER))
    assert (on(desk, london(25, 12)), on(desk, london(26, 12))) == ([], ["Chris Chief"])
    rota_imports.undo(whole, at(LATER))
    assert on(desk, london(25, 12)) == ["Dee Sergeant"]


def test_one_desks_file_is_nothing_to_another_desk(cast: Cast) -> None:
    other = Desk(agency=cast.police_desk.agency, name="Night desk", roles=["police"], hours={})
    db.session.add(other)
    db.session.flush()
    imported(cast.police_desk, day("1", "Dee Sergeant", 25))
    imported(other, day("1", "Ina Inspector", 25), moment=LATER, whole=True)
    assert on(cast.police_desk, london(25, 12)) == ["Dee Sergeant"]


def test_what_was_read_and_never_confirmed_is_forgotten(cast: Cast) -> None:
    imported(cast.police_desk, day("1", "Dee Sergeant", 25), confirm=False)
    second = imported(cast.police_desk, day("2", "Dee Sergeant", 26), confirm=False)
    assert db.session.query(RotaImport).count() == 1
    assert len(turns_of(second)) == 1
    rota_imports.discard(second)
    db.session.flush()
    assert (db.session.query(RotaImport).count(), db.session.query(RotaEntry).count()) == (0, 0)
    kept = imported(cast.police_desk, day("1", "Dee Sergeant", 25))
    with pytest.raises(Refused, match="take it back instead"):
        rota_imports.discard(kept)


def test_a_file_name_is_only_a_name(cast: Cast) -> None:
    found = imported(cast.police_desk, day("1", "Dee Sergeant", 25), confirm=False)
    assert found.file_name == "rota.ics"
    assert rota_imports.plain("C:\\Users\\x\\my\x00 rota.ics") == "my rota.ics"
    assert rota_imports.plain("") == "calendar.ics"
    assert len(rota_imports.plain("x" * 500)) == 120
