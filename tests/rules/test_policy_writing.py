"""Holds that what is written as TOML reads back the same, and that a change of one value leaves the rest alone."""

import tomllib
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.policy import example_text
from strategy.rules.policy_editing import Edit, edited
from strategy.rules.policy_reading import parse
from strategy.rules.policy_writing import dump

EXAMPLE = example_text()
texts = st.text(st.characters(exclude_categories=["Cs"]))
scalars = (
    texts | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.dates() | st.times()
)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4))
trees = st.dictionaries(texts, values, max_size=5)


@given(trees)
def test_what_is_written_reads_back_the_same(tree: dict[str, Any]) -> None:
    assert tomllib.loads(dump(tree)) == tree


def test_a_policy_written_anew_is_the_same_policy() -> None:
    assert parse(dump(tomllib.loads(EXAMPLE))) == parse(EXAMPLE)


def test_what_toml_has_no_word_for_is_refused() -> None:
    with pytest.raises(TypeError, match="NoneType"):
        dump({"nothing": None})


@given(
    st.sampled_from(["standard", "icpc", "unborn", "emergency-follow-up", "a new one"]),
    st.sampled_from(["due", "warn", "urgent", "source", "needs", "a new key"]),
    values | st.none(),
)
def test_a_change_says_what_it_should_wherever_it_is_made(code: str, key: str, value: object) -> None:
    wanted = tomllib.loads(EXAMPLE)
    row = wanted["targets"].setdefault(code, {})
    row.pop(key, None) if value is None else row.update({key: value})
    assert tomllib.loads(edited(EXAMPLE, [Edit(("targets", code), key, value)])) == wanted


@given(trees, st.lists(texts, min_size=1, max_size=2), texts, values | st.none())
def test_any_text_at_all_can_be_changed(tree: dict[str, Any], table: list[str], key: str, value: object) -> None:
    inner: Any = tree
    for name in table:
        if not isinstance(inner.get(name, {}), dict):
            return
        inner = inner.setdefault(name, {})
    text = dump(tree)
    inner.pop(key, None) if value is None else inner.update({key: value})
    assert tomllib.loads(edited(text, [Edit(tuple(table), key, value)])) == tree


def test_a_change_of_one_value_changes_one_line_and_keeps_the_comments() -> None:
    changed = edited(EXAMPLE, [Edit(("targets", "standard"), "due", "4 wd")])
    before, after = EXAMPLE.splitlines(), changed.splitlines()
    assert [(one, other) for one, other in zip(before, after, strict=True) if one != other] == [
        ('due = "3 wd"', 'due = "4 wd"')
    ]


def test_a_comment_beside_a_value_stays_beside_it() -> None:
    text = '[policy]\nname = "A # b"  # ours\nother = 1\n'
    assert edited(text, [Edit(("policy",), "name", "C")]) == '[policy]\nname = "C"  # ours\nother = 1\n'


def test_a_list_over_several_lines_is_changed_as_one() -> None:
    text = "[policy]\nclosure_days = [\n  2026-12-24,  # eve\n  2026-12-29,\n]\nclose = 17:00:00\n"
    changed = edited(text, [Edit(("policy",), "closure_days", [date(2026, 12, 24)])])
    assert changed == "[policy]\nclosure_days = [2026-12-24]\nclose = 17:00:00\n"


def test_a_new_key_goes_to_the_end_of_its_table_and_not_into_the_next_ones_heading() -> None:
    text = "[one]\na = 1\n\n# about two\n[two]\nb = 2\n"
    assert edited(text, [Edit(("one",), "c", True)]) == "[one]\na = 1\nc = true\n\n# about two\n[two]\nb = 2\n"


def test_a_row_written_on_one_line_is_changed_on_its_line() -> None:
    changed = edited(EXAMPLE, [Edit(("needs", "education"), "from", date(2028, 1, 1))])
    assert 'education = { label = "Education", sector = "education", from = 2028-01-01 }' in changed
    assert "# --- Ladders" in changed


def test_a_key_is_taken_away_with_its_line() -> None:
    assert edited("[one]\na = 1\nb = 2\n", [Edit(("one",), "a", None)]) == "[one]\nb = 2\n"


def test_several_changes_are_made_one_after_the_other() -> None:
    edits = [Edit(("policy",), "open_of_business", time(8, 30)), Edit(("policy",), "close_of_business", time(16))]
    policy = parse(edited(EXAMPLE, edits))
    assert (policy.open_of_business, policy.close_of_business) == (time(8, 30), time(16))


def test_text_in_a_way_of_its_own_is_written_anew_rather_than_wrongly() -> None:
    text = 'targets.standard.due = "3 wd"\n'
    assert tomllib.loads(edited(text, [Edit(("targets", "standard"), "due", "4 wd")])) == {
        "targets": {"standard": {"due": "4 wd"}}
    }
