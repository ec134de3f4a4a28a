"""Holds the step that reads due diaries, one at a time, with no transaction open. What is kept is commands.diaries'.

A server that is slow, gone or hostile costs its own diary a turn and no other: few are read in one tick, each within
the guard's time, and the rest wait for the next tick or another worker.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol, TypeVar

from flask import current_app

from notifications.diaries import Guard, Kind, NotRead, Reading, Source, Unacceptable, Window, read
from strategy.act import Act
from strategy.clock import LONDON
from strategy.commands import diaries
from strategy.commands.diaries import Claimed, Found
from strategy.queries.diaries import Whereabouts, whereabouts
from strategy.rules.diaries import AHEAD, AHEAD_AT_LEAST, wait

_MOST: Final = 20
_LONGEST: Final = timedelta(seconds=15)  # after this no other is begun, so that chasing is not held up
_BEHIND: Final = timedelta(days=1)

Result = TypeVar("Result")

log = logging.getLogger(__name__)


class InTransaction(Protocol):
    """Do something in a writing transaction of its own, as of that moment."""

    def __call__(self, moment: datetime, do: Callable[[Act], Result], /) -> Result: ...


def refresh(clock: Callable[[], datetime], write: InTransaction) -> dict[str, int]:
    """Read what is due; how many diaries were read, and how many could not be."""
    counts = {"diaries_read": 0, "diaries_failed": 0}
    began = clock()
    for _ in range(_MOST):
        claimed = write(clock(), diaries.claim) if clock() - began < _LONGEST else None
        if claimed is None:
            break
        counts["diaries_read" if _refreshed(claimed, clock, write) else "diaries_failed"] += 1
    return counts


def _refreshed(claimed: Claimed, clock: Callable[[], datetime], write: InTransaction) -> bool:
    """Read one diary and keep what it says, or why it could not be read. Never raises for what a diary holds."""
    now = clock()
    try:
        found = _read(claimed, now, write)
    except NotRead as problem:
        _fail(claimed, problem.reason, problem, clock, write)
        return False
    except Exception as error:
        # Names only: an error's own words may hold an address.
        log.error("diary %s could not be read (%s)", claimed.id, type(error).__name__)
        _fail(claimed, f"Something unforeseen went wrong ({type(error).__name__}).", None, clock, write)
        return False
    next_at = clock() + current_app.config["DIARY_EVERY"]
    if found is None:
        write(clock(), lambda act: diaries.keep_unchanged(claimed, next_at, act))
    else:
        write(clock(), lambda act: diaries.keep(claimed, found, next_at, act))
    return True


def _read(claimed: Claimed, now: datetime, write: InTransaction) -> Found | None:
    where = write(now, lambda _: whereabouts(claimed.id))
    if where is None:
        raise Unacceptable("It was unlinked meanwhile.")
    guard: Guard = current_app.config["DIARY_GUARD"]
    window = Window(now - _BEHIND, now + AHEAD, LONDON)
    reading = read(_source(where, now), window, guard)
    return None if reading is None else _found(reading, window)


def _source(where: Whereabouts, now: datetime) -> Source:
    """How to ask. All is asked for anew once what is known no longer reaches far enough ahead."""
    far = where.known_until is not None and where.known_until >= now + AHEAD_AT_LEAST
    known = (where.etag, where.modified) if far else (None, None)
    return Source(Kind(where.kind.value), where.address, where.username, where.password, *known)


def _found(reading: Reading, window: Window) -> Found:
    return Found(reading.spans, reading.skipped, window.end, reading.etag, reading.modified)


def _fail(
    claimed: Claimed, words: str, problem: NotRead | None, clock: Callable[[], datetime], write: InTransaction
) -> None:
    mended_by_people = isinstance(problem, Unacceptable)
    again = problem.again if problem is not None else None
    length = wait(claimed.failures + 1, mended_by_people=mended_by_people, again=again)
    write(clock(), partial(diaries.fail, claimed, words, length))
