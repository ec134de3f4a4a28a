"""Holds the reading of a policy's figures of watching; every key may be left out. The rest is policy_reading's."""

from strategy.rules.policy_source import Table
from strategy.rules.watch_figures import WATCH, WatchFigures

_STEPS = 3  # the worker, their managers, the leaders


def watching_of(root: Table) -> WatchFigures:
    """The figures of watching; the shipped ones where an older policy has none."""
    if "watch" not in root.values:
        return WATCH
    row = root.table("watch")
    figures = WatchFigures(
        not_joined_minutes=row.whole("not_joined_minutes", WATCH.not_joined_minutes),
        reminder_share=_share(row, "reminder_share", WATCH.reminder_share),
        reminder_least_minutes=row.whole("reminder_least_minutes", WATCH.reminder_least_minutes),
        reminder_most_minutes=row.whole("reminder_most_minutes", WATCH.reminder_most_minutes),
        action_before_hours=row.whole("action_before_hours", WATCH.action_before_hours),
        action_after_hours=row.whole("action_after_hours", WATCH.action_after_hours),
        near_start_minutes=row.whole("near_start_minutes", WATCH.near_start_minutes),
        settle_minutes=row.whole("settle_minutes", WATCH.settle_minutes),
        target_shares=row.shares("target_shares") if "target_shares" in row.values else WATCH.target_shares,
        target_again_hours=row.whole("target_again_hours", WATCH.target_again_hours),
        decision_warns=_share(row, "decision_warns", WATCH.decision_warns),
        source=row.text("source"),
        effective=row.day_or_none("effective"),
    )
    if row.is_sound:
        _check(row, figures)
    row.finish()
    return figures


def _share(row: Table, key: str, default: float) -> float:
    return row.share(key) if key in row.values else default


def _check(row: Table, figures: WatchFigures) -> None:
    for key in ("reminder_share", "decision_warns"):
        if not 0 < getattr(figures, key) < 1:
            row.complain(key, "must be between 0 and 1")
    if figures.reminder_least_minutes > figures.reminder_most_minutes:
        row.complain("reminder_least_minutes", "must not be longer than the most")
    shares = figures.target_shares
    if list(shares) != sorted(set(shares)) or any(not 0 <= share <= 1 for share in shares):
        row.complain("target_shares", "must rise, each between 0 and 1")
    if len(shares) != _STEPS:
        row.complain("target_shares", "must be three: the worker, their managers, the leaders")
