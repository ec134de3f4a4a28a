"""Answers: what each makes of an invitation, who is told, and when none is taken any more."""

from datetime import timedelta

import pytest

from strategy.act import Act, Refused
from strategy.commands.answers import Reply, answer
from strategy.db import db
from strategy.models import Chase, Discussion, Event, Message
from strategy.queries import chasing
from strategy.vocabulary import (
    ChaseKind,
    DiscussionState,
    EventVerb,
    InvitationState,
    MessageReason,
    MessageState,
    Response,
    Via,
)
from strategy.worker import steps
from tests.cast import Cast
from tests.convened import BOOKED_AT, STARTS_AT, invited, link_act, queued, send_everything

LATER = BOOKED_AT + timedelta(minutes=20)
JO = Reply(Response.ATTEND, "Jo Sample", "Detective Constable")
NOBODY = Reply(Response.CANNOT_ATTEND, "Jo Sample", "Detective Constable", reason="Everybody is in court")


def _chased(discussion: Discussion, role: str) -> bool:
    asked = db.session.query(Chase).filter_by(invitation_id=invited(discussion, role).id, kind=ChaseKind.BEFORE)
    return asked.count() > 0


def test_a_named_attendee_ends_the_chase_and_gets_a_confirmation(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    assert _chased(discussion, "police")
    given = answer(police, JO, link_act(LATER))
    assert police.state is InvitationState.COMING
    assert (police.attendee_name, police.attendee_role) == ("Jo Sample", "Detective Constable")
    assert police.named_at == police.answered_at == LATER
    assert not given.unverified
    assert not _chased(discussion, "police")
    assert [message.address for message in queued(police, "confirmation")] == ["mash@police.example", "+447700900001"]
    assert not queued(police, "convener")


def test_a_named_deputy_ends_the_chase_and_gets_a_message_of_their_own(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    deputy = Reply(Response.DEPUTY, "Jo Sample", "DC", "Kim Stand-In", "DS", "07700 900 555")
    answer(police, deputy, link_act(LATER))
    assert police.state is InvitationState.DEPUTY
    assert police.attendee_contact == "+447700900555"
    assert not _chased(discussion, "police")
    assert [message.address for message in queued(police, "deputy")] == ["+447700900555"]


def test_wild_4_a_forwarded_answer_becomes_a_named_deputy_who_is_told_when_released(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    forwarded = Reply(Response.DEPUTY, "Kim Stand-In", "DS", "Kim Stand-In", "DS", "kim@police.example")
    answer(police, forwarded, link_act(LATER))
    send_everything(LATER)
    answer(police, JO, link_act(LATER + timedelta(minutes=5)))
    assert police.attendee_name == "Jo Sample" and police.attendee_contact is None
    assert [message.address for message in queued(police, "cancel")] == ["kim@police.example"]


def test_a_deputy_released_before_they_were_told_hears_nothing(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    answer(police, Reply(Response.DEPUTY, "Jo", "DC", "Kim", "DS", "kim@police.example"), link_act(LATER))
    answer(police, JO, link_act(LATER + timedelta(minutes=1)))
    assert not queued(police, "cancel") and not queued(police, "deputy")


def test_accepting_without_a_name_is_chased_on(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    act = Act(by="MASH desk", at=LATER, via=Via.SMS)
    answer(police, Reply(Response.DESK_ACCEPTED), act)
    assert police.state is InvitationState.NAME_NEEDED
    assert police.named_at is None
    assert _chased(discussion, "police")


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (NOBODY, InvitationState.DECLINED),
        (Reply(Response.REPORT_ONLY, "Jo Sample", "DC"), InvitationState.REPORT_ONLY),
    ],
)
def test_a_decline_or_a_report_is_chased_on_and_the_convener_told_at_once(
    discussion: Discussion, cast: Cast, reply: Reply, state: InvitationState
) -> None:
    police = invited(discussion, "police")
    answer(police, reply, link_act(LATER))
    assert police.state is state
    assert _chased(discussion, "police")
    assert {message.address for message in queued(police, "convener")} == {
        cast.social_worker.email,
        cast.social_worker.mobile,
    }


def test_the_reason_for_a_decline_stays_out_of_messages_and_timeline(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    given = answer(police, NOBODY, link_act(LATER))
    assert given.reason == "Everybody is in court"
    told = [f"{one.subject} {one.text} {one.html}" for one in db.session.query(Message)]
    told += [event.text for event in db.session.query(Event)]
    assert not any("in court" in words for words in told)


def test_an_answer_can_be_changed_until_the_start_and_every_answer_is_kept(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    answer(police, JO, link_act(LATER))
    answer(police, NOBODY, link_act(STARTS_AT - timedelta(seconds=1)))
    assert police.state is InvitationState.DECLINED
    assert police.attendee_name is None
    assert police.named_at == LATER
    assert [given.response for given in police.answers] == [Response.ATTEND, Response.CANNOT_ATTEND]
    assert _chased(discussion, "police")


def test_naming_somebody_takes_unsent_prompts_and_older_confirmations_out_of_the_outbox(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    answer(police, NOBODY, link_act(LATER))
    answer(police, JO, link_act(LATER + timedelta(minutes=2)))
    confirmations = db.session.query(Message).filter_by(invitation_id=police.id, reason=MessageReason.CONFIRMATION)
    states = [message.state for message in confirmations.order_by(Message.id)]
    assert states == [MessageState.VOIDED, MessageState.VOIDED, MessageState.QUEUED, MessageState.QUEUED]


def test_wild_1_an_answer_within_seconds_of_sending_counts_but_is_unverified_and_the_convener_told(
    discussion: Discussion,
) -> None:
    police = invited(discussion, "police")
    send_everything(LATER)
    given = answer(police, JO, link_act(LATER + timedelta(seconds=3)))
    assert given.unverified and police.unverified
    assert given.remote == "198.51.100.7 Example/1.0"
    assert police.state is InvitationState.COMING
    assert len(queued(police, "convener")) == 2
    event = db.session.query(Event).filter_by(verb=EventVerb.ANSWERED).one()
    assert event.text.endswith("(unverified)")


def test_wild_1_accept_and_decline_within_seconds_leave_the_answer_unverified(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    send_everything()
    answer(police, JO, link_act(LATER))
    answer(police, NOBODY, link_act(LATER + timedelta(seconds=2)))
    assert police.unverified
    assert police.state is InvitationState.DECLINED


def test_an_answer_staff_took_by_phone_clears_the_doubt(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    send_everything(LATER)
    answer(police, JO, link_act(LATER + timedelta(seconds=3)))
    by_phone = Act(by="Sam Worker", at=LATER + timedelta(minutes=1), via=Via.PHONE)
    given = answer(police, JO, by_phone)
    assert not police.unverified
    assert (given.recorded_by, given.by_name) == ("Sam Worker", "Jo Sample")


@pytest.mark.parametrize(
    ("reply", "field"),
    [
        (Reply(Response.ATTEND), "by_name"),
        (Reply(Response.DEPUTY, "Jo", "DC"), "attendee_name"),
        (Reply(Response.DEPUTY, "Jo", "DC", "Kim", "DS", "not an address@"), "attendee_contact"),
        (Reply(Response.DEPUTY, "Jo", "DC", "Kim", "DS", "12"), "attendee_contact"),
        (Reply(Response.CANNOT_ATTEND, "Jo", "DC"), "reason_code"),
    ],
)
def test_an_unfinished_answer_is_refused_at_its_field(discussion: Discussion, reply: Reply, field: str) -> None:
    with pytest.raises(Refused) as refused:
        answer(invited(discussion, "police"), reply, link_act(LATER))
    assert refused.value.field == field


def test_after_the_start_an_answer_is_refused_with_what_is_true_and_whom_to_ring(discussion: Discussion) -> None:
    for began, words in ((None, "was planned for 3:30pm"), (STARTS_AT, "started at 3:30pm")):
        discussion.started_at = began
        with pytest.raises(Refused, match=rf"{words}\. Join it now, or ring 01632 960123"):
            answer(invited(discussion, "police"), JO, link_act(STARTS_AT))


@pytest.mark.parametrize(
    ("state", "withdrawn", "words"),
    [
        (DiscussionState.STOOD_DOWN, False, "stood down and will not be held. Ring 01632 960123"),
        (DiscussionState.HELD, False, "Fri 27 Nov 3:30pm is over. Ring 01632 960123"),
        (DiscussionState.CONVENED, True, "was withdrawn, so there is nothing to answer. Ring 01632 960123"),
    ],
)
def test_what_was_called_off_takes_no_answer(
    discussion: Discussion, state: DiscussionState, withdrawn: bool, words: str
) -> None:
    police = invited(discussion, "police")
    discussion.state = state
    if withdrawn:
        police.state = InvitationState.WITHDRAWN
    with pytest.raises(Refused) as refused:
        answer(police, JO, link_act(LATER))
    assert words in refused.value.reason
    assert not police.answers


def test_who_declines_before_the_cut_off_was_not_named_in_time(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    answer(police, Reply(Response.ATTEND, "Jo", "DC"), link_act(LATER))
    answer(
        police,
        Reply(Response.CANNOT_ATTEND, "Jo", "DC", reason="In court"),
        link_act(STARTS_AT - timedelta(hours=1, minutes=5)),
    )
    assert police.named_at is None
    answer(police, Reply(Response.ATTEND, "Kim", "DS"), link_act(STARTS_AT - timedelta(hours=1)))
    assert police.named_at == STARTS_AT - timedelta(hours=1)


def test_who_declines_after_the_cut_off_was_named_in_time_all_the_same(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    answer(police, Reply(Response.ATTEND, "Jo", "DC"), link_act(LATER))
    answer(
        police,
        Reply(Response.CANNOT_ATTEND, "Jo", "DC", reason="In court"),
        link_act(STARTS_AT - timedelta(minutes=59)),
    )
    assert police.named_at == LATER


def test_the_coded_reason_travels_and_the_narrative_stays_inside(discussion: Discussion, cast: Cast) -> None:
    police = invited(discussion, "police")
    secret = "Robin Zebedee is the officer's own child"
    reply = Reply(Response.CANNOT_ATTEND, "Jo", "DC", reason=secret, reason_code="no-capacity")
    given = answer(police, reply, link_act(LATER))
    assert (given.reason_code, given.reason) == ("no-capacity", secret)
    db.session.flush()
    told = [f"{one.subject} {one.text} {one.html}" for one in db.session.query(Message)]
    told += [event.text + str(event.facts) for event in db.session.query(Event)]
    assert not [words for words in told if "Robin" in words or "own child" in words]
    assert queued(police, "convener")[0].text.startswith(
        "Somebody asked (Police) cannot attend, and sends nobody else."
    )
    assert "The reason given: No capacity (shift, clinic)." in queued(police, "convener")[0].text


def test_the_next_person_up_is_told_with_the_coded_reason(discussion: Discussion, cast: Cast) -> None:
    police = invited(discussion, "police")
    answer(police, Reply(Response.CANNOT_ATTEND, "Jo", "DC", reason_code="no-capacity"), link_act(LATER))
    for moment in (BOOKED_AT + timedelta(minutes=40), BOOKED_AT + timedelta(minutes=80)):
        for due in chasing.due(moment, 100):
            steps.take(due, link_act(moment))
    assert "The reason it gave: No capacity (shift, clinic)." in queued(police, "supervisor")[0].text


def test_a_reason_the_policy_does_not_know_is_refused(discussion: Discussion) -> None:
    with pytest.raises(Refused) as caught:
        answer(
            invited(discussion, "police"),
            Reply(Response.CANNOT_ATTEND, "Jo", "DC", reason_code="made-up"),
            link_act(LATER),
        )
    assert caught.value.field == "reason_code"
