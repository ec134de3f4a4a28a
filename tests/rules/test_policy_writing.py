"""Holds that what is written as TOML reads back the same, and that a change of one value leaves the rest alone."""

import tomllib
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given, settings
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


def test_a_list_over_several_lines_keeps_the_lines_of_what_stays() -> None:
    text = "[policy]\nclosure_days = [\n  2026-12-24,  # eve\n  2026-12-29,\n]\nclose = 17:00:00\n"
    changed = edited(text, [Edit(("policy",), "closure_days", [date(2026, 12, 24), date(2026, 12, 31)])])
    assert changed == ("[policy]\nclosure_days = [\n  2026-12-24,  # eve\n  2026-12-31,\n]\nclose = 17:00:00\n")


def test_a_list_over_several_lines_in_a_way_of_its_own_is_changed_as_one() -> None:
    text = "[policy]\nclosure_days = [2026-12-24,\n  2026-12-29]\n"
    assert edited(text, [Edit(("policy",), "closure_days", [])]) == "[policy]\nclosure_days = []\n"


ROWS = '# whom\n[[invite]]\nrole = "a"\n\n# the second\n[[invite]]\nrole = "b"  # ours\n\n# end\n[after]\nx = 1\n'


def test_one_row_of_several_is_changed_added_and_taken_away_where_it_stands() -> None:
    assert edited(ROWS, [Edit(("invite", 1), "role", "c")]) == ROWS.replace('"b"', '"c"')
    added = edited(ROWS, [Edit(("invite",), 2, {"role": "d"})])
    assert added == ROWS.replace("# ours\n", '# ours\n\n[[invite]]\nrole = "d"\n')
    assert edited(added, [Edit(("invite",), 2, None)]) == ROWS
    assert edited(ROWS, [Edit(("invite",), 0, None)]) == ROWS.replace('[[invite]]\nrole = "a"\n\n', "")


def test_a_table_is_put_behind_its_kin_and_taken_away_with_its_comments_outside_kept() -> None:
    text = "# all\n[ladders.a]\nx = 1\n\n[ladders.b]\nx = 2\n\n# next\n[chase]\ny = 1\n"
    added = edited(text, [Edit(("ladders",), "c", {"x": 3})])
    assert added == text.replace("x = 2\n", "x = 2\n\n[ladders.c]\nx = 3\n")
    assert edited(added, [Edit(("ladders",), "c", None)]) == text
    assert edited(text, [Edit(("ladders",), "a", None)]) == text.replace("[ladders.a]\nx = 1\n\n", "")
    assert edited(text, [Edit((), "chase", None)]).endswith("x = 2\n\n# next\n")
    assert edited(text, [Edit((), "meetings", {"z": True})]) == text + "\n[meetings]\nz = true\n"


def test_a_key_more_goes_into_a_row_however_that_is_written() -> None:
    edit = Edit(("needs", "gp"), "from", date(2027, 1, 1))
    assert 'gp = { label = "GP", roles = ["health-gp"], from = 2027-01-01 }' in edited(EXAMPLE, [edit])
    assert edited('[needs.gp]\nlabel = "GP"\n', [edit]) == '[needs.gp]\nlabel = "GP"\nfrom = 2027-01-01\n'


@settings(max_examples=40)
@given(
    st.sampled_from([("invite",), ("invite", 3), ("ladders",), ("needs", "gp"), ("roles",), ()]),
    st.sampled_from(["police", "a new one", "meetings", "why"]),
    st.integers(0, 36),
    st.dictionaries(texts, scalars, min_size=1, max_size=3) | st.none(),
)
def test_a_row_put_or_taken_anywhere_says_what_it_should(
    table: tuple[str | int, ...], name: str, place: int, row: dict[str, Any] | None
) -> None:
    key: str | int = place if table == ("invite",) else name
    wanted = tomllib.loads(EXAMPLE)
    inner: Any = wanted
    for step in table:
        inner = inner[step]
    if isinstance(key, int):
        inner[key : key + 1] = [] if row is None else [row]
    elif row is None:
        inner.pop(key, None)
    else:
        inner[key] = row
    assert tomllib.loads(edited(EXAMPLE, [Edit(table, key, row)])) == wanted


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
