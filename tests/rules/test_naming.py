"""Holds when what was typed names an organisation, and above all when it does not."""

import pytest

from strategy.rules.naming import named, same_name

SCHOOLS = ("Sample Primary School", "Sample Academy", "Example Village School", "St Mary's C of E Primary School")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Sample Primary School", "Sample Primary School"),
        ("  sample  PRIMARY school ", "Sample Primary School"),
        ("Sample Primary", "Sample Primary School"),
        ("The Sample Primary School, Year 3", "Sample Primary School"),
        ("Mrs Lead (Sample Academy)", "Sample Academy"),
        ("Saint Marys C. of E. Primary School", "St Mary's C of E Primary School"),
        ("example village", "Example Village School"),
    ],
)
def test_the_same_words_name_it_whatever_the_case_and_punctuation(typed: str, name: str) -> None:
    assert named(typed, SCHOOLS) == (name,)


@pytest.mark.parametrize(
    "typed",
    ["", "School", "Sample", "Primary School", "Village Primary", "St Mary's", "Sample Primary Academy", "Oak School"],
)
def test_a_likeness_is_not_a_name(typed: str) -> None:
    assert named(typed, SCHOOLS) == ()


def test_two_of_one_name_are_both_said() -> None:
    assert named("Oak", ("Oak School", "The Oak School")) == ("Oak School", "The Oak School")
    assert named("Oak School", ("Oak School", "The Oak School")) == ("Oak School",)


def test_two_ways_of_typing_one_name_are_the_same() -> None:
    assert same_name("St. Mary's  School") == same_name("saint marys school") != same_name("St John's School")
