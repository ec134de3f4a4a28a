"""Holds writing down what came of sending a message, at once or reported later. Taking it out is claiming.py's.

States have a rank, which the move table keeps: what is reported early, late, twice or out of order changes nothing.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from strategy.act import Act
from strategy.commands import telling
from strategy.db import db
from strategy.models import Discussion, Message, MessageAttempt
from strategy.vocabulary import MESSAGE_MOVES, MessageState, may_move

# What a provider may report of a message it took over. That it failed there is, for us, that it did not arrive.
_REPORTED = {
    MessageState.SENT: MessageState.SENT,
    MessageState.DELIVERED: MessageState.DELIVERED,
    MessageState.BOUNCED: MessageState.BOUNCED,
    MessageState.FAILED: MessageState.BOUNCED,
}
_LOST = (MessageState.BOUNCED, MessageState.FAILED)
# Rows held in memory are read anew: they may have changed before the lock was ours.
_FRESH = {"populate_existing": True}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one attempt. ``state`` QUEUED means: try again, not before ``retry_at``.

    ``told`` says that this counts as having reached them: delivered, or sent by a channel that gives no receipts.
    ``awaits_receipt``: sent by one that does. ``problem`` is a sentence without address or content; ``trouble`` the
    same where the provider itself is down, and ``excused`` that such an attempt does not count towards giving up.
    ``opted_out``: that phone wants no more texts, says the provider.
    """

    state: MessageState
    told: bool = False
    awaits_receipt: bool = False
    reference: str | None = None
    problem: str | None = None
    trouble: str | None = None
    excused: bool = False
    opted_out: bool = False
    retry_at: datetime | None = None


def wire_id(message_id: int) -> str:
    """Our id as it travels in mail headers and callback addresses."""
    return f"m{message_id}"


def message_id(wire: str) -> int | None:
    """The message such an id names, or None for anything else."""
    number = wire.removeprefix("m")
    return int(number) if wire.startswith("m") and number.isascii() and number.isdecimal() else None


def settle(message_id: int, attempt: int, outcome: Outcome, act: Act, *, follow_up: bool = True) -> bool:
    """Write down what came of an attempt; False, changing nothing, when that attempt is no longer the current one.

    ``follow_up`` False leaves out what follows from it (the timeline, the ladder, calls): for when that has failed,
    since a message that went out and is not settled would go out again.
    """
    message = _locked(message_id)
    if message is None or message.attempt != attempt or message.state in (MessageState.QUEUED, MessageState.VOIDED):
        return False
    beside = "" if message.bundle_id is None else ", in one mail with others"
    _note(message, f"{outcome.problem or outcome.state.words}{beside}", act)
    message.reference = outcome.reference or message.reference
    message.awaits_receipt = outcome.awaits_receipt
    message.excused += outcome.excused
    _move(message, outcome, act, follow_up=follow_up)
    return True


def report(
    message_id: int, state: MessageState, problem: str | None, act: Act, *, reference: str | None = None
) -> bool:
    """Apply what a provider says later of a message it was given: whether that was news.

    SENT, DELIVERED, BOUNCED, or FAILED, which counts as BOUNCED. Whatever else it says, or what a higher state has
    overtaken, is logged and changes nothing. ``problem`` is a sentence without address or content; ``reference`` the
    provider's, kept where we have none (a sender died before it could note it).
    """
    beside = select(Message.id).where(Message.bundle_id == message_id).order_by(Message.discussion_id)
    for other in db.session.scalars(beside).all():
        report(other, state, problem, act, reference=reference)
    locked = _locked(message_id)
    moved = _REPORTED.get(state)
    if locked is None or moved is None or not may_move(MESSAGE_MOVES, locked.state, moved):
        log.info("message %s: %s was reported, and changes nothing", message_id, state)
        return False
    _note(locked, f"Reported: {problem or moved.words}", act)
    locked.reference = locked.reference or reference
    told = moved is MessageState.DELIVERED or (moved is MessageState.SENT and not locked.awaits_receipt)
    _move(locked, Outcome(state=moved, told=told, problem=problem), act)
    return True


def give_up(message_id: int, problem: str, act: Act) -> bool:
    """A message that waited longer than it could, its provider being down: others must tell them. Whether it did wait.

    The other channel, or a person, takes over at once (telling.failed).
    """
    message = _locked(message_id)
    if message is None or message.state is not MessageState.QUEUED:
        return False
    _move(message, Outcome(state=MessageState.FAILED, problem=problem), act)
    return True


def _locked(message_id: int) -> Message | None:
    """That message, after its discussion: everybody locks in this order, so that nobody waits in a circle."""
    about = select(Message.discussion_id).where(Message.id == message_id).scalar_subquery()
    discussion = select(Discussion).where(Discussion.id == about).with_for_update()
    root = db.session.scalars(discussion, execution_options=_FRESH).one_or_none()
    message = select(Message).where(Message.id == message_id).options(joinedload(Message.invitation))
    found = db.session.scalars(message.with_for_update(of=Message), execution_options=_FRESH).one_or_none()
    if found is not None:
        set_committed_value(found, "discussion", root)  # what is held need not be read again
    return found


def _note(message: Message, words: str, act: Act) -> None:
    db.session.add(MessageAttempt(message_id=message.id, number=message.attempt, at=act.at, outcome=words[:400]))


def _move(message: Message, outcome: Outcome, act: Act, *, follow_up: bool = True) -> None:
    """Follow the move table; a state that may not follow the present one is old news and changes nothing."""
    if not may_move(MESSAGE_MOVES, message.state, outcome.state):
        return
    before = message.sent_at
    message.state = outcome.state
    message.lease_until = message.waits_for = None
    message.problem = outcome.problem[:400] if outcome.problem else None
    if outcome.state is MessageState.QUEUED:
        message.not_before, message.bundle_id = outcome.retry_at or act.at, None
        return
    if outcome.state is not MessageState.FAILED:
        message.sent_at = message.sent_at or act.at
    if outcome.state in _LOST:
        message.ended_at = act.at
    if outcome.state is MessageState.DELIVERED:
        message.delivered_at = act.at
    if follow_up and message.state in _LOST:
        telling.failed(message, act)
    if follow_up and outcome.told:
        telling.arrived(message, act, again=before is not None)
