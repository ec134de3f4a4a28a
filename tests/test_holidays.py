"""Holds that bank holidays come from the packaged list, without a network, for each nation."""

from datetime import date, timedelta

import pytest

from strategy import holidays
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
