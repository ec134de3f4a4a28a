"""Takes what a text or mail provider reports later of a message it was given. Who may report is the webhooks' to know.

Receipts come early, late, twice, out of order and about nothing of ours. What changes is sending's to say, by rank.
"""

import logging
from dataclasses import dataclass

from sqlalchemy import select

from strategy.act import Act
from strategy.commands import sending
from strategy.db import db
from strategy.models import Message
from strategy.vocabulary import MessageState

_LARGEST = 2**31 - 1  # what a database's integer holds
# That a provider has sent it on is no news: it was given it, and says more once it knows more.
_NEWS = frozenset({MessageState.DELIVERED, MessageState.BOUNCED})

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One receipt. ``wire`` is our id as it travels, if it came back; ``reference`` the provider's.

    ``problem`` is a sentence without address or content, for what did not arrive.
    """

    provider: str
    reference: str
    state: MessageState
    wire: str | None = None
    problem: str | None = None


def receive(told: Told, act: Act) -> bool:
    """Apply one receipt; False where it is old news, about nothing of ours, or about an attempt that does not stand."""
    message = _found(told)
    if message is None:
        log.info("a receipt from %s names no message of ours", told.provider)
        return False
    if told.state not in _NEWS:
        return False
    if not _stands(message, told):
        log.info("message %s: %s reports on another attempt, which changes nothing", message.id, told.provider)
        return False
    reference = f"{told.provider}:{told.reference}"
    moved = sending.report(message.id, told.state, told.problem, act, reference=reference)
    log.info("message %s: %s reports %s%s", message.id, told.provider, told.state, "" if moved else ", no news")
    return moved


def _found(told: Told) -> Message | None:
    """By our own id, else by the provider's reference."""
    number = sending.message_id(told.wire or "")
    if number is not None and number <= _LARGEST:
        return db.session.get(Message, number)
    return db.session.scalar(select(Message).where(Message.reference.in_(_references(told))).limit(1))


def _stands(message: Message, told: Told) -> bool:
    """Whether it is about the attempt that counts: a message may have gone to one provider, and then to another.

    Before our own note of the reference, a receipt is believed by our id alone, once the message was given to anybody.
    """
    if message.reference is None:
        return message.attempt > 0
    return message.reference in _references(told)


def _references(told: Told) -> tuple[str, str]:
    """As it is stored, without or with the provider that took it among several."""
    return told.reference, f"{told.provider}:{told.reference}"
