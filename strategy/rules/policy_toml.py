"""Holds the reading of TOML text into plain values, whatever somebody typed. It knows no policy."""

import re
import tomllib
from collections.abc import Callable
from typing import Any, Final

_LONG_NUMBER: Final = re.compile(r"[\d_]{1000,}")
_DEEPEST: Final = 20  # tables and lists within each other: a policy has four


def loaded(text: str) -> dict[str, Any]:
    """What a TOML text holds. Raises tomllib.TOMLDecodeError, also for what only a machine is upset by."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:  # Python reads no number of thousands of digits
        line = _first_line(text, lambda one: _LONG_NUMBER.search(one) is not None)
        raise tomllib.TOMLDecodeError(f"A number is too long (at line {line})") from None
    except RecursionError:
        raise tomllib.TOMLDecodeError(_too_deep(text)) from None
    inner: list[Any] = [found]
    depth = 0
    while inner:
        if depth > _DEEPEST:
            raise tomllib.TOMLDecodeError(_too_deep(text))
        inner, depth = [value for one in inner for value in _within(one)], depth + 1
    return found


def _within(one: Any) -> list[Any]:
    values = one.values() if isinstance(one, dict) else one
    return [value for value in values if isinstance(value, dict | list)]


def _too_deep(text: str) -> str:
    most = max(line.count("[") + line.count("{") for line in text.splitlines())
    line = _first_line(text, lambda one: one.count("[") + one.count("{") == most)
    return f"Brackets stand within brackets too often (at line {line})"


def _first_line(text: str, fits: Callable[[str], bool]) -> int:
    return next((number for number, line in enumerate(text.splitlines(), start=1) if fits(line)), 1)
