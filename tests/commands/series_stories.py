"""Holds what tests of a series share: a discussion held without the police, and a follow-up planned after it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from strategy.commands import booking, holding
from strategy.models import Discussion
from strategy.vocabulary import Attendance, DiscussionKind
from tests.booked import STARTS, at
from tests.cast import Cast
from tests.commands.going_on import END, ENDING, present
from tests.commands.stories import plan

WITHOUT_POLICE = ("chair", "social-worker", "health-0-19")


def held_without_police(discussion: Discussion, cast: Cast, **ending: Any) -> Discussion:
    """End a running discussion to which the police did not come."""
    present(discussion, cast, *WITHOUT_POLICE)
    usual = replace(ENDING, rest_did_not_attend=True, without_quorum_reason="The child could not wait")
    holding.finish(discussion, replace(usual, **ending), at(END, cast))
    return discussion


def follow_up(before: Discussion, cast: Cast, hours: int = 5, **changes: Any) -> Discussion:
    """Book the next one on the same contact, so many hours after the first ended (and a quarter, to book it)."""
    act = at(END + timedelta(minutes=15), cast)
    starts_at = act.at + timedelta(hours=hours)
    usual: dict[str, Any] = {
        "kind": DiscussionKind.FOLLOW_UP,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=45),
    }
    return booking.book(before.contact, plan(cast, STARTS, **(usual | changes)), cast.chair, act)


def hold(discussion: Discussion, cast: Cast, *roles: str, **ending: Any) -> Discussion:
    """Hold it as planned; those roles came."""
    began = discussion.starts_at
    holding.start(discussion, at(began, cast))
    for one in holding.asked(discussion):
        if one.role in roles:
            holding.mark(one, Attendance.ATTENDED, at(began, cast))
    over = began + timedelta(minutes=30)
    holding.finish(discussion, holding.Ending(began, over, rest_did_not_attend=True, **ending), at(over, cast))
    return discussion
