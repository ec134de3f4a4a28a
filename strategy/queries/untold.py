"""Answers which required agencies nobody has told: no message of ours has arrived there, and nobody rang them."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import contains_eager

from strategy.db import db
from strategy.models import CallTask, Discussion, Event, Invitation, Message
from strategy.queries import ladders
from strategy.vocabulary import (
    CallOutcome,
    DiscussionState,
    EventVerb,
    InvitationState,
    MessageReason,
    MessageState,
)

_ASKING = (MessageReason.INVITE, MessageReason.UPDATE, MessageReason.CHASE)


def listed(
    now: datetime, discussion_ids: Collection[int] | None = None, invitation_id: int | None = None
) -> Sequence[Invitation]:
    """Required partners of discussions to come whom nobody has told though the policy's minutes are over.

    Of those discussions, or that one invitation, if said. Whoever has answered has been told somehow.
    """
    asked = select(Invitation).join(Invitation.discussion).where(_open(now), ~_told(), ~_rung())
    if discussion_ids is not None:
        asked = asked.where(Discussion.id.in_(discussion_ids))
    if invitation_id is not None:
        asked = asked.where(Invitation.id == invitation_id)
    about = contains_eager(Invitation.discussion)
    rows = db.session.scalars(
        asked.options(about.joinedload(Discussion.policy), about.selectinload(Discussion.needs)).order_by(Invitation.id)
    )
    return [one for one in rows if now >= one.invited_at + patience(one) and not ladders.waived(one)]


def patience(invitation: Invitation) -> timedelta:
    """For how long the policy lets an agency go without a message that arrived."""
    return timedelta(minutes=ladders.policy_of(invitation).chase.nobody_told_minutes)


def to_tell(now: datetime, invitation_id: int | None = None) -> list[tuple[Invitation, int]]:
    """Those of whom the convener is to hear now, and how often they have: first at once, then twice as late each time.

    So the news comes after a quarter of an hour, a half, an hour: it stays in mind and wears nobody out.
    """
    found = listed(now, invitation_id=invitation_id)
    said = _said([one.id for one in found]) if found else {}
    due = []
    for one in found:
        last, times = said.get(one.id, (None, 0))
        if last is None or now - one.invited_at >= 2 * (last - one.invited_at):
            due.append((one, times))
    return due


def _said(invitation_ids: Collection[int]) -> dict[int, tuple[datetime, int]]:
    asked = (
        select(Event.invitation_id, func.max(Event.at), func.count())
        .where(Event.invitation_id.in_(invitation_ids), Event.verb == EventVerb.NOBODY_TOLD)
        .group_by(Event.invitation_id)
    )
    return {number: (last, times) for number, last, times in db.session.execute(asked) if number is not None}


def _open(now: datetime) -> ColumnElement[bool]:
    return and_(
        Discussion.state == DiscussionState.CONVENED,
        Discussion.started_at.is_(None),
        Discussion.starts_at > now,
        Invitation.required.is_(True),
        Invitation.user_id.is_(None),
        Invitation.state == InvitationState.INVITED,
    )


def _told() -> ColumnElement[bool]:
    """A message to them has arrived: delivered, or sent by a channel that gives no receipts."""
    arrived = or_(
        Message.state == MessageState.DELIVERED,
        and_(Message.state == MessageState.SENT, Message.awaits_receipt.is_(False)),
    )
    return (
        select(Message.id)
        .where(Message.invitation_id == Invitation.id, Message.user_id.is_(None))
        .where(Message.reason.in_(_ASKING), arrived)
        .exists()
    )


def _rung() -> ColumnElement[bool]:
    return (
        select(CallTask.id)
        .where(CallTask.invitation_id == Invitation.id, CallTask.outcome == CallOutcome.REACHED)
        .exists()
    )
