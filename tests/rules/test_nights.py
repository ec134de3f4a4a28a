"""When a night begins and ends, also over weekends, bank holidays and the nights clocks change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.rules.nights import evening_before, is_out_of_hours, morning_of, next_morning
from strategy.rules.working_time import Calendar, local_day

CALENDAR = Calendar(frozenset({date(2026, 12, 25), date(2026, 12, 28)}))
EIGHT = time(8)


@pytest.mark.parametrize(
    ("moment", "out"),
    [
        ("2026-11-27T08:59:00+00:00", True),
        ("2026-11-27T09:00:00+00:00", False),
        ("2026-11-27T16:59:00+00:00", False),
        ("2026-11-27T17:00:00+00:00", True),
        ("2026-11-28T12:00:00+00:00", True),  # a Saturday
        ("2026-12-25T12:00:00+00:00", True),
        ("2026-07-03T16:30:00+00:00", True),  # half past five in London's summer
    ],
)
def test_out_of_hours_is_whenever_the_authority_is_shut(moment: str, out: bool) -> None:
    assert is_out_of_hours(datetime.fromisoformat(moment), CALENDAR) is out


def test_a_monday_s_night_began_on_friday_and_christmas_is_one_long_night() -> None:
    assert evening_before(date(2026, 11, 30), CALENDAR) == datetime(2026, 11, 27, 17, tzinfo=UTC)
    assert evening_before(date(2026, 12, 29), CALENDAR) == datetime(2026, 12, 24, 17, tzinfo=UTC)


def test_eight_is_eight_by_the_clock_on_the_wall_also_after_the_clocks_have_changed() -> None:
    assert morning_of(date(2027, 3, 28), EIGHT) == datetime(2027, 3, 28, 7, tzinfo=UTC)
    assert morning_of(date(2027, 10, 31), EIGHT) == datetime(2027, 10, 31, 8, tzinfo=UTC)
    evening = datetime(2027, 3, 27, 18, tzinfo=UTC)
    assert next_morning(evening, EIGHT) - evening == timedelta(hours=13)
    evening = datetime(2027, 10, 30, 17, tzinfo=UTC)  # six in the evening
    assert next_morning(evening, EIGHT) - evening == timedelta(hours=15)


@given(
    st.integers(0, 20 * 366 * 24 * 60).map(
        lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    )
)
def test_the_next_morning_is_always_to_come_and_within_a_day_and_an_hour(moment: datetime) -> None:
    following = next_morning(moment, EIGHT)
    assert timedelta(0) < following - moment <= timedelta(hours=25)
    assert following == morning_of(local_day(following), EIGHT)
