"""Holds taking a start back: nobody came, so it is moved or stood down as if nobody had pressed Start. Starting is
holding.py's."""

from strategy import dates
from strategy.act import Act, Refused
from strategy.commands import events
from strategy.models import Discussion, Invitation
from strategy.rules.presence import somebody
from strategy.vocabulary import EventVerb


def take_back(discussion: Discussion, act: Act) -> None:
    """Unstart it, with the marks made of those who were not there. Does nothing where nobody has started it.

    Raises Refused once somebody is marked as there: then it was begun in earnest and is to be ended.
    """
    if discussion.started_at is None:
        return
    if somebody(one.attendance for one in discussion.invitations):
        raise Refused(f"This discussion started at {dates.clock(discussion.started_at)}. End it instead")
    words = f"Start of {dates.clock(discussion.started_at)} taken back: nobody was marked as there"
    discussion.started_at = None
    for one in discussion.invitations:
        unmark(one)
    events.add(EventVerb.START_TAKEN_BACK, words, act, discussion=discussion)


def unmark(invitation: Invitation) -> None:
    """As if nobody had said whether it was there."""
    invitation.attendance = invitation.arrived_at = invitation.left_at = None
    invitation.absence_reason = invitation.absence_note = invitation.absence_explained_at = None
    invitation.came_name = invitation.came_role = None
    invitation.by_phone = False
