"""Handing a child's night to the emergency duty team: told, accepted, not accepted, done, accepted back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from strategy.act import Act, Refused
from strategy.commands import access_lists, contacts, emergency_duty, users
from strategy.db import db
from strategy.models import Contact, Event, Message, MorningList, NightHandover, User
from strategy.queries import emergency_duty as nights
from strategy.queries import mornings, reasons
from strategy.queries import waiting as waits
from strategy.queries.outgoing import outgoing
from strategy.vocabulary import EventVerb, MessageChannel, NightState, StaffRole, Via
from tests.booked import waiting
from tests.cast import Cast
from tests.emergency_duty import NIGHT, act, handed, member

SIX = datetime(2026, 11, 27, 18, tzinfo=UTC)  # a Friday evening
WORKER = Act(by="Strategy discussions", at=SIX, via=Via.WORKER)


@pytest.fixture
def nell(writing: None, cast: Cast) -> User:
    """The emergency duty team."""
    return member(cast)


@pytest.fixture
def night(nell: User, cast: Cast) -> NightHandover:
    """A child handed over at six."""
    return handed(cast, SIX)


def sent(name: str) -> list[Message]:
    return list(db.session.scalars(select(Message).where(Message.name == name).order_by(Message.id)))


def verbs(contact: Contact) -> list[EventVerb]:
    return list(db.session.scalars(select(Event.verb).where(Event.contact_id == contact.id).order_by(Event.id)))


def called(night: NightHandover, minutes: int) -> bool:
    return emergency_duty.call(night.id, replace(WORKER, at=SIX + timedelta(minutes=minutes)))


def test_the_team_is_told_without_a_word_of_the_child_and_the_clock_runs_on(night: NightHandover, cast: Cast) -> None:
    contact = night.contact
    due, holder = contact.due_at, waits.WaitingLine(contact).holder
    mail = next(one for one in sent("edt-given") if one.channel is MessageChannel.EMAIL)
    assert mail.address == "nell@exampleshire.example" and contact.reference in mail.text
    for secret in (contact.case_reference, "Visit", "relative", "Gran", "standard"):
        assert secret not in f"{mail.subject}{mail.text}{mail.html}"
    assert outgoing(mail).path == f"/contacts/{contact.id}"
    assert contact.due_at == due and holder is not None and holder.id == cast.social_worker.id
    assert verbs(contact)[-1] is EventVerb.HANDED_TO_EDT


def test_it_is_accepted_once_and_by_name(night: NightHandover, nell: User) -> None:
    emergency_duty.accept(night, nell.full_name, act(SIX + timedelta(minutes=5), nell))
    assert (night.state, night.accepted_by) == (NightState.ACCEPTED, "Nell Night")
    with pytest.raises(Refused, match="With the emergency duty team: Nell Night"):
        emergency_duty.accept(night, "Somebody Else", act(SIX + timedelta(minutes=6), nell))
    assert all(reasons.gone(one, SIX) is not None for one in sent("edt-given"))


def test_unaccepted_it_is_said_to_whoever_gave_it_then_to_the_managers_too_once_each_time(
    night: NightHandover, cast: Cast
) -> None:
    night.giver = db.session.merge(cast.social_worker)
    assert not called(night, 14) and not sent("edt-unaccepted")
    assert called(night, 15) and not called(night, 15)
    assert {one.user_id for one in sent("edt-unaccepted")} == {cast.social_worker.id}
    assert [one.id for one in nights.calls_for(night.giver)] == [night.id]
    assert nights.calls_for(db.session.merge(cast.chair)) == []
    assert called(night, 200)  # late by hours: once
    assert not called(night, 201)
    assert {one.user_id for one in sent("edt-unaccepted")} == {cast.social_worker.id, cast.chair.id}
    assert [one.id for one in nights.calls_for(db.session.merge(cast.chair))] == [night.id]
    assert verbs(night.contact).count(EventVerb.EDT_UNACCEPTED) == 1


def test_accepted_nobody_is_asked_to_ring_any_more(night: NightHandover, nell: User, cast: Cast) -> None:
    assert called(night, 15)
    emergency_duty.accept(night, "Nell Night", act(SIX + timedelta(minutes=16), nell))
    assert not called(night, 60)
    assert nights.calls_for(db.session.merge(cast.chair)) == [] and nights.calls_due(SIX + timedelta(hours=9)) == []


def test_what_was_done_is_written_down_and_a_named_day_worker_has_it_back(
    night: NightHandover, nell: User, cast: Cast
) -> None:
    with pytest.raises(Refused, match="Not accepted yet"):
        emergency_duty.report(night, "Visited", act(SIX, nell))
    emergency_duty.accept(night, "Nell Night", act(SIX, nell))
    emergency_duty.report(night, "Visited at nine: seen alone, safe", act(SIX + timedelta(hours=3), nell))
    emergency_duty.back(night, db.session.merge(cast.social_worker), act(SIX + timedelta(hours=14), cast.social_worker))
    assert night.state is NightState.BACK and night.back_with is not None
    assert night.back_with.full_name == "Sam Worker"
    assert verbs(night.contact)[-3:] == [EventVerb.EDT_ACCEPTED, EventVerb.EDT_REPORTED, EventVerb.EDT_BACK]
    texts = db.session.scalars(select(Event.text)).all()
    assert not any("Visit" in text or "seen alone" in text for text in texts)
    with pytest.raises(Refused, match="Accepted back: Sam Worker"):
        emergency_duty.back(night, db.session.merge(cast.chair), act(SIX + timedelta(hours=15), cast.chair))


def test_it_is_given_again_only_once_it_is_back(night: NightHandover, cast: Cast) -> None:
    with pytest.raises(Refused, match="handed to the emergency duty team already"):
        emergency_duty.give(night.contact, NIGHT, night.giver, act(SIX, cast.chair))
    emergency_duty.back(night, night.giver, act(SIX, cast.chair))
    again = emergency_duty.give(night.contact, NIGHT, night.giver, act(SIX + timedelta(minutes=1), cast.chair))
    assert nights.open_of(night.contact) is again


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"act_by": SIX}, "act_by"),
        ({"act_by": SIX + timedelta(days=6)}, "act_by"),
        ({"what": "  "}, "what"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(nell: User, cast: Cast, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        handed(cast, SIX, replace(NIGHT, **changes))
    assert refused.value.field == field


def test_where_nobody_is_on_the_team_it_is_not_pretended_to_be_handed_over(writing: None, cast: Cast) -> None:
    with pytest.raises(Refused, match="Nobody here is on the emergency duty team: ring them"):
        handed(cast, SIX)


def test_a_restricted_child_goes_to_those_of_the_team_who_may_open_it(nell: User, cast: Cast) -> None:
    origin, contact = (waiting(cast, act(SIX, cast.chair), case, safety="Safe") for case in ("4471-A", "4480-C"))
    chair = db.session.merge(cast.chair)
    access_lists.restrict(contact, origin, [chair, db.session.merge(cast.social_worker)], act(SIX, cast.chair))
    db.session.flush()
    db.session.expire(contact)
    with pytest.raises(Refused, match="access list"):
        emergency_duty.give(contact, NIGHT, chair, act(SIX, cast.chair))


def test_a_closed_contact_has_nothing_to_hand_over(nell: User, cast: Cast) -> None:
    contact = waiting(cast, act(SIX, cast.chair))
    contacts.not_needed(contact, "Known to another team", act(SIX, cast.chair))
    with pytest.raises(Refused, match="closed"):
        emergency_duty.give(contact, NIGHT, db.session.merge(cast.chair), act(SIX, cast.chair))


def test_the_morning_s_list_is_told_once_a_day_to_day_managers_by_mail_with_a_count_alone(
    night: NightHandover, cast: Cast
) -> None:
    member(cast, "Max Manager", StaffRole.CHAIR)
    eight = SIX + timedelta(hours=14)
    assert mornings.due(eight - timedelta(seconds=1)) == []
    assert [one for one, _ in mornings.due(eight + timedelta(hours=3))] == [cast.authority.id]  # late
    assert emergency_duty.tell_morning(cast.authority.id, replace(WORKER, at=eight + timedelta(hours=3)))
    assert not emergency_duty.tell_morning(cast.authority.id, replace(WORKER, at=eight + timedelta(hours=3)))
    (mail,) = sent("morning-list")
    assert (mail.user_id, mail.channel) == (cast.chair.id, MessageChannel.EMAIL)
    assert mail.subject == "Overnight: 1 handed to the emergency duty team, 1 accepted by nobody"
    assert night.contact.reference not in mail.text and night.contact.case_reference not in mail.text
    assert outgoing(mail).path == "/edt/morning"
    assert reasons.gone(mail, eight + timedelta(hours=4)) is None
    assert reasons.gone(mail, eight + timedelta(hours=28)) == "The day is over."
    asleep = replace(WORKER, at=eight + timedelta(days=4))
    assert emergency_duty.tell_morning(cast.authority.id, asleep)
    assert len(db.session.scalars(select(MorningList)).all()) == 2  # the days between are not made up for


def test_without_a_team_nobody_waits_for_a_list(writing: None, cast: Cast) -> None:
    assert mornings.due(SIX + timedelta(hours=15)) == []


def test_whoever_is_on_the_team_is_a_social_worker_or_a_manager_too(writing: None, cast: Cast) -> None:
    new = users.NewUser("max@exampleshire.example", "Max Midnight", "Emergency duty manager", "hashed")
    with pytest.raises(Refused, match="Give social-worker or chair too"):
        users.create(new, cast.authority, [StaffRole.EDT], act(SIX, cast.admin))
    made = users.create(new, db.session.merge(cast.authority), [StaffRole.EDT, StaffRole.CHAIR], act(SIX, cast.admin))
    assert made.holds(StaffRole.EDT)
