"""Answers whose phone or mailbox a message went to. It reads no words of it."""

from collections.abc import Collection

from sqlalchemy import select

from strategy.db import db
from strategy.models import Message


def names(message_ids: Collection[int]) -> dict[int, str]:
    """Whom each of these messages went to."""
    asked = select(Message.id, Message.to_name).where(Message.id.in_(message_ids))
    return dict(db.session.execute(asked).all())
