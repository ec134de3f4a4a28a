"""Holds what is fair notice of a discussion, and what it makes of an absence. It asks nobody and records nothing."""

from datetime import datetime, timedelta

# Less than this before the planned time is "about then"; told less than this before the start, nobody could come.
NOTICE = timedelta(minutes=15)

# Codes of the policy's absence reasons that are our doing, not the agency's.
HELD_EARLY = "held-early"
SHORT_NOTICE = "short-notice"
OUR_DOING = frozenset({HELD_EARLY, SHORT_NOTICE})


def held_early(planned: datetime, began: datetime) -> bool:
    """Whether it began so long before its planned time that people asked for that time could not know."""
    return planned - began > NOTICE


def our_doing(planned: datetime, began: datetime, told: datetime) -> str | None:
    """Why nobody can be blamed for not having been there, as a code of absence reasons; None when they had notice.

    ``told`` is when they were asked to come at the ``planned`` time.
    """
    if held_early(planned, began):
        return HELD_EARLY
    return SHORT_NOTICE if began - told < NOTICE else None
