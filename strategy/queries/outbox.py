"""Answers what became of messages: how far word of a discussion has got, and whose phone or mailbox one went to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from strategy.db import db
from strategy.models import Discussion, Message
from strategy.vocabulary import MessageReason, MessageState

_INVITING = (MessageReason.INVITE, MessageReason.UPDATE)

# The best news of several messages counts: a text delivered outweighs a mail bounced.
_BEST_FIRST = (
    MessageState.DELIVERED,
    MessageState.SENT,
    MessageState.SENDING,
    MessageState.QUEUED,
    MessageState.BOUNCED,
    MessageState.FAILED,
    MessageState.VOIDED,
)


@dataclass(frozen=True, slots=True)
class Told:
    """How far word has got to one invitee: the best state of its messages, and since when."""

    state: MessageState
    at: datetime
    problem: str | None


def told(discussion: Discussion) -> dict[int, Told]:
    """How far the invitation, or the latest change of it, has got: by invitation, none for those with no message."""
    asked = select(Message).where(
        Message.discussion_id == discussion.id, Message.reason.in_(_INVITING), Message.state != MessageState.VOIDED
    )
    found: dict[int, Told] = {}
    for message in db.session.scalars(asked.order_by(Message.id)):
        if message.invitation is None or message.address not in (message.invitation.email, message.invitation.phone):
            continue
        news = Told(message.state, _since(message), message.problem)
        known = found.get(message.invitation.id)
        if known is None or _BEST_FIRST.index(news.state) < _BEST_FIRST.index(known.state):
            found[message.invitation.id] = news
    return found


def of_discussion(discussion: Discussion) -> list[Message]:
    """Every message about it, the newest first."""
    asked = select(Message).where(Message.discussion_id == discussion.id)
    return list(db.session.scalars(asked.order_by(Message.created_at.desc(), Message.id.desc())))


def names(message_ids: Collection[int]) -> dict[int, str]:
    """Whom each of these messages went to."""
    asked = select(Message.id, Message.to_name).where(Message.id.in_(message_ids))
    return dict(db.session.execute(asked).all())


def _since(message: Message) -> datetime:
    return message.delivered_at or message.sent_at or message.ended_at or message.created_at
