"""Holds the changing of lines in a policy's text: of a key, of a whole table. What they mean is policy_reading's."""

import re
import tomllib
from collections.abc import Mapping, Sequence

from strategy.rules.policy_toml import loaded
from strategy.rules.policy_writing import tables, value, written_key

Path = tuple[str | int, ...]  # as in ("targets", "standard") or, of an array of tables, ("invite", 3)
Lines = list[str]


def with_key(lines: Sequence[str], table: Path, key: str, new: object | None) -> Lines | None:
    """The lines with one key of one table saying something else, or gone; None where the table has no lines."""
    section = _section(lines, table)
    if section is None:
        return None
    found = _lines_of(lines, section, key)
    if found is None:
        end = _last_said(lines, section)
        said = [] if new is None else _written(key, new)
        return [*lines[:end], *said, *lines[end:]]
    first, last = found
    said = [] if new is None else _rewritten(lines[first : last + 1], key, new)
    return [*lines[:first], *said, *lines[last + 1 :]]


def with_table(lines: Sequence[str], table: Path, new: object | None) -> Lines | None:
    """The lines with a whole table taken away, put in its place, or put behind the last of its kind; None: not done.

    A comment above the table stays: it may speak of those after it.
    """
    section = _section(lines, table)
    if new is None:
        if section is None:
            return None
        end = _last_said(lines, section)
        end += end < len(lines) and not lines[end].strip()
        before, after = list(lines[: section.start - 1]), lines[end:]
        while before and not after and not before[-1].strip():  # it was the last: no empty lines at the end
            before.pop()
        return [*before, *after]
    if not isinstance(new, Mapping):
        return None
    name, place = _header(table)
    row = "\n".join(tables(name, [new] if place is not None else new)).split("\n")
    if section is not None:
        return [*lines[: section.start - 1], *row, *lines[_last_said(lines, section) :]]
    kin = [number for number, line in enumerate(lines) if _is_kin(line, table)]
    last = next((after for after in _headers(lines) if kin and after > kin[-1]), len(lines))
    end = _last_said(lines, range(kin[-1] if kin else 0, last))
    return [*lines[:end], "", *row, *lines[end:]]


def _is_kin(line: str, table: Path) -> bool:
    """Whether that line is the header of a table beside this one, or of one inside those."""
    beside = table[:-1] if len(table) > 1 else table
    name = _bare(line)
    kin = _header(beside)[0]
    return line.startswith("[") and (name == kin or name.startswith(f"{kin}."))


def _section(lines: Sequence[str], table: Path) -> range | None:
    """The lines of a table, without its header."""
    name, place = _header(table)
    mark = f"[{name}]" if place is None else f"[[{name}]]"
    headers = _headers(lines)
    named = [number for number in headers if lines[number].split("#")[0].strip() == mark]
    if len(named) <= (place or 0):
        return None
    found = named[place or 0]
    return range(found + 1, next((after for after in headers if after > found), len(lines)))


def _header(table: Path) -> tuple[str, int | None]:
    """A table's name as its header has it, and which of several it is where it is one of an array."""
    place = table[-1] if table and isinstance(table[-1], int) else None
    return ".".join(written_key(name) for name in table if isinstance(name, str)), place


def _headers(lines: Sequence[str]) -> list[int]:
    return [number for number, line in enumerate(lines) if line.startswith("[")]


def _bare(line: str) -> str:
    return line.split("#")[0].strip().strip("[]")


def _lines_of(lines: Sequence[str], section: range, key: str) -> tuple[int, int] | None:
    """First and last line of a key with its value, which may be a list over several lines."""
    pattern = re.compile(rf"\s*{re.escape(written_key(key))}\s*=")
    for first in section:
        if pattern.match(lines[first]):
            ends = (last for last in range(first, section.stop) if _is_toml("\n".join(lines[first : last + 1])))
            last = next(ends, None)
            return None if last is None else (first, last)
    return None


def _written(key: str, new: object) -> Lines:
    return f"{written_key(key)} = {value(new)}".split("\n")


def _rewritten(old: Sequence[str], key: str, new: object) -> Lines:
    """A key's lines saying something else; a comment at their end stays, and one beside each item that stays."""
    if isinstance(new, list) and new and _is_a_line_each(old):
        kept = {said: line for line in old[1:-1] if (said := _item(line))}
        items = [value([one])[1:-1] for one in new]
        return [old[0], *(kept.get(item, f"  {item},") for item in items), old[-1]]
    lines = _written(key, new)
    comment = _comment(old[-1])
    if comment:
        lines[-1] = f"{lines[-1]}  {comment}"
    return lines


def _is_a_line_each(lines: Sequence[str]) -> bool:
    """Whether a list stands with a line for each item."""
    return len(lines) > 2 and lines[0].split("#")[0].rstrip().endswith("[") and lines[-1].lstrip().startswith("]")


def _item(line: str) -> str:
    """The item a line of a list holds, as it would be written; nothing where it holds none, or several."""
    try:
        found = loaded(f"one = [{line}\n]")["one"]
    except tomllib.TOMLDecodeError:
        return ""
    return value(found)[1:-1] if len(found) == 1 else ""


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
        loaded(text)
    except tomllib.TOMLDecodeError:
        return False
    return True
