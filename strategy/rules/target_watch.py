"""Holds who is told of children who wait, and when: the worker, their managers, the leaders, and then every day.

Who those people are is queries'; the target itself is targets.py's.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from strategy.rules.chase import Done, Step
from strategy.rules.watch_figures import WatchFigures
from strategy.vocabulary import StepKind, Waiting

WORKER, MANAGERS, LEADERS = range(3)

_GRACE = timedelta(hours=1)  # to write down that it was held; convener and chair are told at once that nobody has
_OPEN = frozenset({Waiting.RECEIVED, Waiting.DECIDED, Waiting.BOOKED})
_BECAUSE = {
    Waiting.RECEIVED: "nobody has decided yet",
    Waiting.DECIDED: "no discussion is booked",
    Waiting.BOOKED: "it was not held at its time",
}


@dataclass(frozen=True, slots=True)
class Wait:
    """A contact whose children wait. ``warn_at`` None: half way to the target.

    ``booked_until`` is the end of the last discussion booked for it: until then nobody need be told.
    ``done`` are the steps taken on this wait (for a decision, or for a discussion).
    """

    state: Waiting
    since: datetime
    due_at: datetime
    warn_at: datetime | None = None
    booked_until: datetime | None = None
    done: tuple[Done, ...] = ()


def next_step(wait: Wait, figures: WatchFigures, now: datetime) -> Step | None:
    """Who is told next, as the step's rung, and when; None only when nobody waits any more: else there is always one.

    A due time in the past means now, and of the steps slept through the highest: whoever does it tells those below it
    too. After the leaders it repeats.
    """
    if wait.state not in _OPEN:
        return None
    reached = max((done.rung for done in wait.done if done.rung is not None), default=-1)
    plan = [(rung, at) for rung, at in enumerate(_moments(wait, figures)) if rung > reached]
    if plan:
        rung, due = next((one for one in reversed(plan) if one[1] <= now), plan[0])
    else:
        rung, due = LEADERS, max(done.at for done in wait.done) + timedelta(hours=figures.target_again_hours)
    held_back = _held_back(wait)
    if held_back is not None and held_back > due:
        # what was not told while it was booked comes at once when it was not held, in one step
        rung, due = max((one for one, at in plan if at <= held_back), default=rung), held_back
    return Step(StepKind.TELL, rung, due.astimezone(UTC), _BECAUSE[wait.state])


def upcoming(wait: Wait, figures: WatchFigures, now: datetime, until: datetime, limit: int) -> tuple[Step, ...]:
    """The steps to come by then if nothing changes, oldest first, at most ``limit``: it has no end of its own."""
    steps: list[Step] = []
    while len(steps) < limit:
        step = next_step(wait, figures, now)
        if step is None or step.due_at > until:
            break
        steps.append(step)
        now = max(step.due_at, now)
        wait = replace(wait, done=(*wait.done, Done(step.kind, step.rung, now)))
    return tuple(steps)


def warned_at(wait: Wait) -> datetime:
    """From when on the target is near."""
    return min(wait.warn_at or wait.since + (wait.due_at - wait.since) / 2, wait.due_at)


def _moments(wait: Wait, figures: WatchFigures) -> list[datetime]:
    warn = warned_at(wait)
    return [warn + (wait.due_at - warn) * share for share in figures.target_shares]


def _held_back(wait: Wait) -> datetime | None:
    booked = wait.state is Waiting.BOOKED and wait.booked_until is not None
    return wait.booked_until + _GRACE if booked and wait.booked_until is not None else None
