"""How soon children were discussed, counted over what fell due."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from strategy.rules.timeliness import DueRow, delays, timeliness

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


def test_a_series_of_calls_is_neither_held_nor_forgotten() -> None:
    counted = timeliness([replace(_row(1, None), by_calls=True), _row(2, None), replace(_row(3, 3), by_calls=True)])
    assert (counted.by_calls, counted.not_held, counted.held_in_time) == ((1,), (2,), (3,))
    assert counted.longest_wait == timedelta(hours=3)


def test_delays_are_counted_by_reason_the_commonest_first() -> None:
    late = [replace(_row(number, 30), late_reason=code) for number, code in enumerate(("no-chair", None, "no-chair"))]
    assert delays([*late, replace(_row(7, 3), late_reason="other"), _row(8, None)]) == {"no-chair": (0, 2), None: (1,)}
