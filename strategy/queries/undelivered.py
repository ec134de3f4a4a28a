"""Answers what nobody has got: messages that were lost and nothing else has reached since, entries that want no texts.

What waits to go is outbox.py's, what came in and is to be read inbound.py's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from strategy.db import db
from strategy.models import Agency, CallTask, Desk, DeskBoard, Invitation, Message, Person, Verification
from strategy.queries import seen
from strategy.vocabulary import CallState, DiscussionState, InvitationState, MessageReason, MessageState

WITHIN = timedelta(days=7)
_LOST = (MessageState.BOUNCED, MessageState.FAILED)
_GONE = (*_LOST, MessageState.VOIDED)
_MISDIRECTED = "misdirected"  # it went to an address that was wrong
# What a discussion that is over, or somebody no longer asked, need not be told any more.
_FOR_WHAT_IS_TO_COME = seen.ASKING | {MessageReason.CHASE, MessageReason.CONVENER, MessageReason.CONFIRMATION}


@dataclass(frozen=True, slots=True)
class Lost:
    """One step that reached nobody: its newest message, and whether the other channel was tried too."""

    message: Message
    both: bool


def lost(authority_id: int, now: datetime) -> list[Lost]:
    """What did not arrive in the last seven days and still matters, the newest first, both channels of a step as one.

    Not those whose other channel may still have arrived, that were followed by one that did, or after which somebody
    rang.
    """
    found = db.session.scalars(
        select(Message)
        .where(Message.authority_id == authority_id, Message.state.in_(_LOST))
        .where(Message.ended_at >= now - WITHIN, Message.name != _MISDIRECTED)
        .order_by(Message.ended_at.desc(), Message.id.desc())
        .options(
            joinedload(Message.invitation).joinedload(Invitation.discussion),
            joinedload(Message.discussion),
            joinedload(Message.verification).joinedload(Verification.agency),
            joinedload(Message.board).joinedload(DeskBoard.desk),
        )
    ).all()
    matters = [one for one in found if _matters(one, now)]
    rung, others = _rung(matters), _others(matters)
    return _steps(one for one in matters if not _made_good(one, rung, others))


def count(authority_id: int, now: datetime) -> int:
    """How many there are."""
    return len(lost(authority_id, now))


def opted_out(authority_id: int) -> list[Desk | Person]:
    """The entries this authority keeps that asked for no more texts, the first one first."""
    found: list[Desk | Person] = []
    for model in (Desk, Person):
        asked = select(model).join(Agency, model.agency_id == Agency.id).options(joinedload(model.agency))
        kept = asked.where(Agency.authority_id == authority_id, Agency.active, model.active)
        found += db.session.scalars(kept.where(model.opted_out_at.is_not(None)))
    return sorted(found, key=lambda entry: (entry.agency.name, entry.name))


def _steps(messages: Iterable[Message]) -> list[Lost]:
    steps: dict[str, list[Message]] = {}
    for one in messages:
        steps.setdefault(_step(one), []).append(one)
    return [Lost(both[0], len(both) > 1) for both in steps.values()]


def _step(message: Message) -> str:
    """What both channels' rows of one step have in common."""
    return message.dedupe_key.rpartition("/")[0]


def _matters(message: Message, now: datetime) -> bool:
    invitation = message.invitation
    if invitation is None or message.reason not in _FOR_WHAT_IS_TO_COME:
        return True
    discussion = invitation.discussion
    if discussion.state is not DiscussionState.CONVENED or discussion.ends_at <= now:
        return False
    if message.reason not in seen.ASKING:
        return True
    return invitation.state in (InvitationState.INVITED, InvitationState.NAME_NEEDED)


def _rung(messages: Iterable[Message]) -> dict[int, datetime]:
    """When somebody last rang about each of these invitations."""
    ids = {one.invitation_id for one in messages} - {None}
    asked = (
        select(CallTask.invitation_id, func.max(CallTask.ended_at))
        .where(CallTask.invitation_id.in_(ids), CallTask.state == CallState.DONE)
        .group_by(CallTask.invitation_id)
    )
    return {invitation_id: at for invitation_id, at in db.session.execute(asked) if at is not None}


def _others(messages: Sequence[Message]) -> list[Message]:
    """Messages about the same that are not lost."""
    invitations = {one.invitation_id for one in messages} - {None}
    verifications = {one.verification_id for one in messages} - {None}
    boards = {one.board_id for one in messages} - {None}
    contacts = {one.contact_id for one in messages} - {None}
    about = (
        Message.invitation_id.in_(invitations),
        Message.verification_id.in_(verifications),
        Message.board_id.in_(boards),
        Message.contact_id.in_(contacts),
    )
    asked = (select(Message).where(one, Message.state.not_in(_GONE)) for one in about)
    return [message for one in asked for message in db.session.scalars(one)]


def _made_good(message: Message, rung: dict[int, datetime], others: Iterable[Message]) -> bool:
    """Whether the other channel of the same step may have arrived, a later one has, or somebody rang since."""
    ended = message.ended_at or message.created_at
    if message.invitation_id is not None and rung.get(message.invitation_id, ended) > ended:
        return True
    return any(
        _step(other) == _step(message)
        or (_same_people(other, message) and other.id > message.id and _later_success(other))
        for other in others
    )


def _same_people(one: Message, other: Message) -> bool:
    return (one.invitation_id, one.verification_id, one.board_id, one.contact_id, one.user_id, one.reason) == (
        other.invitation_id,
        other.verification_id,
        other.board_id,
        other.contact_id,
        other.user_id,
        other.reason,
    )


def _later_success(message: Message) -> bool:
    return message.state in (MessageState.SENT, MessageState.DELIVERED)
