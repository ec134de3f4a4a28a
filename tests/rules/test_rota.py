"""Who is on duty when: nights, clock changes, bank holidays, overrides, and what nobody covers."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from strategy.rules.rota import Override, Shift, Stretch, days_off, duty, gaps, joined
from strategy.rules.working_time import LONDON, Calendar, OpeningHours, Window

PAT, DEE, INA = 1, 2, 3
MONDAY = date(2026, 11, 23)
EARLY, LATE, NIGHT = (Window.parse(text) for text in ("08:00-14:00", "14:00-22:00", "22:00-06:00"))
WORKING = frozenset(range(5))
EVERY_DAY = frozenset(range(7))
OFFICE = OpeningHours.weekdays(time(9), time(17))
PLAIN = Calendar()


def london(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), LONDON).astimezone(UTC)


def on(
    day: date, *shifts: Shift, off: frozenset[date] = frozenset(), overrides: tuple[Override, ...] = ()
) -> list[str]:
    """Who is on duty in those 24 hours, in words: "1 08:00-14:00"."""
    found = duty(shifts, (), overrides, london(day, 0), london(day + timedelta(days=1), 0), off)
    return [f"{s.person} {s.starts_at.astimezone(LONDON):%H:%M}-{s.ends_at.astimezone(LONDON):%H:%M}" for s in found]


def test_a_shift_comes_again_on_its_days_until_its_last() -> None:
    shift = Shift(PAT, EARLY, MONDAY, MONDAY + timedelta(days=8), WORKING)
    assert on(MONDAY, shift) == ["1 08:00-14:00"]
    assert on(MONDAY + timedelta(days=5), shift) == []
    assert on(MONDAY + timedelta(days=8), shift) == ["1 08:00-14:00"]
    assert on(MONDAY + timedelta(days=9), shift) == []
    assert on(MONDAY - timedelta(days=3), shift) == []


def test_every_second_week_is_counted_from_the_week_it_begins_in_whatever_its_day() -> None:
    friday = MONDAY + timedelta(days=4)
    shift = Shift(PAT, EARLY, friday, None, frozenset({0, 4}), every=2)
    days = list(shift.days(MONDAY, MONDAY + timedelta(days=20)))
    assert days == [friday, MONDAY + timedelta(days=14), MONDAY + timedelta(days=18)]


def test_a_shift_without_weekdays_happens_once_and_on_a_bank_holiday_too() -> None:
    christmas = date(2026, 12, 25)
    off = frozenset({christmas})
    once, again = Shift(PAT, EARLY, christmas), Shift(DEE, EARLY, MONDAY, None, WORKING)
    assert on(christmas, once, again, off=off) == ["1 08:00-14:00"]
    assert on(christmas + timedelta(days=7), once, again, off=off) == ["2 08:00-14:00"]


def test_a_desk_open_on_bank_holidays_keeps_its_shifts_on_them() -> None:
    calendar = Calendar(frozenset({date(2026, 12, 25)}))
    assert days_off(OFFICE, calendar) == calendar.holidays
    assert days_off(OpeningHours.always(), calendar) == frozenset()


def test_a_night_belongs_to_its_evening_and_is_found_from_either_side_of_midnight() -> None:
    shift = Shift(PAT, NIGHT, MONDAY, MONDAY, frozenset({0}))
    tuesday = MONDAY + timedelta(days=1)
    assert on(MONDAY, shift) == on(tuesday, shift) == ["1 22:00-06:00"]
    assert on(tuesday + timedelta(days=1), shift) == []


def test_nights_on_which_the_clocks_change_have_seven_hours_and_nine() -> None:
    lengths = []
    for day in (date(2026, 3, 28), date(2026, 10, 24), date(2026, 11, 21)):
        (night,) = duty([Shift(PAT, NIGHT, day)], (), (), london(day, 23), london(day, 23, 1))
        lengths.append(night.ends_at - night.starts_at)
    assert lengths == [timedelta(hours=7), timedelta(hours=9), timedelta(hours=8)]


def test_turns_of_one_person_that_touch_are_one_and_two_people_overlap() -> None:
    shifts = [Shift(PAT, EARLY, MONDAY), Shift(PAT, LATE, MONDAY), Shift(DEE, LATE, MONDAY)]
    assert on(MONDAY, *shifts) == ["1 08:00-22:00", "2 14:00-22:00"]


def test_somebody_takes_anothers_turns_within_a_span_and_no_more() -> None:
    shifts = [Shift(PAT, EARLY, MONDAY, None, WORKING), Shift(INA, EARLY, MONDAY, None, WORKING)]
    week = Override(london(MONDAY, 10), london(MONDAY + timedelta(days=3), 0), DEE, instead_of=PAT)
    assert on(MONDAY, *shifts, overrides=(week,)) == ["1 08:00-10:00", "3 08:00-14:00", "2 10:00-14:00"]
    assert on(MONDAY + timedelta(days=1), *shifts, overrides=(week,)) == ["2 08:00-14:00", "3 08:00-14:00"]
    assert on(MONDAY + timedelta(days=3), *shifts, overrides=(week,)) == ["1 08:00-14:00", "3 08:00-14:00"]


def test_one_for_everybody_is_on_duty_for_the_whole_span_and_nobody_is_nobody() -> None:
    shift = Shift(PAT, EARLY, MONDAY)
    alone = Override(london(MONDAY, 12), london(MONDAY, 18), DEE)
    assert on(MONDAY, shift, overrides=(alone,)) == ["1 08:00-12:00", "2 12:00-18:00"]
    nobody = Override(london(MONDAY, 12), london(MONDAY, 18))
    assert on(MONDAY, shift, overrides=(alone, nobody)) == ["1 08:00-12:00"]
    assert on(MONDAY, shift, overrides=(nobody, alone)) == ["1 08:00-12:00", "2 12:00-18:00"]


def test_a_gap_is_open_time_without_anybody_and_shut_time_is_none() -> None:
    found = duty([Shift(PAT, EARLY, MONDAY, None, WORKING)], (), (), london(MONDAY, 0), london(MONDAY, 23))
    open_without = gaps(OFFICE, PLAIN, found, london(MONDAY, 0), london(MONDAY + timedelta(days=1), 0))
    assert open_without == ((london(MONDAY, 14), london(MONDAY, 17)),)
    assert gaps(OFFICE, Calendar(frozenset({MONDAY})), (), london(MONDAY, 0), london(MONDAY, 23)) == ()


def test_a_gap_of_a_desk_that_never_shuts_runs_through_midnight() -> None:
    found = gaps(OpeningHours.always(), PLAIN, (), london(MONDAY, 20), london(MONDAY + timedelta(days=2), 8))
    assert found == ((london(MONDAY, 20), london(MONDAY + timedelta(days=2), 8)),)


# A fortnight with a change of the clocks in it, in spring or autumn, cut into quarters of an hour.
BEGINS = st.sampled_from([date(2026, 3, 23), date(2026, 10, 19), date(2026, 11, 23)])
HOURS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))
WINDOWS = st.builds(Window, HOURS, HOURS)
PEOPLE = st.integers(1, 3)
MINUTES = st.integers(0, 14 * 24 * 60)


@st.composite
def rotas(draw: st.DrawFn) -> tuple[date, list[Shift], list[Override]]:
    first = draw(BEGINS)
    begins = st.integers(-10, 10).map(lambda count: first + timedelta(days=count))
    weekdays = st.frozensets(st.integers(0, 6))
    shift = st.builds(Shift, PEOPLE, WINDOWS, begins, st.none() | begins, weekdays, st.integers(1, 3))
    moment = MINUTES.map(lambda minute: london(first, 0) + timedelta(minutes=minute))
    nobody = st.none() | PEOPLE
    override = st.tuples(moment, moment, nobody, nobody).filter(lambda it: it[0] < it[1]).map(lambda it: Override(*it))
    return first, draw(st.lists(shift, max_size=5)), draw(st.lists(override, max_size=3))


def present(found: tuple[Stretch, ...], moment: datetime) -> set[int]:
    return {stretch.person for stretch in found if stretch.starts_at <= moment < stretch.ends_at}


@given(rotas(), MINUTES)
def test_who_is_on_duty_does_not_depend_on_the_window_asked_for(
    rota: tuple[date, list[Shift], list[Override]], minute: int
) -> None:
    first, shifts, overrides = rota
    moment = london(first, 0) + timedelta(minutes=minute)
    narrow = duty(shifts, (), overrides, moment, moment + timedelta(minutes=1))
    wide = duty(shifts, (), overrides, london(first, 0), london(first, 0) + timedelta(days=15))
    assert present(narrow, moment) == present(wide, moment)


@given(rotas())
def test_stretches_have_a_length_and_nobody_is_on_duty_twice(rota: tuple[date, list[Shift], list[Override]]) -> None:
    first, shifts, overrides = rota
    found = duty(shifts, (), overrides, london(first, 0), london(first, 0) + timedelta(days=14))
    assert all(one.starts_at < one.ends_at for one in found)
    for person in (PAT, DEE, INA):
        mine = [(one.starts_at, one.ends_at) for one in found if one.person == person]
        assert list(joined(mine)) == mine


@given(rotas(), MINUTES)
def test_a_shifts_clock_says_who_is_on_duty(rota: tuple[date, list[Shift], list[Override]], minute: int) -> None:
    """Against the plainest reading: the local clock of that moment lies in the shift's hours."""
    first, shifts, _ = rota
    moment = london(first, 0) + timedelta(minutes=minute)
    local = moment.astimezone(LONDON)
    changes = {date(2026, 3, 29), date(2026, 10, 25)}
    if changes & {local.date(), local.date() - timedelta(days=1)}:
        return  # the clock does not tell time on that night; the days after are what this is about
    expected = set()
    for shift in shifts:
        today = any(shift.days(local.date(), local.date()))
        yesterday = any(shift.days(local.date() - timedelta(days=1), local.date() - timedelta(days=1)))
        opens, closes, clock = shift.window.opens, shift.window.closes, local.time()
        if closes > opens:
            is_on = today and opens <= clock < closes
        else:
            is_on = (today and clock >= opens) or (yesterday and clock < closes)
        expected |= {shift.person} if is_on else set()
    assert present(duty(shifts, (), (), moment, moment + timedelta(minutes=1)), moment) == expected


@given(rotas(), MINUTES)
def test_open_time_is_either_covered_or_a_gap_and_never_both(
    rota: tuple[date, list[Shift], list[Override]], minute: int
) -> None:
    first, shifts, overrides = rota
    begins, ends = london(first, 0), london(first, 0) + timedelta(days=14)
    moment = begins + timedelta(minutes=min(minute, 14 * 24 * 60 - 1))
    found = duty(shifts, (), overrides, begins, ends)
    missing = gaps(OFFICE, PLAIN, found, begins, ends)
    in_gap = any(a <= moment < b for a, b in missing)
    assert in_gap == (OFFICE.is_open(moment, PLAIN) and not present(found, moment))


@given(rotas(), st.none() | PEOPLE)
def test_the_last_override_of_everybody_has_the_last_word(
    rota: tuple[date, list[Shift], list[Override]], person: int | None
) -> None:
    first, shifts, overrides = rota
    begins, ends = london(first, 0) + timedelta(days=2), london(first, 0) + timedelta(days=4)
    found = duty(shifts, (), [*overrides, Override(begins, ends, person)], begins, ends)
    middle = begins + (ends - begins) / 2
    assert present(found, begins) == present(found, middle) == ({person} if person else set())
