"""Holds taking messages out of the outbox to be sent. It sends nothing; what came of it sending.py writes down.

At least once: a sender that dies after handing a message over and before settling it leaves a lease that lapses, and
the message goes out again. The other way round nobody would ever know that it did not.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, cast

from sqlalchemy import CursorResult, Result, Select, Table, Update, select, update
from sqlalchemy.orm import joinedload, load_only, selectinload

from strategy.act import Act
from strategy.commands import bundling, circuits, turns
from strategy.commands.turns import Turns
from strategy.db import db
from strategy.models import Contact, Discussion, Message
from strategy.queries import reasons
from strategy.queries.outgoing import Outgoing, outgoing
from strategy.vocabulary import MessageChannel, MessageState

# How long a claimed message waits for its turn: what a dead sender had not begun goes out soon from another.
TURN = timedelta(minutes=1)
# Longer than the slowest dialogue with a provider (a dozen steps of half a minute), so that no message is taken up
# again while it is still going out.
LEASE = timedelta(minutes=7)
_LONGEST_WAIT = timedelta(hours=1)
_TABLE = cast(Table, Message.__table__)

# All that making ready looks at, read for the whole batch at once; of the contact no more than who is barred.
_ABOUT = (
    selectinload(Message.invitation),
    selectinload(Message.discussion).options(
        joinedload(Discussion.authority),
        joinedload(Discussion.convener),
        selectinload(Discussion.contact).options(
            load_only(Contact.restricted, Contact.authority_id), selectinload(Contact.implicated)
        ),
    ),
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Batch:
    """What one claim took: what is to go out, and how many were voided or put back to wait instead.

    ``troubled``: a provider did not answer the last time it was asked.
    """

    outgoing: list[Outgoing]
    voided: int
    waiting: int = 0
    troubled: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing was due at all."""
        return not self.outgoing and not self.voided and not self.waiting


def free_lapsed(act: Act) -> int:
    """Queue again what was claimed by a sender that never came back. How many there were."""
    # Skipping what is locked: its sender is writing down at this moment what came of it.
    lapsed = (
        select(Message.id)
        .where(Message.state == MessageState.SENDING, Message.lease_until < act.at)
        .with_for_update(skip_locked=True)
    )
    freed = db.session.scalars(
        update(Message)
        .where(Message.id.in_(db.session.scalars(lapsed).all()))
        .values(state=MessageState.QUEUED, lease_until=None)
        .returning(Message.id)
    )
    return len(freed.all())


def claim(limit: int, act: Act) -> Batch:
    """Take up to ``limit`` messages to send, urgent ones first, for TURN. ``hold`` each when its turn comes.

    Those whose reason is gone are voided; texts to a phone that has had enough for now are put back to wait. Of a
    channel whose provider is down nothing is taken but one message now and then, to try whether it is up again.
    Rows are locked as they are found, others' skipped, so that two senders never hold the same message.
    """
    ways = circuits.ways(act)
    found = _due(ways.usable, limit, act)
    probes = [message for channel in ways.probed for message in _due([channel], 1, act)]
    taking = _Taking(act, turns.of([*found, *probes], act))
    ready = [*(taking.take(one, probe=True) for one in probes), *(taking.take(one) for one in found)]
    db.session.flush()
    going = [message for message in ready if message is not None]
    voided = sum(message.state is MessageState.VOIDED for message in (*found, *probes))
    return Batch(going, voided, len(ready) - len(going) - voided, ways.troubled)


def hold(message_id: int, attempt: int, act: Act) -> bool:
    """Keep a claimed message for LEASE, for it is sent now; False when somebody else has taken it up meanwhile.

    Behind a slow provider a turn can come after its claim has lapsed: without asking, the message would go out twice.
    """
    held = db.session.execute(_claimed(message_id, attempt).values(lease_until=act.at + LEASE))
    return _rows(held) == 1


def put_back(taken: Iterable[Outgoing], act: Act) -> None:
    """Queue again what was claimed and not begun, as if it had never been taken: its provider has gone down."""
    for one in chain.from_iterable((each, *each.others) for each in taken):
        back = {"state": MessageState.QUEUED, "lease_until": None, "attempt": one.attempt - 1, "taken_at": None}
        db.session.execute(_claimed(one.id, one.attempt).values(back))


def _claimed(message_id: int, attempt: int) -> Update:
    """Asked of the table itself: no row is held in memory here, and looking for one is most of what it would cost."""
    return update(_TABLE).where(
        _TABLE.c.id == message_id, _TABLE.c.attempt == attempt, _TABLE.c.state == MessageState.SENDING
    )


def _rows(result: Result[Any]) -> int:
    assert isinstance(result, CursorResult)
    return result.rowcount


def _due(channels: Sequence[MessageChannel], limit: int, act: Act) -> list[Message]:
    """Up to so many messages of these channels that may go now, urgent ones first, then the oldest; locked."""
    found: list[Message] = []
    for urgent in (True, False):
        room = limit - len(found)
        rows = [message for channel in channels for message in _oldest(channel, urgent, room, act)] if room else []
        found += sorted(rows, key=lambda message: message.id)[:room]
    return found


def _oldest(channel: MessageChannel, urgent: bool, limit: int, act: Act) -> Sequence[Message]:
    """Asked so, each is a walk along ix_messages_due that stops at the limit, however many wait."""
    return db.session.scalars(due(channel, urgent, limit, act.at), execution_options={"populate_existing": True}).all()


def due(channel: MessageChannel, urgent: bool, limit: int, now: datetime) -> Select[Message]:
    """The statement a claim finds its messages by, so that its plan can be looked at."""
    return (
        select(Message)
        .where(Message.state == MessageState.QUEUED, Message.channel == channel, Message.urgent.is_(urgent))
        .where(Message.not_before <= now)
        .order_by(Message.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Message)
        .options(*_ABOUT)
    )


@dataclass(frozen=True, slots=True)
class _Taking:
    """One claim at work: each row it found is taken, voided or put back to wait."""

    act: Act
    turns: Turns

    def take(self, message: Message, *, probe: bool = False) -> Outgoing | None:
        """The message as it goes out; None when it is voided, waits, or could not be made ready and is put back.

        One row that cannot be read must not hold up all that were claimed with it.
        """
        if message.state is not MessageState.QUEUED:
            return None  # it goes out with one of this very claim
        message.attempt, message.bundle_id = message.attempt + 1, None
        try:
            if self._voided(message) or self._waits(message):
                return None
            ready = outgoing(message, probe=probe, others=self._others(message))
        except Exception as error:
            # Names only: an error's own words may hold what stood in the row.
            log.error("message %s could not be made ready (%s) and is put back", message.id, type(error).__name__)
            message.not_before = self.act.at + min(timedelta(minutes=2 ** min(message.attempt, 6)), _LONGEST_WAIT)
            message.problem = "It could not be made ready to send; it is tried again."
            return None
        message.state, message.lease_until = MessageState.SENDING, self.act.at + TURN
        message.taken_at, message.waits_for = self.act.at, None
        self.turns.took(message)
        return ready

    def _others(self, message: Message) -> list[Outgoing]:
        """What goes out in the same mail, each held for as long as that mail may take."""
        return [ready for one in bundling.gathered(message) if (ready := self._beside(one, message)) is not None]

    def _beside(self, other: Message, message: Message) -> Outgoing | None:
        other.attempt += 1
        if self._voided(other):
            return None
        other.state, other.lease_until, other.bundle_id = MessageState.SENDING, self.act.at + LEASE, message.id
        other.taken_at, other.waits_for = self.act.at, None
        return outgoing(other)

    def _voided(self, message: Message) -> bool:
        why = reasons.gone(message, self.act.at)
        if why is None:
            return False
        message.state, message.lease_until, message.waits_for = MessageState.VOIDED, None, None
        message.ended_at, message.problem = self.act.at, why
        return True

    def _waits(self, message: Message) -> bool:
        free = self.turns.free_at(message)
        if free is None:
            return False
        message.not_before, message.waits_for = free, turns.WHY
        message.attempt -= 1
        return True
