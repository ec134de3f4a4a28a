"""Discussions that share desks: as many as can be meet their target, checked against every plan there is."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from strategy.rules.placing import SharedDesk, Waiter, first_come, in_time, place

STEPS = 10
ALL = (1 << STEPS) - 1

waiters = st.lists(
    st.builds(
        lambda steps, length, due, desks: Waiter("", steps, length, due, tuple(sorted(desks))),
        st.integers(0, ALL),
        st.integers(1, 3),
        st.integers(0, STEPS - 1),
        st.sets(st.sampled_from(("police", "health")), max_size=2),
    ),
    max_size=5,
).map(lambda some: [Waiter(str(n), w.steps, w.length, w.due, w.desks) for n, w in enumerate(some)])
desks = st.fixed_dictionaries(
    {
        "police": st.builds(SharedDesk, st.integers(0, ALL), st.integers(1, 2), st.just((0b110,))),
        "health": st.builds(SharedDesk, st.integers(0, ALL), st.just(1)),
    }
)


def _window(one: Waiter, step: int) -> int:
    return ((1 << one.length) - 1) << step


def _holds(waiters: list[Waiter], steps: tuple[int | None, ...], desks: dict[str, SharedDesk]) -> bool:
    """Whether a plan asks no desk for more than it has, counted step by step."""
    asked = {key: list(desk.asked) for key, desk in desks.items()}
    for one, step in zip(waiters, steps, strict=True):
        if step is None:
            continue
        if not one.steps >> step & 1 or any(_window(one, step) & ~desks[key].open for key in one.desks):
            return False
        for key in one.desks:
            asked[key].append(_window(one, step))
    return all(
        sum(window >> step & 1 for window in asked[key]) <= desk.lines
        for key, desk in desks.items()
        for step in range(STEPS)
    )


def _most_by_force(waiters: list[Waiter], desks: dict[str, SharedDesk]) -> int:
    """The most that can meet their target, of every way to give each a step or none."""
    choices = [[None, *(step for step in range(one.due + 1) if one.steps >> step & 1)] for one in waiters]
    plans = (steps for steps in product(*choices) if _holds(waiters, steps, desks))
    return max(sum(step is not None for step in steps) for steps in plans)


@given(waiters.filter(lambda some: len(some) <= 4), desks)
@settings(max_examples=80)
def test_of_a_few_discussions_as_many_as_can_be_meet_their_target(
    some: list[Waiter], shared: dict[str, SharedDesk]
) -> None:
    plan = place(some, shared)
    assert len(in_time(some, plan)) == _most_by_force(some, shared)


@given(waiters, desks)
def test_no_desk_is_asked_for_more_than_it_has(some: list[Waiter], shared: dict[str, SharedDesk]) -> None:
    for plan in (place(some, shared), first_come(some, shared)):
        assert _holds(some, tuple(plan.get(one.key) for one in some), shared)


@given(waiters, desks)
def test_it_is_never_worse_than_first_come_first_served(some: list[Waiter], shared: dict[str, SharedDesk]) -> None:
    assert len(in_time(some, place(some, shared))) >= len(in_time(some, first_come(some, shared)))


def test_the_urgent_one_goes_first_though_it_came_last() -> None:
    desk = {"police": SharedDesk(ALL)}
    slow, urgent = (Waiter(key, ALL, 3, due, ("police",)) for key, due in (("slow", 8), ("urgent", 1)))
    assert first_come([slow, urgent], desk) == {"slow": 0, "urgent": 3}
    assert place([slow, urgent], desk) == {"urgent": 0, "slow": 3}


def test_who_is_late_already_waits_for_nobody_who_has_time() -> None:
    desk = {"police": SharedDesk(ALL)}
    late, early = Waiter("late", ALL, 3, -1, ("police",)), Waiter("early", ALL, 3, 8, ("police",))
    assert place([early, late], desk) == {"late": 0, "early": 3}


def test_who_fits_nowhere_is_left_for_a_person_to_see_to() -> None:
    assert place([Waiter("night", 0, 3, 8, ())], {}) == {}
