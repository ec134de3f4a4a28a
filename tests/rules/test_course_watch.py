"""When a convener is told that the quorum is doubtful: once for each worsening that lasts, and near the start."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.rules.chase import Done, Step
from strategy.rules.course_watch import AT_RISK, LOST, NEAR, ON_COURSE, Standing, near_from, next_step
from strategy.rules.watch_figures import WATCH
from strategy.vocabulary import Course, StepKind

BOOKED = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
START = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
SETTLE = timedelta(minutes=2)
AT = Standing(course=Course.AT_RISK, since=BOOKED, starts_at=START)
COURSES = [Course.ON_COURSE, Course.AT_RISK, Course.WILL_NOT_BE_QUORATE]


def told(step: Step | None) -> tuple[StepKind, int | None, datetime]:
    assert step is not None
    return step.kind, step.rung, step.due_at


def noted(standing: Standing, level: int, at: datetime = BOOKED) -> Standing:
    return replace(standing, done=(*standing.done, Done(StepKind.TELL, level, at)), pending=None)


def test_that_nobody_has_answered_yet_is_told_of_only_near_the_start() -> None:
    assert told(next_step(AT, WATCH, BOOKED)) == (StepKind.TELL, NEAR, START - timedelta(minutes=60))


def test_near_is_half_the_time_there_was_where_that_is_less() -> None:
    short = replace(AT, since=START - timedelta(minutes=40))
    assert near_from(short.since, START, WATCH) == START - timedelta(minutes=20)


def test_a_quorum_that_is_lost_is_told_of_once_it_has_lasted() -> None:
    lost = replace(AT, course=Course.WILL_NOT_BE_QUORATE)
    assert told(next_step(lost, WATCH, BOOKED)) == (StepKind.TELL, LOST, BOOKED + SETTLE)
    pending = replace(lost, pending=(LOST, BOOKED + SETTLE))
    assert told(next_step(pending, WATCH, BOOKED + timedelta(minutes=1)))[2] == BOOKED + SETTLE
    assert next_step(noted(lost, LOST), WATCH, BOOKED + SETTLE) is None


def test_what_flaps_in_between_is_no_news() -> None:
    again = noted(replace(AT, course=Course.WILL_NOT_BE_QUORATE), LOST)
    better = replace(again, course=Course.ON_COURSE)
    assert told(next_step(better, WATCH, BOOKED))[:2] == (StepKind.NOTE, ON_COURSE)
    assert next_step(again, WATCH, BOOKED) is None  # back before it had lasted: nothing was noted, nothing is told


def test_worse_again_after_it_was_better_is_news_again() -> None:
    better = noted(noted(AT, LOST), ON_COURSE)
    assert told(next_step(better, WATCH, BOOKED))[:2] == (StepKind.TELL, AT_RISK)
    lost = replace(better, course=Course.WILL_NOT_BE_QUORATE)
    assert told(next_step(lost, WATCH, BOOKED))[:2] == (StepKind.TELL, LOST)


@pytest.mark.parametrize("course", COURSES)
def test_nothing_is_told_of_it_once_it_has_begun_or_should_have(course: Course) -> None:
    standing = replace(AT, course=course)
    assert next_step(standing, WATCH, START) is None
    assert next_step(replace(standing, started=True), WATCH, BOOKED) is None


def test_slept_through_it_is_told_of_late_and_once() -> None:
    late = START - timedelta(minutes=5)
    kind, level, due = told(next_step(AT, WATCH, late))
    assert (kind, level) == (StepKind.TELL, NEAR) and due < late
    assert next_step(noted(AT, NEAR, late), WATCH, late) is None


@given(
    changes=st.lists(st.tuples(st.sampled_from(COURSES), st.timedeltas(timedelta(), timedelta(hours=2))), max_size=25),
    every=st.timedeltas(timedelta(seconds=20), timedelta(hours=3)),
)
def test_every_worsening_that_lasts_is_told_of_once_and_none_that_does_not(
    changes: list[tuple[Course, timedelta]], every: timedelta
) -> None:
    """A worker as it is: it replans at every change, looks from time to time, and sleeps at times."""
    now, standing, levels = BOOKED, AT, [AT_RISK]
    for course, lasts in changes:
        standing = replace(standing, course=course)
        until = now + lasts
        while now <= until:
            step = next_step(standing, WATCH, now)
            standing = replace(
                standing, pending=None if step is None or step.rung is None else (step.rung, step.due_at)
            )
            if step is not None and step.due_at <= now:
                assert step.rung is not None and step.rung != levels[-1]
                assert (step.kind is StepKind.TELL) is (step.rung > levels[-1])
                assert now < START
                levels.append(step.rung)
                standing = noted(standing, step.rung, now)
            now += every
        now = max(until, now - every)
    assert levels.count(NEAR) <= 1 + levels.count(ON_COURSE) + levels.count(AT_RISK)
