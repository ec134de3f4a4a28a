"""Holds that each concern's clock starts with the event its policy names, and that the strictest wins."""

from datetime import UTC, datetime, timedelta

from strategy.policy import example_text
from strategy.rules.clocks import ClockEvents, asks_identified, from_identified, strictest_of
from strategy.rules.policy import Policy
from strategy.rules.policy_editing import Edit, edited
from strategy.rules.policy_reading import parse
from strategy.rules.working_time import Calendar
from strategy.vocabulary import ClockStart

RECEIVED = datetime(2026, 11, 26, 9, tzinfo=UTC)
IDENTIFIED = RECEIVED + timedelta(hours=5)
DECIDED = RECEIVED + timedelta(hours=20)
ALL = ClockEvents(RECEIVED, DECIDED, IDENTIFIED)


def starting(code: str, start: ClockStart) -> Policy:
    return parse(edited(example_text(), [Edit(("targets", code), "starts", start.value)]))


def test_the_clock_starts_with_the_event_its_row_names(calendar: Calendar) -> None:
    moments = {
        ClockStart.CONTACT_RECEIVED: RECEIVED,
        ClockStart.DECISION: DECIDED,
        ClockStart.CONCERN_IDENTIFIED: IDENTIFIED,
    }
    for start, moment in moments.items():
        found = strictest_of(["complex"], ALL, starting("complex", start), calendar)
        assert found is not None
        assert (found.clock_started_at, found.due_at) == (moment, moment + timedelta(hours=24))


def test_each_concern_runs_from_its_own_event_and_the_strictest_wins(calendar: Calendar) -> None:
    policy = starting("missing", ClockStart.CONTACT_RECEIVED)
    late = ClockEvents(RECEIVED, RECEIVED + timedelta(hours=60))
    found = strictest_of(["complex", "missing"], late, policy, calendar)
    assert found is not None
    assert (found.concern, found.due_at) == ("missing", RECEIVED + timedelta(hours=72))


def test_a_clock_whose_event_nobody_told_of_has_not_started(policy: Policy, calendar: Calendar) -> None:
    assert strictest_of(["standard"], ClockEvents(RECEIVED), policy, calendar) is None
    found = strictest_of(
        ["standard"], ClockEvents(RECEIVED), starting("standard", ClockStart.CONTACT_RECEIVED), calendar
    )
    assert found is not None
    assert found.clock_started_at == RECEIVED


def test_only_a_row_that_starts_so_asks_when_the_concern_was_identified(policy: Policy) -> None:
    assert not asks_identified(policy)
    own = starting("complex", ClockStart.CONCERN_IDENTIFIED)
    assert asks_identified(own)
    assert [target.code for target in from_identified(own, ["standard", "complex"])] == ["complex"]
