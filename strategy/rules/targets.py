"""Holds when something is due: one code, one start, one deadline, and the follow-ons of a concern.

The figures are policy's; whom to tell is chase's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from strategy.rules.policy import FollowOn, Policy, Span, Target
from strategy.rules.working_time import Calendar, at_local, elapsed_words, local_day
from strategy.vocabulary import FollowOnStart, SpanUnit

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


@dataclass(frozen=True, slots=True)
class Held:
    """One discussion that was held, by its true start. ``meeting``: by video or in a room, not by phone."""

    at: datetime
    meeting: bool = True


@dataclass(frozen=True, slots=True)
class FollowOnDue:
    """The clock of one follow-on. Moments are UTC.

    ``due_at`` None: it runs from a discussion that has not been held yet. ``met_at`` is the start of the discussion
    that met it. ``first_held`` says whether the first discussion was held: from then on it is the clock that runs.
    ``meeting``: a discussion by phone does not meet it. ``waived``: somebody said that none is needed.
    """

    concern: str
    label: str
    rule: str
    source: str
    warn_at: datetime | None
    due_at: datetime | None
    met_at: datetime | None
    first_held: bool
    meeting: bool = False
    waived: bool = False

    @property
    def is_running(self) -> bool:
        """Whether it is what is still owed: the first discussion is behind us, this one is not."""
        return self.first_held and self.due_at is not None and self.met_at is None and not self.waived

    def is_past(self, now: datetime) -> bool:
        """Whether it is owed and its time has gone."""
        return self.met_at is None and not self.waived and self.due_at is not None and now > self.due_at


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


def follow_ons(
    policy: Policy,
    calendar: Calendar,
    concerns: Sequence[str],
    clock_started_at: datetime,
    held: Sequence[Held],
    *,
    final: bool = False,
) -> tuple[FollowOnDue, ...]:
    """What the concerns ask for after the first discussion (complex: a full meeting within 72 h), soonest first.

    ``held`` are the contact's discussions that were held, in any order. ``final``: a final discussion was held, so
    nothing repeats any more. A clock without a due time yet comes last.
    """
    ordered = sorted(held, key=lambda one: one.at)
    found = [
        _follow_on(policy.target(code), one, calendar, clock_started_at, ordered)
        for code in concerns
        for one in policy.target(code).follow_ons
        if not (final and one.repeats)
    ]
    return tuple(sorted(found, key=lambda one: (one.due_at is None, one.due_at or clock_started_at)))


def _follow_on(
    target: Target, follow: FollowOn, calendar: Calendar, started_at: datetime, held: Sequence[Held]
) -> FollowOnDue:
    later = [one.at for one in held[1:] if one.meeting or not follow.meeting]
    before = [held[0].at, *later][-1 if follow.repeats else 0] if held else None
    start = started_at if follow.starts is FollowOnStart.CLOCK else before
    return FollowOnDue(
        concern=target.code,
        label=follow.label,
        rule=f"{follow.after} from {follow.starts.words}",
        source=target.source,
        warn_at=_follow_on_end(follow.warn, start, calendar, target.local),
        due_at=_follow_on_end(follow.after, start, calendar, target.local),
        met_at=later[0] if later and not follow.repeats else None,
        first_held=bool(held),
        meeting=follow.meeting,
    )


def _follow_on_end(span: Span | None, started: datetime | None, calendar: Calendar, local: bool) -> datetime | None:
    if span is None or started is None:
        return None
    if span.unit is SpanUnit.WORKING_DAYS:
        return calendar.after(started, span.count, local)
    if span.unit is SpanUnit.DAYS:
        return at_local(local_day(started) + timedelta(days=span.count), _LAST_SECOND)
    return started.astimezone(UTC) + timedelta(hours=span.count)


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
