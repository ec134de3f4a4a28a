"""What follows once a message arrived, or came back after it had counted as arrived."""

from datetime import datetime, timedelta

from strategy.act import Act
from strategy.commands import telling
from strategy.models import Discussion, Invitation
from strategy.vocabulary import MessageChannel, MessageState, Via
from tests.convened import BOOKED_AT, invited, queued


def _worker(minutes: int) -> Act:
    return Act(by="The worker", at=BOOKED_AT + timedelta(minutes=minutes), via=Via.WORKER)


def _reached(invitation: Invitation) -> datetime | None:
    return invitation.first_delivered_at


def test_a_mail_that_came_back_reached_nobody_and_a_text_beside_it_did(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    sent = {message.channel: message for message in queued(police, "invite")}
    mail, text = sent[MessageChannel.EMAIL], sent[MessageChannel.SMS]
    mail.state = MessageState.SENT
    telling.arrived(mail, _worker(1))
    assert _reached(police) == _worker(1).at
    mail.state = MessageState.BOUNCED
    telling.failed(mail, _worker(5))
    assert _reached(police) is None
    text.state = MessageState.DELIVERED
    telling.arrived(text, _worker(6))
    assert _reached(police) == _worker(6).at
    assert not police.undeliverable


def test_where_both_came_back_nothing_has_reached_them(discussion: Discussion) -> None:
    police = invited(discussion, "police")
    messages = queued(police, "invite")
    for message in messages:
        message.state = MessageState.SENT
        telling.arrived(message, _worker(1))
    for message in messages:
        message.state = MessageState.BOUNCED
        telling.failed(message, _worker(9))
    assert _reached(police) is None
    assert police.undeliverable
