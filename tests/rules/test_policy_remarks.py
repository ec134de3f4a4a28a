"""What in a policy is allowed and looks like a slip."""

import pytest

from strategy.policy import example_text
from strategy.rules.policy import Policy
from strategy.rules.policy_reading import parse
from strategy.rules.policy_remarks import remarks


def test_the_example_has_nothing_to_remark(policy: Policy) -> None:
    assert remarks(policy) == ()


@pytest.mark.parametrize(
    ("was", "due", "said"),
    [("3 wd", "365 wd", True), ("3 wd", "61 wd", True), ("3 wd", "60 wd", False), ("72 h", "400 h", True)],
)
def test_a_target_due_later_than_any_known_is_remarked_and_not_refused(was: str, due: str, said: bool) -> None:
    text = example_text()
    assert f'due = "{was}"' in text
    found = remarks(parse(text.replace(f'due = "{was}"', f'due = "{due}"', 1)))
    assert bool(found) is said
    assert all("is it meant?" in words for words in found)
