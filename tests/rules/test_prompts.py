"""Prompts: one reminder to whoever comes, one word to whoever is not there, two reminders of an action."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.rules.chase import Done, Step
from strategy.rules.prompts import Owed, Seat, action, both, not_joined, reminder
from strategy.rules.watch_figures import WATCH
from strategy.vocabulary import NAMED, PRESENT, ActionState, Attendance, DiscussionState, InvitationState, StepKind

START = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
END = START + timedelta(minutes=45)
SEAT = Seat(
    state=InvitationState.COMING,
    required=True,
    waived=False,
    ours=False,
    discussion=DiscussionState.CONVENED,
    starts_at=START,
    ends_at=END,
    needed_from=START,
    answered_at=START - timedelta(hours=2),
)
SILENT = replace(SEAT, state=InvitationState.INVITED, answered_at=None)
FIVE_IN = START + timedelta(minutes=5)
OWED = Owed(
    state=ActionState.OPEN,
    discussion=DiscussionState.HELD,
    told_at=END,
    due_at=END + timedelta(days=5),
)


def minutes_before(step: Step | None) -> float:
    assert step is not None
    return (START - step.due_at) / timedelta(minutes=1)


@pytest.mark.parametrize(
    ("left", "lead"),
    [(timedelta(hours=2), 30), (timedelta(hours=4), 60), (timedelta(days=3), 60), (timedelta(minutes=40), 10)],
)
def test_the_reminder_is_scaled_to_the_time_left_within_the_policys_bounds(left: timedelta, lead: int) -> None:
    assert minutes_before(reminder(replace(SEAT, answered_at=START - left), WATCH, START - left)) == lead


def test_who_has_just_been_told_is_not_reminded() -> None:
    assert (
        reminder(replace(SEAT, answered_at=START - timedelta(minutes=39)), WATCH, START - timedelta(minutes=39)) is None
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"state": InvitationState.DECLINED},
        {"state": InvitationState.NAME_NEEDED},
        {"state": InvitationState.WITHDRAWN},
        {"ours": True},
        {"discussion": DiscussionState.STOOD_DOWN},
        {"started_at": START - timedelta(minutes=45)},
        {"done": (Done(StepKind.TELL, None, START - timedelta(hours=1)),)},
    ],
)
def test_nobody_is_reminded_of_what_is_not_so(changed: dict[str, Any]) -> None:
    assert reminder(replace(SEAT, **changed), WATCH, START - timedelta(minutes=40)) is None


def test_slept_through_it_is_given_late_and_never_once_it_has_begun() -> None:
    late = reminder(SEAT, WATCH, START - timedelta(minutes=1))
    assert late is not None and late.due_at < START - timedelta(minutes=1)
    assert reminder(SEAT, WATCH, START) is None


@pytest.mark.parametrize("pressed", [None, START, START + timedelta(minutes=3), START - timedelta(minutes=20)])
def test_who_is_not_there_is_told_five_minutes_in_pressed_or_not(pressed: datetime | None) -> None:
    step = not_joined(replace(SILENT, started_at=pressed), WATCH, START)
    assert step is not None and step.due_at == FIVE_IN


def test_who_is_needed_for_a_part_is_told_five_minutes_into_it() -> None:
    step = not_joined(replace(SEAT, needed_from=START + timedelta(minutes=20)), WATCH, START)
    assert step is not None and step.due_at == START + timedelta(minutes=25)


@pytest.mark.parametrize(
    "changed",
    [
        {"there": (None, Attendance.ATTENDED)},
        {"attendance": Attendance.APOLOGIES},
        {"state": InvitationState.DECLINED},
        {"state": InvitationState.REPORT_ONLY},
        {"state": InvitationState.NOT_OURS},
        {"state": InvitationState.WITHDRAWN},
        {"waived": True},
        {"required": False},
        {"ours": True},
        {"discussion": DiscussionState.STOOD_DOWN},
        {"discussion": DiscussionState.HELD},
        {"done": (Done(StepKind.TELL, None, FIVE_IN),)},
    ],
)
def test_who_is_there_or_has_said_no_or_is_not_needed_is_not_told(changed: dict[str, Any]) -> None:
    assert not_joined(replace(SILENT, **changed), WATCH, FIVE_IN) is None


@pytest.mark.parametrize("state", sorted(NAMED | {InvitationState.NAME_NEEDED}))
def test_somebody_optional_who_said_they_come_is_told_too(state: InvitationState) -> None:
    assert not_joined(replace(SEAT, required=False, state=state), WATCH, FIVE_IN) is not None


def test_a_worker_that_slept_through_all_of_it_tells_nobody_to_join() -> None:
    assert not_joined(SILENT, WATCH, END - timedelta(seconds=1)) is not None
    assert not_joined(SILENT, WATCH, END) is None
    begun = replace(SILENT, started_at=START + timedelta(minutes=30))
    assert not_joined(begun, WATCH, END) is not None  # it goes on


def test_an_action_is_reminded_of_a_day_before_and_an_hour_after() -> None:
    before, after = both(OWED, WATCH, END)
    assert (before.rung, before.due_at) == (0, OWED.due_at - timedelta(hours=24))
    assert (after.rung, after.due_at) == (1, OWED.due_at + timedelta(hours=1))


def test_a_short_action_is_reminded_of_at_half_its_time() -> None:
    step = action(replace(OWED, due_at=END + timedelta(hours=4)), WATCH, END)
    assert step is not None and step.due_at == END + timedelta(hours=2)


def test_an_action_slept_past_is_reminded_of_once_as_overdue() -> None:
    (only,) = both(OWED, WATCH, OWED.due_at + timedelta(days=2))
    assert only.rung == 1


@pytest.mark.parametrize("state", [ActionState.DONE, ActionState.CANCELLED])
def test_nobody_is_reminded_of_what_is_done_or_not_needed(state: ActionState) -> None:
    assert action(replace(OWED, state=state), WATCH, END) is None


moments = st.timedeltas(timedelta(hours=-6), timedelta(hours=6)).map(lambda away: START + away)
marks = st.none() | st.sampled_from(list(Attendance))


@given(
    state=st.sampled_from(list(InvitationState)),
    required=st.booleans(),
    waived=st.booleans(),
    discussion=st.sampled_from(list(DiscussionState)),
    answered=st.none() | moments,
    started=st.none() | moments,
    there=st.lists(marks, max_size=3),
    sleeps=st.lists(st.timedeltas(timedelta(), timedelta(hours=3)), max_size=12),
)
def test_whatever_happens_a_prompt_is_given_at_most_once_and_never_without_its_reason(
    state: InvitationState,
    required: bool,
    waived: bool,
    discussion: DiscussionState,
    answered: datetime | None,
    started: datetime | None,
    there: list[Attendance | None],
    sleeps: list[timedelta],
) -> None:
    seat = Seat(
        state, required, waived, False, discussion, START, END, START, answered, started, there, next(iter(there), None)
    )
    for rule in (reminder, not_joined):
        given, now, each = 0, START - timedelta(hours=6), seat
        for sleep in sleeps:
            now += sleep
            step = rule(each, WATCH, now)
            if step is None or step.due_at > now:
                continue
            given += 1
            each = replace(each, done=(*each.done, Done(step.kind, step.rung, now)))
            assert discussion is DiscussionState.CONVENED
            assert rule is not_joined or (state in NAMED and now < START)
            assert rule is reminder or not any(mark in PRESENT for mark in there)
        assert given <= 1
