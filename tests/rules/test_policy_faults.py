"""The words in which a policy's faults are said."""

from strategy.policy import example_text
from tests.rules.test_policy_reading import problems


def test_what_stands_twice_is_said_in_plain_words_with_its_line_once() -> None:
    (table,) = problems("[targets.icpc]", "[targets.standard]")
    line = example_text().splitlines().index("[targets.icpc]") + 1
    words = "the table [targets.standard] stands here a second time: give each only once"
    assert str(table) == f"the file (line {line}): {words}"
    (key,) = problems('due = "3 wd"', 'due = "3 wd"\ndue = "3 wd"')
    assert key.what == "this key stands here a second time: give each only once" and key.line


def test_a_target_or_a_key_of_another_spelling_is_said_with_the_one_meant() -> None:
    found = {one.where: one for one in problems("[targets.icpc]", "[targets.icpcc]")}
    words = "there must be a target called 'icpc', asked for by name: is 'icpcc' meant to be it?"
    assert found["targets.icpcc"].what == words
    assert found["targets.icpcc"].line == example_text().splitlines().index("[targets.icpc]") + 1
    near = problems('due = "3 wd"', 'dew = "3 wd"')
    assert "is not a key of this table: is 'due' meant?" in [one.what for one in near]
