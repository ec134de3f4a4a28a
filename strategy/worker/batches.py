"""Holds the step that sends what is due: a small batch at a time, with no transaction open while a message goes out.

A slow provider holds up nobody: what waits behind it in a batch is free for other workers after a minute.
"""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from notifications.registry import Registry
from strategy.act import Act
from strategy.commands import circuits, claiming, opting_out, sending
from strategy.commands.sending import Outcome
from strategy.queries.outgoing import Outgoing
from strategy.vocabulary import MessageState
from strategy.worker import speaking
from strategy.worker.diaries import InTransaction

_BATCH: Final = 20  # few: the first goes out at once, and behind a slow provider the last does not wait long
_MOST_BATCHES: Final = 50  # a flood is worked off over several ticks, so that chasing goes on meanwhile
_COUNTED: Final = {MessageState.QUEUED: "retried", MessageState.FAILED: "failed"}

log = logging.getLogger(__name__)


def send(
    channels: Registry, clock: Callable[[], datetime], write: InTransaction, batches: int = _MOST_BATCHES
) -> dict[str, int]:
    """Send what is due, at most so many batches; how many were sent, retried, given up, voided, put back to wait."""
    counts = {"sent": 0, "retried": 0, "failed": 0, "voided": 0, "waiting": 0}
    for _ in range(batches):
        batch = write(clock(), partial(claiming.claim, _BATCH))
        counts["voided"] += batch.voided
        counts["waiting"] += batch.waiting
        for state in _Batch(channels, clock, write, deque(batch.outgoing), batch.troubled).sent():
            counts[_COUNTED.get(state, "sent")] += 1
        if batch.empty:
            break
    return counts


@dataclass(slots=True)
class _Batch:
    """A claimed batch being worked off. ``held`` says whether the message next in turn is held for sending.

    ``troubled``: some provider has failed lately, so that every answer is noted; otherwise the good ones need not be.
    """

    channels: Registry
    clock: Callable[[], datetime]
    write: InTransaction
    left: deque[Outgoing]
    troubled: bool
    held: bool = field(default=False)

    def sent(self) -> list[MessageState]:
        """Send them one after another; what became of each that was still ours."""
        came = []
        while self.left:
            one = self.left.popleft()
            if not self.held and not self.write(self.clock(), partial(claiming.hold, one.id, one.attempt)):
                continue
            outcome = speaking.speak(self.channels, one, self.clock())
            came.append(outcome.state)
            if self._settle(one, outcome):
                self._put_back(one)
            if outcome.opted_out:
                self._mark_opted_out(one)
        return came

    def _mark_opted_out(self, one: Outgoing) -> None:
        """A phone that wants no more texts silences its agency: staff hear of it, and no more are tried."""
        try:
            self.write(self.clock(), partial(opting_out.mark, one.address))
        except Exception as error:
            log.error("message %s: that its phone opted out was not noted (%s)", one.id, type(error).__name__)

    def _settle(self, one: Outgoing, outcome: Outcome) -> bool:
        """Write down what came of it, and hold the next in the same breath; whether its channel is down now.

        Where what follows from it fails, at least that it went out is noted: or it would go again.
        """
        try:
            self.held, down = self.write(self.clock(), partial(self._settled, one, outcome))
        except Exception as error:
            log.error("message %s was not followed up (%s)", one.id, type(error).__name__)
            self.held, down = False, False
            self.write(self.clock(), partial(sending.settle, one.id, one.attempt, outcome, follow_up=False))
        for other in one.others:
            self._settle_beside(other, outcome)
        return down

    def _settle_beside(self, other: Outgoing, outcome: Outcome) -> None:
        """The same for what went out in that mail, each after its own discussion is locked."""
        try:
            self.write(self.clock(), partial(sending.settle, other.id, other.attempt, outcome))
        except Exception as error:
            log.error("message %s was not followed up (%s)", other.id, type(error).__name__)
            self.write(self.clock(), partial(sending.settle, other.id, other.attempt, outcome, follow_up=False))

    def _settled(self, one: Outgoing, outcome: Outcome, act: Act) -> tuple[bool, bool]:
        sending.settle(one.id, one.attempt, outcome, act)
        held = bool(self.left) and claiming.hold(self.left[0].id, self.left[0].attempt, act)
        self.troubled |= outcome.trouble is not None
        return held, self.troubled and circuits.heard(one.channel, outcome.trouble, act)

    def _put_back(self, failed: Outgoing) -> None:
        """Its provider has gone down: nothing else of this batch is to try the same in vain."""
        theirs = [one for one in self.left if one.channel is failed.channel]
        self.write(self.clock(), partial(claiming.put_back, theirs))
        self.left = deque(one for one in self.left if one.channel is not failed.channel)
        self.held = False
