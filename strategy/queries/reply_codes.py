"""Answers which invitation a phone means by a number, what it was last asked, and which phones want no texts."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from strategy.db import db
from strategy.models import Desk, Discussion, Invitation, Message, Person, ReplyCode
from strategy.rules.answering import closed
from strategy.vocabulary import DiscussionState, InvitationState, MessageReason, TextAsks

_WAITS_FOR = {
    TextAsks.ATTENDEE: InvitationState.NAME_NEEDED,
    TextAsks.DEPUTY: InvitationState.NAME_NEEDED,
    TextAsks.REASON: InvitationState.DECLINED,
}


def of(phone: str, now: datetime) -> dict[int, ReplyCode]:
    """The numbers this phone may answer with, each with its invitation and discussion."""
    about = joinedload(ReplyCode.invitation).joinedload(Invitation.discussion)
    asked = select(ReplyCode).where(ReplyCode.phone == phone, ReplyCode.free_from > now).options(about)
    return {code.number: code for code in db.session.scalars(asked)}


def is_open(invitation: Invitation, now: datetime) -> bool:
    """Whether it takes an answer."""
    about = invitation.discussion
    return closed(invitation.state, about.state, about.starts_at, about.ends_at, about.started_at, now) is None


def waiting(codes: Sequence[ReplyCode], now: datetime) -> list[ReplyCode]:
    """Those whose question stands: asked, open, and not answered in another way since."""
    return [
        code
        for code in codes
        if code.asks is not None and code.invitation.state is _WAITS_FOR[code.asks] and is_open(code.invitation, now)
    ]


def nearest(codes: Sequence[ReplyCode], now: datetime) -> ReplyCode | None:
    """Of the open ones the soonest; where none is open, the one given last."""
    opened = [code for code in codes if is_open(code.invitation, now)]
    if opened:
        return min(opened, key=lambda code: (code.invitation.discussion.starts_at, code.id))
    return max(codes, key=lambda code: (code.given_at, code.id), default=None)


def texted_lately(phone: str, name: str, within: timedelta, now: datetime, invitation_id: int | None = None) -> bool:
    """Whether a text of that name was written to this phone so lately (about that invitation)."""
    asked = select(Message.id).where(
        Message.address == phone,
        Message.reason == MessageReason.TEXT_REPLY,
        Message.name == name,
        Message.created_at > now - within,
    )
    if invitation_id is not None:
        asked = asked.where(Message.invitation_id == invitation_id)
    return db.session.scalar(asked.limit(1)) is not None


def entries_at(phone: str) -> list[Desk | Person]:
    """The desks and people of any authority's directory with that number."""
    desks = db.session.scalars(select(Desk).where(Desk.phone == phone).order_by(Desk.id))
    people = db.session.scalars(select(Person).where(Person.phone == phone).order_by(Person.id))
    return [*desks, *people]


def texts_stopped(phone: str | None) -> bool:
    """Whether somebody at that number asked for no more texts."""
    if phone is None:
        return False
    desks = select(Desk.id).where(Desk.phone == phone, Desk.opted_out_at.is_not(None))
    people = select(Person.id).where(Person.phone == phone, Person.opted_out_at.is_not(None))
    return db.session.scalar(desks.union_all(people).limit(1)) is not None


def open_at(phone: str, now: datetime) -> list[Invitation]:
    """The invitations still to be held that go to that number, or were texted there; not our own people's."""
    texted = select(ReplyCode.invitation_id).where(ReplyCode.phone == phone, ReplyCode.free_from > now)
    asked = (
        select(Invitation)
        .join(Invitation.discussion)
        .where(
            or_(Invitation.phone == phone, Invitation.id.in_(texted)),
            Invitation.user_id.is_(None),
            Invitation.state != InvitationState.WITHDRAWN,
            Discussion.state == DiscussionState.CONVENED,
            Discussion.ends_at > now,
        )
        .order_by(Discussion.id, Invitation.id)
    )
    return list(db.session.scalars(asked))
