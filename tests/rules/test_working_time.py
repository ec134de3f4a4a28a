"""Holds what counting working days and open time must do, clock changes and Christmas included."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy import holidays
from strategy.rules.working_time import LONDON, Calendar, OpeningHours, Window, elapsed_words, local_day
from strategy.vocabulary import Nation

CALENDAR = Calendar(holidays.of(Nation.ENGLAND_AND_WALES), frozenset({date(2027, 8, 13)}))
OFFICE = OpeningHours.weekdays(time(9), time(17))
NIGHT = OpeningHours.from_plain({day: ["22:00-06:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")})

days = st.dates(date(2020, 1, 1), date(2028, 6, 30))
moments = st.integers(1_577_836_800, 1_845_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
counts = st.integers(0, 60)


@given(days, st.integers(1, 60), st.booleans())
def test_counting_never_lands_on_a_day_nobody_works(day: date, count: int, local: bool) -> None:
    assert CALENDAR.is_working_day(CALENDAR.add_working_days(day, count, local), local)


@given(days, counts, counts, st.booleans())
def test_counting_in_two_goes_is_counting_in_one(day: date, first: int, second: int, local: bool) -> None:
    halfway = CALENDAR.add_working_days(day, first, local)
    assert CALENDAR.add_working_days(halfway, second, local) == CALENDAR.add_working_days(day, first + second, local)


@given(days, days, counts)
def test_a_later_start_is_never_due_sooner(one: date, other: date, count: int) -> None:
    first, last = sorted((one, other))
    assert CALENDAR.add_working_days(first, count) <= CALENDAR.add_working_days(last, count)


@given(days, st.integers(1, 60))
def test_exactly_so_many_working_days_lie_between(day: date, count: int) -> None:
    due = CALENDAR.add_working_days(day, count)
    after = [day + timedelta(days=n) for n in range(1, (due - day).days + 1)]
    assert sum(CALENDAR.is_working_day(each) for each in after) == count


@given(st.sampled_from(Nation), days, st.integers(1, 60))
def test_every_nation_counts_over_its_own_holidays_and_weekends(nation: Nation, day: date, count: int) -> None:
    calendar = Calendar(holidays.of(nation))
    due = calendar.add_working_days(day, count)
    assert due.weekday() < 5
    assert due not in holidays.of(nation)
    assert due > day


@given(st.sampled_from(Nation), moments, st.integers(0, 30), st.integers(1, 30))
def test_due_moments_compose_are_at_close_and_never_sooner_for_a_later_start(
    nation: Nation, start: datetime, first: int, second: int
) -> None:
    calendar = Calendar(holidays.of(nation))
    due = calendar.after(start, first + second)
    assert calendar.after(calendar.after(start, first), second) == due
    assert due.astimezone(LONDON).time() == time(17)
    assert calendar.after(start + timedelta(hours=1), first + second) >= due


@pytest.mark.parametrize("change", [date(2027, 3, 28), date(2027, 10, 31)])
@pytest.mark.parametrize("nation", Nation)
@given(minutes=st.integers(0, 4 * 24 * 60), count=st.integers(1, 3))
def test_close_of_business_stays_local_around_a_clock_change(
    nation: Nation, change: date, minutes: int, count: int
) -> None:
    start = datetime.combine(change - timedelta(days=2), time(), UTC) + timedelta(minutes=minutes)
    due = Calendar(holidays.of(nation)).after(start, count)
    assert due.astimezone(LONDON).time() == time(17)
    assert due.hour == (16 if date(2027, 3, 28) <= due.date() < date(2027, 10, 31) else 17)


@pytest.mark.parametrize(
    ("nation", "due"),
    [
        # Good Friday is 26 March 2027 everywhere; the Monday after it is no holiday in Scotland
        (Nation.ENGLAND_AND_WALES, date(2027, 3, 31)),
        (Nation.SCOTLAND, date(2027, 3, 30)),
        (Nation.NORTHERN_IRELAND, date(2027, 3, 31)),
    ],
)
def test_easter_differs_by_nation(nation: Nation, due: date) -> None:
    assert Calendar(holidays.of(nation)).add_working_days(date(2027, 3, 25), 2) == due


def test_fifteen_working_days_from_the_jubilee_weekend() -> None:
    # a public sample that says 23 June forgot both bank holidays
    assert CALENDAR.add_working_days(date(2022, 6, 2), 15) == date(2022, 6, 24)


def test_wild_18_christmas_is_not_worked() -> None:
    assert CALENDAR.add_working_days(date(2026, 12, 23), 3) == date(2026, 12, 30)


def test_nations_rest_on_different_days() -> None:
    scotland = Calendar(holidays.of(Nation.SCOTLAND))
    assert scotland.add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 5)
    assert CALENDAR.add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 4)


def test_a_closure_day_counts_only_for_local_limits() -> None:
    assert CALENDAR.add_working_days(date(2027, 8, 12), 1) == date(2027, 8, 16)
    assert CALENDAR.add_working_days(date(2027, 8, 12), 1, local=False) == date(2027, 8, 13)


def test_working_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.add_working_days(date(2027, 1, 1), -1)


@pytest.mark.parametrize(
    ("started", "due"),
    [
        # clocks go forward on Sunday 28 March 2027, back on Sunday 31 October 2027; the 26th and 29th are Easter
        (datetime(2027, 3, 25, 16, tzinfo=UTC), datetime(2027, 3, 30, 16, tzinfo=UTC)),
        (datetime(2027, 10, 29, 15, tzinfo=UTC), datetime(2027, 11, 1, 17, tzinfo=UTC)),
    ],
)
def test_close_of_business_is_local_on_both_sides_of_a_clock_change(started: datetime, due: datetime) -> None:
    assert CALENDAR.after(started, 1) == due


def test_day_nought_is_the_local_day() -> None:
    # 23:30 UTC on a summer Monday is Tuesday in London
    assert local_day(datetime(2027, 7, 5, 23, 30, tzinfo=UTC)) == date(2027, 7, 6)
    assert CALENDAR.after(datetime(2027, 7, 5, 23, 30, tzinfo=UTC), 1) == datetime(2027, 7, 7, 16, tzinfo=UTC)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        CALENDAR.after(datetime.fromisoformat("2027-07-05T10:00"), 1)


def test_a_weekend_has_no_open_minutes() -> None:
    friday, monday = datetime(2026, 11, 27, 16, 50, tzinfo=UTC), datetime(2026, 11, 30, 10, tzinfo=UTC)
    assert OFFICE.open_minutes(friday, monday, CALENDAR) == 70
    assert OFFICE.after_open(friday, timedelta(minutes=17.5), CALENDAR) == datetime(2026, 11, 30, 9, 7, 30, tzinfo=UTC)


def test_bank_holidays_are_shut_unless_the_desk_says_otherwise() -> None:
    eve, after = datetime(2026, 12, 24, 9, tzinfo=UTC), datetime(2026, 12, 29, 9, tzinfo=UTC)
    assert OFFICE.open_time(eve, after, CALENDAR) == timedelta(hours=8)
    keen = OpeningHours(OFFICE.week, open_on_bank_holidays=True)
    assert keen.open_time(eve, after, CALENDAR) == timedelta(hours=24)


@pytest.mark.parametrize(("day", "hours"), [(date(2027, 3, 27), 7), (date(2027, 10, 30), 9), (date(2027, 6, 1), 8)])
def test_a_night_shift_is_as_long_as_the_clocks_make_it(day: date, hours: int) -> None:
    noon = datetime.combine(day, time(12), UTC)
    assert NIGHT.open_time(noon, noon + timedelta(days=1), CALENDAR) == timedelta(hours=hours)


def test_a_night_shift_goes_on_after_midnight() -> None:
    small_hours = datetime(2027, 1, 12, 2, tzinfo=UTC)
    assert NIGHT.is_open(small_hours, CALENDAR)
    assert NIGHT.open_minutes(small_hours, small_hours + timedelta(hours=6), CALENDAR) == 240


@given(moments, st.timedeltas(timedelta(), timedelta(days=30)))
def test_an_always_open_desk_is_open_as_long_as_the_clock_runs(start: datetime, span: timedelta) -> None:
    assert OpeningHours.always().open_time(start, start + span, CALENDAR) == span
    assert OpeningHours.always().after_open(start, span, CALENDAR) == start + span


@given(st.sampled_from([OFFICE, NIGHT]), moments, st.timedeltas(timedelta(minutes=1), timedelta(hours=60)))
def test_the_moment_after_so_much_open_time_has_just_that_much_before_it(
    hours: OpeningHours, start: datetime, span: timedelta
) -> None:
    end = hours.after_open(start, span, CALENDAR)
    assert end is not None
    assert hours.open_time(start, end, CALENDAR) == span
    assert hours.open_time(start, end - timedelta(seconds=1), CALENDAR) < span


@given(st.sampled_from([OFFICE, NIGHT]), moments)
def test_when_it_opens_next_it_is_open_and_was_not_before(hours: OpeningHours, moment: datetime) -> None:
    opens = hours.next_open(moment, CALENDAR)
    assert opens is not None
    assert hours.is_open(opens, CALENDAR)
    assert hours.open_time(moment, opens, CALENDAR) == timedelta()


def test_a_desk_that_never_opens_says_so() -> None:
    shut = OpeningHours.from_plain({})
    moment = datetime(2027, 1, 4, tzinfo=UTC)
    assert shut.next_open(moment, CALENDAR) is None
    assert shut.after_open(moment, timedelta(minutes=1), CALENDAR) is None


def test_overlapping_windows_are_counted_once() -> None:
    hours = OpeningHours.from_plain({"mon": ["09:00-13:00", "12:00-17:00", "10:00-11:00"]})
    monday = datetime(2027, 1, 11, tzinfo=UTC)
    assert hours.open_time(monday, monday + timedelta(days=1), CALENDAR) == timedelta(hours=8)


def test_opening_hours_survive_being_written_down() -> None:
    for hours in (OFFICE, NIGHT, OpeningHours.always(), OpeningHours.from_plain({"sat": ["09:30-12:15"]})):
        assert OpeningHours.from_plain(hours.to_plain()) == hours
    assert str(Window(time(22), time(6))) == "22:00-06:00"


@pytest.mark.parametrize("plain", [{"mon": "09:00-17:00"}, {"mon": ["nine"]}, {"mo": []}, {"mon": ["09:00Z-10:00Z"]}])
def test_nonsense_opening_hours_are_refused(plain: dict[str, bool | list[str]]) -> None:
    with pytest.raises(ValueError, match=r"opening hours|Invalid isoformat"):
        OpeningHours.from_plain(plain)


@pytest.mark.parametrize(
    ("elapsed", "words"),
    [
        (timedelta(days=7, minutes=30), "7 days 0 h 30 min"),
        (timedelta(days=1, hours=2, seconds=59), "1 day 2 h 0 min"),
        (timedelta(hours=22, minutes=10), "22 h 10 min"),
        (timedelta(minutes=5), "5 min"),
        (timedelta(minutes=-5), "0 min"),
    ],
)
def test_elapsed_time_is_said_in_days_hours_and_minutes(elapsed: timedelta, words: str) -> None:
    start = datetime(2027, 3, 27, 12, tzinfo=UTC)
    assert elapsed_words(start, start + elapsed) == words
