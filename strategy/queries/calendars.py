"""Answers which version of an invitation's diary entry is the newest; writing one is ics's."""

from sqlalchemy import func, select

from strategy.db import db
from strategy.models import Invitation, Message


def version(invitation: Invitation) -> int:
    """The discussion's own version, and one more for each time the entry was taken from an address that was wrong.

    Calendars ignore what is older than what they have (RFC 5546, SEQUENCE): an address corrected back would otherwise
    keep an entry that stays cancelled.
    """
    taken_back = db.session.scalar(
        select(func.count()).where(
            Message.invitation_id == invitation.id, Message.name == "misdirected", Message.calendar_method == "CANCEL"
        )
    )
    return invitation.discussion.sequence + (taken_back or 0)
