"""Holds the tick: an ordered handful of small steps, each safe to repeat, each row in a transaction of its own.

Nothing lives in memory between two ticks; any number of workers may tick at once, and a late tick does what is due
now, once. How a message is spoken is speaking.py's, how a diary is read diaries.py's.
"""

import logging
import os
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, TypeVar

from flask import current_app

from notifications.registry import Registry
from strategy.act import Act
from strategy.commands import climbing, contact_imports, directory_imports, heartbeats, sending
from strategy.commands import unheld as unheld_commands
from strategy.commands.sending import Outcome, Outgoing
from strategy.db import transaction
from strategy.queries import chasing, unheld
from strategy.vocabulary import MessageState, Via
from strategy.worker import diaries, mailbox, speaking

_BY: Final = "Strategy discussions"
_BATCH: Final = 10  # few: behind a slow provider the last of them should not wait long for another worker
_MOST_BATCHES: Final = 50  # a flood is worked off over several ticks, so that chasing goes on meanwhile
_MOST_STEPS: Final = 500
_COUNTED: Final = {MessageState.QUEUED: "retried", MessageState.FAILED: "failed"}

Result = TypeVar("Result")

log = logging.getLogger(__name__)


def tick(channels: Registry, now: datetime) -> dict[str, Any]:
    """Do all that is due at ``now``, once; how much of what, for people and machines. Needs an application context."""
    clock = _running_from(now)
    done: dict[str, Any] = {"at": now.isoformat(timespec="seconds").replace("+00:00", "Z")}
    done["freed"] = _in_transaction(clock(), sending.free_lapsed)
    done["lists_forgotten"] = _in_transaction(clock(), contact_imports.forget)
    done["lists_forgotten"] += _in_transaction(clock(), directory_imports.forget)
    done |= mailbox.empty(current_app.config["MAILBOX"], clock, _in_transaction)
    done |= _climb(now)
    done["unheld"] = _tell_unheld(now)
    done |= _send(channels, clock)
    done |= diaries.refresh(clock, _in_transaction)
    _in_transaction(clock(), partial(heartbeats.beat, _name(), done))
    return done


def _climb(now: datetime) -> dict[str, int]:
    """Do every step that is due. One that fails is put back and reported, and the others go on."""
    counts = {"climbed": 0, "climbs_failed": 0}
    for due in chasing.due(now, _MOST_STEPS):
        try:
            if _in_transaction(now, partial(climbing.climb, due)) is not None:
                counts["climbed"] += 1
        except Exception as error:
            counts["climbs_failed"] += 1
            # Names only: an error's own words may hold what stood in a row.
            log.error("chase %s failed (%s) and is put back", due.id, type(error).__name__)
            _in_transaction(now, partial(climbing.push_back, due))
    return counts


def _tell_unheld(now: datetime) -> int:
    """Tell of every discussion whose time has passed; how many."""
    ids = [one.id for one in unheld.untold(now)]
    return sum(_in_transaction(now, partial(unheld_commands.tell, one)) for one in ids)


def _send(channels: Registry, clock: Callable[[], datetime]) -> dict[str, int]:
    """Send what is due, a batch at a time, with no transaction open: a slow provider holds up nobody."""
    counts = {"sent": 0, "retried": 0, "failed": 0, "voided": 0}
    for _ in range(_MOST_BATCHES):
        batch = _in_transaction(clock(), partial(sending.claim, _BATCH))
        counts["voided"] += batch.voided
        for outgoing in batch.outgoing:
            if not _in_transaction(clock(), partial(sending.hold, outgoing.id, outgoing.attempt)):
                continue
            outcome = speaking.speak(channels, outgoing, clock())
            _settle(outgoing, outcome, clock)
            counts[_COUNTED.get(outcome.state, "sent")] += 1
        if not batch.outgoing and not batch.voided:
            break
    return counts


def _settle(outgoing: Outgoing, outcome: Outcome, clock: Callable[[], datetime]) -> None:
    """Write down what came of it. Where what follows from it fails, at least that it went out: or it would go again."""
    settle = partial(sending.settle, outgoing.id, outgoing.attempt, outcome)
    try:
        _in_transaction(clock(), settle)
    except Exception as error:
        log.error("message %s was not followed up (%s)", outgoing.id, type(error).__name__)
        _in_transaction(clock(), partial(settle, follow_up=False))


def _in_transaction(moment: datetime, do: Callable[[Act], Result]) -> Result:
    with transaction(_BY, Via.WORKER) as act:
        return do(replace(act, at=moment))


def _running_from(now: datetime) -> Callable[[], datetime]:
    """The tick's own time: ``now``, and what has passed since. Leases of a long tick must not begin in its past."""
    started = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - started)


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"[:64]
