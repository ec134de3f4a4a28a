"""Holds what an answer makes of an invitation, and which answers are doubtful. It records nothing."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from strategy.vocabulary import DiscussionState, InvitationState, Response, Via

STATES: Mapping[Response, InvitationState] = {
    Response.ATTEND: InvitationState.COMING,
    Response.DEPUTY: InvitationState.DEPUTY,
    Response.CANNOT_ATTEND: InvitationState.DECLINED,
    Response.NO_OFFICER: InvitationState.DECLINED,
    Response.REPORT_ONLY: InvitationState.REPORT_ONLY,
    Response.NOT_OURS: InvitationState.NOT_OURS,
    Response.DESK_ACCEPTED: InvitationState.NAME_NEEDED,
}

# What brings the agency into the discussion; the other responses leave its seat empty.
_COMING = frozenset({Response.ATTEND, Response.DEPUTY, Response.DESK_ACCEPTED})

# A person needs longer than this to open a message, read the page, type a name and a role, and choose. Mail scanners
# that post forms have been seen to take two to eight seconds, and to hit "accept" and "decline" one after the other.
TOO_QUICK = timedelta(seconds=10)


def doubt(
    response: Response,
    via: Via,
    at: datetime,
    *,
    sent_at: datetime | None,
    before: tuple[Response, datetime] | None,
) -> str | None:
    """Why an answer may be a machine's and not a person's, as half a sentence; None when nothing speaks for that.

    Only answers by link can be doubtful. ``sent_at`` is when a message with the link last went out, ``before`` the
    answer by link that came before this one. Source: in-the-wild 1; decision record 0010.
    """
    if via is not Via.LINK:
        return None
    if sent_at is not None and timedelta() <= at - sent_at < TOO_QUICK:
        return "it came within seconds of the message being sent"
    if before is None:
        return None
    earlier, earlier_at = before
    contradicts = (earlier in _COMING) is not (response in _COMING)
    if contradicts and at - earlier_at < TOO_QUICK:
        return "it contradicts an answer given seconds before"
    return None


class Closed(StrEnum):
    """Why an invitation takes no answer, the one that matters most first."""

    WITHDRAWN = "withdrawn"
    STOOD_DOWN = "stood-down"
    OVER = "over"
    STARTED = "started"


def closed(
    state: InvitationState,
    discussion: DiscussionState,
    starts_at: datetime,
    ends_at: datetime,
    started_at: datetime | None,
    now: datetime,
) -> Closed | None:
    """Why an answer may not be given ``now``, None while it may: until the start, planned or actual."""
    if state is InvitationState.WITHDRAWN:
        return Closed.WITHDRAWN
    if discussion is DiscussionState.STOOD_DOWN:
        return Closed.STOOD_DOWN
    if discussion is not DiscussionState.CONVENED:
        return Closed.OVER
    if started_at is not None:
        return Closed.STARTED
    if now < starts_at:
        return None
    return Closed.STARTED if now < ends_at else Closed.OVER
