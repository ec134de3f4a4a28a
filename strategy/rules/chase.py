"""Holds the one decision of both ladders: what is the next step for this invitation, and when.

It sends nothing and knows nobody's name; figures and ladders are policy.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from strategy.rules.policy import ChaseFigures, Ladder, Span
from strategy.rules.working_time import Calendar, OpeningHours
from strategy.vocabulary import (
    Attendance,
    ChaseKind,
    DiscussionState,
    InvitationState,
    SpanUnit,
    StepKind,
)

_OVER = frozenset({DiscussionState.HELD, DiscussionState.SIGNED})

# Whoever is not here has said somebody comes, or that the child is not theirs: that is the convener's to settle.
_WHY = {
    InvitationState.INVITED: "nobody has answered",
    InvitationState.NAME_NEEDED: "the desk accepted, but nobody is named",
    InvitationState.DECLINED: "they cannot attend, and no deputy is named",
    InvitationState.REPORT_ONLY: "only a report is offered, and a report is not attendance",
}

# Whoever sent apologies or a report has said a word, and is not asked why nobody came.
_WHY_AFTER = "nobody attended, and no reason is recorded"


@dataclass(frozen=True, slots=True)
class Done:
    """A step taken: which, and when."""

    kind: StepKind
    rung: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """A step to take, not before ``due_at`` (UTC). ``because`` is half a sentence without any child's data."""

    kind: StepKind
    rung: int | None
    due_at: datetime
    because: str


@dataclass(frozen=True, slots=True)
class Facts:
    """All that decides the next step for one invitation.

    ``hours`` are the desk's; None counts by the clock. ``answered_at`` is when the present ``state`` was given;
    ``undeliverable_at`` when the person last told was found beyond reach on every channel, None once one works.
    ``explained`` says that the reason for an absence has been recorded, ``excused`` that they could not have come
    (rules.notice); ``done`` are the steps of this ladder alone.
    """

    kind: ChaseKind
    required: bool
    calendar: Calendar
    discussion: DiscussionState
    starts_at: datetime
    hours: OpeningHours | None = None
    invited_at: datetime | None = None
    urgent: bool = False
    immediate_risk: bool = False
    state: InvitationState = InvitationState.INVITED
    answered_at: datetime | None = None
    undeliverable_at: datetime | None = None
    waived: bool = False
    held_at: datetime | None = None
    attendance: Attendance | None = None
    explained: bool = False
    excused: bool = False
    done: tuple[Done, ...] = ()


def next_step(facts: Facts, figures: ChaseFigures, ladder: Ladder, now: datetime) -> Step | None:
    """What comes next if nothing changes, or None when there is nothing to chase.

    A due time in the past means now: of the rungs slept through, the highest, once. Ask again after each step.
    """
    if not facts.required or facts.waived:
        return None
    if facts.kind is ChaseKind.BEFORE:
        return _before(facts, figures, ladder, now)
    return _after(facts, figures, ladder)


def upcoming(
    facts: Facts,
    figures: ChaseFigures,
    ladder: Ladder,
    now: datetime,
    limit: int = 20,
    until: datetime | None = None,
) -> tuple[Step, ...]:
    """The steps to come if nothing changes, oldest first: at most ``limit``, none due after ``until``.

    A ladder climbed after a discussion has no end of its own, hence the limit.
    """
    steps: list[Step] = []
    while len(steps) < limit:
        step = next_step(facts, figures, ladder, now)
        if step is None or (until is not None and step.due_at > until):
            break
        steps.append(step)
        now = max(step.due_at, now)
        facts = replace(facts, done=(*facts.done, Done(step.kind, step.rung, now)))
    return tuple(steps)


def _before(facts: Facts, figures: ChaseFigures, ladder: Ladder, now: datetime) -> Step | None:
    if facts.invited_at is None or facts.discussion is not DiscussionState.CONVENED or now >= facts.starts_at:
        return None
    if facts.state not in _WHY:
        return None
    last = _last(facts)
    reached = _reached(facts)
    waiting = [(rung, due) for rung, due in _plan(facts, figures, ladder, facts.invited_at) if rung > reached]
    if waiting:
        kind = StepKind.RUNG
        # rungs already past collapse into the highest
        rung, due = next((one for one in reversed(waiting) if one[1] <= now), waiting[0])
    else:
        kind, rung, due = StepKind.CHAIR_CALL, None, _call_at(facts, figures, last or facts.invited_at)
    gap = timedelta(minutes=figures.minimum_gap_minutes)
    due = _sooner(facts, due, last, gap)
    # held back by the gap a rung can meet the next one, and collapses into it then: say so now
    rung = max([one for one, at in waiting if at <= due], default=rung)
    if due >= facts.starts_at:
        if any(done.kind is StepKind.CHAIR_CALL for done in facts.done):
            return None
        # no time is left for another person of theirs: one of ours rings, rather than nobody
        kind, rung, due = StepKind.CHAIR_CALL, None, max(last or facts.invited_at, facts.starts_at - gap)
    because = "no message has reached them" if facts.undeliverable_at else _WHY[facts.state]
    return Step(kind, rung, due.astimezone(UTC), because)


def _plan(facts: Facts, figures: ChaseFigures, ladder: Ladder, invited_at: datetime) -> Iterator[tuple[int, datetime]]:
    """The rungs to climb before the start, each with the moment its share of the time is spent."""
    whole = facts.starts_at - invited_at
    if not _by_clock(facts) and facts.hours is not None:
        whole = facts.hours.open_time(invited_at, facts.starts_at, facts.calendar)
    shift = figures.immediate_risk_rung if facts.immediate_risk else 0
    # whoever was asked at first has refused or cannot be reached: to remind them again would help nobody
    lowest = 1 if facts.state is InvitationState.DECLINED or facts.undeliverable_at else 0
    for rung, share in enumerate(figures.shares, start=shift):
        if rung < lowest or rung > min(ladder.top, len(figures.shares) - 1):
            continue
        if facts.state is InvitationState.NAME_NEEDED and share == figures.desk_accepted_skips:
            continue
        spent = whole * share
        if rung == shift:
            spent = timedelta() if shift else min(spent, timedelta(minutes=figures.first_within_minutes))
        yield rung, _along(facts, invited_at, spent)


def _by_clock(facts: Facts) -> bool:
    """Whether time runs by the clock: urgent, or the desk does not open between invitation and start."""
    if facts.urgent or facts.immediate_risk or facts.hours is None or facts.invited_at is None:
        return True
    return not facts.hours.open_time(facts.invited_at, facts.starts_at, facts.calendar)


def _along(facts: Facts, since: datetime, spent: timedelta) -> datetime:
    """The moment at which so much of the time that counts has passed."""
    if _by_clock(facts) or facts.hours is None:
        return since + spent
    return facts.hours.after_open(since, spent, facts.calendar) or facts.starts_at


def _call_at(facts: Facts, figures: ChaseFigures, last: datetime) -> datetime:
    """When the chair is to ring next: in open time, else in the last hour; at the very end as the gap allows."""
    every = timedelta(minutes=figures.chair_call_every_minutes)
    gap = timedelta(minutes=figures.minimum_gap_minutes)
    due = _along(facts, last, every)
    if due < facts.starts_at:
        return due
    if _opens(facts, last + gap) is not None:
        return _within_hours(facts, last + gap)
    # a routine discussion after the desk has shut for good: no calls through the night before it
    due = max(last + every, facts.starts_at - timedelta(minutes=figures.first_within_minutes))
    return due if due < facts.starts_at else last + gap


def _sooner(facts: Facts, due: datetime, last: datetime | None, gap: timedelta) -> datetime:
    """That due time, brought forward by news not acted on yet, held back by the gap, out of the desk's night."""
    asked = due
    news = [facts.undeliverable_at]
    if facts.state is InvitationState.DECLINED:
        news.append(facts.answered_at)
    fresh = [at for at in news if at is not None and (last is None or at > last)]
    due = min([due, *fresh])
    if last is not None:
        due = max(due, last + gap)
    return due if due == asked else _within_hours(facts, due)


def _within_hours(facts: Facts, moment: datetime) -> datetime:
    return _opens(facts, moment) or moment


def _opens(facts: Facts, moment: datetime) -> datetime | None:
    """That moment, or when the desk opens next; None if not before the start, or if time runs by the clock."""
    if _by_clock(facts) or facts.hours is None:
        return None
    opens = facts.hours.next_open(moment, facts.calendar)
    return opens if opens is not None and opens < facts.starts_at else None


def _after(facts: Facts, figures: ChaseFigures, ladder: Ladder) -> Step | None:
    if facts.held_at is None or facts.discussion not in _OVER:
        return None
    if facts.explained or facts.excused or facts.attendance is not Attendance.DID_NOT_ATTEND:
        return None
    because = _WHY_AFTER
    last = _last(facts)
    if last is None:
        return Step(StepKind.RUNG, ladder.rungs[0].number, facts.held_at.astimezone(UTC), because)
    # each wait runs from the step really taken: nobody's clock runs before they were told
    for rung in ladder.rungs:
        if rung.number > _reached(facts) and rung.after is not None:
            return Step(StepKind.RUNG, rung.number, _add(facts, last, rung.after), because)
    return Step(StepKind.CHAIR_CALL, None, _add(facts, last, figures.chair_call_after), because)


def _add(facts: Facts, moment: datetime, span: Span) -> datetime:
    if span.unit is SpanUnit.WORKING_DAYS:
        return facts.calendar.after(moment, span.count)
    return (moment + timedelta(hours=span.count)).astimezone(UTC)


def _last(facts: Facts) -> datetime | None:
    return max((done.at for done in facts.done), default=None)


def _reached(facts: Facts) -> int:
    """The highest rung told so far, -1 for none."""
    return max((done.rung for done in facts.done if done.rung is not None), default=-1)
