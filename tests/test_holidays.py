"""Holds that bank holidays come from the packaged list, without a network, for each nation."""

from datetime import UTC, date, datetime, timedelta

import pytest

from strategy import holidays
from strategy.dates import date_words
from strategy.vocabulary import Nation


@pytest.mark.parametrize("nation", Nation)
def test_holidays_are_read_without_opening_a_socket(nation: Nation, socket_disabled: None) -> None:
    # behind the cache, so that the reading itself is seen
    assert holidays.of.__wrapped__(nation) == holidays.of(nation)


@pytest.mark.parametrize(
    ("nation", "day"),
    [
        (Nation.ENGLAND_AND_WALES, date(2027, 3, 29)),
        (Nation.SCOTLAND, date(2027, 1, 4)),
        (Nation.NORTHERN_IRELAND, date(2027, 7, 12)),
    ],
)
def test_each_nation_has_its_own(nation: Nation, day: date) -> None:
    assert day in holidays.of(nation)
    assert any(day not in holidays.of(other) for other in Nation if other is not nation)


@pytest.mark.parametrize("nation", Nation)
def test_the_list_is_said_to_run_out_half_a_year_before_its_last_day(nation: Nation) -> None:
    last = holidays.horizon(nation)
    assert holidays.runs_out(nation, last - timedelta(days=184)) is None
    assert holidays.runs_out(nation, last - timedelta(days=183)) == last
    assert holidays.runs_out(nation, last + timedelta(days=400)) == last


@pytest.mark.parametrize("nation", Nation)
def test_the_horizon_is_the_last_day_known(nation: Nation) -> None:
    assert holidays.horizon(nation) in holidays.of(nation)
    assert holidays.horizon(nation) >= date(2027, 12, 25)


def test_working_days_past_the_last_holiday_known_are_said_to_be_short() -> None:
    nation, last = Nation.ENGLAND_AND_WALES, holidays.horizon(Nation.ENGLAND_AND_WALES)
    words = holidays.uncounted(last + timedelta(days=1), "3 working days", nation)
    assert words == f"Bank holidays are known until {date_words(last)}; later ones are not counted."
    moment = datetime(last.year, last.month, last.day, 23, 30, tzinfo=UTC) + timedelta(days=1)
    assert holidays.uncounted(moment, "1 working day", nation) == words
    assert holidays.uncounted(last, "3 working days", nation) == ""
    assert holidays.uncounted(moment, "72 hours", nation) == ""
