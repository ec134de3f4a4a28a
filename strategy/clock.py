"""Holds the one reading of the clock and the local time zone; it counts no working days (rules.working_time does)."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

LONDON: Final = ZoneInfo("Europe/London")


def now() -> datetime:
    """The present moment, aware, UTC. Read once per request or tick, then handed down."""
    return datetime.now(UTC)


def in_london(moment: datetime) -> datetime:
    """The same moment as local civil time. Raises ValueError for a naive one: nobody knows which moment it is."""
    if moment.tzinfo is None:
        raise ValueError("a naive datetime names no moment")
    return moment.astimezone(LONDON)
