"""Holds when a convener is told that a discussion's quorum has become doubtful. How it stands is quorum.py's.

What is told is the worse of two moments, once: the level noted last is remembered, and follows the true one only when
that has lasted, so that an answer changed back and forth tells nobody anything.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from strategy.rules.chase import Done, Step
from strategy.rules.watch_figures import WatchFigures
from strategy.vocabulary import Course, StepKind

ON_COURSE, AT_RISK, NEAR, LOST = range(4)

# That nobody has answered yet is no news to whoever has just asked them.
_AT_FIRST = AT_RISK
_LEVELS = {Course.ON_COURSE: ON_COURSE, Course.AT_RISK: AT_RISK, Course.WILL_NOT_BE_QUORATE: LOST}
_BECAUSE = {
    ON_COURSE: "everyone required is named again",
    AT_RISK: "somebody required is not named any more",
    NEAR: "it begins soon, and somebody required is not named",
    LOST: "somebody required will not be there",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a discussion to come stands. ``since`` is when it got the time it has: booked, or moved.

    ``done`` are the levels noted since then (a step's rung is its level); ``pending`` the change noticed and not
    noted yet, as its row has it: level and due time.
    """

    course: Course
    since: datetime
    starts_at: datetime
    started: bool = False
    done: tuple[Done, ...] = ()
    pending: tuple[int, datetime] | None = None


def near_from(since: datetime, starts_at: datetime, figures: WatchFigures) -> datetime:
    """From when on the start is near: as policy says, or half the time there was where that is less."""
    return starts_at - min(figures.near_start, (starts_at - since) / 2)


def next_step(standing: Standing, figures: WatchFigures, now: datetime) -> Step | None:
    """What is told (TELL) or only noted (NOTE) next, and when; None when nothing will be unless something changes.

    A due time in the past means now. Nothing comes at or after the start: then agencies are told themselves.
    """
    if standing.started or standing.course not in _LEVELS or now >= standing.starts_at:
        return None
    near = near_from(standing.since, standing.starts_at, figures)
    level, noted = _LEVELS[standing.course], _noted(standing)
    if level == AT_RISK and now >= near and noted < NEAR:
        return _step(NEAR, near)
    if level == AT_RISK and now >= near:
        level = NEAR
    if level != noted:
        return _step(level, _lasted(standing, level, figures, now), StepKind.TELL if level > noted else StepKind.NOTE)
    return _step(NEAR, near) if level == AT_RISK else None


def _noted(standing: Standing) -> int:
    """The level noted last."""
    levels = [done.rung for done in standing.done if done.rung is not None]
    return levels[-1] if levels else _AT_FIRST


def _lasted(standing: Standing, level: int, figures: WatchFigures, now: datetime) -> datetime:
    """When the change will have lasted: from when it was noticed, not from every look at it, and before the start."""
    if standing.pending is not None and standing.pending[0] == level:
        return standing.pending[1]
    return min(now + figures.settle, standing.starts_at - timedelta(seconds=1))


def _step(level: int, due: datetime, kind: StepKind = StepKind.TELL) -> Step:
    return Step(kind, level, due.astimezone(UTC), _BECAUSE[level])
