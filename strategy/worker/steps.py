"""Holds the step that does what chasing is due: who does which kind, each row in a transaction of its own."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final, Protocol, TypeVar

from strategy.act import Act
from strategy.commands import climbing, courses, joining, reminding, taking, waits
from strategy.queries import chasing, target_watch
from strategy.queries.chasing import Due
from strategy.vocabulary import ChaseKind

_MOST_STEPS: Final = 500
_MOST_PLANNED: Final = 200  # of contacts nothing is planned for: after an upgrade all that are open, over a few ticks

_DOES: Final[Mapping[ChaseKind, Callable[[Due, Act], str | None]]] = {
    ChaseKind.BEFORE: climbing.climb,
    ChaseKind.AFTER: climbing.climb,
    ChaseKind.REMINDER: joining.remind,
    ChaseKind.NOT_JOINED: joining.tell,
    ChaseKind.ACTION: reminding.remind,
    ChaseKind.COURSE: courses.tell,
    ChaseKind.DECISION: waits.tell,
    ChaseKind.TARGET: waits.tell,
}

Result = TypeVar("Result")

log = logging.getLogger(__name__)


class InTransaction(Protocol):
    """Runs a command in a transaction of its own, at that moment."""

    def __call__(self, moment: datetime, do: Callable[[Act], Result], /) -> Result: ...


def take(due: Due, act: Act) -> str | None:
    """Do the step that row says is due, once: what was done, or None when somebody else was first."""
    return _DOES[due.kind](due, act)


def take_all(now: datetime, write: InTransaction) -> dict[str, Any]:
    """Do every step that is due. One that fails is put back and reported, and the others go on."""
    counts = {"climbed": 0, "climbs_failed": 0}
    for contact_id in target_watch.unwatched(_MOST_PLANNED):
        write(now, partial(waits.plan, contact_id))
    for due in chasing.due(now, _MOST_STEPS):
        try:
            if write(now, partial(take, due)) is not None:
                counts["climbed"] += 1
        except Exception as error:
            counts["climbs_failed"] += 1
            # Names only: an error's own words may hold what stood in a row.
            log.error("chase %s failed (%s) and is put back", due.id, type(error).__name__)
            write(now, partial(taking.push_back, due))
    return counts
