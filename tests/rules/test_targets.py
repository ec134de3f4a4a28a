"""Holds what every deadline must be; the table is the domain's own, written out again by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy import holidays
from strategy.policy import example_text
from strategy.rules.policy import Policy, UnknownTarget
from strategy.rules.policy_reading import parse
from strategy.rules.targets import deadline, strictest
from strategy.rules.working_time import Calendar, local_day

EXAMPLE = parse(example_text())
KNOWN = EXAMPLE.calendar(holidays.of(EXAMPLE.nation))
# Wednesday 23 December 2026, half an hour before close of business
START = datetime(2026, 12, 23, 16, 30, tzinfo=UTC)


def at(day: int, hour: int = 17, minute: int = 0, second: int = 0, month: int = 12, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


TABLE = {
    "standard": (at(24), at(30), False),
    "immediate-risk": (at(23, 17, 30), at(23, 18, 30), True),
    "serious-injury": (at(23, 20, 30), at(23, 23, 59, 59), True),
    "recent-sexual-abuse": (at(23, 20, 30), at(23, 23, 59, 59), True),
    "complex": (at(24, 4, 30), at(24, 16, 30), True),
    "lado": (at(30), at(4, month=1, year=2027), False),
    "fii": (at(30), at(4, month=1, year=2027), False),
    "hospital": (at(24), at(30), False),
    "missing": (at(25, 16, 30), at(26, 16, 30), True),
    "housing-16-17": (at(23, 20, 30), at(23, 23, 59, 59), True),
    "child-death-siblings": (at(24, 4, 30), at(24, 16, 30), True),
    "unborn": (at(29), at(30), False),
    "emergency-follow-up": (None, at(24), True),
    "s47-first": (at(24, 4, 30), at(24, 16, 30), True),
    "referral-decision": (None, at(24), False),
    "record": (None, at(24), False),
    "icpc": (date(2027, 1, 11), date(2027, 1, 18), False),
    "assessment": (date(2027, 2, 15), date(2027, 3, 1), False),
}


@pytest.mark.parametrize("code", TABLE)
def test_each_target_of_the_table_warns_and_is_due_on_time(code: str, policy: Policy, calendar: Calendar) -> None:
    found = deadline(code, START, policy, calendar)
    assert (found.warn_at, found.due_at, found.urgent) == TABLE[code]
    assert found.clock_started_at == START


def test_the_example_holds_just_the_targets_of_the_table(policy: Policy) -> None:
    assert set(policy.targets) == set(TABLE)


def test_a_rule_is_said_in_words_with_its_source(policy: Policy, calendar: Calendar) -> None:
    found = deadline("standard", START, policy, calendar)
    assert found.rule == "3 working days"
    assert found.source.startswith("Northumberland LSCB 2017")
    assert found.elapsed == "7 days 0 h 30 min"


def test_late_in_the_evening_same_day_still_leaves_four_hours(policy: Policy, calendar: Calendar) -> None:
    late = at(23, 22)
    found = deadline("serious-injury", late, policy, calendar)
    assert found.due_at == late + timedelta(hours=4)
    assert found.warn_at == found.due_at


@pytest.mark.parametrize(
    ("start", "due"),
    [
        # Sunday 28 March 2027 has 23 hours, Sunday 31 October 25: clock hours are elapsed hours
        (at(27, 20, month=3, year=2027), at(28, 20, month=3, year=2027)),
        (at(30, 20, month=10, year=2027), at(31, 20, month=10, year=2027)),
    ],
)
def test_wild_18_clock_hours_are_elapsed_hours_when_the_clocks_change(
    start: datetime, due: datetime, policy: Policy, calendar: Calendar
) -> None:
    assert deadline("complex", start, policy, calendar).due_at == due


def test_same_day_ends_with_the_local_day_in_summer(policy: Policy, calendar: Calendar) -> None:
    # 00:30 local on 6 July is still the 5th in UTC
    found = deadline("serious-injury", at(5, 23, 30, month=7, year=2027), policy, calendar)
    assert found.due_at == at(6, 22, 59, 59, month=7, year=2027)


def test_wild_18_a_working_day_limit_crosses_both_clock_changes_of_2027(policy: Policy, calendar: Calendar) -> None:
    spring = deadline("standard", at(25, 10, month=3, year=2027), policy, calendar)
    autumn = deadline("standard", at(28, 10, month=10, year=2027), policy, calendar)
    assert spring.due_at == at(1, 16, month=4, year=2027)
    assert autumn.due_at == at(2, 17, month=11, year=2027)


def test_the_conference_of_the_jubilee_weekend(policy: Policy, calendar: Calendar) -> None:
    assert deadline("icpc", at(2, 11, month=6, year=2022), policy, calendar).due_at == date(2022, 6, 24)


def test_closure_days_lengthen_local_targets_and_no_others(policy: Policy, calendar: Calendar) -> None:
    closed = replace(calendar, closure_days=frozenset({date(2026, 12, 24)}))
    for code in policy.targets:
        plain = deadline(code, START, policy, calendar)
        longer = deadline(code, START, policy, closed)
        moves = plain.rule.endswith(("working day", "working days")) and policy.targets[code].local
        assert (longer.due_moment > plain.due_moment) is moves, code
    assert [code for code, target in policy.targets.items() if not target.local] == [
        "referral-decision",
        "icpc",
        "assessment",
    ]


@given(
    st.sampled_from(sorted(TABLE)),
    st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2027-11-30")),
    st.timedeltas(timedelta(), timedelta(days=40)),
)
def test_no_target_warns_after_it_is_due_nor_falls_due_sooner_for_a_later_start(
    code: str, naive: datetime, later: timedelta
) -> None:
    start = naive.replace(tzinfo=UTC)
    found, after = (deadline(code, moment, EXAMPLE, KNOWN) for moment in (start, start + later))
    assert after.due_moment >= found.due_moment > start
    if isinstance(found.warn_at, datetime):
        assert start < found.warn_at <= found.due_moment
    elif found.warn_at is not None:
        assert isinstance(found.due_at, date)
        assert found.warn_at < found.due_at
    # what is counted in working days falls due on none that is not worked
    if "working" in found.rule:
        assert KNOWN.is_working_day(local_day(found.due_moment), EXAMPLE.target(code).local)


def test_the_strictest_concern_wins(policy: Policy, calendar: Calendar) -> None:
    found = [deadline(code, START, policy, calendar) for code in ("standard", "missing", "serious-injury", "icpc")]
    assert strictest(found).concern == "serious-injury"


def test_of_two_due_together_the_urgent_one_is_named(policy: Policy, calendar: Calendar) -> None:
    found = [deadline(code, START, policy, calendar) for code in ("record", "emergency-follow-up")]
    assert strictest(found).concern == "emergency-follow-up"


def test_reclassifying_keeps_the_start(policy: Policy, calendar: Calendar) -> None:
    first = deadline("standard", START, policy, calendar)
    again = deadline("immediate-risk", first.clock_started_at, policy, calendar)
    assert again.due_at == START + timedelta(hours=2)


def test_a_date_is_kept_until_its_last_second(policy: Policy, calendar: Calendar) -> None:
    found = deadline("icpc", START, policy, calendar)
    assert not found.is_past(at(18, 23, 59, 59, month=1, year=2027))
    assert found.is_past(at(19, 0, month=1, year=2027))
    assert not found.is_warned(at(10, 23, month=1, year=2027))
    assert found.is_warned(at(11, 0, month=1, year=2027))
    assert found.elapsed == ""


def test_a_moment_is_past_only_after_it(policy: Policy, calendar: Calendar) -> None:
    found = deadline("immediate-risk", START, policy, calendar)
    assert found.is_warned(START + timedelta(hours=1))
    assert not found.is_past(START + timedelta(hours=2))
    assert found.is_past(START + timedelta(hours=2, seconds=1))
    assert not deadline("record", START, policy, calendar).is_warned(at(25))


def test_a_start_in_another_zone_is_the_same_start(policy: Policy, calendar: Calendar) -> None:
    summer = datetime.fromisoformat("2027-07-05T10:00:00+01:00")
    assert deadline("immediate-risk", summer, policy, calendar).clock_started_at == at(5, 9, month=7, year=2027)


def test_an_unknown_concern_lists_those_there_are(policy: Policy, calendar: Calendar) -> None:
    with pytest.raises(UnknownTarget, match="immediate-risk"):
        deadline("neglect", START, policy, calendar)


def test_a_naive_start_is_refused(policy: Policy, calendar: Calendar) -> None:
    with pytest.raises(ValueError, match="naive"):
        deadline("complex", START.replace(tzinfo=None), policy, calendar)
