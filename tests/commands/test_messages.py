"""Messages: queued once a step and channel, in final words without the link, and voided when the reason is gone."""

from datetime import timedelta

import pytest

from strategy.commands import messages
from strategy.commands.messages import Recipient
from strategy.compose import LINK
from strategy.db import db
from strategy.models import Discussion, Message
from strategy.vocabulary import InvitationState, MessageChannel, MessageReason, MessageState
from tests.cast import Cast
from tests.convened import BOOKED_AT, invited, queued, staff_act

DESK = Recipient("MASH desk", "mash@police.example", "+447700900001")


def put(discussion: Discussion, cast: Cast, recipient: Recipient = DESK, key: str = "k") -> list[Message]:
    police = invited(discussion, "police")
    return messages.queue("chase", recipient, police, MessageReason.CHASE, staff_act(cast), key=key)


def test_one_mail_and_one_text_in_final_words_with_a_slot_for_the_link(discussion: Discussion, cast: Cast) -> None:
    mail, text = put(discussion, cast)
    assert (mail.channel, text.channel) == (MessageChannel.EMAIL, MessageChannel.SMS)
    assert (mail.address, text.address) == ("mash@police.example", "+447700900001")
    assert mail.text.count(LINK) == text.text.count(LINK) == 1
    assert mail.html is not None and mail.subject and text.html is None and text.subject is None
    assert {mail.state, text.state} == {MessageState.QUEUED}
    assert {mail.authority_id, text.authority_id} == {cast.authority.id}


def test_queueing_the_same_step_again_adds_nothing(discussion: Discussion, cast: Cast) -> None:
    first = put(discussion, cast)
    assert put(discussion, cast) == first
    assert put(discussion, cast, key="another") != first
    assert len(queued(invited(discussion, "police"), "chase")) == 4


@pytest.mark.parametrize(
    ("email", "phone", "channels"),
    [
        ("a@police.example", None, [MessageChannel.EMAIL]),
        (None, "+447700900001", [MessageChannel.SMS]),
        ("a@police.example", "+441632960200", [MessageChannel.EMAIL]),
        (None, "+441632960200", []),
        (None, None, []),
    ],
)
def test_a_text_goes_to_mobiles_only_and_nothing_goes_nowhere(
    discussion: Discussion, cast: Cast, email: str | None, phone: str | None, channels: list[MessageChannel]
) -> None:
    recipient = Recipient("Somebody", email, phone)
    assert [message.channel for message in put(discussion, cast, recipient)] == channels
    assert recipient.reachable is bool(channels)


def test_the_invitation_says_when_to_answer_by_the_first_prompt(discussion: Discussion) -> None:
    mail = next(m for m in queued(invited(discussion, "police"), "invite") if m.channel is MessageChannel.EMAIL)
    assert (mail.subject or "").startswith("Answer by 1:30pm:")


def test_an_optional_agency_is_asked_to_answer_without_a_threat(discussion: Discussion) -> None:
    (mail,) = queued(invited(discussion, "education"), "invite")
    assert mail.subject is not None and mail.subject.startswith("Please answer")


def test_the_calendar_goes_with_the_mail_alone(discussion: Discussion) -> None:
    mail, text = queued(invited(discussion, "police"), "invite")
    assert (mail.calendar_method, mail.calendar_sequence) == ("REQUEST", discussion.sequence)
    assert (text.calendar_method, text.calendar_sequence) == (None, None)


def test_a_withdrawal_is_newer_than_the_invitation_it_takes_back(discussion: Discussion, cast: Cast) -> None:
    police = invited(discussion, "police")
    police.state = InvitationState.WITHDRAWN
    mail, _ = messages.queue(
        "cancel", DESK, police, MessageReason.CANCEL, staff_act(cast), key="w", calendar="CANCEL", withdrawn=True
    )
    assert mail.calendar_sequence == discussion.sequence + 1


def test_urgency_is_the_discussions_unless_said(discussion: Discussion, cast: Cast) -> None:
    assert not put(discussion, cast)[0].urgent
    discussion.urgent = True
    assert put(discussion, cast, key="later")[0].urgent
    police = invited(discussion, "police")
    calm = messages.queue("chase", DESK, police, MessageReason.CHASE, staff_act(cast), key="calm", urgent=False)
    assert not calm[0].urgent


def test_voiding_takes_the_unsent_of_one_invitation_and_reason_only(discussion: Discussion, cast: Cast) -> None:
    mail, text = put(discussion, cast)
    text.state = MessageState.SENT
    police = invited(discussion, "police")
    assert messages.void(staff_act(cast), invitation=police, reasons={MessageReason.CHASE}) == 1
    assert (mail.state, text.state) == (MessageState.VOIDED, MessageState.SENT)
    assert mail.ended_at == BOOKED_AT and mail.problem
    assert len(queued(police, "invite")) == 2


def test_voiding_a_discussion_takes_all_its_unsent_messages(discussion: Discussion, cast: Cast) -> None:
    waiting = db.session.query(Message).filter_by(state=MessageState.QUEUED).count()
    assert messages.void(staff_act(cast), discussion=discussion) == waiting > 0
    assert db.session.query(Message).filter_by(state=MessageState.QUEUED).count() == 0


def test_voiding_without_saying_whose_is_refused(discussion: Discussion, cast: Cast) -> None:
    with pytest.raises(ValueError, match="whose"):
        messages.void(staff_act(cast))


def test_a_wrong_fact_is_refused_before_anything_is_queued(discussion: Discussion, cast: Cast) -> None:
    with pytest.raises(TypeError):
        messages.queue(
            "chase", DESK, invited(discussion, "police"), MessageReason.CHASE, staff_act(cast), key="x", child="Robin"
        )
    assert queued(invited(discussion, "police"), "chase") == []


def test_no_row_holds_a_live_link_or_anything_of_the_child(discussion: Discussion) -> None:
    for message in db.session.query(Message):
        written = " ".join(filter(None, (message.subject, message.text, message.html, str(message.reason_facts))))
        assert "/a/" not in written
        for secret in ("Robin", "Zebedee", "4471"):
            assert secret not in written


def test_a_message_may_go_out_from_the_moment_it_is_queued(discussion: Discussion, cast: Cast) -> None:
    later = staff_act(cast, BOOKED_AT + timedelta(minutes=5))
    mail, _ = messages.queue("chase", DESK, invited(discussion, "police"), MessageReason.CHASE, later, key="later")
    assert (mail.not_before, mail.created_at) == (later.at, later.at)
