"""Answers who had the last word on why a role was not there, and whether its agency may still speak."""

from sqlalchemy import select

from strategy.db import db
from strategy.models import Event, Invitation
from strategy.vocabulary import PRESENT, DiscussionState, EventVerb, Via

_WORDS = (EventVerb.ABSENCE_EXPLAINED, EventVerb.ATTENDANCE_MARKED)


def said_by_link(invitation: Invitation) -> bool:
    """Whether what stands as the reason was said by the agency itself, and nobody has touched it since."""
    spoken = select(Event).where(Event.invitation_id == invitation.id, Event.verb.in_(_WORDS))
    last = db.session.scalars(spoken.order_by(Event.id.desc()).limit(1)).first()
    return last is not None and last.verb is EventVerb.ABSENCE_EXPLAINED and last.via is Via.LINK


def open_to_link(invitation: Invitation) -> bool:
    """Whether a link may say why: where nobody has yet, or to put its own words right until the record is signed."""
    if invitation.absence_reason is None:
        return True
    return invitation.discussion.state is not DiscussionState.SIGNED and said_by_link(invitation)


def others_came(invitation: Invitation) -> bool:
    """Whether its agency was there all the same, in another of the roles it was asked for."""
    return invitation.agency_id is not None and any(
        one.agency_id == invitation.agency_id and one.attendance in PRESENT
        for one in invitation.discussion.invitations
        if one is not invitation
    )
