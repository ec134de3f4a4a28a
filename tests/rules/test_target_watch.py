"""Children who wait: the worker, their managers, the leaders, then every day; never without a next step."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.rules.chase import Done
from strategy.rules.target_watch import LEADERS, MANAGERS, WORKER, Wait, next_step, upcoming
from strategy.rules.watch_figures import WATCH
from strategy.vocabulary import StepKind, Waiting

SINCE = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
WARN = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
WAIT = Wait(Waiting.DECIDED, SINCE, DUE, WARN)
DAY = timedelta(hours=24)


def test_the_worker_hears_at_the_warning_the_managers_half_way_and_the_leaders_at_the_target_and_every_day() -> None:
    steps = upcoming(WAIT, WATCH, SINCE, DUE + 2 * DAY, 10)
    assert [(step.rung, step.due_at) for step in steps] == [
        (WORKER, WARN),
        (MANAGERS, WARN + DAY),
        (LEADERS, DUE),
        (LEADERS, DUE + DAY),
        (LEADERS, DUE + 2 * DAY),
    ]


def test_slept_through_it_is_one_step_the_highest_that_is_due() -> None:
    step = next_step(WAIT, WATCH, DUE + timedelta(hours=3))
    assert step is not None and (step.rung, step.due_at) == (LEADERS, DUE)


def test_booked_nobody_is_told_until_an_hour_after_it_was_to_end() -> None:
    until = DUE - timedelta(hours=2)
    step = next_step(replace(WAIT, state=Waiting.BOOKED, booked_until=until), WATCH, SINCE)
    assert step is not None and (step.rung, step.due_at) == (MANAGERS, until + timedelta(hours=1))
    late = next_step(replace(WAIT, state=Waiting.BOOKED, booked_until=DUE + DAY), WATCH, SINCE)
    assert late is not None and (late.rung, late.due_at) == (LEADERS, DUE + DAY + timedelta(hours=1))


@pytest.mark.parametrize("state", [Waiting.HELD, Waiting.NOT_NEEDED])
def test_nobody_is_told_once_nobody_waits(state: Waiting) -> None:
    assert next_step(replace(WAIT, state=state), WATCH, DUE + DAY) is None


def test_without_a_warning_it_is_near_half_way() -> None:
    step = next_step(replace(WAIT, warn_at=None), WATCH, SINCE)
    assert step is not None and step.due_at == SINCE + (DUE - SINCE) / 2


spans = st.timedeltas(timedelta(minutes=1), timedelta(days=9))


@given(
    state=st.sampled_from([Waiting.RECEIVED, Waiting.DECIDED, Waiting.BOOKED]),
    whole=spans,
    warns=st.none() | spans,
    booked=st.none() | spans,
    sleeps=st.lists(st.timedeltas(timedelta(), timedelta(days=4)), max_size=30),
)
def test_as_long_as_somebody_waits_there_is_a_next_step_and_none_is_taken_twice(
    state: Waiting, whole: timedelta, warns: timedelta | None, booked: timedelta | None, sleeps: list[timedelta]
) -> None:
    warn = None if warns is None else SINCE + warns
    wait = Wait(state, SINCE, SINCE + whole, warn, None if booked is None else SINCE + booked)
    now = SINCE
    for sleep in sleeps:
        now += sleep
        step = next_step(wait, WATCH, now)
        assert step is not None
        assert step.kind is StepKind.TELL and step.rung in (WORKER, MANAGERS, LEADERS)
        if step.due_at > now:
            continue
        told = [done.rung for done in wait.done if done.rung is not None]
        assert step.rung not in told or step.rung == LEADERS
        assert all(
            now - done.at >= timedelta(hours=WATCH.target_again_hours) for done in wait.done if done.rung == LEADERS
        )
        if state is Waiting.BOOKED and booked is not None:
            assert now > SINCE + booked
        wait = replace(wait, done=(*wait.done, Done(step.kind, step.rung, now)))
        again = next_step(wait, WATCH, now)
        assert again is not None and again.due_at > now  # once, not a burst
