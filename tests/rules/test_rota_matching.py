"""Whom an entry of somebody else's rota means."""

import pytest

from strategy.rules.rota_matching import Known, match

KNOWN = (
    Known(1, "Pat Constable", "pat@police.example"),
    Known(2, "Dee Sergeant", "dee@police.example"),
    Known(3, "Ann Lee", None),
    Known(4, "Ann Lee-Smith", None),
)


@pytest.mark.parametrize(
    ("title", "attendees", "people"),
    [
        ("Early", [("Somebody", "PAT@police.example")], (1,)),
        ("Early (dee@police.example)", [], (2,)),
        ("Early", [("pat  constable", "elsewhere@mail.example")], (1,)),
        ("On call: PAT CONSTABLE, early", [], (1,)),
        ("PatConstable", [], (1,)),
        ("Dee Sergeant and Pat Constable", [], (2, 1)),
        ("Ann Lee-Smith", [], (4,)),
        ("Ann Lee", [], (3,)),
        ("Dee Sergeant", [("Pat", "pat@police.example")], (1,)),
    ],
)
def test_an_address_goes_before_a_name_and_a_name_is_whole(
    title: str, attendees: list[tuple[str, str]], people: tuple[int, ...]
) -> None:
    assert match(title, attendees, KNOWN).people == people


@pytest.mark.parametrize("title", ["", "Early", "Pat", "Constable Pat", "Patrick Constable", "pat@police.example.org"])
def test_a_likeness_is_nobody(title: str) -> None:
    found = match(title, [], KNOWN)
    assert found.people == ()
    assert found.reason == "Nobody at this agency has that name or address"


def test_of_two_of_one_name_neither_is_taken() -> None:
    twins = (*KNOWN, Known(5, "pat constable"))
    found = match("Pat Constable", [], twins)
    assert found.people == ()
    assert found.reason is not None
    assert "More than one person is called" in found.reason
    assert match("Pat Constable", [("", "pat@police.example")], twins).people == (1,)
