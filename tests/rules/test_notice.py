"""Fair notice: held early or told too late is our doing, and nobody's fault at an agency."""

from datetime import UTC, datetime, timedelta

import pytest

from strategy.policy import example_text
from strategy.rules.notice import HELD_EARLY, OUR_DOING, SHORT_NOTICE, held_early, our_doing
from strategy.rules.policy_reading import parse

PLANNED = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
TOLD = PLANNED - timedelta(hours=3)


@pytest.mark.parametrize(("minutes", "early"), [(51, True), (16, True), (15, False), (0, False), (-20, False)])
def test_more_than_a_quarter_of_an_hour_ahead_is_early(minutes: int, early: bool) -> None:
    began = PLANNED - timedelta(minutes=minutes)
    assert held_early(PLANNED, began) is early
    assert our_doing(PLANNED, began, TOLD) == (HELD_EARLY if early else None)


def test_told_minutes_before_the_start_is_short_notice() -> None:
    assert our_doing(PLANNED, PLANNED, PLANNED - timedelta(minutes=14)) == SHORT_NOTICE
    assert our_doing(PLANNED, PLANNED, PLANNED) == SHORT_NOTICE
    assert our_doing(PLANNED, PLANNED, PLANNED - timedelta(minutes=15)) is None


def test_the_example_policy_has_our_reasons() -> None:
    assert set(parse(example_text()).absence_reasons) >= OUR_DOING
