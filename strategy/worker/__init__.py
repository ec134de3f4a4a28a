"""Holds the tick: an ordered handful of small steps, each safe to repeat, each row in a transaction of its own.

Nothing lives in memory between two ticks; any number of workers may tick at once, and a late tick does what is due
now, once. How messages go out is batches.py's, how one is spoken speaking.py's, how a diary is read diaries.py's,
who does which step of the chasing steps.py's.
"""

import logging
import os
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final, TypeVar

from flask import current_app

from notifications.registry import Registry
from strategy.act import Act
from strategy.commands import claiming, contact_imports, directory_imports, heartbeats, sending
from strategy.commands import emergency_duty as nights
from strategy.commands import unheld as unheld_commands
from strategy.commands import untold as untold_commands
from strategy.db import db, transaction
from strategy.queries import emergency_duty, mornings, outbox, unheld, untold
from strategy.vocabulary import Via
from strategy.worker import batches, diaries, mailbox, steps

_BY: Final = "Strategy discussions"

Result = TypeVar("Result")

log = logging.getLogger(__name__)


def tick(channels: Registry, now: datetime, *, sends: bool = True) -> dict[str, Any]:
    """Do all that is due at ``now``, once; how much of what, for people and machines. Needs an application context.

    ``sends`` False leaves the outbox to whoever calls ``send`` beside it.
    """
    clock = _running_from(now)
    done: dict[str, Any] = {"at": now.isoformat(timespec="seconds").replace("+00:00", "Z")}
    done["freed"] = _in_transaction(clock(), claiming.free_lapsed)
    done["lists_forgotten"] = _in_transaction(clock(), contact_imports.forget)
    done["lists_forgotten"] += _in_transaction(clock(), directory_imports.forget)
    done |= mailbox.empty(current_app.config["MAILBOX"], clock, _in_transaction)
    done |= steps.take_all(now, _in_transaction)
    done["unheld"] = _tell_unheld(now)
    done["nights_called"] = _each(now, emergency_duty.calls_due(now), nights.call)
    done["mornings_told"] = _each(now, [one for one, _ in mornings.due(now)], nights.tell_morning)
    done["given_up"] = _give_up(now)
    done["untold"] = _tell_untold(now)
    if sends:
        done |= batches.send(channels, clock, _in_transaction)
    done |= diaries.refresh(clock, _in_transaction)
    _in_transaction(clock(), partial(heartbeats.beat, _name(), done))
    return done


def send(channels: Registry, clock: Callable[[], datetime], most: int = 1) -> dict[str, int] | None:
    """Send what is due by that clock, at most so many batches; what became of them, None when nothing is due."""
    due = outbox.anything_due(clock())
    db.session.rollback()
    return batches.send(channels, clock, _in_transaction, most) if due else None


def _tell_unheld(now: datetime) -> int:
    """Tell of every discussion whose time has passed; how many."""
    ids = [one.id for one in unheld.untold(now)]
    return sum(_in_transaction(now, partial(unheld_commands.tell, one)) for one in ids)


def _tell_untold(now: datetime) -> int:
    """Tell conveners of required agencies nobody has told; how many."""
    ids = [one.id for one, _ in untold.to_tell(now)]
    return sum(_in_transaction(now, partial(untold_commands.tell, one)) for one in ids)


def _each(now: datetime, ids: Sequence[int], do: Callable[[int, Act], bool]) -> int:
    """Do it for each, in a transaction of its own; how many were done. One that fails is reported, the others go on."""
    done = 0
    for one in ids:
        try:
            done += _in_transaction(now, partial(do, one))
        except Exception as error:
            log.error("%s of %s failed (%s) and is tried again", do.__name__, one, type(error).__name__)
    return done


def _give_up(now: datetime) -> int:
    """Let others tell those whose urgent message has waited too long for a provider that is down; how many."""
    outwaited = outbox.outwaited(now)
    return sum(_in_transaction(now, partial(sending.give_up, one, words)) for one, words in outwaited.items())


def _in_transaction(moment: datetime, do: Callable[[Act], Result]) -> Result:
    with transaction(_BY, Via.WORKER) as act:
        return do(replace(act, at=moment))


def _running_from(now: datetime) -> Callable[[], datetime]:
    """The tick's own time: ``now``, and what has passed since. Leases of a long tick must not begin in its past."""
    started = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - started)


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"[:64]
