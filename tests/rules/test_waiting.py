"""Holds how waiting children are counted."""

from datetime import UTC, datetime, timedelta

from strategy.rules.waiting import WaitingFigures, WaitingRow, faces_tonight, waiting

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def child(id: int, waited: int, warns_in: int | None, due_in: int) -> WaitingRow:
    """A child who has waited so many hours, with the warning and the target so many hours away."""
    warn_at = None if warns_in is None else NOW + timedelta(hours=warns_in)
    return WaitingRow(id, NOW - timedelta(hours=waited), warn_at, NOW + timedelta(hours=due_in))


def test_the_longest_wait_comes_first_and_is_said_in_clock_time() -> None:
    found = waiting([child(1, 2, 1, 2), child(2, 31, -9, -1), child(3, 20, -1, 4), child(4, 5, None, 0)], NOW)
    assert found == WaitingFigures(
        waiting=(2, 3, 4, 1), warned=(3,), past_due=(2,), longest_id=2, longest_minutes=31 * 60
    )


def test_nobody_waiting_has_no_longest_wait() -> None:
    assert waiting([], NOW) == WaitingFigures((), (), (), None, None)


def test_a_child_faces_tonight_unless_something_is_written_or_its_discussion_comes_first() -> None:
    midnight = NOW + timedelta(hours=12)
    assert faces_tonight(safe=False, booked_for=None, midnight=midnight)
    assert faces_tonight(safe=False, booked_for=midnight, midnight=midnight)
    assert not faces_tonight(safe=False, booked_for=midnight - timedelta(minutes=1), midnight=midnight)
    assert not faces_tonight(safe=True, booked_for=None, midnight=midnight)
