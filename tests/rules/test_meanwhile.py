"""What happened to a form's values while it was open: what would be taken back, and what both changed."""

from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from strategy.rules.meanwhile import changes, plain

_values = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "x", "y", "z"]))


def test_what_only_the_other_changed_and_what_both_did_are_told_apart() -> None:
    shown = {"name": "Duty desk", "phone": "1", "email": "a"}
    one, other = changes(shown, shown | {"phone": "2", "email": "b"}, shown | {"email": "c"})
    assert (one.field, one.was, one.now, one.both) == ("phone", "1", "2", False)
    assert (other.field, other.was, other.now, other.typed, other.both) == ("email", "a", "b", "c", True)


def test_what_the_other_left_alone_and_what_both_made_the_same_are_no_changes() -> None:
    assert changes({"a": "1", "b": "1"}, {"a": "1", "b": "2"}, {"a": "9", "b": "2"}) == ()


@given(shown=_values, typed=_values)
def test_without_a_change_by_others_nothing_is_ever_asked(shown: dict[str, str], typed: dict[str, str]) -> None:
    assert changes(shown, shown, typed) == ()


@given(shown=_values, now=_values, typed=_values)
def test_saving_never_takes_back_what_was_not_told(
    shown: dict[str, str], now: dict[str, str], typed: dict[str, str]
) -> None:
    told = {one.field for one in changes(shown, now, typed)}
    untold = (now.keys() & typed.keys()) - told
    assert all(now[name] in (shown.get(name, ""), typed[name]) for name in untold)


def test_nothing_no_and_empty_are_the_same_and_order_does_not_matter() -> None:
    assert plain(None) == plain(False) == plain("") == ""
    assert plain(["b", "a"]) == plain(("a", "b")) == ("a", "b")
    assert (plain(True), plain(7), plain(time(9)), plain(date(2026, 9, 1))) == ("yes", "7", "09:00:00", "2026-09-01")
