"""Holds the clocks of follow-ons: what a concern asks for after its first discussion."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from strategy.rules.policy import Policy
from strategy.rules.targets import FollowOnDue, Held, follow_ons
from strategy.rules.working_time import Calendar

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


def test_an_emergency_owes_a_full_discussion_by_its_own_target(policy: Policy, calendar: Calendar) -> None:
    (found,) = follow_ons(policy, calendar, ["standard"], START, [Held(FIRST, meeting=False)], emergency=True)
    assert found.concern == "emergency-follow-up"
    assert found.due_at == datetime(2026, 11, 26, 17, tzinfo=UTC)
    assert found.is_running
    assert follow_ons(policy, calendar, ["standard"], START, [], emergency=True) == ()


def test_the_soonest_comes_first_and_what_has_no_time_yet_last(policy: Policy, calendar: Calendar) -> None:
    found = follow_ons(policy, calendar, ["lado", "complex", "standard"], START, [])
    assert [one.concern for one in found] == ["complex", "lado"]


def test_closure_days_lengthen_a_follow_on_in_working_days(policy: Policy, calendar: Calendar) -> None:
    shut = replace(calendar, closure_days=frozenset({datetime(2026, 11, 26, tzinfo=UTC).date()}))
    (found,) = follow_ons(policy, shut, ["standard"], START, [Held(FIRST)], emergency=True)
    assert found.due_at == datetime(2026, 11, 27, 17, tzinfo=UTC)
