"""Holds how the options of radio buttons and lists are handed to WTForms. Which options there are is the form's."""

from collections.abc import Iterable
from typing import Any

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the published type stubs


def offered(pairs: Iterable[tuple[str, str]]) -> list[Any]:
    """Options from (value, words) pairs; WTForms no longer wants the bare tuples."""
    return [SelectChoice(value, words) for value, words in pairs]
