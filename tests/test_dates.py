"""How spans are said to people: hours while they are counted, days once nobody counts hours."""

from datetime import UTC, datetime, timedelta

import pytest

from strategy import dates

NOW = datetime(2026, 11, 27, 12, 50, tzinfo=UTC)


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(minutes=40), "in 40 minutes"),
        (timedelta(hours=45, minutes=2), "in 45 hours 2 minutes"),
        (timedelta(hours=48), "in 2 days"),
        (timedelta(hours=73), "in 3 days"),
        (timedelta(days=-2), "2 days ago"),
    ],
)
def test_from_two_days_on_days_are_said(away: timedelta, words: str) -> None:
    assert dates.near(NOW + away, NOW) == words


def test_a_wait_keeps_its_clock_hours() -> None:
    assert dates.span(timedelta(days=3, minutes=5)) == "72 h 05 min"
