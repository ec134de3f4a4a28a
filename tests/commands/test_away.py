"""Away until, somebody covers: who is told instead, at the moment a ladder or an invitation fires."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from strategy.act import Act, Refused
from strategy.commands import away, changes, climbing, inviting
from strategy.commands.away import AwayEntry
from strategy.commands.changes import Occasion
from strategy.commands.inviting import Invitee
from strategy.commands.lines import EVERYTHING
from strategy.db import db
from strategy.models import Chase, Discussion, Event, Invitation, Message, Person
from strategy.policy import parsed
from strategy.queries import covering, rungs
from strategy.queries.chasing import Due
from strategy.queries.rungs import Holder
from strategy.vocabulary import ChaseKind, EventVerb, Via
from tests.cast import Cast
from tests.convened import BOOKED_AT, ENDS_AT, LATER, STARTS_AT, invited, queued, send_everything, staff_act

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
BACK = datetime(2026, 12, 1, 9, tzinfo=UTC)
ABSENT = AwayEntry(NOON, BACK)


def by(name: str = "Dee Sergeant", at: datetime = BOOKED_AT) -> Act:
    return Act(by=name, at=at, via=Via.LINK)


def told(invitation: Invitation, rung: int, at: datetime) -> Holder | None:
    ladder = parsed(invitation.discussion.policy.text).ladder_of(invitation.role)
    return rungs.holder(invitation, rung, ladder, at)


@pytest.fixture
def police(discussion: Discussion) -> Invitation:
    return invited(discussion, "police")


def test_while_they_are_away_their_rung_goes_to_whoever_covers_and_before_and_after_to_them(
    police: Invitation, cast: Cast
) -> None:
    away.go(cast.sergeant, replace(ABSENT, cover_id=cast.inspector.id), by())
    db.session.flush()
    during = told(police, 1, NOON)
    assert during == Holder(
        "Detective sergeant",
        "Ina Inspector",
        "di@police.example",
        "+447700900012",
        "covers for Dee Sergeant, away until Tue 1 Dec 9am",
    )
    for moment in (NOON - timedelta(minutes=1), BACK):
        there = told(police, 1, moment)
        assert there is not None and there.name == "Dee Sergeant" and there.remark == ""


def test_somebody_from_outside_can_cover_by_name_and_contact(police: Invitation, cast: Cast) -> None:
    outside = replace(ABSENT, cover_name="Kim Cover", cover_email="kim@police.example", cover_phone="07700 900399")
    away.go(cast.sergeant, outside, by())
    db.session.flush()
    holder = told(police, 1, NOON)
    assert holder is not None
    assert (holder.name, holder.email, holder.phone) == ("Kim Cover", "kim@police.example", "+447700900399")


def test_nobody_named_means_the_standing_deputy(police: Invitation, cast: Cast) -> None:
    cast.sergeant.deputy = cast.chief_inspector
    away.go(cast.sergeant, ABSENT, by())
    db.session.flush()
    holder = told(police, 1, NOON)
    assert holder is not None and holder.name == "Chris Chief"


def test_whoever_covers_and_is_away_too_is_covered_for_in_turn_and_a_circle_ends(cast: Cast, writing: None) -> None:
    away.go(cast.sergeant, replace(ABSENT, cover_id=cast.inspector.id), by())
    away.go(cast.inspector, replace(ABSENT, cover_id=cast.chief_inspector.id), by())
    db.session.flush()
    found = covering.stand_in(cast.sergeant, NOON)
    assert found is not None and (found.name, found.absent.name) == ("Chris Chief", "Dee Sergeant")
    away.go(cast.chief_inspector, replace(ABSENT, cover_id=cast.sergeant.id), by())
    db.session.flush()
    assert covering.stand_in(cast.sergeant, NOON) is None


def test_with_nobody_covering_the_next_on_the_rung_is_told_else_they_are_all_the_same(
    police: Invitation, cast: Cast
) -> None:
    away.go(cast.sergeant, ABSENT, by())
    db.session.flush()
    alone = told(police, 1, NOON)
    assert alone is not None and alone.words == "Detective sergeant: Dee Sergeant (away, and nobody covers)"
    second = Person(
        agency=cast.sergeant.agency, name="Sid Second", job_title="Sergeant", rung=1, rung_order=1, email="s@p.example"
    )
    db.session.add(second)
    db.session.flush()
    other = told(police, 1, NOON)
    assert other is not None and other.name == "Sid Second"


def test_of_several_on_a_rung_the_lowest_order_is_told(police: Invitation, cast: Cast) -> None:
    cast.sergeant.rung_order = 2
    first = Person(agency=cast.sergeant.agency, name="First", job_title="Sergeant", rung=1, email="f@police.example")
    db.session.add(first)
    db.session.flush()
    holder = told(police, 1, NOON)
    assert holder is not None and holder.name == "First"


def test_whoever_is_out_of_use_covers_for_nobody(police: Invitation, cast: Cast) -> None:
    away.go(cast.sergeant, replace(ABSENT, cover_id=cast.inspector.id), by())
    cast.inspector.active = False
    db.session.flush()
    assert covering.stand_in(cast.sergeant, NOON) is None


def test_the_climb_writes_to_the_cover_and_says_for_whom(police: Invitation, cast: Cast) -> None:
    away.go(cast.sergeant, replace(ABSENT, cover_id=cast.inspector.id), by())
    db.session.flush()
    for moment in (datetime(2026, 11, 27, 13, 30, tzinfo=UTC), datetime(2026, 11, 27, 14, 10, tzinfo=UTC)):
        chase = db.session.scalars(
            select(Chase).where(Chase.invitation_id == police.id, Chase.kind == ChaseKind.BEFORE)
        ).one()
        climbing.climb(Due(chase.id, chase.step, chase.rung, chase.due_at), by("Strategy discussions", moment))
    supervisor = db.session.scalars(select(Message).where(Message.name == "supervisor")).all()
    assert {message.address for message in supervisor} == {"di@police.example", "+447700900012"}
    climbed = db.session.scalars(
        select(Event).where(Event.verb == EventVerb.CLIMBED, Event.invitation_id == police.id).order_by(Event.id.desc())
    ).first()
    assert climbed is not None and "Ina Inspector (covers for Dee Sergeant, away until" in climbed.text


def test_an_invitation_to_somebody_away_goes_to_whoever_covers(discussion: Discussion, cast: Cast) -> None:
    away.go(cast.sergeant, replace(ABSENT, cover_id=cast.inspector.id), by())
    db.session.flush()
    made = inviting.invite(discussion, Invitee("police", False, person=cast.sergeant), by("Sam Worker"))
    assert (made.email, made.phone) == ("di@police.example", "+447700900012")
    assert made.invitee.startswith("Exampleshire Police: Ina Inspector (covers for Dee Sergeant")
    assert made.person is cast.sergeant


def test_an_address_given_for_one_invitation_is_not_the_persons_to_hand_over(
    discussion: Discussion, cast: Cast
) -> None:
    away.go(cast.sergeant, replace(ABSENT, cover_id=cast.inspector.id), by())
    db.session.flush()
    given = Invitee("police", False, person=cast.sergeant, email="duty@police.example")
    made = inviting.invite(discussion, given, by("Sam Worker"))
    assert made.email == "duty@police.example"
    holder = told(made, 0, NOON)
    assert holder is not None and holder.email == "duty@police.example"


def test_a_reminder_follows_whoever_went_away_since_they_were_invited(discussion: Discussion, cast: Cast) -> None:
    made = inviting.invite(discussion, Invitee("police", False, person=cast.sergeant), by("Sam Worker"))
    away.go(cast.sergeant, replace(ABSENT, cover_id=cast.inspector.id), by())
    db.session.flush()
    holder = told(made, 0, NOON)
    assert holder is not None and holder.email == "di@police.example"


def test_it_is_taken_back(police: Invitation, cast: Cast) -> None:
    gone = away.go(cast.sergeant, replace(ABSENT, cover_id=cast.inspector.id), by())
    away.back(gone, by())
    db.session.flush()
    assert covering.away(cast.sergeant, NOON) is None
    with pytest.raises(Refused):
        away.back(gone, by())


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends_at": NOON}, "ends_at"),
        ({"starts_at": NOON - timedelta(days=9), "ends_at": NOON - timedelta(days=8)}, "ends_at"),
        ({"ends_at": NOON + timedelta(days=500)}, "ends_at"),
        ({"cover_id": 9999}, "cover_id"),
        ({"cover_name": "Kim"}, "cover_email"),
        ({"cover_name": "Kim", "cover_email": "nobody"}, "cover_email"),
        ({"cover_name": "Kim", "cover_phone": "1"}, "cover_phone"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    writing: None, cast: Cast, changed: dict[str, object], field: str
) -> None:
    entry = replace(ABSENT, **changed)  # type: ignore[arg-type]  # the values follow the names
    with pytest.raises(Refused) as caught:
        away.go(cast.sergeant, entry, by())
    assert caught.value.field == field


def test_nobody_of_another_agency_covers_and_nobody_for_themselves(writing: None, cast: Cast) -> None:
    for cover in (cast.named_nurse.id, cast.sergeant.id):
        with pytest.raises(Refused):
            away.go(cast.sergeant, replace(ABSENT, cover_id=cover), by())


def test_of_a_move_and_an_end_whoever_covers_hears_too(discussion: Discussion, cast: Cast) -> None:
    made = inviting.invite(discussion, Invitee("police", False, person=cast.sergeant), by("Sam Worker"))
    send_everything()
    away.go(cast.sergeant, replace(ABSENT, cover_id=cast.inspector.id), by())
    db.session.flush()
    to = Occasion(STARTS_AT + timedelta(hours=2), ENDS_AT + timedelta(hours=2), discussion.mode, discussion.join_url)
    changes.move(discussion, to, "no-chair", discussion.revision, staff_act(cast, LATER), EVERYTHING)
    assert {one.address for one in queued(made, "update")} >= {"ds@police.example", "di@police.example"}
    send_everything()
    changes.stand_down(discussion, "Not needed", discussion.revision, staff_act(cast, LATER))
    assert {one.address for one in queued(made, "cancel")} >= {"ds@police.example", "di@police.example"}


@pytest.mark.parametrize("field", ["cover_name", "cover_email", "cover_phone"])
def test_somebody_chosen_and_another_typed_are_not_guessed_between(cast: Cast, writing: None, field: str) -> None:
    besides = AwayEntry(ABSENT.starts_at, ABSENT.ends_at, **{field: "kim@police.example"})  # type: ignore[arg-type]  # a test names one field of many
    both = replace(besides, cover_id=cast.inspector.id)
    with pytest.raises(Refused) as refused:
        away.go(cast.sergeant, both, by())
    assert refused.value.field == field and "leave this empty" in refused.value.reason
    assert cast.sergeant.aways == []


def test_an_address_without_a_name_is_asked_whose_it_is(cast: Cast, writing: None) -> None:
    with pytest.raises(Refused) as refused:
        away.go(cast.sergeant, replace(ABSENT, cover_phone="07700 900399"), by())
    assert refused.value.field == "cover_name"
