"""Holds taking messages out of the outbox to be sent, and writing down what came of it. It sends nothing itself.

At least once: a sender that dies after handing a message over and before settling it leaves a lease that lapses, and
the message goes out again. The other way round nobody would ever know that it did not.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from strategy import ics
from strategy.act import Act
from strategy.commands import telling
from strategy.db import db
from strategy.keys import keys
from strategy.models import Discussion, Message, MessageAttempt
from strategy.queries import reasons
from strategy.vocabulary import MESSAGE_MOVES, MessageChannel, MessageReason, MessageState, may_move

# How long a claimed message waits for its turn: what a dead sender had not begun goes out soon from another.
TURN = timedelta(minutes=1)
# Longer than the slowest dialogue with a provider (a dozen steps of half a minute), so that no message is taken up
# again while it is still going out.
LEASE = timedelta(minutes=7)
_LONGEST_WAIT = timedelta(hours=1)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message claimed for sending, as plain values: no row is needed while it goes out.

    ``path`` is the link's, to follow the base address. ``useful_until`` is when it no longer helps to arrive.
    """

    id: int
    attempt: int
    channel: MessageChannel
    address: str
    to_name: str
    subject: str
    text: str
    html: str | None
    path: str
    urgent: bool
    automatic: bool
    calendar: ics.Entry | None
    method: str | None
    sequence: int
    useful_until: datetime | None


@dataclass(frozen=True, slots=True)
class Batch:
    """What one claim took: what is to go out, and how many were voided instead."""

    outgoing: list[Outgoing]
    voided: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one attempt. ``state`` QUEUED means: try again, not before ``retry_at``.

    ``told`` says that this counts as having reached them: delivered, or sent by a channel that gives no receipts.
    ``problem`` is a sentence without address or content.
    """

    state: MessageState
    told: bool = False
    reference: str | None = None
    problem: str | None = None
    retry_at: datetime | None = None


def wire_id(message_id: int) -> str:
    """Our id as it travels in mail headers and callback addresses."""
    return f"m{message_id}"


def message_id(wire: str) -> int | None:
    """The message such an id names, or None for anything else."""
    number = wire.removeprefix("m")
    return int(number) if wire.startswith("m") and number.isascii() and number.isdecimal() else None


def free_lapsed(act: Act) -> int:
    """Queue again what was claimed by a sender that never came back. How many there were."""
    freed = db.session.scalars(
        update(Message)
        .where(Message.state == MessageState.SENDING, Message.lease_until < act.at)
        .values(state=MessageState.QUEUED, lease_until=None)
        .returning(Message.id)
    )
    return len(freed.all())


def claim(limit: int, act: Act) -> Batch:
    """Take up to ``limit`` messages to send, urgent ones first, for TURN; those whose reason is gone are voided.

    One statement does the taking, so that two senders never hold the same message. ``hold`` each when its turn comes.
    """
    due = (
        select(Message.id)
        .where(Message.state == MessageState.QUEUED, Message.not_before <= act.at)
        .order_by(Message.urgent.desc(), Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = db.session.scalars(
        update(Message)
        .where(Message.id.in_(due.scalar_subquery()))
        .values(state=MessageState.SENDING, attempt=Message.attempt + 1, lease_until=act.at + TURN)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).all()
    found = db.session.scalars(
        select(Message).where(Message.id.in_(taken)).order_by(Message.urgent.desc(), Message.id),
        execution_options={"populate_existing": True},
    ).all()
    ready = [_made_ready(message, act) for message in found]
    outgoing = [message for message in ready if message is not None]
    voided = sum(message.state is MessageState.VOIDED for message in found)
    return Batch(outgoing, voided)


def hold(message_id: int, attempt: int, act: Act) -> bool:
    """Keep a claimed message for LEASE, for it is sent now; False when somebody else has taken it up meanwhile.

    Behind a slow provider a turn can come after its claim has lapsed: without asking, the message would go out twice.
    """
    held = db.session.scalars(
        update(Message)
        .where(Message.id == message_id, Message.attempt == attempt, Message.state == MessageState.SENDING)
        .values(lease_until=act.at + LEASE)
        .returning(Message.id)
    )
    return held.first() is not None


def settle(message_id: int, attempt: int, outcome: Outcome, act: Act, *, follow_up: bool = True) -> bool:
    """Write down what came of an attempt; False, changing nothing, when that attempt is no longer the current one.

    ``follow_up`` False leaves out what follows from it (the timeline, the ladder, calls): for when that has failed,
    since a message that went out and is not settled would go out again.
    """
    message = _locked(message_id)
    if message is None or message.attempt != attempt or message.state in (MessageState.QUEUED, MessageState.VOIDED):
        return False
    words = outcome.problem or outcome.state.words
    db.session.add(MessageAttempt(message=message, number=attempt, at=act.at, outcome=words[:400]))
    message.reference = outcome.reference or message.reference
    if outcome.state is not MessageState.QUEUED and outcome.state is not MessageState.FAILED:
        message.sent_at = message.sent_at or act.at
    _move(message, outcome, act, follow_up=follow_up)
    return True


def report(message_id: int, state: MessageState, problem: str | None, act: Act) -> bool:
    """What a provider or mail server says of a message it took over; False where that is old news.

    Reports come early, late, twice and out of order: the move table lets only the later state stand.
    """
    message = _locked(message_id)
    if message is None or not may_move(MESSAGE_MOVES, message.state, state):
        return False
    outcome = Outcome(state=state, told=state is MessageState.DELIVERED, problem=problem)
    _move(message, outcome, act, follow_up=True)
    return True


def _locked(message_id: int) -> Message | None:
    """That message, after its discussion: everybody locks in this order, so that nobody waits in a circle."""
    found = db.session.get(Message, message_id)
    if found is None:
        return None
    if found.discussion_id is not None:
        db.session.get(Discussion, found.discussion_id, with_for_update=True, populate_existing=True)
    db.session.refresh(found, with_for_update=True)
    return found


def _move(message: Message, outcome: Outcome, act: Act, *, follow_up: bool) -> None:
    """Follow the move table; a state that may not follow the present one is old news and changes nothing."""
    if not may_move(MESSAGE_MOVES, message.state, outcome.state):
        return
    message.state = outcome.state
    message.lease_until = None
    message.problem = outcome.problem[:400] if outcome.problem else None
    if outcome.state is MessageState.QUEUED:
        message.not_before = outcome.retry_at or act.at
    elif outcome.state is MessageState.DELIVERED:
        message.delivered_at = act.at
    elif outcome.state in (MessageState.BOUNCED, MessageState.FAILED):
        message.ended_at = act.at
    if follow_up and message.state in (MessageState.BOUNCED, MessageState.FAILED):
        telling.failed(message, act)
    if follow_up and outcome.told:
        telling.arrived(message, act)


def _made_ready(message: Message, act: Act) -> Outgoing | None:
    """The message as it goes out; None when it is voided, or put back because it could not be made ready.

    One row that cannot be read must not hold up all that were claimed with it.
    """
    try:
        return None if _voided(message, act) else outgoing(message)
    except Exception as error:
        # Names only: an error's own words may hold what stood in the row.
        log.error("message %s could not be made ready (%s) and is put back", message.id, type(error).__name__)
        message.state, message.lease_until = MessageState.QUEUED, None
        message.not_before = act.at + min(timedelta(minutes=2 ** min(message.attempt, 6)), _LONGEST_WAIT)
        message.problem = "It could not be made ready to send; it is tried again."
        return None


def _voided(message: Message, act: Act) -> bool:
    why = reasons.gone(message, act.at)
    if why is None:
        return False
    message.state, message.lease_until = MessageState.VOIDED, None
    message.ended_at, message.problem = act.at, why
    return True


def outgoing(message: Message) -> Outgoing:
    """The message as plain values. Raises LookupError for one that is about nothing."""
    invitation = message.invitation
    about = (message.contact_id, message.partner_request_id, message.verification_id)
    if invitation is None and all(one is None for one in about):
        raise LookupError(f"message {message.id} is about nothing")
    return Outgoing(
        id=message.id,
        attempt=message.attempt,
        channel=message.channel,
        address=message.address,
        to_name=message.to_name,
        subject=message.subject or "",
        text=message.text,
        html=message.html,
        path=_path(message),
        urgent=message.urgent,
        automatic=message.reason is MessageReason.CONFIRMATION,
        calendar=ics.entry(invitation, message.address) if invitation and message.calendar_method else None,
        method=message.calendar_method,
        sequence=message.calendar_sequence or 0,
        useful_until=_useful_until(message),
    )


def _path(message: Message) -> str:
    """Staff sign in; a partner's way in is the token, made now and stored nowhere."""
    invitation, asked = message.invitation, message.verification
    if asked is not None:
        entry = asked.entry
        return f"/d/{keys().entry_token(entry.__tablename__, entry.id, entry.link_generation)}"
    if message.partner_request_id is not None:
        return f"/asked/{message.partner_request_id}"
    if message.contact_id is not None:
        return f"/contacts/{message.contact_id}"
    if message.user_id is not None and message.action_id is not None:
        return f"/actions/{message.action_id}"
    if message.user_id is not None or invitation is None:
        return f"/discussions/{message.discussion_id}"
    return f"/a/{keys().token(invitation.id, invitation.generation)}"


def _useful_until(message: Message) -> datetime | None:
    asking = (MessageReason.INVITE, MessageReason.UPDATE, MessageReason.CHASE)
    return message.discussion.ends_at if message.reason in asking and message.discussion is not None else None
