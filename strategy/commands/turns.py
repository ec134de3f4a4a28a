"""Holds each phone's turns: how a claim counts the texts a phone has had, together with all other senders."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from strategy.act import Act
from strategy.commands import circuits
from strategy.db import db
from strategy.models import Message
from strategy.rules.turns import WITHIN, next_turn
from strategy.vocabulary import MessageChannel, MessageReason, MessageState

WHY = "It waits its turn: that phone gets one text a minute, and five in a quarter of an hour."

# Somebody sits at a page and waits for one, it is good for ten minutes, and how many may be asked for is limited.
_CODES = frozenset({MessageReason.SECOND_STEP, MessageReason.BOARD_CODE})

# What a phone has been sent, or is being sent now. A text that failed or is to be tried again took no turn.
_TOOK = (MessageState.SENDING, MessageState.SENT, MessageState.DELIVERED)


@dataclass(slots=True)
class Turns:
    """When each phone was sent its last texts, and which discussions have written to it at all."""

    now: datetime
    taken: defaultdict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    written: set[tuple[str, int | None]] = field(default_factory=set)

    def free_at(self, message: Message) -> datetime | None:
        """When this message may go, None for now. Codes never wait, nor the first text of an urgent discussion."""
        if message.channel is not MessageChannel.SMS or message.reason in _CODES:
            return None
        first = message.discussion_id is not None and (message.address, message.discussion_id) not in self.written
        if message.urgent and first:
            return None
        return next_turn(self.taken[message.address], self.now)

    def took(self, message: Message) -> None:
        """It goes out now, and counts for what follows in the same claim."""
        if message.channel is MessageChannel.SMS:
            self.taken[message.address].append(self.now)
            self.written.add((message.address, message.discussion_id))


def of(found: Collection[Message], act: Act) -> Turns:
    """The turns of the phones these messages go to.

    Other senders' claims of texts wait until this transaction is over: counted at the same moment by two, a phone
    would get both texts.
    """
    turns = Turns(act.at)
    texts = [message for message in found if message.channel is MessageChannel.SMS]
    if texts:
        circuits.locked(MessageChannel.SMS)
        _count(turns, texts)
    return turns


def _count(turns: Turns, texts: Iterable[Message]) -> None:
    phones = {message.address for message in texts}
    taken = select(Message.address, Message.taken_at).where(
        Message.address.in_(phones), Message.taken_at > turns.now - WITHIN, Message.state.in_(_TOOK)
    )
    for address, at in db.session.execute(taken):
        if at is not None:
            turns.taken[address].append(at)
    urgent = {message.discussion_id for message in texts if message.urgent and message.discussion_id is not None}
    if urgent:
        written = select(Message.address, Message.discussion_id).where(
            Message.discussion_id.in_(urgent), Message.address.in_(phones), Message.state.in_(_TOOK)
        )
        turns.written.update((address, number) for address, number in db.session.execute(written))
