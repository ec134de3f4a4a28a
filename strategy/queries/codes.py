"""Answers what became of a one-time code on its way, and on which number whoever waits for it can be rung.

Who may ask for one, by which channels, and what it opens is second_step.py's.
"""

from collections.abc import Collection

from sqlalchemy import select

from strategy.db import db
from strategy.models import CallTask, Invitation, Message, SecondStep
from strategy.queries import conflicts
from strategy.vocabulary import CallState, MessageReason, MessageState

# What the calls asked for such codes are named by, within their invitation.
CALL = "code"
_LOST = frozenset({MessageState.FAILED, MessageState.BOUNCED})


def carrying(step: SecondStep) -> Message | None:
    """The message that carries this code; None where nothing could be written to that address any more."""
    key = f"{step.invitation_id}/code/{step.id}/{step.channel}"
    return db.session.scalar(select(Message).where(Message.dedupe_key == key))


def was_lost(step: SecondStep) -> bool:
    """Whether it is known that this code did not arrive."""
    message = carrying(step)
    return message is None or message.state in _LOST


def lost_at(invitation: Invitation) -> Collection[str]:
    """The addresses at which the newest code of this invitation did not arrive."""
    sent = select(Message).where(
        Message.invitation_id == invitation.id,
        Message.reason == MessageReason.SECOND_STEP,
        Message.state != MessageState.VOIDED,
    )
    newest = {one.address: one.state for one in db.session.scalars(sent.order_by(Message.id))}
    return {address for address, state in newest.items() if state in _LOST}


def call_waits(invitation: Invitation) -> bool:
    """Whether somebody of ours is asked already to ring whoever waits for a code of this invitation."""
    asked = select(CallTask.id).where(
        CallTask.invitation_id == invitation.id,
        CallTask.state == CallState.OPEN,
        CallTask.dedupe_key.startswith(f"{invitation.id}/{CALL}:", autoescape=True),
    )
    return db.session.scalar(asked.limit(1)) is not None


def number(invitation: Invitation) -> str | None:
    """A number of theirs that we know (E.164): as the directory has it, else as staff wrote it down.

    Never one that was typed behind the link: whoever holds it could have us ring themselves (decision 0028).
    """
    entry = invitation.person or invitation.desk
    standing = entry.phone if entry is not None and entry.active else None
    own = None if invitation.covered else invitation.phone
    barred = conflicts.of(invitation.discussion.contact)
    return next((one for one in (standing, own) if one and not barred.read(one)), None)
