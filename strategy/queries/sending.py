"""Answers what became of a discussion's invitations on their way."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from strategy.db import db
from strategy.models import Discussion, Invitation, Message
from strategy.vocabulary import MessageReason


@dataclass(frozen=True, slots=True)
class SendingLine:
    """One invitation and the messages that carry it."""

    invitation: Invitation
    messages: Sequence[Message]


def states(discussion: Discussion) -> list[SendingLine]:
    """Each invitation of the discussion with the messages that carry it; two queries."""
    sent = db.session.scalars(
        select(Message)
        .where(Message.discussion_id == discussion.id, Message.reason == MessageReason.INVITE)
        .order_by(Message.id)
    ).all()
    return [
        SendingLine(one, [message for message in sent if message.invitation_id == one.id])
        for one in discussion.invitations
    ]
