"""Holds which event starts whose clock, and the strictest of several concerns. When each is due is rules.targets'."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from strategy.rules.policy import Policy, Target
from strategy.rules.targets import Deadline, deadline, strictest
from strategy.rules.working_time import Calendar
from strategy.vocabulary import ClockStart


@dataclass(frozen=True, slots=True)
class ClockEvents:
    """When the events that can start a discussion's clock happened, aware; None for one nobody has told of."""

    received_at: datetime
    decided_at: datetime | None = None
    concern_identified_at: datetime | None = None

    def at(self, start: ClockStart) -> datetime | None:
        """When that event happened."""
        return {
            ClockStart.CONTACT_RECEIVED: self.received_at,
            ClockStart.DECISION: self.decided_at,
            ClockStart.CONCERN_IDENTIFIED: self.concern_identified_at,
        }.get(start)


def from_identified(policy: Policy, concerns: Iterable[str]) -> tuple[Target, ...]:
    """Those of the concerns whose clock starts when the concern was identified: somebody has to say when."""
    targets = (policy.target(code) for code in concerns)
    return tuple(target for target in targets if target.starts is ClockStart.CONCERN_IDENTIFIED)


def asks_identified(policy: Policy) -> bool:
    """Whether any concern of this policy has its clock started so."""
    return bool(from_identified(policy, (target.code for target in policy.concerns)))


def strictest_of(concerns: Sequence[str], events: ClockEvents, policy: Policy, calendar: Calendar) -> Deadline | None:
    """The deadline that is due first of all whose clock has started, each from its own event. None: none has yet."""
    starts = ((code, events.at(policy.target(code).starts)) for code in concerns)
    started = [deadline(code, start, policy, calendar) for code, start in starts if start is not None]
    return strictest(started) if started else None
