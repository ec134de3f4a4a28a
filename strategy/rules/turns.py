"""Holds when a phone may be sent its next text. It counts; who counts together is the claim's affair.

Carriers filter what comes in bursts, and a duty phone that rings ten times in a minute is put in a drawer
(in-the-wild.md 24). A text held back is never lost: it waits for its turn.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

APART = timedelta(minutes=1)
MOST, WITHIN = 5, timedelta(minutes=15)


def next_turn(taken: Iterable[datetime], now: datetime) -> datetime | None:
    """When the next text may go to a phone that had one at each of these moments; None when it may go now."""
    recent = sorted(at for at in taken if now - at < WITHIN)
    if not recent:
        return None
    free = recent[-1] + APART
    if len(recent) >= MOST:
        free = max(free, recent[-MOST] + WITHIN)
    return free if free > now else None
