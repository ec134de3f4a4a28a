"""A desk's hours in plain words: what is read, what is said, what is refused."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.rules.opening_words import read_day, say_day, say_week
from strategy.rules.working_time import OpeningHours, Window


def windows(*spans: str) -> tuple[Window, ...]:
    return tuple(Window.parse(span) for span in spans)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("09:00-17:00", ("09:00-17:00",)),
        ("9am to 5pm", ("09:00-17:00",)),
        ("9.30 – 17", ("09:30-17:00",)),
        ("9am to 12:30pm and 1pm to 5pm", ("09:00-12:30", "13:00-17:00")),
        ("08:00-12:00, 13:00-16:00", ("08:00-12:00", "13:00-16:00")),
        ("17:00-09:00", ("17:00-09:00",)),
        ("all day", ("00:00-00:00",)),
        ("18:00-24:00", ("18:00-00:00",)),
        ("Closed", ()),
        ("", ()),
    ],
)
def test_what_people_type_is_read(typed: str, read: tuple[str, ...]) -> None:
    assert read_day(typed) == windows(*read)


@pytest.mark.parametrize(
    "typed", ["mornings", "09:00", "9-25", "9:75-10:00", "13pm-5pm", "09:00-12:00-17:00", "9-17 or so"]
)
def test_anything_else_is_refused_in_words_for_the_field(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z].*"):
        read_day(typed)


def test_nine_to_five_is_not_taken_for_a_night_desk() -> None:
    with pytest.raises(ValueError, match="morning or afternoon"):
        read_day("9-5")


times = st.times(min_value=time(0), max_value=time(23, 59)).map(lambda one: one.replace(second=0, microsecond=0))


@given(st.lists(st.builds(Window, times, times), max_size=3).map(tuple))
def test_what_is_said_is_read_again(day: tuple[Window, ...]) -> None:
    assert read_day(say_day(day)) == day


def test_days_alike_are_said_together() -> None:
    office = OpeningHours.weekdays(time(9), time(17))
    assert say_week(office) == [("Monday to Friday", "09:00-17:00"), ("Saturday to Sunday", "closed")]
    assert say_week(OpeningHours.always()) == [("Monday to Sunday", "all day")]
