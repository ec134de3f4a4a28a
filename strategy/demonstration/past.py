"""Lets past moments pass: what was sent then has arrived then, what was due then was climbed then.

Commands take their "now" from the act, so the past is told through the same commands as the present. Two things are
usually the worker's: sending and climbing. Here nothing is handed to a channel.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from strategy.act import Act
from strategy.commands import climbing, sending
from strategy.commands.climbing import Due
from strategy.commands.sending import Outcome
from strategy.db import db
from strategy.models import Chase, Discussion, Invitation, Message, User
from strategy.vocabulary import MessageState, Via

BY = "The demonstration"

_ARRIVES_AFTER = timedelta(seconds=9)
_ARRIVED = Outcome(state=MessageState.DELIVERED, told=True)


def by_staff(user: User, at: datetime) -> Act:
    """A deed of a member of staff at that moment."""
    return Act(by=user.full_name, at=at, via=Via.STAFF, user_id=user.id)


def by_link(name: str, at: datetime) -> Act:
    """A deed of a partner who followed their link."""
    return Act(by=name, at=at, via=Via.LINK)


def deliver(discussion: Discussion) -> None:
    """Settle the discussion's waiting messages as delivered seconds after they were written; none is sent.

    The claim that a sender would make is written here, for this discussion's messages alone: whatever else waits in
    the outbox is somebody's and is left to the worker. What follows an arrival is sending's.
    """
    db.session.flush()
    waiting = select(Message).where(
        Message.discussion_id == discussion.id, Message.state == MessageState.QUEUED, Message.attempt == 0
    )
    for message in db.session.scalars(waiting.order_by(Message.id)).all():
        at = message.created_at + _ARRIVES_AFTER
        message.state, message.attempt, message.lease_until = MessageState.SENDING, 1, at
        db.session.flush()
        sending.settle(message.id, 1, _ARRIVED, Act(by=BY, at=at, via=Via.WORKER))


def live(discussion: Discussion, until: datetime) -> None:
    """Climb what falls due up to that moment, each step at its own time, and deliver what it says."""
    deliver(discussion)
    due = (
        select(Chase)
        .join(Chase.invitation)
        .where(Invitation.discussion_id == discussion.id, Chase.due_at <= until)
        .order_by(Chase.due_at, Chase.id)
        .limit(1)
    )
    while (chase := db.session.scalar(due)) is not None:
        seen = Due(chase.id, chase.step, chase.rung, chase.due_at)
        climbing.climb(seen, Act(by=BY, at=chase.due_at, via=Via.WORKER))
        deliver(discussion)
