"""When and where a discussion can be."""

from datetime import UTC, datetime, timedelta

import pytest

from strategy.rules.occasion import (
    FURTHEST,
    LONGEST,
    held_problem,
    needs_agreement,
    place_problem,
    time_passed,
    time_problem,
)
from strategy.rules.policy import Policy
from strategy.vocabulary import Mode

NOW = datetime(2026, 11, 27, 12, 50, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("starts", "length", "field"),
    [
        (timedelta(), MINUTE, "starts_at"),
        (MINUTE, MINUTE, None),
        (FURTHEST, MINUTE, None),
        (FURTHEST + MINUTE, MINUTE, "starts_at"),
        (MINUTE, timedelta(), "ends_at"),
        (MINUTE, LONGEST, None),
        (MINUTE, LONGEST + MINUTE, "ends_at"),
    ],
)
def test_a_time_is_still_to_come_soon_enough_and_has_a_length(
    starts: timedelta, length: timedelta, field: str | None
) -> None:
    found = time_problem(NOW + starts, NOW + starts + length, NOW)
    assert (found.field if found else None) == field


@pytest.mark.parametrize(
    ("mode", "join_url", "place", "field"),
    [
        (Mode.PHONE, None, None, None),
        (Mode.VIDEO, "https://meet.example/a", None, None),
        (Mode.VIDEO, None, None, "join_url"),
        (Mode.PHONE, "http://meet.example/a", None, "join_url"),
        (Mode.PHONE, "https://", None, "join_url"),
        (Mode.PHONE, "javascript:alert(1)", None, "join_url"),
        (Mode.IN_PERSON, None, None, "place"),
        (Mode.IN_PERSON, None, "Room 2", None),
        (Mode.SERIES_OF_CALLS, None, None, None),
    ],
)
def test_everybody_must_be_able_to_join(mode: Mode, join_url: str | None, place: str | None, field: str | None) -> None:
    found = place_problem(mode, join_url, place)
    assert (found.field if found else None) == field


@pytest.mark.parametrize(
    ("began", "ended", "field"),
    [
        (timedelta(hours=-1), timedelta(minutes=-20), None),
        (timedelta(0), timedelta(0), None),  # within the same minute as the page counts
        (timedelta(hours=-3), timedelta(hours=-3), None),  # the minute the contact came in
        (timedelta(hours=-3, minutes=-1), timedelta(hours=-3), "started_at"),
        (timedelta(minutes=1), timedelta(minutes=2), "started_at"),
        (timedelta(hours=-1), timedelta(minutes=1), "ended_at"),
        (timedelta(minutes=-20), timedelta(minutes=-21), "ended_at"),
    ],
)
def test_it_was_held_after_the_contact_came_in_and_before_now(
    began: timedelta, ended: timedelta, field: str | None
) -> None:
    received = NOW - timedelta(hours=3)
    found = held_problem(NOW + began, NOW + ended, received.replace(second=59), NOW)
    assert (found and found.field) == field


@pytest.mark.parametrize(
    ("ends", "started", "passed"),
    [
        (MINUTE, None, False),
        (timedelta(), None, True),
        (timedelta(), -45 * MINUTE, False),  # it runs over
        (-MINUTE, -LONGEST, True),
        (MINUTE, -LONGEST, False),
    ],
)
def test_its_time_has_passed_when_nobody_began_it_by_its_end_or_ended_it_within_hours(
    ends: timedelta, started: timedelta | None, passed: bool
) -> None:
    assert time_passed(NOW + ends, None if started is None else NOW + started, NOW) is passed


def test_it_lasted_four_hours_at_most() -> None:
    began = NOW - timedelta(hours=4, minutes=1)
    found = held_problem(began, NOW, began, NOW)
    assert found is not None and found.field == "ended_at"
    assert held_problem(began, NOW - timedelta(minutes=1), began, NOW) is None


@pytest.mark.parametrize(
    ("mode", "concerns", "needed"),
    [
        (Mode.PHONE, ["standard"], False),
        (Mode.PHONE, ["standard", "fii"], True),
        (Mode.VIDEO, ["fii"], False),
        (Mode.IN_PERSON, ["fii"], False),
        (Mode.SERIES_OF_CALLS, ["standard"], True),
        (Mode.PHONE, ["no-such-concern"], False),
    ],
)
def test_both_managers_agree_to_a_call_where_policy_wants_a_meeting_and_to_a_series_always(
    policy: Policy, mode: Mode, concerns: list[str], needed: bool
) -> None:
    assert needs_agreement(mode, policy, concerns) is needed
