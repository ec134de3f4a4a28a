"""Holds which notices to a desk wait to go out as one mail, and gathers them. Taking and settling are others'.

Only what no clock and no ladder runs on, and what carries no calendar entry: everything else goes at once, as does
whatever is urgent. Each stays a message of its own, with its own reason, asked again when the mail goes out.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from strategy.act import Act
from strategy.db import db
from strategy.models import Action, Invitation, Message
from strategy.vocabulary import MessageChannel, MessageReason, MessageState

WHY: Final = "It goes out in one mail with others: the desk asked for that."
# An invitation, a change, a reminder or the question why nobody came ask for something, and time runs.
_IN_TIME: Final = timedelta(hours=1)  # what it is about is still this far off when it arrives
CAN_WAIT: Final = frozenset({MessageReason.CONFIRMATION, MessageReason.ACTION})


def until(
    invitation: Invitation, address: str, reason: MessageReason, action_id: int | None, act: Act
) -> datetime | None:
    """Until when a mail about that invitation waits for others to the same desk; None when it goes at once.

    It never waits past what it is about: a meeting that begins, or an action that is due, before then.
    """
    desk = invitation.desk
    if desk is None or not desk.bundle_minutes or address != desk.email or reason not in CAN_WAIT:
        return None
    waiting = select(func.min(Message.bundled_until)).where(
        Message.address == address, Message.state == MessageState.QUEUED, Message.bundled_until > act.at
    )
    end = db.session.scalar(waiting) or act.at + timedelta(minutes=desk.bundle_minutes)
    action = None if action_id is None else db.session.get(Action, action_id)
    about = invitation.discussion.starts_at if action is None else action.due_at
    return end if about > end + _IN_TIME else None


def gathered(first: Message) -> Sequence[Message]:
    """The others that wait for that address, oldest first, locked; those another sender holds are left to it."""
    if first.bundled_until is None:
        return ()
    others = select(Message).where(
        Message.state == MessageState.QUEUED,
        Message.channel == MessageChannel.EMAIL,
        Message.address == first.address,
        Message.authority_id == first.authority_id,
        Message.bundled_until.is_not(None),
        Message.id != first.id,
    )
    locked = others.order_by(Message.id).with_for_update(skip_locked=True, of=Message)
    return db.session.scalars(locked, execution_options={"populate_existing": True}).all()
