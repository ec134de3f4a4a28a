"""Holds what the command line says of a list or sheet brought in, a line each. What it does is entering's."""

from collections.abc import Sequence
from typing import Any


def contacts(done: dict[str, Any]) -> list[str]:
    """The counts, then row by row what is added, what differs and why something is refused; nothing of a child."""
    return [
        _counts(done, ("added", "unchanged", "changed", "closed", "duplicates")),
        *(f"row {one['row']} is added" for one in done["additions"]),
        *(f"row {one['row']} is here and differs in {', '.join(one['columns'])}" for one in done["differences"]),
        *_refused(done),
    ]


def directory(done: dict[str, Any]) -> list[str]:
    """The counts, then each entry added with what it says, each change from old to new, and what is refused."""
    return [
        _counts(done, ("added", "changed", "unchanged")),
        *(f"{_entry(one)} is added: {_said(one['values'])}" for one in done["additions"]),
        *(f"{_entry(one)} changes {_changes(one['values'])}" for one in done["changes"]),
        *_refused(done),
    ]


def _counts(done: dict[str, Any], names: Sequence[str]) -> str:
    return ", ".join([*(f"{name} {done[name]}" for name in names), f"refused {done['refused_rows']}"])


def _entry(one: dict[str, Any]) -> str:
    return f"row {one['row']}, {one['agency']}: {one['entry']} ({one['kind']})"


def _said(values: dict[str, str]) -> str:
    return ", ".join(f"{column} {new}" for column, new in values.items() if new != "nothing")


def _changes(values: list[dict[str, str]]) -> str:
    return ", ".join(f"{one['column']} {one['old']} -> {one['new']}" for one in values)


def _refused(done: dict[str, Any]) -> list[str]:
    return [f"row {one['row']}, {one['column']}: {one['why']}" for one in done["refused"]]
