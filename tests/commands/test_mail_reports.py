"""What machines write about our mail: bounces and receipts settle messages; automatic replies are no answers."""

from collections.abc import Callable

import pytest

from strategy.commands import answers
from strategy.commands.answers import Reply
from strategy.commands.sending import wire_id
from strategy.db import db
from strategy.models import CallTask, Discussion, Event, Inbound, Invitation, Message
from strategy.vocabulary import (
    EventVerb,
    InboundKind,
    InboundState,
    InvitationState,
    MessageChannel,
    MessageState,
    Response,
)
from tests.convened import LATER, invited, link_act, queued, send_everything
from tests.inbound_mail import automatic, report, take_in, written


@pytest.fixture
def police(discussion: Discussion) -> Invitation:
    """The police desk's invitation, which went out."""
    send_everything()
    return invited(discussion, "police")


@pytest.fixture
def mail(police: Invitation) -> Message:
    """The mail that carried it."""
    return db.session.query(Message).filter_by(invitation_id=police.id, channel=MessageChannel.EMAIL).one()


def test_a_bounce_marks_its_message_and_is_no_answer(police: Invitation, mail: Message) -> None:
    kept = take_in(report(mail.address, action="failed", status="5.1.1", envelope=wire_id(mail.id))).kept
    assert (kept.kind, kept.state, kept.message) == (InboundKind.BOUNCE, InboundState.APPLIED, mail)
    assert mail.state is MessageState.BOUNCED and "5.1.1" in str(mail.problem)
    assert police.state is InvitationState.INVITED and not police.undeliverable  # the text may have arrived


def test_a_bounce_with_the_text_lost_too_becomes_a_call(police: Invitation, mail: Message) -> None:
    for text in db.session.query(Message).filter_by(invitation_id=police.id, channel=MessageChannel.SMS):
        text.state = MessageState.FAILED
    take_in(report(mail.address, action="failed", status="5.1.1", envelope=wire_id(mail.id)))
    assert police.undeliverable and db.session.query(CallTask).filter_by(invitation_id=police.id).count() == 1


def test_a_bounce_that_names_no_message_is_about_the_last_to_that_address(mail: Message) -> None:
    take_in(report(mail.address.upper(), action="failed", status="5.2.2", envelope=None))
    assert mail.state is MessageState.BOUNCED and "may work later" in str(mail.problem)


def test_a_bounce_that_names_our_message_and_a_stranger_is_believed_by_nobody(mail: Message) -> None:
    """Our ids can be counted up; whoever forges a report must know where the mail went as well."""
    kept = take_in(report("stranger@other.example", action="failed", status="5.1.1", envelope=wire_id(mail.id))).kept
    assert (kept.state, mail.state) == (InboundState.TO_READ, MessageState.SENT)


def test_a_delay_kills_nothing(police: Invitation, mail: Message) -> None:
    kept = take_in(report(mail.address, action="delayed", status="4.4.1", envelope=wire_id(mail.id))).kept
    assert (kept.state, mail.state, police.undeliverable) == (InboundState.NOTED, MessageState.SENT, False)


def test_wild_26_a_late_receipt_does_not_make_a_bounced_message_arrive(mail: Message) -> None:
    """In the wild, 26: receipts come late and out of order."""
    take_in(report(mail.address, action="failed", status="5.1.1", envelope=wire_id(mail.id)))
    take_in(report(mail.address, action="delivered", status="2.0.0", envelope=wire_id(mail.id)))
    assert mail.state is MessageState.BOUNCED


def test_a_receipt_says_that_it_arrived(police: Invitation, mail: Message) -> None:
    kept = take_in(report(mail.address, action="delivered", status="2.0.0", envelope=wire_id(mail.id))).kept
    assert (kept.kind, mail.state, police.first_delivered_at) == (InboundKind.RECEIPT, MessageState.DELIVERED, LATER)


def test_wild_14_an_automatic_reply_is_no_answer_and_stands_on_the_timeline(police: Invitation, mail: Message) -> None:
    """In the wild, 14."""
    raw = automatic(f"MASH desk <{mail.address}>", "I am away until Monday.", in_reply_to=wire_id(mail.id))
    kept = take_in(raw).kept
    assert (kept.state, kept.invitation, police.state) == (InboundState.NOTED, police, InvitationState.INVITED)
    told = db.session.query(Event).filter_by(invitation_id=police.id, verb=EventVerb.MAIL_CAME).one()
    assert told.text == "Police: an automatic reply came, which is no answer"


def test_what_a_person_writes_waits_to_be_read_and_the_convener_is_told(police: Invitation, mail: Message) -> None:
    raw = written(f"Jo <{mail.address}>", "We cannot come, Robin is known to us.", in_reply_to=wire_id(mail.id))
    kept = take_in(raw).kept
    assert (kept.state, kept.invitation, kept.message) == (InboundState.TO_READ, police, mail)
    assert kept.text is not None and "Robin is known to us" in kept.text
    told = queued(police, "convener")
    assert told and "has written to us" in told[0].text and not [one for one in told if "Robin" in one.text]


def test_words_of_somebody_with_one_open_invitation_find_it_without_a_thread(police: Invitation) -> None:
    kept = take_in(written(f"Jo <{police.email}>", "Who is this about?", subject="Your meeting")).kept
    assert kept.invitation is police


def test_words_of_a_stranger_are_kept_and_belong_to_nobody(police: Invitation) -> None:
    kept = take_in(written("Stranger <who@other.example>", "Please ring me.")).kept
    assert (kept.state, kept.invitation) == (InboundState.TO_READ, None)


def test_what_is_no_mail_is_kept_too(police: Invitation) -> None:
    kept = take_in(b"\x00\xff\xfe not a mail at all").kept
    assert (kept.kind, kept.state) == (InboundKind.UNREADABLE, InboundState.TO_READ)
    assert (kept.raw or "").encode("latin-1") == b"\x00\xff\xfe not a mail at all"
    assert db.session.query(Inbound).count() == 1


@pytest.mark.parametrize("write", [written, automatic])
def test_what_one_of_ours_writes_about_a_partner_is_not_the_partners(
    write: Callable[..., bytes], discussion: Discussion, police: Invitation
) -> None:
    answers.answer(police, Reply(Response.CANNOT_ATTEND, by_name="Jo", reason_code="no-capacity"), link_act(LATER))
    notice = queued(police, "convener")[0]
    notice.state, notice.sent_at = MessageState.SENT, LATER
    kept = take_in(write(f"Sam <{notice.address}>", "I will see to it.", in_reply_to=wire_id(notice.id))).kept
    assert (kept.message, kept.invitation, kept.discussion) == (notice, None, discussion)
    assert db.session.query(Event).filter_by(invitation_id=police.id, verb=EventVerb.MAIL_CAME).count() == 0
