"""Holds what must be true of every chase, whatever was done and however long the machine slept."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from strategy import holidays
from strategy.policy import example_text
from strategy.rules.chase import Done, Facts, Step, next_step, upcoming
from strategy.rules.policy_reading import parse
from strategy.rules.working_time import OpeningHours
from strategy.vocabulary import NAMED, Attendance, ChaseKind, DiscussionState, InvitationState, StepKind

POLICY = parse(example_text())
CALENDAR = POLICY.calendar(holidays.of(POLICY.nation))
LADDER = POLICY.ladders["police"]
GAP = timedelta(minutes=POLICY.chase.minimum_gap_minutes)
# Withdrawn is nobody's to answer any more; "not our child" is the convener's to settle, no longer that agency's.
OVER = {*NAMED, InvitationState.WITHDRAWN, InvitationState.NOT_OURS}
UNNAMED = [state for state in InvitationState if state not in OVER]

invitations = st.integers(1_767_225_600, 1_830_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
windows = st.timedeltas(timedelta(minutes=1), timedelta(days=3)).map(
    lambda span: timedelta(seconds=int(span.total_seconds()))
)
parts = st.floats(0, 1, exclude_max=True)
jumps = st.lists(st.timedeltas(timedelta(), timedelta(hours=30)), max_size=40)


@st.composite
def chases(draw: st.DrawFn) -> Facts:
    """An invitation of a required role whom nobody has named yet."""
    invited = draw(invitations)
    window = draw(windows)
    news = st.none() | parts.map(lambda part: invited + window * part)
    return Facts(
        kind=ChaseKind.BEFORE,
        required=True,
        calendar=CALENDAR,
        discussion=DiscussionState.CONVENED,
        starts_at=invited + window,
        hours=draw(st.sampled_from([None, OpeningHours.always(), OpeningHours.weekdays(time(9), time(17))])),
        invited_at=invited,
        urgent=draw(st.booleans()),
        immediate_risk=draw(st.booleans()),
        state=draw(st.sampled_from(UNNAMED)),
        answered_at=draw(news),
        undeliverable_at=draw(news),
    )


def climb(facts: Facts, sleeps: list[timedelta]) -> Facts:
    """Do what is due, sleep, do what is due …, as a worker does, and hold each step against what must be true."""
    assert facts.invited_at is not None
    now = facts.invited_at
    for sleep in [timedelta(), *sleeps]:
        now = min(now + sleep, facts.starts_at)
        step = next_step(facts, POLICY.chase, LADDER, now)
        if step is None or step.due_at > now:
            continue
        assert _last_call(step, facts) or all(now - one.at >= GAP for one in facts.done), "closer than the gap"
        told = [one.rung for one in facts.done if one.rung is not None]
        assert step.kind is StepKind.CHAIR_CALL or (step.rung is not None and step.rung > max(told, default=-1))
        facts = replace(facts, done=(*facts.done, Done(step.kind, step.rung, now)))
        again = next_step(facts, POLICY.chase, LADDER, now)
        assert again is None or again.due_at > now or _last_call(again, facts), "a burst"
    return facts


def _last_call(step: Step, facts: Facts) -> bool:
    """Whether this is the one call to our own people for which the gap before the start leaves no other time."""
    called = any(one.kind is StepKind.CHAIR_CALL for one in facts.done)
    return step.kind is StepKind.CHAIR_CALL and not called and step.due_at >= facts.starts_at - GAP


@given(chases(), jumps)
def test_no_rung_is_told_twice_and_none_burst(facts: Facts, sleeps: list[timedelta]) -> None:
    climb(facts, sleeps)


@given(chases(), jumps, parts)
def test_silence_always_has_a_next_step_until_somebody_of_ours_has_rung(
    facts: Facts, sleeps: list[timedelta], part: float
) -> None:
    facts = climb(facts, sleeps)
    assert facts.invited_at is not None
    last = max((one.at for one in facts.done), default=facts.invited_at)
    now = last + (facts.starts_at - last) * part
    called = any(one.kind is StepKind.CHAIR_CALL for one in facts.done)
    if now < facts.starts_at and (last + GAP < facts.starts_at or not called):
        step = next_step(facts, POLICY.chase, LADDER, now)
        assert step is not None
        assert step.due_at < facts.starts_at
        assert step.rung is None or step.rung <= 3


@given(chases())
def test_the_rung_that_is_said_to_come_is_the_rung_that_comes(facts: Facts) -> None:
    assert facts.invited_at is not None
    for coming in upcoming(facts, POLICY.chase, LADDER, facts.invited_at, limit=10):
        then = next_step(facts, POLICY.chase, LADDER, coming.due_at)
        assert then is not None and (then.kind, then.rung) == (coming.kind, coming.rung)
        facts = replace(facts, done=(*facts.done, Done(coming.kind, coming.rung, max(coming.due_at, facts.invited_at))))


@given(chases(), parts)
def test_a_step_not_done_stays_the_next_one_until_it_is_due(facts: Facts, part: float) -> None:
    assert facts.invited_at is not None
    step = next_step(facts, POLICY.chase, LADDER, facts.invited_at)
    if step is not None and step.due_at > facts.invited_at:
        between = facts.invited_at + (step.due_at - facts.invited_at) * part
        assert next_step(facts, POLICY.chase, LADDER, between) == step


@given(chases())
def test_what_is_coming_comes_in_order_and_before_the_start(facts: Facts) -> None:
    assert facts.invited_at is not None
    coming = upcoming(facts, POLICY.chase, LADDER, facts.invited_at, limit=400)
    for one, other in zip(coming, coming[1:], strict=False):
        last_call = other is coming[-1] and other.kind is StepKind.CHAIR_CALL and one.kind is StepKind.RUNG
        assert last_call or other.due_at - max(one.due_at, facts.invited_at) >= GAP
    assert all(one.due_at < facts.starts_at for one in coming)
    rungs = [one.rung for one in coming if one.kind is StepKind.RUNG]
    assert rungs == sorted(set(rungs), key=lambda rung: -1 if rung is None else rung)
    # three days of calls a quarter of an hour apart are 288
    assert len(coming) < 400


@given(chases(), st.sampled_from(sorted(NAMED)), jumps)
def test_a_name_ends_the_chase_wherever_it_stands(
    facts: Facts, state: InvitationState, sleeps: list[timedelta]
) -> None:
    facts = replace(climb(facts, sleeps), state=state)
    assert facts.invited_at is not None
    assert upcoming(facts, POLICY.chase, LADDER, facts.invited_at) == ()


@given(invitations, st.lists(st.timedeltas(timedelta(), timedelta(days=20)), max_size=12))
def test_an_unexplained_absence_never_runs_out_of_steps(held: datetime, sleeps: list[timedelta]) -> None:
    facts = Facts(
        kind=ChaseKind.AFTER,
        required=True,
        calendar=CALENDAR,
        discussion=DiscussionState.SIGNED,
        starts_at=held,
        held_at=held,
        attendance=Attendance.DID_NOT_ATTEND,
    )
    now = held
    for sleep in sleeps:
        now += sleep
        step = next_step(facts, POLICY.chase, LADDER, now)
        assert step is not None
        told = [one.rung for one in facts.done if one.rung is not None]
        assert step.rung == (len(told) if len(told) <= LADDER.top else None)
        if step.due_at <= now:
            facts = replace(facts, done=(*facts.done, Done(step.kind, step.rung, now)))
            again = next_step(facts, POLICY.chase, LADDER, now)
            assert again is not None
            assert again.due_at > now
