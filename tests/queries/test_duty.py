"""Somebody away is on no duty: who covers for them answers, else the next one, and the words say which."""

from datetime import timedelta

import pytest

from strategy.commands import away
from strategy.commands.away import AwayEntry
from strategy.db import begin_writing, db
from strategy.models import Contact, Desk, Implicated
from strategy.policy import calendar_of
from strategy.queries import conflicts, other_work, proposals, rota_weeks, rotas
from strategy.queries.availability import Wanted
from strategy.queries.directory import directory
from strategy.queries.duty import Duty
from strategy.rules.slots import Grid
from tests.cast import ALWAYS, OFFICE, Cast
from tests.commands.stories import waiting_child
from tests.rotas import NOON, at, london, on_duty

ABSENT = AwayEntry(london(24, 10), london(26, 9))
UNTIL = "until Thu 26 Nov 9am"


@pytest.fixture(autouse=True)
def writing(cast: Cast) -> None:
    """Let the test write, as a command's caller does."""
    begin_writing()


@pytest.fixture
def mash(cast: Cast) -> Desk:
    """The sergeant has the desk from 8am to 2pm, the inspector after that."""
    on_duty(cast.police_desk, cast.sergeant, "08:00-14:00")
    on_duty(cast.police_desk, cast.inspector, "14:00-22:00")
    db.session.flush()
    return cast.police_desk


def go(cast: Cast, **cover: object) -> None:
    away.go(cast.sergeant, AwayEntry(ABSENT.starts_at, ABSENT.ends_at, **cover), at())  # type: ignore[arg-type]  # a test names one field of many
    db.session.flush()


def today(desk: Desk) -> tuple[Duty, ...]:
    return rotas.duties([desk.id], london(24, 0), london(25, 0))[desk.id]


def test_a_turn_is_parted_where_they_leave_and_the_cover_answers_under_their_own_name(cast: Cast, mash: Desk) -> None:
    go(cast, cover_id=cast.chief_inspector.id)
    before, covered, after = today(mash)
    assert (before.titled, before.ends_at) == ("Detective Sergeant Dee Sergeant", london(24, 10))
    assert (covered.name, covered.phone, covered.ends_at) == ("Chris Chief", "+447700900013", london(24, 14))
    assert covered.remark == f"covering for Dee Sergeant {UNTIL}"
    assert after.name == "Ina Inspector"
    found = rotas.answering(mash, NOON, mash.agency.authority_id)
    assert found.words == (
        f"Detective Chief Inspector Chris Chief, covering for Dee Sergeant {UNTIL}, on duty at MASH desk until 2pm"
    )
    assert rotas.answering(mash, london(24, 9), mash.agency.authority_id).duties[0].name == "Dee Sergeant"


def test_somebody_from_outside_who_covers_is_named_with_their_number(cast: Cast, mash: Desk) -> None:
    go(cast, cover_name="Jo Sample", cover_phone="07700 900399")
    (duty,) = rotas.answering(mash, NOON, mash.agency.authority_id).duties
    assert (duty.named, duty.phone) == (f"Jo Sample, covering for Dee Sergeant {UNTIL}", "+447700900399")


def test_with_nobody_to_cover_the_desk_answers_and_the_words_say_who_is_away(cast: Cast, mash: Desk) -> None:
    go(cast)
    found = rotas.answering(mash, NOON, mash.agency.authority_id)
    assert (found.duties, found.by) == ((), mash)
    assert found.words.startswith(f"Detective Sergeant Dee Sergeant, away {UNTIL}, and nobody covers. MASH desk, open")
    mash.hours = OFFICE
    night = Desk(agency=mash.agency, name="Night desk", roles=[], hours=ALWAYS, phone="+447700900099")
    db.session.add(night)
    mash.out_of_hours = night
    on_duty(mash, cast.sergeant, "18:00-20:00")
    cast.inspector.active = False
    db.session.flush()
    evening = rotas.answering(mash, london(24, 19), mash.agency.authority_id)
    assert evening.by is night
    assert "Dee Sergeant, away" in evening.words and "MASH desk is shut then. Night desk" in evening.words


def test_a_turn_nobody_covers_is_a_gap_and_no_time_for_a_discussion(cast: Cast, mash: Desk) -> None:
    go(cast)
    tuesday = rota_weeks.week(mash, NOON.date() - timedelta(days=1))[1]
    assert "Nobody on duty 10am to 2pm" in tuesday.gaps
    assert any("and nobody covers" in turn.duty.named for turn in tuesday.turns)
    grid = Grid.days(NOON, NOON + timedelta(days=3))
    known = other_work.of([Wanted("police", "Police", "The desk", True, desk=mash)], grid, NOON)
    spans = known.on_duty[f"desk:{mash.id}"]
    assert not any(first <= NOON < last for first, last in spans)
    assert any(first <= london(24, 15) < last for first, last in spans)


def test_a_person_asked_is_free_only_while_they_or_their_cover_are_there(cast: Cast, mash: Desk) -> None:
    grid = Grid.days(NOON, NOON + timedelta(days=3))
    asked = [Wanted("police", "Police", "Dee Sergeant", True, person=cast.sergeant)]
    whose = asked[0].whose
    assert whose not in other_work.of(asked, grid, NOON).on_duty
    go(cast)
    assert [first for first, _ in other_work.of(asked, grid, NOON).on_duty[whose]][-1] == london(26, 9)
    cast.sergeant.deputy = cast.chief_inspector
    db.session.flush()
    assert other_work.of(asked, grid, NOON).on_duty[whose] == [(grid.start, grid.end)]


def test_whoever_is_implicated_covers_for_nobody_on_duty(cast: Cast, mash: Desk) -> None:
    contact = waiting_child(cast, at())
    contact.implicated.append(_named(cast, contact))
    go(cast, cover_id=cast.chief_inspector.id)
    cast.sergeant.deputy = cast.inspector
    db.session.flush()
    barred = conflicts.of(contact)
    assert [one.name for one in rotas.answering(mash, NOON, mash.agency.authority_id, barred).duties] == [
        "Ina Inspector"
    ]
    mine = directory(cast.authority.id, contact).on_duty(NOON)[mash.id]
    assert [one.name for one in mine] == ["Ina Inspector"]


def _named(cast: Cast, contact: Contact) -> Implicated:
    chief = cast.chief_inspector
    return Implicated(contact=contact, person=chief, as_manager=False, reason="Named", by="Sam", at=NOON)


def ring(cast: Cast, **of: object) -> proposals.Ring:
    wanted = Wanted("police", "Police", "Exampleshire Police: Dee Sergeant", True, person=cast.sergeant, **of)  # type: ignore[arg-type]  # as above
    about = db.session.query(Contact).first() or waiting_child(cast, at())
    (found,) = proposals.to_ring([wanted], NOON, calendar_of(cast.policy.text), about)
    return found


def test_the_list_to_ring_names_the_cover_else_says_so_and_goes_on_to_the_desk(cast: Cast, mash: Desk) -> None:
    assert ring(cast).phone == "+447700900011"
    go(cast, cover_id=cast.chief_inspector.id)
    covered = ring(cast, desk=mash)
    assert (covered.words, covered.phone) == ("Exampleshire Police: Chris Chief", "+447700900013")
    assert covered.note == f"covering for Dee Sergeant {UNTIL}"
    cast.chief_inspector.active = False
    db.session.flush()
    alone = ring(cast, desk=mash)
    assert (alone.words, alone.phone) == ("Exampleshire Police: MASH desk", "+447700900001")
    assert alone.note == "open now. Dee Sergeant is away until Thu 26 Nov 9am, and nobody covers"
    assert "nobody covers" in ring(cast).note


def test_a_cover_without_a_number_is_named_and_the_desk_is_rung(cast: Cast, mash: Desk) -> None:
    go(cast, cover_name="Jo Sample", cover_email="jo@police.example")
    found = ring(cast, desk=mash)
    assert found.phone == "+447700900001"
    assert f"no number of Jo Sample, covering for Dee Sergeant {UNTIL}, is known" in found.note
