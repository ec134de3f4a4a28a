"""Keeps the messages of the past where the outbox page looks, so that a newcomer finds every partner's link at once."""

from datetime import UTC, datetime

from flask import current_app
from sqlalchemy import select

from notifications.capture_store import CaptureStore
from notifications.messages import Message as Spoken
from strategy.db import db
from strategy.models import Discussion, Message
from strategy.queries.outgoing import outgoing
from strategy.vocabulary import MessageChannel, MessageState
from strategy.worker import speaking

_DOMAIN = "demonstration.example"


def keep(discussion: Discussion) -> int:
    """Keep every message of that discussion that has arrived, each at its own time; how many.

    None where messages really go out: there is no outbox page to find them on.
    """
    if not current_app.config["CAPTURING"]:
        return 0
    arrived = select(Message).where(
        Message.discussion_id == discussion.id, Message.state == MessageState.DELIVERED, Message.sent_at.is_not(None)
    )
    messages = db.session.scalars(arrived.order_by(Message.sent_at, Message.id)).all()
    for message in messages:
        _put(message, message.sent_at or message.created_at)
    return len(messages)


def keep_one(message: Message, at: datetime) -> None:
    """Keep one message that is about no discussion, if there is an outbox page to find it on."""
    if current_app.config["CAPTURING"]:
        _put(message, at)


def _put(message: Message, at: datetime) -> None:
    store = CaptureStore(current_app.config["CAPTURE_DIRECTORY"], lambda: at.astimezone(UTC), _DOMAIN)
    store.put(_spoken(message, at))


def _spoken(message: Message, at: datetime) -> Spoken:
    plain = outgoing(message)
    return speaking.email(plain, at) if message.channel is MessageChannel.EMAIL else speaking.sms(plain, at)
