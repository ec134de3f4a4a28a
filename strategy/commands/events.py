"""Holds the one way onto the timeline. It decides nothing and tells nobody."""

from typing import Any

from strategy.act import Act
from strategy.db import db
from strategy.models import Agency, Authority, Contact, Discussion, Event, Invitation, PartnerRequest
from strategy.vocabulary import EventVerb

_LONGEST = 400  # the column's; a sentence grown by two long names must not undo the deed it tells of


def add(
    verb: EventVerb,
    text: str,
    act: Act,
    *,
    authority: Authority | None = None,
    contact: Contact | None = None,
    discussion: Discussion | None = None,
    invitation: Invitation | None = None,
    partner_request: PartnerRequest | None = None,
    agency: Agency | None = None,
    facts: dict[str, Any] | None = None,
) -> Event:
    """Write down that something happened, as one sentence without a child's data.

    What is not said follows from what is: an invitation knows its discussion, a discussion its contact. ``agency`` is
    for what befalls the directory, on the trail of the authority that keeps the entry; what is about no case else (a
    rota) names the ``authority``. Raises ValueError when none is given, since an event nobody can find is lost.
    """
    discussion = invitation.discussion if discussion is None and invitation is not None else discussion
    contact_id = None if contact is None else contact.id
    if contact is None and discussion is not None:
        contact_id = discussion.contact_id or discussion.contact.id  # the contact itself is not read
    owner = contact or discussion or partner_request or agency
    authority_id = owner.authority_id if owner is not None else authority.id if authority is not None else None
    if authority_id is None:
        raise ValueError("an event needs a contact, a discussion, a partner's request, an agency or an authority")
    event = Event(
        authority_id=authority_id,
        contact_id=contact_id,
        agency_id=None if agency is None else agency.id,
        discussion_id=None if discussion is None else discussion.id,
        invitation_id=None if invitation is None else invitation.id,
        partner_request_id=None if partner_request is None else partner_request.id,
        verb=verb,
        text=_shortened(text),
        facts=facts or {},
        by=act.by,
        user_id=act.user_id,
        via=act.via,
        at=act.at,
    )
    db.session.add(event)
    return event


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
