"""Holds the counting of SQL statements, for tests that a page's queries do not grow with its rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from strategy.db import db


@dataclass
class Counting:
    """How many statements were sent."""

    count: int = 0


@contextmanager
def statements() -> Iterator[Counting]:
    """Count the SELECTs sent to the database inside the block."""
    seen = Counting()

    def note(*arguments: Any) -> None:
        if str(arguments[2]).lstrip().upper().startswith("SELECT"):
            seen.count += 1

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
