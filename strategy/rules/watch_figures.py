"""Holds the figures of watching: when people are told of their own accord. A part of policy.py; it judges nothing."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class WatchFigures:
    """When people are told of their own accord: at the start, before what they promised, and while children wait.

    ``not_joined_minutes`` after the start an agency that is not there is told. Whoever comes is reminded once, with
    ``reminder_share`` of the time left to go, but no earlier than ``reminder_most_minutes`` and no later than
    ``reminder_least_minutes`` before the start. Owners of actions are reminded ``action_before_hours`` before they are
    due (half the time they have, where that is less) and ``action_after_hours`` after. From ``near_start_minutes`` on
    (half the time there was, where that is less) what is at risk is pushed to the convener; what changes for less than
    ``settle_minutes`` is no news. ``target_shares`` are the parts of the way from warning to target at which the
    worker, their managers and the leaders are told of children who wait; afterwards every ``target_again_hours``.
    A decision has no warning of its own: ``decision_warns`` is the part of its time after which it is near.
    """

    not_joined_minutes: int = 5
    reminder_share: float = 0.25
    reminder_least_minutes: int = 10
    reminder_most_minutes: int = 60
    action_before_hours: int = 24
    action_after_hours: int = 1
    near_start_minutes: int = 60
    settle_minutes: int = 2
    target_shares: tuple[float, ...] = (0.0, 0.5, 1.0)
    target_again_hours: int = 24
    decision_warns: float = 0.75
    source: str = "All ours"
    effective: date | None = None

    @property
    def settle(self) -> timedelta:
        """How long a change must last to be news."""
        return timedelta(minutes=self.settle_minutes)

    @property
    def near_start(self) -> timedelta:
        """How long before the start it is near, where there was time enough."""
        return timedelta(minutes=self.near_start_minutes)


# What a version of a policy means that was stored before it had the figures.
WATCH = WatchFigures()
