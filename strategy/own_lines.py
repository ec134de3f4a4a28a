"""Holds an authority's own lines at the head and the foot of its mails, made fit for them. It words no message."""

import re
from typing import Any

from strategy.models import Authority

# A slot typed into a line is none.
_BRACES = str.maketrans({"{": "(", "}": ")"})

# What a condition that does not hold leaves behind in plain text.
_GAPS = re.compile(r"\n{3,}")


def own_lines(authority: Authority) -> dict[str, Any]:
    """The lines at the head and the foot of an authority's mails, as facts: one line each, and no slot in them."""
    return {"head": _line(authority.mail_head), "foot": _line(authority.mail_foot)}


def between(head: str | None, text: str, foot: str | None) -> str:
    """A mail's words between the two lines, as they are sent."""
    return _GAPS.sub("\n\n", "\n\n".join(part for part in (head, text, foot) if part)) + "\n"


def _line(text: str | None) -> str | None:
    """An administrator's line: addresses in it may be pressed on, a slot may not be filled."""
    if text is None:
        return None
    return " ".join("".join(char if char.isprintable() else " " for char in text.translate(_BRACES)).split()) or None
