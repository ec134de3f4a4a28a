"""What a policy says of the emergency duty team, and what holds where it says nothing."""

from datetime import time, timedelta

import pytest

from strategy.policy import example_text, parsed
from strategy.rules.policy_editing import Edit, edited
from strategy.rules.policy_reading import parse
from strategy.rules.policy_source import PolicyError
from strategy.rules.policy_words import facts


def test_the_example_has_its_figures_and_says_them() -> None:
    duty = parsed(example_text()).emergency_duty
    assert (duty.accept_within, duty.handover_at) == (timedelta(minutes=15), time(8))
    said = facts(parsed(example_text()))
    assert said["Chasing", "Out of hours", "the morning's list is out at"] == "08:00"


def test_a_version_stored_before_it_had_them_works_by_ours() -> None:
    text = edited(example_text(), [Edit((), "emergency_duty", None)])
    assert "emergency_duty" not in text
    assert parse(text).emergency_duty.accept_within_minutes == 15


@pytest.mark.parametrize(("key", "value"), [("accept_within_minutes", 0), ("handover_at", "eight")])
def test_a_figure_that_cannot_be_is_named(key: str, value: object) -> None:
    with pytest.raises(PolicyError, match=f"emergency_duty.{key}"):
        parse(edited(example_text(), [Edit(("emergency_duty",), key, value)]))
