"""Holds the changing of single values in a policy's text, so that its comments stay. It judges no value."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from strategy.rules.policy_writing import dump, value, written_key


@dataclass(frozen=True, slots=True)
class Edit:
    """Give one key of one table ("targets", "standard") a value; None takes the key away."""

    table: tuple[str, ...]
    key: str
    value: object | None


def edited(text: str, edits: Sequence[Edit]) -> str:
    """The text with those values, everything else as it stood, comments included.

    Where the lines cannot be found (somebody writes TOML in a way of their own) the whole is written anew without its
    comments: what it says comes first. Raises tomllib.TOMLDecodeError for a text that is no TOML.
    """
    tree = tomllib.loads(text)
    for edit in edits:
        wanted = _applied(tree, edit)
        if wanted != tree:
            text = _in_place(text, edit, wanted) or dump(wanted)
        tree = wanted
    return text


def _applied(tree: dict[str, Any], edit: Edit) -> dict[str, Any]:
    wanted = deepcopy(tree)
    table = wanted
    for name in edit.table:
        table = table.setdefault(name, {})
    if edit.value is None:
        table.pop(edit.key, None)
    else:
        table[edit.key] = edit.value
    return wanted


def _in_place(text: str, edit: Edit, wanted: Mapping[str, Any]) -> str | None:
    """The text with its lines changed, if that says what is wanted."""
    changed = _changed_lines(text.splitlines(), edit)
    if changed is None and len(edit.table) > 1:  # an inline table: the whole row is the value of its key
        row = wanted
        for name in edit.table:
            row = row[name]
        changed = _changed_lines(text.splitlines(), Edit(edit.table[:-1], edit.table[-1], row))
    if changed is None:
        return None
    new = "\n".join(changed) + "\n"
    return new if _says(new, wanted) else None


def _says(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False


def _changed_lines(lines: list[str], edit: Edit) -> list[str] | None:
    section = _section(lines, ".".join(written_key(name) for name in edit.table))
    if section is None:
        return None
    found = _lines_of(lines, section, edit.key)
    new = [] if edit.value is None else [f"{written_key(edit.key)} = {value(edit.value)}"]
    if found is None:
        end = _last_said(lines, section)
        return [*lines[:end], *new, *lines[end:]]
    first, last = found
    comment = _comment(lines[last])
    if new and comment:
        new[-1] = f"{new[-1]}  {comment}"
    return [*lines[:first], *new, *lines[last + 1 :]]


def _section(lines: Sequence[str], path: str) -> range | None:
    """The lines of a table, without its header."""
    headers = [number for number, line in enumerate(lines) if line.startswith("[")]
    for number in headers:
        if lines[number].split("#")[0].strip() == f"[{path}]":
            return range(number + 1, next((after for after in headers if after > number), len(lines)))
    return None


def _lines_of(lines: Sequence[str], section: range, key: str) -> tuple[int, int] | None:
    """First and last line of a key with its value, which may be a list over several lines."""
    pattern = re.compile(rf"\s*{re.escape(written_key(key))}\s*=")
    for first in section:
        if pattern.match(lines[first]):
            ends = (last for last in range(first, section.stop) if _is_toml("\n".join(lines[first : last + 1])))
            last = next(ends, None)
            return None if last is None else (first, last)
    return None


def _last_said(lines: Sequence[str], section: range) -> int:
    """Where a new key goes: after the last line that says something, before what introduces the next table."""
    end = section.stop
    while end > section.start and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end


def _comment(line: str) -> str:
    """The comment at the end of a line that holds one whole value, or nothing."""
    marks = (mark.start() for mark in re.finditer("#", line))
    return next((line[mark:] for mark in marks if "=" in line[:mark] and _is_toml(line[:mark])), "")


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True
