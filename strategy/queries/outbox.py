"""Answers how the outbox fares: what is due, what waits and why, whose phone or mailbox a message went to.

It reads no words of a message.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from strategy.db import db
from strategy.models import Circuit, Message
from strategy.vocabulary import MessageChannel, MessageState

# Urgent words wait no longer than their attempts would have taken (notifications.retry); then somebody rings.
PATIENCE = timedelta(minutes=10)
_SAID = {MessageChannel.EMAIL: "Emails", MessageChannel.SMS: "Texts"}


@dataclass(frozen=True, slots=True)
class Quiet:
    """A channel whose provider is down: nothing goes out by it but a try now and then."""

    channel: MessageChannel
    since: datetime
    problem: str | None

    @property
    def words(self) -> str:
        """ "Texts" or "Emails", to begin a sentence with."""
        return _SAID[self.channel]


def names(message_ids: Collection[int]) -> dict[int, str]:
    """Whom each of these messages went to."""
    asked = select(Message.id, Message.to_name).where(Message.id.in_(message_ids))
    return dict(db.session.execute(asked).all())


def quiet() -> list[Quiet]:
    """The channels that are down now."""
    rows = db.session.scalars(select(Circuit).where(Circuit.quiet_since.is_not(None)).order_by(Circuit.channel))
    return [Quiet(row.channel, row.quiet_since, row.problem) for row in rows if row.quiet_since is not None]


def anything_due(now: datetime) -> bool:
    """Whether a sender would find something to look at: a walk along the claim's own index."""
    asked = (
        select(Message.id)
        .where(Message.state == MessageState.QUEUED, Message.channel == channel, Message.urgent.is_(urgent))
        .where(Message.not_before <= now)
        .limit(1)
        for channel in MessageChannel
        for urgent in (True, False)
    )
    return any(db.session.scalar(one) is not None for one in asked)


def waiting(authority_id: int) -> Sequence[Message]:
    """What is queued though nothing went wrong with it (``waits_for`` says why), the first to go first."""
    return db.session.scalars(
        select(Message)
        .where(Message.authority_id == authority_id, Message.state == MessageState.QUEUED)
        .where(Message.waits_for.is_not(None))
        .order_by(Message.not_before, Message.id)
    ).all()


def outwaited(now: datetime) -> dict[int, str]:
    """The urgent messages that have waited long enough for a provider that is down, each with the words for it."""
    found: dict[int, str] = {}
    for one in quiet():
        ids = select(Message.id).where(
            Message.state == MessageState.QUEUED, Message.channel == one.channel, Message.urgent.is_(True)
        )
        words = f"{one.words} are not going out: {one.problem or 'the provider is down'}"
        found |= dict.fromkeys(db.session.scalars(ids.where(Message.created_at <= now - PATIENCE)), words)
    return found


def longest_due(now: datetime) -> datetime | None:
    """Since when the message longest due has waited to be taken up; None when none is due."""
    due = select(Message.not_before).where(Message.state == MessageState.QUEUED, Message.not_before <= now)
    return db.session.scalar(due.order_by(Message.not_before).limit(1))
