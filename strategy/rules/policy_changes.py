"""Holds what differs between two policies, and what that means for a clock started now. It changes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from itertools import islice

from strategy.rules.policy import Policy
from strategy.rules.policy_words import facts
from strategy.rules.targets import Deadline, deadline
from strategy.rules.working_time import Calendar


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that differs. ``before`` empty: it is new; ``after`` empty: it is gone."""

    area: str
    about: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One target as it would run from the same start under two policies; None where a policy has it not."""

    code: str
    label: str
    before: Deadline | None
    after: Deadline | None

    @property
    def differs(self) -> bool:
        """Whether warning or due time would be another, or it would be there under one policy only."""
        old, new = self.before, self.after
        return (old and (old.warn_at, old.due_at, old.urgent)) != (new and (new.warn_at, new.due_at, new.urgent))


def changes(old: Policy, new: Policy) -> tuple[Change, ...]:
    """Every fact that differs, in the order of the old policy, what is new at the end of its area."""
    before, after = facts(old), facts(new)
    keys = dict.fromkeys((*before, *after))
    areas = list(dict.fromkeys(area for area, _, _ in keys))
    differing = (key for key in keys if before.get(key) != after.get(key))
    found = (Change(*key, before=before.get(key, ""), after=after.get(key, "")) for key in differing)
    return tuple(sorted(found, key=lambda change: areas.index(change.area)))


def rehearse(
    old: Policy, new: Policy, calendars: tuple[Calendar, Calendar], started_at: datetime
) -> tuple[Rehearsal, ...]:
    """What a clock that starts at ``started_at`` would be due under each, for every concern and the decision on it."""
    codes = dict.fromkeys([*(one.code for one in (*old.concerns, *new.concerns)), "referral-decision"])
    return tuple(
        Rehearsal(
            code=code,
            label=(new.targets if code in new.targets else old.targets)[code].label,
            before=_due(old, calendars[0], code, started_at),
            after=_due(new, calendars[1], code, started_at),
        )
        for code in codes
    )


def differing_lines(old: str, new: str) -> Iterator[tuple[str, str]]:
    """A plain comparison of two texts: each line after its mark: "+", "-", " " or, for where it stands, "@"."""
    lines = unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2)
    for line in islice(lines, 2, None):  # after the two that name files
        yield line[:1], line[1:]


def _due(policy: Policy, calendar: Calendar, code: str, started_at: datetime) -> Deadline | None:
    return deadline(code, started_at, policy, calendar) if code in policy.targets else None
