"""Holds the example policy and its calendar, as every rules test sees them."""

import pytest

from strategy import holidays
from strategy.policy import example_text
from strategy.rules.policy import Policy
from strategy.rules.policy_reading import parse
from strategy.rules.working_time import Calendar


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The shipped example."""
    return parse(example_text())


@pytest.fixture(scope="session")
def calendar(policy: Policy) -> Calendar:
    """England and Wales, no closure days, close of business at 17:00."""
    return policy.calendar(holidays.of(policy.nation))
