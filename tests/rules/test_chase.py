"""Holds how both ladders are climbed, by the domain's own worked examples and by what stops or hurries them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from strategy.rules.chase import Done, Facts, Step, next_step, upcoming
from strategy.rules.policy import Policy
from strategy.rules.working_time import Calendar, OpeningHours
from strategy.vocabulary import Attendance, ChaseKind, DiscussionState, InvitationState, StepKind

OFFICE = OpeningHours.weekdays(time(9), time(17))
FRIDAY, MONDAY = 27, 30


def at(hour: int, minute: int = 0, second: int = 0, day: int = FRIDAY) -> datetime:
    """A moment of late November 2026, when London is on UTC."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


@pytest.fixture
def today(calendar: Calendar) -> Facts:
    """Invited at 12:50 for 15:30 the same day, nobody has answered."""
    return Facts(
        kind=ChaseKind.BEFORE,
        required=True,
        calendar=calendar,
        discussion=DiscussionState.CONVENED,
        starts_at=at(15, 30),
        hours=OFFICE,
        invited_at=at(12, 50),
    )


@pytest.fixture
def absent(calendar: Calendar) -> Facts:
    """Held on Friday at 15:30; nobody came and nobody has said why."""
    return Facts(
        kind=ChaseKind.AFTER,
        required=True,
        calendar=calendar,
        discussion=DiscussionState.HELD,
        starts_at=at(15, 30),
        held_at=at(15, 30),
        attendance=Attendance.DID_NOT_ATTEND,
    )


def step(facts: Facts, policy: Policy, now: datetime) -> Step | None:
    return next_step(facts, policy.chase, policy.ladders["police"], now)


def what(found: Step | None) -> tuple[StepKind, int | None, datetime] | None:
    return (found.kind, found.rung, found.due_at) if found else None


def rungs(facts: Facts, policy: Policy, now: datetime) -> list[tuple[int | None, datetime]]:
    coming = upcoming(facts, policy.chase, policy.ladders["police"], now)
    return [(one.rung, one.due_at) for one in coming if one.kind is StepKind.RUNG]


def done(rung: int | None, moment: datetime) -> Done:
    return Done(StepKind.CHAIR_CALL if rung is None else StepKind.RUNG, rung, moment)


def test_an_invitation_on_friday_evening_is_chased_on_monday_morning(today: Facts, policy: Policy) -> None:
    facts = replace(today, invited_at=at(16, 50), starts_at=at(10, day=MONDAY))
    assert rungs(facts, policy, at(16, 50)) == [
        (0, at(9, 7, 30, day=MONDAY)),
        (1, at(9, 25, day=MONDAY)),
        (2, at(9, 42, 30, day=MONDAY)),
        (3, at(9, 53, day=MONDAY)),
    ]


def test_an_invitation_for_the_same_afternoon_is_chased_at_the_shares(today: Facts, policy: Policy) -> None:
    assert rungs(today, policy, at(12, 50)) == [(0, at(13, 30)), (1, at(14, 10)), (2, at(14, 50)), (3, at(15, 14))]


def test_the_first_rung_waits_one_open_hour_at_most(today: Facts, policy: Policy) -> None:
    facts = replace(today, invited_at=at(16, 30, day=25), starts_at=at(15, 30))
    assert rungs(facts, policy, at(16, 30, day=25))[0] == (0, at(9, 30, day=26))


def test_an_urgent_ladder_runs_through_the_night(today: Facts, policy: Policy) -> None:
    facts = replace(today, urgent=True, invited_at=at(22), starts_at=at(2, day=28))
    assert rungs(facts, policy, at(22)) == [
        (0, at(23)),
        (1, at(0, day=28)),
        (2, at(1, day=28)),
        (3, at(1, 36, day=28)),
    ]


def test_a_desk_that_will_not_open_before_the_start_is_chased_by_the_clock(today: Facts, policy: Policy) -> None:
    facts = replace(today, invited_at=at(17, 30), starts_at=at(21, 30))
    assert rungs(facts, policy, at(17, 30)) == [(0, at(18, 30)), (1, at(19, 30)), (2, at(20, 30)), (3, at(21, 6))]


def test_a_desk_whose_hours_nobody_knows_is_chased_by_the_clock(today: Facts, policy: Policy) -> None:
    facts = replace(today, hours=None, invited_at=at(16), starts_at=at(20))
    assert rungs(facts, policy, at(16)) == [(0, at(17)), (1, at(18)), (2, at(19)), (3, at(19, 36))]


@pytest.mark.parametrize("state", [InvitationState.COMING, InvitationState.DEPUTY, InvitationState.WITHDRAWN])
def test_a_name_or_a_withdrawal_ends_the_chase(state: InvitationState, today: Facts, policy: Policy) -> None:
    assert step(replace(today, state=state, answered_at=at(13)), policy, at(13)) is None


def test_a_waiver_ends_the_chase(today: Facts, policy: Policy) -> None:
    assert step(replace(today, waived=True), policy, at(13)) is None


def test_an_optional_role_is_not_chased(today: Facts, policy: Policy) -> None:
    assert step(replace(today, required=False), policy, at(13)) is None


@pytest.mark.parametrize("state", [DiscussionState.HELD, DiscussionState.SIGNED, DiscussionState.STOOD_DOWN])
def test_nobody_is_chased_for_a_discussion_that_is_over(state: DiscussionState, today: Facts, policy: Policy) -> None:
    assert step(replace(today, discussion=state), policy, at(13)) is None


def test_nobody_is_chased_from_the_start_on(today: Facts, policy: Policy) -> None:
    assert step(today, policy, at(15, 29, 59)) is not None
    assert step(today, policy, at(15, 30)) is None


def test_a_desk_that_accepted_is_spared_the_second_rung_and_no_other(today: Facts, policy: Policy) -> None:
    facts = replace(today, state=InvitationState.NAME_NEEDED, answered_at=at(13))
    assert rungs(facts, policy, at(13)) == [(0, at(13, 30)), (2, at(14, 50)), (3, at(15, 14))]


def test_a_report_is_no_attendance_so_the_ladder_is_climbed_on(today: Facts, policy: Policy) -> None:
    facts = replace(today, state=InvitationState.REPORT_ONLY, answered_at=at(13))
    assert rungs(facts, policy, at(13)) == rungs(today, policy, at(13))


def test_a_decline_climbs_at_once_and_once(today: Facts, policy: Policy) -> None:
    facts = replace(today, state=InvitationState.DECLINED, answered_at=at(13, 40), done=(done(0, at(13, 30)),))
    assert what(step(facts, policy, at(13, 41))) == (StepKind.RUNG, 1, at(13, 40))
    climbed = replace(facts, done=(*facts.done, done(1, at(13, 41))))
    assert what(step(climbed, policy, at(13, 41))) == (StepKind.RUNG, 2, at(14, 50))


def test_a_second_decline_climbs_once_more(today: Facts, policy: Policy) -> None:
    facts = replace(
        today,
        state=InvitationState.DECLINED,
        answered_at=at(14),
        done=(done(0, at(13, 30)), done(1, at(13, 41))),
    )
    assert what(step(facts, policy, at(14))) == (StepKind.RUNG, 2, at(14))


def test_a_desk_that_declined_is_not_reminded_but_its_supervisor_told(today: Facts, policy: Policy) -> None:
    facts = replace(today, state=InvitationState.DECLINED, answered_at=at(12, 55))
    assert what(step(facts, policy, at(12, 55))) == (StepKind.RUNG, 1, at(12, 55))


def test_a_message_nobody_got_climbs_at_once(today: Facts, policy: Policy) -> None:
    facts = replace(today, undeliverable_at=at(12, 52))
    found = step(facts, policy, at(12, 52))
    assert what(found) == (StepKind.RUNG, 1, at(12, 52))
    assert found is not None
    assert found.because == "no message has reached them"


def test_five_minutes_lie_between_two_steps_even_after_a_decline(today: Facts, policy: Policy) -> None:
    facts = replace(today, state=InvitationState.DECLINED, answered_at=at(13, 31), done=(done(0, at(13, 30)),))
    assert what(step(facts, policy, at(13, 31))) == (StepKind.RUNG, 1, at(13, 35))


def test_a_routine_decline_at_night_waits_for_the_desk_to_open(today: Facts, policy: Policy) -> None:
    facts = replace(
        today,
        invited_at=at(16, 50),
        starts_at=at(15, day=MONDAY),
        state=InvitationState.DECLINED,
        answered_at=at(3, 29, day=28),
    )
    assert what(step(facts, policy, at(3, 29, day=28))) == (StepKind.RUNG, 1, at(9, day=MONDAY))
    urgent = replace(facts, urgent=True)
    assert what(step(urgent, policy, at(3, 29, day=28))) == (StepKind.RUNG, 1, at(3, 29, day=28))


def test_wild_15_rungs_slept_through_collapse_into_the_highest(today: Facts, policy: Policy) -> None:
    assert what(step(today, policy, at(14, 10))) == (StepKind.RUNG, 1, at(14, 10))
    assert what(step(today, policy, at(15))) == (StepKind.RUNG, 2, at(14, 50))
    told = replace(today, done=(done(2, at(15)),))
    assert what(step(told, policy, at(15))) == (StepKind.RUNG, 3, at(15, 14))


def test_a_short_window_keeps_the_gap_and_climbs_as_far_as_it_can(today: Facts, policy: Policy) -> None:
    facts = replace(today, invited_at=at(15, 18), starts_at=at(15, 30))
    assert rungs(facts, policy, at(15, 18)) == [(0, at(15, 21)), (1, at(15, 26))]


def test_immediate_risk_begins_with_the_supervisor_at_once(today: Facts, policy: Policy) -> None:
    facts = replace(today, immediate_risk=True, urgent=True, invited_at=at(13), starts_at=at(15))
    assert rungs(facts, policy, at(13)) == [(1, at(13)), (2, at(14)), (3, at(14, 30))]


def test_a_partnership_says_at_which_rung_immediate_risk_begins(today: Facts, policy: Policy) -> None:
    facts = replace(today, immediate_risk=True, urgent=True, invited_at=at(13), starts_at=at(15))
    at_the_desk = replace(policy, chase=replace(policy.chase, immediate_risk_rung=0))
    assert rungs(facts, at_the_desk, at(13)) == [(0, at(13, 30)), (1, at(14)), (2, at(14, 30)), (3, at(14, 48))]
    higher = replace(policy, chase=replace(policy.chase, immediate_risk_rung=2))
    assert rungs(facts, higher, at(13)) == [(2, at(13)), (3, at(14))]


def test_after_the_top_the_chair_is_called_until_the_start(today: Facts, policy: Policy) -> None:
    facts = replace(today, urgent=True, starts_at=at(22, 50))
    calls = [
        one.due_at
        for one in upcoming(facts, policy.chase, policy.ladders["police"], at(12, 50))
        if one.kind is StepKind.CHAIR_CALL
    ]
    # the top rung falls at 21:50; within the last quarter of an hour the gap alone holds the calls apart
    assert calls == [at(22, 5), at(22, 20), at(22, 35), at(22, 40), at(22, 45)]


def test_a_routine_call_to_the_chair_does_not_come_at_night(today: Facts, policy: Policy) -> None:
    facts = replace(today, starts_at=at(12, day=MONDAY), done=(done(3, at(16, 50)),))
    assert what(step(facts, policy, at(16, 50))) == (StepKind.CHAIR_CALL, None, at(9, 5, day=MONDAY))


def test_a_desk_shut_for_good_leaves_the_chair_its_night(today: Facts, policy: Policy) -> None:
    saturday = replace(today, starts_at=at(17, 20, day=28), done=(done(3, at(16, 50)),))
    coming = upcoming(saturday, policy.chase, policy.ladders["police"], at(16, 50), limit=3)
    assert [one.due_at for one in coming] == [at(16, 55), at(16, 20, day=28), at(16, 35, day=28)]


def test_calls_missed_while_asleep_are_made_once(today: Facts, policy: Policy) -> None:
    facts = replace(today, urgent=True, starts_at=at(22, 50), done=(done(3, at(21, 50)),))
    assert what(step(facts, policy, at(22, 30))) == (StepKind.CHAIR_CALL, None, at(22, 5))
    called = replace(facts, done=(*facts.done, done(None, at(22, 30))))
    assert what(step(called, policy, at(22, 30))) == (StepKind.CHAIR_CALL, None, at(22, 45))


def test_someone_absent_is_asked_at_once_then_after_two_five_and_two_working_days(
    absent: Facts, policy: Policy
) -> None:
    coming = upcoming(absent, policy.chase, policy.ladders["police"], at(16), limit=7)
    assert [(one.kind, one.rung, one.due_at) for one in coming] == [
        (StepKind.RUNG, 0, at(15, 30)),
        (StepKind.RUNG, 1, datetime(2026, 12, 1, 17, tzinfo=UTC)),
        (StepKind.RUNG, 2, datetime(2026, 12, 8, 17, tzinfo=UTC)),
        (StepKind.RUNG, 3, datetime(2026, 12, 10, 17, tzinfo=UTC)),
        (StepKind.RUNG, 4, datetime(2026, 12, 11, 17, tzinfo=UTC)),
        (StepKind.CHAIR_CALL, None, datetime(2026, 12, 14, 17, tzinfo=UTC)),
        (StepKind.CHAIR_CALL, None, datetime(2026, 12, 15, 17, tzinfo=UTC)),
    ]


def test_nobody_s_clock_runs_before_they_were_told(absent: Facts, policy: Policy) -> None:
    late = datetime(2026, 12, 11, 9, tzinfo=UTC)  # the machine slept for a fortnight: still the first rung, once
    assert what(step(absent, policy, late)) == (StepKind.RUNG, 0, at(15, 30))
    asked = replace(absent, done=(done(0, late),))
    assert what(step(asked, policy, late)) == (StepKind.RUNG, 1, datetime(2026, 12, 15, 17, tzinfo=UTC))


def test_whoever_did_not_come_without_a_word_is_asked_why(absent: Facts, policy: Policy) -> None:
    found = step(absent, policy, at(16))
    assert found is not None
    assert "no reason" in found.because


@pytest.mark.parametrize("attendance", [*(one for one in Attendance if one is not Attendance.DID_NOT_ATTEND), None])
def test_whoever_was_there_sent_word_or_is_not_yet_marked_is_not_asked(
    attendance: Attendance | None, absent: Facts, policy: Policy
) -> None:
    assert step(replace(absent, attendance=attendance), policy, at(16)) is None


@pytest.mark.parametrize(
    "change", [{"explained": True}, {"excused": True}, {"waived": True}, {"required": False}, {"held_at": None}]
)
def test_a_reason_or_a_waiver_ends_the_asking(change: dict[str, bool | None], absent: Facts, policy: Policy) -> None:
    assert step(replace(absent, **change), policy, at(16)) is None  # type: ignore[arg-type]  # one field of two types


def test_closure_days_lengthen_the_waits_afterwards(absent: Facts, policy: Policy) -> None:
    closed = replace(absent.calendar, closure_days=frozenset({date(2026, 11, 30)}))
    facts = replace(absent, calendar=closed, done=(done(0, at(16)),))
    assert what(step(facts, policy, at(16))) == (StepKind.RUNG, 1, datetime(2026, 12, 2, 17, tzinfo=UTC))


def test_what_is_coming_can_be_asked_up_to_a_moment(today: Facts, policy: Policy) -> None:
    coming = upcoming(today, policy.chase, policy.ladders["police"], at(12, 50), until=at(14, 10))
    assert [one.rung for one in coming] == [0, 1]


def test_what_is_coming_starts_with_what_is_overdue(today: Facts, policy: Policy) -> None:
    coming = upcoming(today, policy.chase, policy.ladders["police"], at(15))
    assert [(one.rung, one.due_at - today.starts_at) for one in coming] == [
        (2, timedelta(minutes=-40)),
        (3, timedelta(minutes=-16)),
        (None, timedelta(minutes=-1)),
    ]
