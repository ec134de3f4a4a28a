"""How soon children were discussed, counted over what fell due."""

from datetime import UTC, datetime, timedelta

from strategy.rules.timeliness import DueRow, timeliness

DECIDED = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DUE = DECIDED + timedelta(hours=24)


def _row(number: int, held_after: int | None, quorate: bool = True) -> DueRow:
    held_at = None if held_after is None else DECIDED + timedelta(hours=held_after)
    return DueRow(number, DECIDED, DUE, held_at, quorate and held_at is not None)


def test_those_never_held_stay_in_the_denominator() -> None:
    counted = timeliness([_row(1, 3), _row(2, 24), _row(3, 25), _row(4, None), _row(5, 10, quorate=False)])
    assert counted.due == (1, 2, 3, 4, 5)
    assert counted.held_in_time == (1, 2, 5)
    assert counted.quorate_in_time == (1, 2)
    assert counted.held_late == (3,)
    assert counted.not_held == (4,)
    assert counted.quorate_percent == 40


def test_waits_run_from_the_decision_to_the_true_start() -> None:
    counted = timeliness([_row(number, number) for number in range(1, 11)] + [_row(11, None)])
    assert counted.median_wait == timedelta(hours=5, minutes=30)
    assert counted.ninetieth_wait == timedelta(hours=9)
    assert counted.longest_wait == timedelta(hours=10)


def test_nothing_due_is_no_percentage() -> None:
    counted = timeliness([])
    assert counted.quorate_percent is None
    assert counted.median_wait is None
