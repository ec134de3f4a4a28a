"""Whom a conflict of interest bars: by who they are, by where they read, by the name somebody types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.rules.conflicts import NOBODY, Conflicts, address, name

BARRED = Conflicts(
    people=frozenset({7}),
    desks=frozenset({3}),
    users=frozenset({5}),
    addresses=frozenset({"head@school.example", "+447700900031"}),
    names=frozenset({"hal head"}),
)


@given(st.integers(), st.text(), st.text())
def test_where_nobody_is_named_nobody_is_barred(number: int, email: str, typed: str) -> None:
    assert not NOBODY
    assert not NOBODY.person(number, email) and not NOBODY.desk(number, email) and not NOBODY.named(typed)


@pytest.mark.parametrize("given", ["head@school.example", " Head@School.Example ", "+447700900031"])
def test_an_address_is_theirs_however_it_is_written(given: str) -> None:
    assert BARRED.read(None, given)
    assert BARRED.person(99, given) and BARRED.desk(99, given)


def test_somebody_else_is_not_barred() -> None:
    assert not BARRED.person(8, "dsl@school.example", None)
    assert not BARRED.desk(7, "dsl@school.example")  # a person's number is no desk's
    assert not BARRED.person(None) and not BARRED.named(None) and not BARRED.named("")


def test_they_are_barred_themselves_whatever_the_address() -> None:
    assert BARRED.person(7) and BARRED.desk(3)
    assert BARRED.named("  HAL   Head ")


@given(st.text())
def test_comparing_twice_changes_nothing(given: str) -> None:
    assert address(address(given)) == address(given)
    assert name(name(given)) == name(given)
