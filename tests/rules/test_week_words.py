"""A week in one cell: read in the ways offices write it, said so that it reads again, refused in words."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.rules.week_words import read_week, say_whole_week
from strategy.rules.working_time import OpeningHours, Window

NINE_TO_FIVE = OpeningHours.weekdays(time(9), time(17))


@pytest.mark.parametrize(
    "text",
    [
        "Monday to Friday 09:00-17:00",
        "Mon-Fri 9am to 5pm",
        "Weekdays: 9:00–17:00",
        "Mon, Tue, Wed, Thurs and Fri 09:00-17:00",
        "Mon-Thu 09:00-17:00, Fri 09:00-17:00; weekends closed; bank holidays closed",
    ],
)
def test_office_hours_as_offices_write_them(text: str) -> None:
    assert read_week(text) == NINE_TO_FIVE


def test_always_is_day_and_night_and_bank_holidays_too() -> None:
    assert read_week("24/7") == read_week("Always") == OpeningHours.always()
    assert read_week("every day all day; bank holidays open") == OpeningHours.always()
    assert read_week("closed") == OpeningHours(((),) * 7)


def test_a_span_of_days_may_cross_the_weekend() -> None:
    open_on = [bool(windows) for windows in read_week("Fri to Mon 17:00-09:00").week]
    assert open_on == [True, False, False, False, True, True, True]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("09:00-17:00", "which days"),
        ("mornings", "which days"),
        ("mostly Monday 09:00-17:00", "which days"),
        ("Monday", "must say when"),
        ("Monday 9-5", "cannot be read"),
        ("Monday 09:00-25:00", "cannot be read"),
        ("Mon-Fri 09:00-17:00; Friday 10:00-12:00", "Friday twice"),
        ("Mon-Fri 09:00-17:00; bank holidays 10:00-12:00", "bank holidays open"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_week(text)


_TIMES = st.times().map(lambda one: one.replace(second=0, microsecond=0))
_DAYS = st.lists(st.builds(Window, _TIMES, _TIMES), max_size=2).map(tuple)


@given(st.builds(OpeningHours, st.tuples(*[_DAYS] * 7), st.booleans()))
def test_what_is_said_reads_as_the_same_week(hours: OpeningHours) -> None:
    again = read_week(say_whole_week(hours))
    assert again.week == hours.week
    assert again.open_on_bank_holidays == (hours.open_on_bank_holidays and any(hours.week))
