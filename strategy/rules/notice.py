"""Holds what is fair notice of a discussion, and what it makes of an absence. It asks nobody and records nothing."""

from datetime import datetime, timedelta

# Codes of the policy's absence reasons that follow from our own doing, not the agency's.
HELD_EARLY = "held-early"
SHORT_NOTICE = "short-notice"
UNDELIVERED = "undelivered"
BEYOND_THEM = frozenset({HELD_EARLY, SHORT_NOTICE, UNDELIVERED})

# Only we can know these: no agency gives them as its own reason.
OURS_TO_SAY = frozenset({HELD_EARLY, "not-invited"})


def held_early(planned: datetime, began: datetime, least: timedelta) -> bool:
    """Whether it began so long before its planned time that people asked for that time could not know.

    ``least`` is the least notice anybody could come on (the policy's chase.least_notice_minutes): less than that
    before the planned time is "about then".
    """
    return planned - began > least


def told(
    asked: datetime, delivered: datetime | None, answered: datetime | None, *, unreachable: bool
) -> datetime | None:
    """When an agency first knew of the planned time; None when it never did.

    ``asked`` is when it was asked to come at that time, ``delivered`` when a message first reached it (perhaps for an
    earlier time). Whoever answered knew, if only by phone. ``unreachable``: the last message got nowhere.
    """
    arrived = None if delivered is None or (unreachable and delivered < asked) else max(delivered, asked)
    return min((moment for moment in (arrived, answered) if moment is not None), default=None)


def beyond_them(planned: datetime, began: datetime, known: datetime | None, least: timedelta) -> str | None:
    """Why nobody can be blamed for not having been there, as a code of absence reasons; None when they had notice.

    ``known`` is when they knew of the planned time (``told``); told less than ``least`` before the start, as in
    ``held_early``, nobody could come.
    """
    if known is None:
        return UNDELIVERED
    if held_early(planned, began, least):
        return HELD_EARLY
    return SHORT_NOTICE if began - known < least else None
