"""Fair notice: never reached, held early or told too late is nobody's fault at an agency."""

from datetime import UTC, datetime, timedelta

import pytest

from strategy.policy import example_text
from strategy.rules.notice import (
    BEYOND_THEM,
    HELD_EARLY,
    OURS_TO_SAY,
    SHORT_NOTICE,
    UNDELIVERED,
    beyond_them,
    held_early,
    told,
)
from strategy.rules.policy_reading import parse

PLANNED = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)
ASKED = PLANNED - timedelta(hours=3)
MINUTE = timedelta(minutes=1)
LEAST = 15 * MINUTE


@pytest.mark.parametrize(("minutes", "early"), [(51, True), (16, True), (15, False), (0, False), (-20, False)])
def test_more_than_a_quarter_of_an_hour_ahead_is_early(minutes: int, early: bool) -> None:
    began = PLANNED - timedelta(minutes=minutes)
    assert held_early(PLANNED, began, LEAST) is early
    assert beyond_them(PLANNED, began, ASKED, LEAST) == (HELD_EARLY if early else None)


def test_told_minutes_before_the_start_is_short_notice() -> None:
    assert beyond_them(PLANNED, PLANNED, PLANNED - 14 * MINUTE, LEAST) == SHORT_NOTICE
    assert beyond_them(PLANNED, PLANNED, PLANNED, LEAST) == SHORT_NOTICE
    assert beyond_them(PLANNED, PLANNED, PLANNED - 15 * MINUTE, LEAST) is None


def test_what_is_about_then_is_the_policys_to_say() -> None:
    began = PLANNED - 20 * MINUTE
    assert not held_early(PLANNED, began, 30 * MINUTE)
    assert beyond_them(PLANNED, began, began - 20 * MINUTE, 30 * MINUTE) == SHORT_NOTICE
    assert beyond_them(PLANNED, PLANNED, PLANNED - 20 * MINUTE, LEAST) is None


def test_whom_nothing_reached_could_not_come_whenever_it_was_held() -> None:
    assert beyond_them(PLANNED, PLANNED, None, LEAST) == UNDELIVERED
    assert beyond_them(PLANNED, PLANNED - timedelta(hours=1), None, LEAST) == UNDELIVERED


@pytest.mark.parametrize(
    ("delivered", "answered", "unreachable", "known"),
    [
        (None, None, False, None),
        (None, None, True, None),
        (5, None, False, 5),
        (5, None, True, 5),  # a later message got nowhere; the first had arrived
        (-60, None, False, 0),  # told of an earlier time, then asked for this one
        (-60, None, True, None),  # and the news of the move got nowhere
        (None, 20, True, 20),  # rung, and answered
        (5, 20, False, 5),
    ],
)
def test_an_agency_knows_once_a_message_arrived_or_it_answered(
    delivered: int | None, answered: int | None, unreachable: bool, known: int | None
) -> None:
    def at(minutes: int | None) -> datetime | None:
        return None if minutes is None else ASKED + minutes * MINUTE

    assert told(ASKED, at(delivered), at(answered), unreachable=unreachable) == at(known)


def test_the_example_policy_has_our_reasons() -> None:
    assert set(parse(example_text()).absence_reasons) >= BEYOND_THEM | OURS_TO_SAY
