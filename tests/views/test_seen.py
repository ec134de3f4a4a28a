"""What became of our messages: an invitation's chain, a message whole, and everything that reached nobody."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from strategy.act import Act
from strategy.commands import calls, invitations, sending
from strategy.commands.sending import wire_id
from strategy.db import db, transaction
from strategy.models import AccessEntry, CallTask, Contact, Invitation, Message, MessageAttempt, User
from strategy.vocabulary import CallOutcome, MessageChannel, MessageReason, MessageState, Via
from tests.cast import Cast
from tests.convened import BOOKED_AT, LATER
from tests.counting import statements
from tests.inbound_mail import take_in, written

SignIn = Callable[[User], FlaskClient]
ACT = Act(by="tests", at=LATER, via=Via.WORKER)


def words(client: FlaskClient, address: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(address).text).split())


def sent_to(discussion_id: int, role: str) -> list[Message]:
    db.session.rollback()
    asked = db.session.query(Invitation).filter_by(discussion_id=discussion_id, role=role).one()
    rows = db.session.query(Message).filter_by(invitation_id=asked.id, reason=MessageReason.INVITE)
    return rows.order_by(Message.id).all()


def lose(discussion_id: int, role: str = "police", *channels: MessageChannel) -> None:
    """Those messages of the role's invitation bounce; all of them when no channel is named."""
    ids = [one.id for one in sent_to(discussion_id, role) if not channels or one.channel in channels]
    db.session.rollback()
    with transaction("tests", Via.COMMAND_LINE):
        for one in ids:
            sending.report(one, MessageState.BOUNCED, "The mail server says that nothing arrives there (5.1.1)", ACT)


def look(invitation_id: int, after: timedelta) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        entry = {"who": "link", "what": "invitations", "page": "partner.shown", "remote": "-"}
        db.session.add(AccessEntry(at=BOOKED_AT + after, row_id=invitation_id, **entry))


@pytest.fixture
def worker(cast: Cast, sign_in: SignIn, convened: int) -> FlaskClient:
    return sign_in(cast.social_worker)


def test_the_chain_stands_on_the_discussion_and_on_the_invitations_own_page(worker: FlaskClient, convened: int) -> None:
    police = sent_to(convened, "police")[0].invitation_id
    assert police is not None
    look(police, timedelta(seconds=4))
    assert "Opened, unverified 12:50pm" in words(worker, f"/discussions/{convened}")
    look(police, timedelta(minutes=7))
    assert "Opened 12:57pm" in words(worker, f"/discussions/{convened}")
    page = words(worker, f"/invitations/{police}")
    assert "Queued 12:50pm Sent 12:50pm Not delivered Opened 12:57pm Not answered Not joined" in page
    assert "Every message about it" in page and "Ring" in page and "Send again" in page


def test_a_message_shows_its_words_without_a_live_link_and_every_attempt(worker: FlaskClient, convened: int) -> None:
    mail = sent_to(convened, "police")[0].id
    db.session.rollback()
    with transaction("tests", Via.COMMAND_LINE):
        db.session.add(MessageAttempt(message_id=mail, number=1, at=BOOKED_AT, outcome="The server was busy"))
        sending.report(mail, MessageState.DELIVERED, None, ACT)
    page = words(worker, f"/messages/{mail}")
    assert "[their own link]" in page and "{link}" not in page and "/a/" not in page
    assert "The server was busy" in page and "Reported: Delivered" in page and "MASH desk" in page
    assert db.session.query(AccessEntry).filter_by(what="messages", row_id=mail).count() == 1


def test_why_it_waits_is_said(worker: FlaskClient, convened: int) -> None:
    text = sent_to(convened, "police")[1].id
    db.session.rollback()
    with transaction("tests", Via.COMMAND_LINE):
        row = db.session.get_one(Message, text)
        row.state, row.waits_for = MessageState.QUEUED, "One text a minute to one phone: it waits its turn"
    for address in (f"/messages/{text}", "/undelivered"):
        assert "it waits its turn" in words(worker, address)


def test_messages_of_others_and_of_closed_contacts_do_not_exist(
    cast: Cast, sign_in: SignIn, worker: FlaskClient, convened: int
) -> None:
    mail = sent_to(convened, "police")[0]
    addresses = (f"/messages/{mail.id}", f"/invitations/{mail.invitation_id}")
    db.session.rollback()
    lose(convened)
    for address in addresses:
        assert sign_in(cast.outsider).get(address).status_code == 404
    assert "Reached nobody" not in words(sign_in(cast.outsider), "/undelivered")
    with transaction("tests", Via.COMMAND_LINE):
        db.session.query(Contact).update({Contact.restricted: True})
    for address in addresses:
        assert sign_in(cast.social_worker).get(address).status_code == 404
    assert "MASH desk" not in words(sign_in(cast.social_worker), "/undelivered")


def test_a_message_about_a_contact_is_as_closed_as_the_contact(cast: Cast, worker: FlaskClient, convened: int) -> None:
    mail = sent_to(convened, "police")[0].id
    db.session.rollback()
    with transaction("tests", Via.COMMAND_LINE):
        row, contact = db.session.get_one(Message, mail), db.session.query(Contact).one()
        row.contact_id, row.discussion_id, row.invitation_id = contact.id, None, None
    assert worker.get(f"/messages/{mail}").status_code == 200
    with transaction("tests", Via.COMMAND_LINE):
        db.session.query(Contact).update({Contact.restricted: True})
    assert worker.get(f"/messages/{mail}").status_code == 404


def test_nothing_undelivered_says_so(worker: FlaskClient) -> None:
    assert "Everything has arrived, and everything was understood." in words(worker, "/undelivered")
    assert "reached nobody" not in words(worker, "/")


def test_what_reached_nobody_is_listed_with_what_to_do_and_counted_on_today(
    cast: Cast, sign_in: SignIn, worker: FlaskClient, convened: int
) -> None:
    lose(convened, "police")
    page = words(worker, "/undelivered")
    assert "Reached nobody" in page and "nothing arrives there" in page and "Neither email nor text" in page
    assert "Ring : Police" in page and "Correct the address : Police" in page
    assert "One message reached nobody" in words(worker, "/")
    assert "What to do next about those that still matter" in words(sign_in(cast.leader), "/leaders")
    assert "Ring : Police" not in words(sign_in(cast.leader), "/undelivered")  # whoever watches rings nobody


def test_what_the_other_channel_may_have_brought_is_not_listed(worker: FlaskClient, convened: int) -> None:
    lose(convened, "police", MessageChannel.EMAIL)
    assert "Reached nobody" not in words(worker, "/undelivered")


def test_it_is_gone_once_a_later_one_arrived_or_somebody_rang(cast: Cast, worker: FlaskClient, convened: int) -> None:
    lose(convened, "police")
    lose(convened, "health-0-19")
    asked = sent_to(convened, "police")[0].invitation_id
    later = Act(by=cast.social_worker.full_name, at=LATER + timedelta(minutes=1), via=Via.STAFF)
    db.session.rollback()
    with transaction("tests", Via.COMMAND_LINE):
        invitations.resend(db.session.get_one(Invitation, asked), later)
        db.session.flush()
        again = (
            db.session.query(Message).filter_by(invitation_id=asked, name="invite", state=MessageState.QUEUED).first()
        )
        assert again is not None
        sending.report(again.id, MessageState.DELIVERED, None, later)
    assert "Ring : Police" not in words(worker, "/undelivered")
    with transaction("tests", Via.COMMAND_LINE):
        for task in db.session.query(CallTask).filter(CallTask.invitation_id != asked):
            calls.close(task, CallOutcome.REACHED, later)
    assert "Reached nobody" not in words(worker, "/undelivered")


def test_mail_to_read_and_entries_without_texts_stand_there_too(
    cast: Cast, sign_in: SignIn, worker: FlaskClient, convened: int
) -> None:
    mail = sent_to(convened, "police")[0]
    number, address = mail.id, mail.address
    db.session.rollback()
    with transaction("tests", Via.COMMAND_LINE):
        take_in(written(f"MASH desk <{address}>", "Which room?", in_reply_to=wire_id(number)))
        db.session.merge(cast.health_desk).opted_out_at = LATER
    page = words(worker, "/undelivered")
    assert "Read it : from MASH desk" in page and "Asked for no more texts" in page
    assert "Ask an administrator to repair it" in page
    assert "Repair the entry" in words(sign_in(cast.admin), "/undelivered")


def test_the_page_costs_the_same_queries_however_much_is_lost(worker: FlaskClient, convened: int) -> None:
    lose(convened, "police")
    worker.get("/undelivered")
    with statements() as few:
        worker.get("/undelivered")
    lose(convened, "health-0-19")
    lose(convened, "education")
    with statements() as many:
        worker.get("/undelivered")
    assert many.count <= few.count + 1
