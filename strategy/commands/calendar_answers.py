"""Takes what partners answer with the buttons of their calendar; what an answer means is answers' and rules'.

A button carries no name: an Accept holds the agency's place and is chased for a name as silence is, but for one rung.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from notifications.readings import Reading
from strategy.act import Act, Refused
from strategy.commands import answers, invitations, offering
from strategy.commands.answers import Reply
from strategy.commands.inbound import Done, note
from strategy.commands.offering import Offerer
from strategy.db import db
from strategy.models import Inbound, Invitation, Message
from strategy.queries import calendars, conflicts
from strategy.queries import inbound as queries
from strategy.vocabulary import NAMED, InboundState, InvitationState, MessageReason, Response, Via

_UNKNOWN: Final = "It names no entry of ours: please read it."
_LONGEST_NAME: Final = 120  # the columns'
_SENT_AGAIN_AT_MOST: Final = timedelta(minutes=10)  # one answer to REFRESH in so long, whatever asks


def reply(kept: Inbound, reading: Reading, act: Act) -> Done:
    """Accept, decline, tentative or delegate. Raises Refused when the invitation takes no answer any more."""
    invitation = queries.invitation_of(reading)
    if invitation is None:
        return Done(InboundState.TO_READ, _UNKNOWN)
    if reading.attendee is None:
        return Done(InboundState.TO_READ, "It does not say whose answer it is: please read it.", invitation)
    if reading.sequence is not None and reading.sequence < calendars.version(invitation):
        words = "An answer about an earlier time, which has changed since: it is not counted"
        return _noted(invitation, words, kept, act)
    partstat = reading.partstat or "NEEDS-ACTION"
    taken = _TAKEN.get(partstat)
    if taken is None:
        return Done(InboundState.TO_READ, "Their calendar says something we do not know: please read it.", invitation)
    return taken(invitation, kept, reading, act)


def counter(kept: Inbound, reading: Reading, act: Act) -> Done:
    """Another time: an offer to the convener, as on the page, and no answer. Raises Refused for one that cannot be."""
    invitation = queries.invitation_of(reading)
    if invitation is None:
        return Done(InboundState.TO_READ, _UNKNOWN)
    start, end = reading.proposed_start, reading.proposed_end
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return Done(InboundState.TO_READ, "Another time is proposed, and it does not say which.", invitation)
    if not _theirs(invitation, reading):
        return Done(InboundState.TO_READ, "Somebody else than was asked proposes another time.", invitation)
    who = _who(invitation, reading)[:_LONGEST_NAME]
    offering.offer(invitation, [(start, end)], Offerer(who, "by calendar"), replace(act, by=who, via=Via.CALENDAR))
    return Done(InboundState.APPLIED, "Another time is offered; the convener is told.", invitation)


def declined_counter(kept: Inbound, reading: Reading, act: Act) -> Done:
    """We never propose a time by calendar, so that nobody can turn one down."""
    return Done(InboundState.TO_READ, "A time is turned down that we never proposed.", queries.invitation_of(reading))


def refresh(kept: Inbound, reading: Reading, act: Act) -> Done:
    """Their calendar asks for the newest state: it is sent where the invitation goes, never to whoever asks."""
    invitation = queries.invitation_of(reading)
    if invitation is None:
        return Done(InboundState.TO_READ, _UNKNOWN)
    if invitation.state is InvitationState.WITHDRAWN or answers.why_closed(invitation, act.at) is not None:
        return _noted(invitation, "The invitation was asked for again, and is not open any more", kept, act)
    lately = select(func.max(Message.created_at)).where(
        Message.invitation_id == invitation.id, Message.reason == MessageReason.INVITE
    )
    last = db.session.scalar(lately)
    if last is not None and act.at - last < _SENT_AGAIN_AT_MOST:
        return _noted(invitation, "The invitation was asked for again minutes after it was sent", kept, act)
    invitations.resend(invitation, act)
    return Done(InboundState.APPLIED, "The invitation was sent again.", invitation)


def _accepted(invitation: Invitation, kept: Inbound, reading: Reading, act: Act) -> Done:
    if not _theirs(invitation, reading):
        return _stands_in(invitation, reading, act)
    if invitation.state in NAMED or invitation.state is InvitationState.NAME_NEEDED:
        return _noted(invitation, "accepted in their calendar, which was known", kept, act)
    if invitation.user is not None:
        return _answer(invitation, Reply(Response.ATTEND, by_name=invitation.user.full_name), act)
    return _answer(invitation, Reply(Response.DESK_ACCEPTED, by_name=_name(reading)), act)


def _declined(invitation: Invitation, kept: Inbound, reading: Reading, act: Act) -> Done:
    if not _theirs(invitation, reading):
        words = "Somebody it was passed on to declines. Whoever was asked has not: please find out."
        return Done(InboundState.TO_READ, words, invitation)
    given = Reply(Response.CANNOT_ATTEND, by_name=_name(reading), reason=reading.comment)
    return _answer(invitation, given, act)


def _tentative(invitation: Invitation, kept: Inbound, reading: Reading, act: Act) -> Done:
    return _noted(invitation, "said “tentative” in their calendar: that is no answer, and the chase goes on", kept, act)


def _undecided(invitation: Invitation, kept: Inbound, reading: Reading, act: Act) -> Done:
    return _noted(invitation, "their calendar sent an answer that says nothing yet", kept, act)


def _delegated(invitation: Invitation, kept: Inbound, reading: Reading, act: Act) -> Done:
    """Somebody else is sent: by name where the directory knows them, else somebody has to ask for the name."""
    to = reading.delegated_to
    if to is None or not _theirs(invitation, reading):
        return Done(InboundState.TO_READ, "It is passed on, and does not say to whom: please find out.", invitation)
    known = queries.person_at(invitation.agency, to)
    if known is None:
        words = "It is passed on to somebody the directory does not know: please ask for their name."
        return Done(InboundState.TO_READ, words, invitation)
    deputy = Reply(Response.DEPUTY, by_name=_name(reading), attendee_name=known.name, attendee_contact=to)
    return _answer(invitation, deputy, act)


_TAKEN = {
    "ACCEPTED": _accepted,
    "DECLINED": _declined,
    "TENTATIVE": _tentative,
    "DELEGATED": _delegated,
    "NEEDS-ACTION": _undecided,
}


def _stands_in(invitation: Invitation, reading: Reading, act: Act) -> Done:
    """It was forwarded, and whoever got it comes: a deputy, where they say who they are (in-the-wild 4)."""
    named = _name(reading) if reading.sender == reading.attendee else None
    if named is None:
        words = "Somebody it was passed on to accepts and gives no name: please ask who is coming."
        return Done(InboundState.TO_READ, words, invitation)
    if conflicts.of(invitation.discussion.contact).read(reading.attendee):
        raise Refused(f"whoever accepted {conflicts.WHY}")
    return _answer(invitation, Reply(Response.DEPUTY, attendee_name=named, attendee_contact=reading.attendee), act)


def _answer(invitation: Invitation, given: Reply, act: Act) -> Done:
    """The same answer as one on the page; whoever pressed the button gave it."""
    by = given.by_name or given.attendee_name or invitation.invitee
    recorded = answers.answer(invitation, given, replace(act, by=by[:_LONGEST_NAME], via=Via.CALENDAR))
    return Done(InboundState.APPLIED, answers.sentence(invitation, recorded), invitation)


def _noted(invitation: Invitation, words: str, kept: Inbound, act: Act) -> Done:
    said = f"{invitation.role_words}: {words[0].lower()}{words[1:]}"
    note(invitation, said, kept, act)
    return Done(InboundState.NOTED, said, invitation)


def _theirs(invitation: Invitation, reading: Reading) -> bool:
    """Whether it is the answer of whoever was asked, or of the deputy named since: they have it in their diary too."""
    known = queries.addresses_of(invitation)
    deputy = (invitation.attendee_contact or "").lower()
    return reading.attendee in known or (bool(deputy) and reading.attendee == deputy)


def _who(invitation: Invitation, reading: Reading) -> str:
    return _name(reading) or invitation.attendee_name or invitation.invitee


def _name(reading: Reading) -> str | None:
    """The sender's name, where what stands there is one and not the address over again."""
    name = (reading.sender_name or "").strip()
    return name[:_LONGEST_NAME] if name and "@" not in name else None
