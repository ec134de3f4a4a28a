"""Holds when something is due: one code, one start, one deadline. The figures are policy's; whom to tell is chase's."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from strategy.rules.policy import Policy, Span, Target
from strategy.rules.working_time import Calendar, at_local, elapsed_words, local_day
from strategy.vocabulary import SpanUnit

_LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when one thing is to be done, and by what rule. Moments are UTC; a conference or assessment has dates."""

    concern: str
    clock_started_at: datetime
    warn_at: datetime | date | None
    due_at: datetime | date
    rule: str
    source: str
    urgent: bool

    @property
    def due_moment(self) -> datetime:
        """The last moment in time, UTC: of a date, its last second in London."""
        return _moment(self.due_at)

    @property
    def elapsed(self) -> str:
        """Clock time from start to due, because working days hide nights. Empty where the limit is a date."""
        return elapsed_words(self.clock_started_at, self.due_at) if isinstance(self.due_at, datetime) else ""

    def is_past(self, now: datetime) -> bool:
        """Whether ``now`` is after the due time."""
        return now > self.due_moment

    def is_warned(self, now: datetime) -> bool:
        """Whether the warning time has come; never, where policy has none."""
        if self.warn_at is None:
            return False
        if isinstance(self.warn_at, datetime):
            return now >= self.warn_at
        return local_day(now) >= self.warn_at


def deadline(code: str, started_at: datetime, policy: Policy, calendar: Calendar) -> Deadline:
    """The deadline of a target whose clock started at ``started_at``. Reclassify by asking again with the same start.

    Raises UnknownTarget for a code the policy has not, ValueError for a naive moment.
    """
    target = policy.target(code)
    started = started_at.astimezone(UTC) if started_at.tzinfo else started_at
    return Deadline(
        concern=code,
        clock_started_at=started,
        warn_at=_end(target, target.warn, started, calendar) if target.warn else None,
        due_at=_end(target, target.due, started, calendar),
        rule=str(target.due),
        source=target.source,
        urgent=target.urgent,
    )


def strictest(deadlines: Iterable[Deadline]) -> Deadline:
    """The one that is due first; of two due together the urgent one. Raises ValueError when there is none."""
    return min(deadlines, key=lambda one: (one.due_moment, not one.urgent))


def _end(target: Target, span: Span, started: datetime, calendar: Calendar) -> datetime | date:
    day = local_day(started)
    if target.is_date:
        return calendar.add_working_days(day, span.count, target.local)
    if span.unit is SpanUnit.WORKING_DAYS:
        return calendar.after(started, span.count, target.local)
    after_hours = started + timedelta(hours=span.count)
    if span.unit is SpanUnit.HOURS:
        return after_hours
    return max(at_local(day, _LAST_SECOND), after_hours)


def _moment(due: datetime | date) -> datetime:
    return due if isinstance(due, datetime) else at_local(due, _LAST_SECOND)
