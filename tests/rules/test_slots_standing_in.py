"""Who stands in for a desk out of its hours: when, with whose time and notice, and never beside it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from strategy.rules.placing import SharedDesk, Waiter, place
from strategy.rules.policy import Need
from strategy.rules.slots import STEP, Availability, Cover, Grid, Party, Question, Span, judge, propose, shorter
from strategy.vocabulary import Hindrance

GRID = Grid.days(datetime(2026, 11, 27, tzinfo=UTC), datetime(2026, 11, 28, tzinfo=UTC))
NEEDS = (Need("police", "Police", ("police",)),)
LENGTH = timedelta(minutes=45)
STEPS = 20
SMALL = Grid(GRID.start, STEPS)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 27, hour, minute, tzinfo=UTC)


def time(*opens: Span, taken: Sequence[Span] = ()) -> Availability:
    return Availability(GRID.covered(opens), GRID.all, taken=GRID.touched(taken))


def party(day: Availability, *nights: Availability) -> Party:
    covers = [Cover(f"night:{number}", f"Night desk {number}", one) for number, one in enumerate(nights)]
    return Party("police", "police", "Police", "MASH desk", True, [day], covers=covers)


def question(one: Party, now: datetime, due_at: datetime) -> Question:
    return Question(GRID, now, None, due_at, LENGTH, [one], NEEDS, timedelta(minutes=60))


DAY, NIGHT = time((at(9), at(17))), time((at(0), at(23, 55)))


def test_out_of_its_hours_whoever_stands_in_is_asked_and_their_open_time_is_the_notice() -> None:
    asked = question(party(DAY, NIGHT), at(18, 30), at(22, 30))
    found = propose(asked)
    assert found.fits and found.slots[0].everyone and found.slots[0].starts_at == at(19, 30)
    assert [one.cover.name for one in found.slots[0].covered] == ["Night desk 0"]
    assert (found.slots[0].notice, found.slots[0].short_notice) == (timedelta(minutes=60), False)
    alone = propose(question(party(DAY), at(18, 30), at(22, 30)))
    assert not alone.fits and alone.slots[0].missing[0].why is Hindrance.SHUT


def test_in_its_hours_nobody_stands_in_even_while_it_is_asked_elsewhere() -> None:
    busy = time((at(9), at(17)), taken=[(at(9), at(17))])
    asked = question(party(busy, NIGHT), at(9), at(16))
    assert judge(asked, at(11), at(11, 45)).missing[0].why is Hindrance.ASKED
    assert not propose(asked).fits
    across = judge(asked, at(16, 30), at(17, 15))  # no longer open for all of it: asked of the night desk
    assert across.everyone and across.covered


def test_who_stands_in_has_their_own_other_discussions_and_the_next_of_the_line_its_own_hours() -> None:
    taken = time((at(17), at(20)), taken=[(at(17), at(20))])
    late = time((at(20), at(23)))
    asked = question(party(DAY, taken, late), at(9), at(22))
    assert judge(asked, at(18), at(18, 45)).missing[0].why is Hindrance.ASKED
    assert [one.cover.key for one in judge(asked, at(20), at(20, 45)).covered] == ["night:1"]
    assert judge(asked, at(19, 30), at(20, 15)).missing[0].why is Hindrance.SHUT


_sets = st.integers(0, SMALL.all)
_times = st.builds(Availability, _sets, _sets, _sets, _sets)


@given(st.lists(_times, min_size=1, max_size=2), st.lists(_times, max_size=2), st.integers(1, 4))
@settings(max_examples=150)
def test_the_steps_at_which_somebody_can_are_those_at_which_nothing_hinders(
    members: list[Availability], covers: list[Availability], length: int
) -> None:
    one = Party("p", "p", "P", "P", True, members, covers=[Cover(str(n), "", each) for n, each in enumerate(covers)])
    can = one.can(length)
    for step in range(STEPS - length + 1):
        assert bool(can >> step & 1) == (one.hindrance(((1 << length) - 1) << step) is None)
    asked = [steps for _, steps in one.standing_in(length)]
    assert all(not one_set & other for number, one_set in enumerate(asked) for other in asked[:number])


def test_a_plan_for_all_who_wait_shares_the_desk_that_is_really_asked() -> None:
    desks = {"day": SharedDesk(0b000011, 1), "night": SharedDesk(0b111100, 1), "chairs": SharedDesk(0b111111, 9)}
    every = 0b111111
    waiters = [
        Waiter(str(number), every, 2, 4, ("day", "chairs"), {"day": [("night", 0b011100)]}) for number in range(4)
    ]
    plan = place(waiters, desks)
    assert sorted(plan.values()) == [0, 2, 4]


def test_a_shorter_length_is_named_where_it_alone_has_its_quorum() -> None:
    tight = question(party(time((at(18, 30), at(19)))), at(18), at(20))
    found = shorter(tight, [timedelta(minutes=minutes) for minutes in (15, 30, 45, 60)])
    assert found is not None
    assert (found.starts_at, found.ends_at - found.starts_at) == (at(18, 30), timedelta(minutes=30))
    assert shorter(question(party(time()), at(18), at(20)), [STEP * 3]) is None
