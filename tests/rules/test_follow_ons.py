"""Holds the clocks of follow-ons: what a concern asks for after its first discussion."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from strategy.rules.policy import Policy, Span
from strategy.rules.targets import FollowOnDue, Held, follow_ons
from strategy.rules.working_time import Calendar
from strategy.vocabulary import SpanUnit

START = datetime(2026, 11, 24, 10, tzinfo=UTC)  # a Tuesday
FIRST = START + timedelta(hours=20)


def one(policy: Policy, calendar: Calendar, code: str, *held: Held) -> FollowOnDue:
    (found,) = follow_ons(policy, calendar, [code], START, held)
    return found


def test_complex_abuse_wants_a_full_meeting_within_72_hours_of_the_decision(policy: Policy, calendar: Calendar) -> None:
    found = one(policy, calendar, "complex")
    assert (found.label, found.rule) == ("A full meeting", "72 hours from the start of the clock")
    assert found.due_at == START + timedelta(hours=72)
    assert not found.is_running


def test_once_the_first_is_held_its_clock_is_the_one_that_runs(policy: Policy, calendar: Calendar) -> None:
    found = one(policy, calendar, "complex", Held(FIRST, meeting=False))
    assert found.is_running
    assert not found.is_past(START + timedelta(hours=72))
    assert found.is_past(START + timedelta(hours=72, seconds=1))


def test_only_a_later_meeting_meets_it_and_no_phone_call(policy: Policy, calendar: Calendar) -> None:
    call, meeting = Held(FIRST + timedelta(hours=5), meeting=False), Held(FIRST + timedelta(hours=9))
    assert one(policy, calendar, "complex", Held(FIRST), call).is_running
    met = one(policy, calendar, "complex", meeting, Held(FIRST), call)  # in any order
    assert (met.met_at, met.is_running) == (meeting.at, False)
    assert not met.is_past(START + timedelta(days=30))


def test_a_review_counts_from_the_discussion_and_has_no_time_before_it(policy: Policy, calendar: Calendar) -> None:
    before = one(policy, calendar, "lado")
    assert (before.due_at, before.is_running) == (None, False)
    assert not before.is_past(START + timedelta(days=99))
    after = one(policy, calendar, "lado", Held(FIRST))
    # 28 days after Wednesday 25 November, to the end of the local day
    assert after.due_at == datetime(2026, 12, 23, 23, 59, 59, tzinfo=UTC)
    assert one(policy, calendar, "lado", Held(FIRST), Held(FIRST + timedelta(days=9))).met_at is not None


def test_a_weekly_discussion_is_due_a_week_after_the_last_until_the_final_one(
    policy: Policy, calendar: Calendar
) -> None:
    held = [Held(FIRST), Held(FIRST + timedelta(days=6))]
    (found,) = follow_ons(policy, calendar, ["missing"], START, held)
    assert found.due_at == datetime(2026, 12, 8, 23, 59, 59, tzinfo=UTC)
    assert found.is_running
    assert follow_ons(policy, calendar, ["missing"], START, held, final=True) == ()


def test_the_soonest_comes_first_and_what_has_no_time_yet_last(policy: Policy, calendar: Calendar) -> None:
    found = follow_ons(policy, calendar, ["lado", "complex", "standard"], START, [])
    assert [one.concern for one in found] == ["complex", "lado"]


def test_it_warns_where_policy_says_so_from_the_same_start(policy: Policy, calendar: Calendar) -> None:
    assert one(policy, calendar, "complex").warn_at == START + timedelta(hours=48)
    assert one(policy, calendar, "lado").warn_at is None
    assert one(policy, calendar, "lado", Held(FIRST)).warn_at == datetime(2026, 12, 16, 23, 59, 59, tzinfo=UTC)


def test_one_that_somebody_said_is_not_needed_neither_runs_nor_passes(policy: Policy, calendar: Calendar) -> None:
    waived = replace(one(policy, calendar, "complex", Held(FIRST)), waived=True)
    assert not waived.is_running
    assert not waived.is_past(START + timedelta(days=99))


def test_closure_days_lengthen_a_follow_on_in_working_days(policy: Policy, calendar: Calendar) -> None:
    (follow,) = policy.target("lado").follow_ons
    in_working_days = replace(follow, after=Span(1, SpanUnit.WORKING_DAYS), warn=None)
    lado = replace(policy.target("lado"), follow_ons=(in_working_days,))
    policy = replace(policy, targets={**policy.targets, "lado": lado})
    assert one(policy, calendar, "lado", Held(FIRST)).due_at == datetime(2026, 11, 26, 17, tzinfo=UTC)
    shut = replace(calendar, closure_days=frozenset({datetime(2026, 11, 26, tzinfo=UTC).date()}))
    assert one(policy, shut, "lado", Held(FIRST)).due_at == datetime(2026, 11, 27, 17, tzinfo=UTC)
