"""Booking: what a discussion copies from its contact, who is asked, and what is refused."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from strategy.act import Act, Refused
from strategy.commands import booking, changes, contacts
from strategy.commands.booking import ChildEntry
from strategy.commands.changes import Occasion
from strategy.commands.inviting import Invitee
from strategy.commands.lines import EVERYTHING
from strategy.db import db, transaction
from strategy.models import Discussion, Event, Message
from strategy.vocabulary import EventVerb, InvitationState, MessageChannel, Mode, Via, Waiting
from tests.cast import Cast
from tests.commands.stories import THURSDAY, plan, waiting_child

ActMaker = Callable[..., Act]


def writing() -> AbstractContextManager[Act]:
    return transaction("Sam Worker", Via.STAFF)


def book(cast: Cast, by: Act, *concerns: str, **changes: Any) -> Discussion:
    contact = waiting_child(cast, by, *concerns)
    return booking.book(contact, plan(cast, by.at, **changes), cast.social_worker, by)


def refused_field(cast: Cast, by: Act, *concerns: str, **changes: Any) -> str | None:
    with writing(), pytest.raises(Refused) as caught:
        book(cast, by, *concerns, **changes)
    return caught.value.field


def test_a_discussion_copies_clock_target_policy_and_concerns_from_its_contact(cast: Cast, act: ActMaker) -> None:
    with writing():
        discussion = book(cast, act(at=THURSDAY), "standard", "missing")
        contact = discussion.contact
        assert discussion.due_at == contact.due_at
        assert discussion.clock_started_at == THURSDAY
        assert discussion.policy is cast.policy or discussion.policy_id == contact.policy_id
        assert discussion.concerns == ["standard", "missing"]
        assert discussion.urgent == contact.urgent
        assert contact.state is Waiting.BOOKED


def test_everybody_is_asked_and_the_authoritys_own_are_coming(cast: Cast, act: ActMaker) -> None:
    with writing():
        discussion = book(cast, act(at=THURSDAY), minute_taker=cast.admin)
        states = {one.role: one.state for one in discussion.invitations}
    assert states == {
        "chair": InvitationState.COMING,
        "social-worker": InvitationState.COMING,
        "minute-taker": InvitationState.COMING,
        "police": InvitationState.INVITED,
        "health-0-19": InvitationState.INVITED,
        "education": InvitationState.INVITED,
    }


def test_a_partner_gets_a_mail_with_a_calendar_entry_and_a_text(cast: Cast, act: ActMaker) -> None:
    with writing():
        discussion = book(cast, act(at=THURSDAY))
        police = next(one for one in discussion.invitations if one.role == "police")
        queued = db.session.scalars(select(Message).where(Message.invitation_id == police.id)).all()
        sent = {message.channel: message for message in queued}
    assert set(sent) == {MessageChannel.EMAIL, MessageChannel.SMS}
    assert sent[MessageChannel.EMAIL].calendar_method == "REQUEST"
    assert sent[MessageChannel.SMS].address == "+447700900001"
    assert discussion.reference in sent[MessageChannel.SMS].text


def test_the_needs_of_the_kind_and_of_the_concerns_are_kept(cast: Cast, act: ActMaker) -> None:
    with writing():
        left_out = {"housing": "No housing desk answers: rung the duty officer"}
        discussion = book(cast, act(at=THURSDAY), "housing-16-17", left_out=left_out)
        needs = {need.code: need.left_out_reason for need in discussion.needs}
        assert needs == {
            "social-worker": None,
            "chair": None,
            "police": None,
            "health": None,
            "housing": "No housing desk answers: rung the duty officer",
        }
        event = db.session.scalars(select(Event).where(Event.verb == EventVerb.LEFT_OUT)).one()
        assert "duty officer" not in event.text


def test_leaving_police_out_without_a_reason_is_refused(cast: Cast, act: ActMaker) -> None:
    only_health = (Invitee("health-0-19", True, desk=cast.health_desk),)
    assert refused_field(cast, act(at=THURSDAY), invitees=only_health) == "left_out_police"
    assert refused_field(cast, act(at=THURSDAY), invitees=only_health, left_out={"police": " "}) == "left_out_police"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_at": THURSDAY - timedelta(minutes=1)}, "starts_at"),
        ({"starts_at": THURSDAY + timedelta(days=120), "ends_at": THURSDAY + timedelta(days=121)}, "starts_at"),
        ({"ends_at": THURSDAY + timedelta(hours=5)}, "ends_at"),
        ({"ends_at": THURSDAY + timedelta(hours=4)}, "ends_at"),
        ({"ends_at": THURSDAY + timedelta(hours=12)}, "ends_at"),
        ({"mode": Mode.VIDEO, "join_url": None}, "join_url"),
        ({"join_url": "javascript:alert(1)"}, "join_url"),
        ({"mode": Mode.IN_PERSON, "place": None}, "place"),
        ({"mode": Mode.SERIES_OF_CALLS}, "without_agreement_reason"),
        ({"direction": "See the child today"}, "direction_due_at"),
        ({"direction_due_at": THURSDAY + timedelta(hours=2)}, "direction"),
        ({"direction": "See the child", "direction_due_at": THURSDAY - timedelta(hours=2)}, "direction_due_at"),
    ],
)
def test_what_cannot_be_booked_is_refused_at_its_field(
    cast: Cast, act: ActMaker, changes: dict[str, Any], field: str
) -> None:
    assert refused_field(cast, act(at=THURSDAY), **changes) == field


def test_the_chair_cannot_take_the_minutes(cast: Cast, act: ActMaker) -> None:
    assert refused_field(cast, act(at=THURSDAY), minute_taker=cast.chair) == "minute_taker"


def test_only_somebody_who_chairs_can_chair(cast: Cast, act: ActMaker) -> None:
    assert refused_field(cast, act(at=THURSDAY), chair=cast.social_worker) == "chair"


def test_only_a_social_worker_or_manager_is_the_social_worker(cast: Cast, act: ActMaker) -> None:
    assert refused_field(cast, act(at=THURSDAY), social_worker=cast.admin) == "social_worker"


def test_nobody_from_another_authority_is_ever_asked(cast: Cast, act: ActMaker) -> None:
    assert refused_field(cast, act(at=THURSDAY), minute_taker=cast.outsider) == "invitee"


def test_past_the_target_a_reason_for_the_delay_is_asked_for(cast: Cast, act: ActMaker) -> None:
    late = {"starts_at": THURSDAY + timedelta(days=8), "ends_at": THURSDAY + timedelta(days=8, minutes=45)}
    assert refused_field(cast, act(at=THURSDAY), **late) == "late_reason"
    assert refused_field(cast, act(at=THURSDAY), late_reason="made-up", **late) == "late_reason"
    with writing():
        assert book(cast, act(at=THURSDAY), late_reason="no-chair", **late).late_reason == "no-chair"


def test_a_reason_for_a_delay_there_is_not_is_not_kept(cast: Cast, act: ActMaker) -> None:
    with writing():
        assert book(cast, act(at=THURSDAY), late_reason="no-chair").late_reason is None


def test_a_contact_is_booked_once_and_only_when_decided(cast: Cast, act: ActMaker) -> None:
    now = act(at=THURSDAY)
    with writing():
        discussion = book(cast, now)
        with pytest.raises(Refused):
            booking.book(discussion.contact, plan(cast, THURSDAY), cast.social_worker, now)
    with writing():
        contact = waiting_child(cast, now, case="4480-C")
        contacts.not_needed(contact, "A duplicate", now)
        with pytest.raises(Refused):
            booking.book(contact, plan(cast, THURSDAY), cast.social_worker, now)


def test_siblings_join_the_discussion_and_a_child_can_be_told_apart(cast: Cast, act: ActMaker) -> None:
    now = act(at=THURSDAY)
    with writing():
        contact = waiting_child(cast, now)
        first = contact.children[0]
        entries = (
            ChildEntry(
                id=first.id, case_reference="4471-A", name="A Child", born="2019-02-03", school="Sample Primary"
            ),
            ChildEntry(case_reference="4471-B", born="2027-01-10", unborn=True),
        )
        discussion = booking.book(contact, plan(cast, THURSDAY, children=entries), cast.social_worker, now)
        assert [child.case_reference for child in discussion.children] == ["4471-A", "4471-B"]
        assert discussion.children[0].school == "Sample Primary"
        assert discussion.children[1].unborn


def test_a_child_of_another_contact_is_refused(cast: Cast, act: ActMaker) -> None:
    now = act(at=THURSDAY)
    with writing(), pytest.raises(Refused):
        other = waiting_child(cast, now, case="4480-C").children[0]
        book(cast, now, children=(ChildEntry(id=other.id),))


def test_holding_one_now_starts_this_minute_by_phone(cast: Cast, act: ActMaker) -> None:
    with writing():
        at_once = {"starts_at": THURSDAY, "ends_at": THURSDAY + timedelta(minutes=30), "mode": Mode.PHONE, "now": True}
        discussion = book(cast, act(at=THURSDAY), **at_once)
        assert discussion.starts_at == THURSDAY
        assert discussion.urgent


def test_references_are_told_apart_within_an_authority(
    cast: Cast, act: ActMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = iter("KKKKQQQQ77777777DDDD")
    monkeypatch.setattr("strategy.references.secrets.choice", lambda _: next(letters))
    with writing():
        first = book(cast, act(at=THURSDAY))  # its contact takes KKKK
        assert first.reference == "QQQQ"
        second = booking._reference(cast.authority.id)
        assert second == "7777"
        first.reference = "7777"
        db.session.flush()
        assert booking._reference(cast.authority.id) == "DDDD"


def test_reclassifying_a_booked_contact_moves_its_discussions_target_and_adds_what_it_needs(
    cast: Cast, act: ActMaker
) -> None:
    with writing():
        discussion = book(cast, act(at=THURSDAY))
        contacts.reclassify(discussion.contact, ["housing-16-17"], act(at=THURSDAY + timedelta(minutes=5)))
        assert discussion.due_at == discussion.contact.due_at
        assert discussion.clock_started_at == THURSDAY
        assert "housing" in {need.code for need in discussion.needs}
        assert discussion.urgent


def test_a_need_that_begins_on_a_day_is_asked_for_at_discussions_from_that_day(cast: Cast, act: ActMaker) -> None:
    core = datetime(2027, 12, 1, 9, tzinfo=UTC)
    eve = core - timedelta(days=1)
    with writing():
        before = book(cast, act(at=eve), starts_at=eve + timedelta(hours=5), ends_at=eve + timedelta(hours=6))
        assert "education" not in {need.code for need in before.needs}
    # booked on the eve for the day itself
    later = {"starts_at": core, "ends_at": core + timedelta(hours=1)}
    with writing():
        after = book(cast, act(at=eve), **later)
        assert "education" in {need.code for need in after.needs}
        occasion = Occasion(core, core + timedelta(hours=1), Mode.VIDEO, "https://video.example/room")
        changes.move(before, occasion, "waiting-for-partner", before.revision, act(at=eve), alongside=EVERYTHING)
        assert "education" in {need.code for need in before.needs}


def test_the_chair_is_never_the_social_worker_too(cast: Cast, act: ActMaker) -> None:
    assert refused_field(cast, act(), social_worker=cast.chair) == "social_worker"
