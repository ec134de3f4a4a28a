"""Lets past moments pass: what was sent then has arrived then, what was due then was climbed then.

Commands take their "now" from the act, so the past is told through the same commands as the present. Two things are
usually the worker's: sending and climbing. Here nothing is handed to a channel.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from strategy.act import Act
from strategy.commands import emergency_duty, telling
from strategy.db import db
from strategy.models import Chase, Discussion, Invitation, Message, MessageAttempt, User
from strategy.queries import chasing, mornings
from strategy.queries.chasing import Due
from strategy.vocabulary import WAITS, ChaseKind, MessageState, Via
from strategy.worker import steps

BY = "The demonstration"

_ARRIVES_AFTER = timedelta(seconds=9)
_MANY = 10_000  # more than a demonstration has
_TOLD = frozenset({ChaseKind.ACTION, *WAITS})


def by_staff(user: User, at: datetime) -> Act:
    """A deed of a member of staff at that moment."""
    return Act(by=user.full_name, at=at, via=Via.STAFF, user_id=user.id)


def by_link(name: str, at: datetime) -> Act:
    """A deed of a partner who followed their link."""
    return Act(by=name, at=at, via=Via.LINK)


def deliver(discussion: Discussion | None) -> None:
    """Settle the discussion's waiting messages as delivered seconds after they were written; none is sent.

    None: the notices to our own people, which belong to no discussion.

    What a sender's claim and settlement leave behind is written here at once, for this discussion's messages alone:
    whatever else waits in the outbox is left to the worker. What follows an arrival is telling's.
    """
    db.session.flush()
    waiting = select(Message).where(
        Message.discussion_id == (discussion.id if discussion else None),
        Message.state == MessageState.QUEUED,
        Message.attempt == 0,
    )
    messages = db.session.scalars(waiting.order_by(Message.id)).all()
    for message in messages:
        at = message.created_at + _ARRIVES_AFTER
        message.state, message.attempt = MessageState.DELIVERED, 1
        message.sent_at = message.delivered_at = at
        with db.session.no_autoflush:
            telling.arrived(message, Act(by=BY, at=at, via=Via.WORKER))
    if messages:
        db.session.execute(insert(MessageAttempt), [_attempt(message) for message in messages])
    db.session.flush()


def _attempt(message: Message) -> dict[str, Any]:
    return {
        "message_id": message.id,
        "number": message.attempt,
        "at": message.delivered_at,
        "outcome": message.state.words,
    }


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
        seen = Due(chase.id, chase.step, chase.rung, chase.due_at, chase.kind)
        steps.take(seen, Act(by=BY, at=chase.due_at, via=Via.WORKER))
        deliver(discussion)


def settle(until: datetime) -> None:
    """Tell of actions, of children who wait and of the night as was told then: a first round finds nothing to do."""
    for authority_id, _ in mornings.due(until):
        emergency_duty.tell_morning(authority_id, Act(by=BY, at=until, via=Via.WORKER))
    deliver(None)
    while due := [one for one in chasing.due(until, _MANY) if one.kind in _TOLD]:
        discussions = {}
        for one in due:
            row = db.session.get_one(Chase, one.id)
            if row.action is not None:
                discussions[row.action.discussion_id] = row.action.discussion
            steps.take(one, Act(by=BY, at=one.due_at, via=Via.WORKER))
        for discussion in (None, *discussions.values()):
            deliver(discussion)
