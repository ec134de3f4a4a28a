"""Holds the shape of a partnership's policy: targets, roles, quorum, ladders, reasons.

It reads no file (rules.policy_reading does) and judges nothing (targets, quorum, chase and invitees do).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from strategy.rules.nights import EMERGENCY_DUTY, EmergencyDuty
from strategy.rules.watch_figures import WATCH, WatchFigures
from strategy.rules.working_time import Calendar
from strategy.vocabulary import ClockStart, DiscussionKind, FollowOnStart, Nation, Sector, SpanUnit

_UNIT_WORDS = {SpanUnit.HOURS: "hour", SpanUnit.WORKING_DAYS: "working day", SpanUnit.DAYS: "day"}


class UnknownTarget(LookupError):
    """No target of this policy has that code. The message lists the codes there are."""


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as policy writes it: ``count`` hours, days, working days, or "same day"'s floor in hours."""

    count: int
    unit: SpanUnit

    def __str__(self) -> str:
        if self.unit is SpanUnit.SAME_DAY:
            return f"same day, at least {self.count} hours"
        return f"{self.count} {_UNIT_WORDS[self.unit]}{'' if self.count == 1 else 's'}"

    @property
    def written(self) -> str:
        """As policy's text has it: "3 wd", "24 h", "28 d", "same day"."""
        return "same day" if self.unit is SpanUnit.SAME_DAY else f"{self.count} {self.unit.value}"


@dataclass(frozen=True, slots=True)
class FollowOn:
    """A second discussion that a target asks for after the first (complex: a full meeting within 72 hours).

    ``warn``: how long after the same start it warns; None: never. ``meeting``: only one by video or in a room meets it.
    ``repeats``: another is due as long after each one held, until a final one.
    """

    after: Span
    warn: Span | None
    starts: FollowOnStart
    label: str
    meeting: bool
    repeats: bool


@dataclass(frozen=True, slots=True)
class Target:
    """One clock: a concern a discussion answers, or a step around it (decision, record, conference, assessment).

    ``local`` says that the authority's closure days lengthen it; national limits are not ours to lengthen.
    ``selectable`` says that a person may choose it as a concern; ``order`` is its place in that list.
    ``short`` is its label for narrow columns.
    ``needs`` are codes of needs this concern adds to the quorum; ``circumstances``, those it says are so.
    """

    code: str
    label: str
    short: str
    starts: ClockStart
    warn: Span | None
    due: Span
    urgent: bool
    is_date: bool
    local: bool
    selectable: bool
    order: int
    must_be_meeting: bool
    needs: tuple[str, ...]
    advice: str
    source: str
    effective: date
    circumstances: tuple[str, ...] = ()
    follow_ons: tuple[FollowOn, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """A part somebody is invited in; an invitation has exactly one."""

    code: str
    label: str
    sector: Sector
    ladder: str


@dataclass(frozen=True, slots=True)
class Need:
    """Somebody who has to be there. Any one of ``roles`` meets it ("a health practitioner").

    It is asked for at discussions from ``begins`` to ``ends``, both days included; None is without end.
    ``source`` and ``effective`` say where it is agreed and since when, where policy says so.
    """

    code: str
    label: str
    roles: tuple[str, ...]
    begins: date | None = None
    ends: date | None = None
    source: str = ""
    effective: date | None = None

    def is_asked_on(self, day: date) -> bool:
        """Whether a discussion on that local day needs it."""
        return (self.begins is None or day >= self.begins) and (self.ends is None or day <= self.ends)


@dataclass(frozen=True, slots=True)
class Quorum:
    """Who should be there for one kind of discussion. Missing quorum never blocks."""

    kind: DiscussionKind
    needs: tuple[Need, ...]
    source: str
    effective: date


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder. ``after`` is the wait between the rung below and this one once a discussion is over."""

    number: int
    title: str
    after: Span | None


@dataclass(frozen=True, slots=True)
class Ladder:
    """An agency's own line of people to tell, lowest first."""

    code: str
    label: str
    rungs: tuple[Rung, ...]
    source: str
    effective: date | None = None

    @property
    def top(self) -> int:
        """The number of the highest rung."""
        return self.rungs[-1].number


# For versions of a policy that were stored before it had the figure.
NOBODY_TOLD_MINUTES = 15


@dataclass(frozen=True, slots=True)
class ChaseFigures:
    """When a ladder is climbed. ``shares`` are parts of the time from invitation to start, one a rung from 0.

    All minutes are whole. ``desk_accepted_skips`` is the one share that an accepting desk with nobody named is spared.
    ``chair_call_after`` is the wait between the chair's calls once a discussion is over. Notice under
    ``short_notice_minutes`` of open time is short; told, or begun early by, less than ``least_notice_minutes`` of clock
    time, nobody could come, and none is to blame for it. ``nobody_told_minutes`` is how long a required agency may go
    without a message that arrived before its convener is told, and told again. ``immediate_risk_rung`` is the rung at
    which a discussion about immediate risk begins, at once where it is above 0.
    """

    shares: tuple[float, ...]
    first_within_minutes: int
    minimum_gap_minutes: int
    desk_accepted_skips: float
    chair_call_every_minutes: int
    chair_call_after: Span
    short_notice_minutes: int
    least_notice_minutes: int
    source: str
    immediate_risk_rung: int = 1
    effective: date | None = None
    nobody_told_minutes: int = NOBODY_TOLD_MINUTES

    @property
    def least_notice(self) -> timedelta:
        """The least notice anybody could come on."""
        return timedelta(minutes=self.least_notice_minutes)


@dataclass(frozen=True, slots=True)
class InviteRule:
    """Whom to suggest when: ``when`` holds codes of concerns and circumstances, any of which suffices.

    An empty ``when`` is always; an empty ``kinds`` is every kind of discussion.
    """

    role: str
    when: tuple[str, ...]
    kinds: frozenset[DiscussionKind]
    required: bool
    why: str
    source: str = ""
    effective: date | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of what a partnership has agreed. A clock keeps the version it started under."""

    name: str
    version: str
    effective: date
    nation: Nation
    open_of_business: time
    close_of_business: time
    closure_days: frozenset[date]
    targets: Mapping[str, Target]
    roles: Mapping[str, Role]
    needs: Mapping[str, Need]
    quorums: Mapping[DiscussionKind, Quorum]
    ladders: Mapping[str, Ladder]
    chase: ChaseFigures
    absence_reasons: Mapping[str, str]
    delay_reasons: Mapping[str, str]
    circumstances: Mapping[str, str]
    meeting_circumstances: tuple[str, ...]
    invite_rules: tuple[InviteRule, ...]
    meeting_source: str = ""
    meeting_effective: date | None = None
    emergency_duty: EmergencyDuty = EMERGENCY_DUTY
    watch: WatchFigures = WATCH

    @property
    def label(self) -> str:
        """Name and version as a screen shows them: "Exampleshire policy 3"."""
        return f"{self.name} {self.version}"

    @property
    def concerns(self) -> tuple[Target, ...]:
        """What a person may choose as a concern, the common ones first."""
        return tuple(sorted((t for t in self.targets.values() if t.selectable), key=lambda t: (t.order, t.label)))

    def target(self, code: str) -> Target:
        """The target of that code. Raises UnknownTarget."""
        if code not in self.targets:
            raise UnknownTarget(f"No target is called {code!r}. There are: {', '.join(self.targets)}.")
        return self.targets[code]

    def ladder_of(self, role: str) -> Ladder:
        """The ladder climbed when that role is silent. Raises KeyError for a role the policy has not."""
        return self.ladders[self.roles[role].ladder]

    def needs_of(self, kind: DiscussionKind, concerns: tuple[str, ...], day: date) -> tuple[Need, ...]:
        """Who should be there on that local day: the quorum of that kind, then what each concern adds, none twice."""
        added = (self.needs[need] for concern in concerns for need in self.target(concern).needs)
        wanted = {need.code: need for need in (*self.quorums[kind].needs, *added)}
        return tuple(need for need in wanted.values() if need.is_asked_on(day))

    def must_meet(self, concerns: Iterable[str], circumstances: Collection[str] = ()) -> tuple[str, ...]:
        """Why it must be a meeting and no phone call, a label each; nothing where policy leaves the choice."""
        asking = [self.target(code).label for code in concerns if self.target(code).must_be_meeting]
        return (*asking, *(self.circumstances[code] for code in self.meeting_circumstances if code in circumstances))

    def calendar(self, holidays: frozenset[date]) -> Calendar:
        """The authority's working calendar; ``holidays`` are the bank holidays of ``nation`` (strategy.holidays)."""
        return Calendar(holidays, self.closure_days, self.close_of_business, self.open_of_business)
