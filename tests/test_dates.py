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


MIDNIGHT = datetime(2026, 11, 28, tzinfo=UTC)


def test_midnight_says_which_day_it_ends_and_is_never_tomorrow() -> None:
    assert dates.brief(MIDNIGHT, NOW) == "midnight tonight"
    assert dates.brief(MIDNIGHT - timedelta(days=1), NOW) == "midnight last night"
    assert dates.brief(MIDNIGHT + timedelta(days=1), NOW) == "Sun 29 Nov, midnight (the end of Saturday)"
    assert dates.full(MIDNIGHT) == "Saturday 28 November 2026, midnight (the end of Friday)"


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(hours=3), "3am"),
        (timedelta(days=1), "midnight (the end of Saturday)"),
        (timedelta(days=2), "Mon 30 Nov, midnight (the end of Sunday)"),
        (timedelta(days=1, hours=8), "Sun 29 Nov 8am"),
    ],
)
def test_an_end_is_said_from_its_own_beginning_and_not_from_today(away: timedelta, words: str) -> None:
    assert dates.until(MIDNIGHT + away, MIDNIGHT) == words
