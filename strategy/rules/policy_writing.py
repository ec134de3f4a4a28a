"""Holds the writing of TOML, which Python's own library only reads. What the text means is policy_reading's."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_WIDE = 110  # characters: a longer list takes a line for each item


def dump(tree: Mapping[str, object]) -> str:
    """The tree as TOML text that reads back as the same tree; comments there were are lost.

    Values are texts, booleans, numbers, dates, times, lists and mappings. Raises TypeError for anything else.
    """
    plain = [f"{written_key(key)} = {value(one)}" for key, one in tree.items() if not _is_table(one)]
    rows = ("\n".join(tables(written_key(key), one)) for key, one in tree.items() if _is_table(one))
    return "\n\n".join(part for part in ("\n".join(plain), *rows) if part) + "\n"


def written_key(key: str) -> str:
    """A key, in quotes where TOML wants them."""
    return key if _BARE.fullmatch(key) else _text(key)


def value(one: object, wide: int = _WIDE) -> str:
    """One value as TOML; a list longer than ``wide`` stands on several lines. Raises TypeError for an unknown kind."""
    if isinstance(one, str):
        return _text(one)
    if isinstance(one, bool):
        return "true" if one else "false"
    if isinstance(one, int | float):
        return repr(one)
    if isinstance(one, date | datetime | time):
        return one.isoformat()
    if isinstance(one, Mapping):
        pairs = (f"{written_key(key)} = {_flat(inner)}" for key, inner in one.items())
        return "{ " + ", ".join(pairs) + " }" if one else "{}"
    if isinstance(one, list | tuple):
        return _list([_flat(inner) for inner in one], wide)
    raise TypeError(f"TOML has no {type(one).__name__}")


def _flat(one: object) -> str:
    return value(one, wide=10**9)


def _list(items: list[str], wide: int) -> str:
    line = f"[{', '.join(items)}]"
    return line if len(line) <= wide else "[\n" + "".join(f"  {item},\n" for item in items) + "]"


def _text(text: str) -> str:
    # JSON's escapes are TOML's too; the one character JSON leaves bare and TOML does not allow is DEL
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _is_table(one: object) -> bool:
    return isinstance(one, Mapping) or _is_rows(one)


def _is_rows(one: object) -> bool:
    return isinstance(one, list | tuple) and bool(one) and all(isinstance(row, Mapping) for row in one)


def tables(path: str, one: object) -> Iterable[str]:
    """A table, or an array of tables, under its header: lines, some with breaks in them. Raises TypeError as value."""
    if isinstance(one, Mapping):
        yield f"[{path}]"
        longer = {key: inner for key, inner in one.items() if isinstance(inner, Mapping) and len(_flat(inner)) > _WIDE}
        yield from _pairs({key: inner for key, inner in one.items() if key not in longer})
        for key, inner in longer.items():
            yield f"\n[{path}.{written_key(key)}]"
            yield from _pairs(inner)
        return
    assert isinstance(one, list | tuple)
    for number, row in enumerate(one):
        yield f"{'' if number == 0 else chr(10)}[[{path}]]"
        yield from _pairs(row)


def _pairs(table: Mapping[str, object]) -> Iterable[str]:
    return (f"{written_key(key)} = {value(one)}" for key, one in table.items())
