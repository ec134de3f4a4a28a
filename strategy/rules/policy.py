"""Holds the shape of a partnership's policy: targets, roles, quorum, ladders, reasons.

It reads no file (rules.policy_reading does) and judges nothing (targets, quorum, chase and invitees do).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from strategy.rules.working_time import Calendar
from strategy.vocabulary import ClockStart, DiscussionKind, Nation, Sector, SpanUnit

_UNIT_WORDS = {SpanUnit.HOURS: "hour", SpanUnit.WORKING_DAYS: "working day"}


class UnknownTarget(LookupError):
    """No target of this policy has that code. The message lists the codes there are."""


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as policy writes it. ``count`` is hours, working days, or the floor in hours of "same day"."""

    count: int
    unit: SpanUnit

    def __str__(self) -> str:
        if self.unit is SpanUnit.SAME_DAY:
            return f"same day, at least {self.count} hours"
        return f"{self.count} {_UNIT_WORDS[self.unit]}{'' if self.count == 1 else 's'}"


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


@dataclass(frozen=True, slots=True)
class Role:
    """A part somebody is invited in; an invitation has exactly one."""

    code: str
    label: str
    sector: Sector
    ladder: str


@dataclass(frozen=True, slots=True)
class Need:
    """Somebody who has to be there. Any one of ``roles`` meets it ("a health practitioner")."""

    code: str
    label: str
    roles: tuple[str, ...]


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

    @property
    def top(self) -> int:
        """The number of the highest rung."""
        return self.rungs[-1].number


@dataclass(frozen=True, slots=True)
class ChaseFigures:
    """When a ladder is climbed. ``shares`` are parts of the time from invitation to start, one a rung from 0.

    All minutes are whole. ``desk_accepted_skips`` is the one share that an accepting desk with nobody named is spared.
    ``chair_call_after`` is the wait between the chair's calls once a discussion is over.
    """

    shares: tuple[float, ...]
    first_within_minutes: int
    minimum_gap_minutes: int
    desk_accepted_skips: float
    chair_call_every_minutes: int
    chair_call_after: Span
    short_notice_minutes: int
    source: str


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


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of what a partnership has agreed. A clock keeps the version it started under."""

    name: str
    version: str
    effective: date
    nation: Nation
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
    invite_rules: tuple[InviteRule, ...]

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

    def needs_of(self, kind: DiscussionKind, concerns: tuple[str, ...] = ()) -> tuple[Need, ...]:
        """Who should be there: the quorum of that kind, then what each concern adds, none twice."""
        added = (self.needs[need] for concern in concerns for need in self.target(concern).needs)
        return tuple({need.code: need for need in (*self.quorums[kind].needs, *added)}.values())

    def calendar(self, holidays: frozenset[date]) -> Calendar:
        """The authority's working calendar; ``holidays`` are the bank holidays of ``nation`` (strategy.holidays)."""
        return Calendar(holidays, self.closure_days, self.close_of_business)
