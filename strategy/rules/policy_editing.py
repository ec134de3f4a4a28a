"""Holds the changing of single values and rows in a policy's text, so that its comments stay. It judges no value."""

import tomllib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from strategy.rules.policy_lines import Path, with_key, with_table
from strategy.rules.policy_toml import loaded
from strategy.rules.policy_writing import dump


@dataclass(frozen=True, slots=True)
class Edit:
    """Give one key of one table ("targets", "standard") a value; None takes the key away.

    A key that is a number is a place in an array of tables ("invite"); one past the last puts a row at its end.
    """

    table: Path
    key: str | int
    value: object | None


def edited(text: str, edits: Sequence[Edit]) -> str:
    """The text with those values, everything else as it stood, comments included.

    Where the lines cannot be found (somebody writes TOML in a way of their own) the whole is written anew without its
    comments: what it says comes first. Raises tomllib.TOMLDecodeError for a text that is no TOML.
    """
    tree = loaded(text)
    for edit in edits:
        wanted = _applied(tree, edit)
        if wanted != tree:
            text = _in_place(text, edit, wanted) or dump(wanted)
        tree = wanted
    return text


def _applied(tree: dict[str, Any], edit: Edit) -> dict[str, Any]:
    wanted = deepcopy(tree)
    row: Any = wanted
    for name, inner in zip(edit.table, (*edit.table, edit.key)[1:], strict=True):
        row = row[name] if isinstance(name, int) else row.setdefault(name, [] if isinstance(inner, int) else {})
    if isinstance(row, list):
        assert isinstance(edit.key, int)
        row[edit.key : edit.key + 1] = [] if edit.value is None else [edit.value]
    elif edit.value is None:
        row.pop(edit.key, None)
    else:
        row[edit.key] = edit.value
    return wanted


def _in_place(text: str, edit: Edit, wanted: Mapping[str, Any]) -> str | None:
    """The text with its lines changed, if that says what is wanted."""
    lines, table, key, new = text.splitlines(), edit.table, edit.key, edit.value
    if isinstance(key, str):
        changed = with_key(lines, table, key, new)
        if changed is not None and _says(changed, wanted):
            return _joined(changed)
    changed = with_table(lines, (*table, key), new)
    if changed is not None and _says(changed, wanted):
        return _joined(changed)
    if len(table) > 1 and isinstance(table[-1], str):  # an inline table: the whole row is the value of its key
        row: Any = wanted
        for name in table:
            row = row[name]
        changed = with_key(lines, table[:-1], table[-1], row)
        if changed is not None and _says(changed, wanted):
            return _joined(changed)
    return None


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"


def _says(lines: Sequence[str], wanted: Mapping[str, Any]) -> bool:
    try:
        return loaded(_joined(lines)) == wanted
    except tomllib.TOMLDecodeError:
        return False
