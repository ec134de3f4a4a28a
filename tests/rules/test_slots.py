"""Quick times for a discussion: open, free, and honest about who is not."""

from datetime import UTC, datetime, time, timedelta

from strategy.rules.slots import Party, judge, quick
from strategy.rules.working_time import Calendar, OpeningHours

THURSDAY = datetime(2026, 11, 26, 10, 10, tzinfo=UTC)
OFFICE = OpeningHours.weekdays(time(9), time(17))
LENGTH = timedelta(minutes=45)


def at(hour: int, minute: int = 0, day: int = 26) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_the_next_half_hours_that_suit_everyone_come_in_order() -> None:
    found = quick(THURSDAY, at(17, day=27), LENGTH, [Party("Health", OFFICE), Party("Police")], Calendar())
    assert [slot.starts_at for slot in found] == [at(10, 30), at(11), at(11, 30), at(12), at(12, 30)]
    assert all(slot.everyone for slot in found)


def test_a_quarter_of_an_hours_notice_is_the_least() -> None:
    found = quick(at(10, 20), at(17), LENGTH, [], Calendar(), count=1)
    assert found[0].starts_at == at(11)


def test_a_desk_that_shuts_before_the_end_is_shut() -> None:
    slot = judge(at(16, 30), at(17, 15), [Party("Health", OFFICE)], Calendar())
    assert slot.shut == ("Health",)
    assert judge(at(16, 15), at(17), [Party("Health", OFFICE)], Calendar()).everyone


def test_late_in_the_day_it_goes_on_when_the_desk_opens_again() -> None:
    found = quick(at(16, 40), at(17, day=27), LENGTH, [Party("Health", OFFICE)], Calendar(), count=2)
    assert [slot.starts_at for slot in found] == [at(9, day=27), at(9, 30, day=27)]


def test_nothing_is_offered_past_the_target_while_there_is_time() -> None:
    found = quick(at(16), at(18), LENGTH, [Party("Health", OFFICE)], Calendar())
    assert all(slot.starts_at <= at(18) for slot in found)
    assert [slot.shut for slot in found if slot.starts_at >= at(16, 30)]
    assert all(slot.shut == ("Health",) for slot in found)


def test_past_the_target_the_next_times_are_still_offered() -> None:
    found = quick(THURSDAY, at(9), LENGTH, [], Calendar(), count=2)
    assert [slot.starts_at for slot in found] == [at(10, 30), at(11)]


def test_another_discussion_at_that_time_is_said_and_a_free_time_preferred() -> None:
    busy = Party("Police", None, ((at(10, 30), at(11, 15)),))
    found = quick(THURSDAY, at(12), LENGTH, [busy], Calendar(), count=2)
    assert [slot.starts_at for slot in found] == [at(11, 30), at(12)]
    assert judge(at(11), at(11, 45), [busy], Calendar()).taken == ("Police",)
    assert judge(at(11, 15), at(12), [busy], Calendar()).everyone


def test_half_hours_follow_the_local_clock_through_the_change_in_spring() -> None:
    before = datetime(2027, 3, 28, 0, 40, tzinfo=UTC)
    found = quick(before, before + timedelta(hours=3), LENGTH, [], Calendar(), count=2)
    assert [slot.starts_at for slot in found] == [
        datetime(2027, 3, 28, 1, 0, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 30, tzinfo=UTC),
    ]
