"""Answers who is named as implicated in a contact, and what that bars. It names nobody and skips nobody itself."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select

from notifications.addresses import is_mobile
from strategy.db import db
from strategy.models import Contact, Implicated, Invitation
from strategy.rules import conflicts as rules
from strategy.rules.conflicts import NOBODY, Conflicts
from strategy.vocabulary import DiscussionState, InvitationState

# What a refusal says: it may reach a log, so it names nobody.
WHY = "is named as implicated in this contact, or manages or reads with somebody who is"


def of(contact: Contact) -> Conflicts:
    """Whom nothing about this contact may reach; read once for as long as the contact is held."""
    return made(standing(contact))


def of_many(contact_ids: Collection[int]) -> Mapping[int, Conflicts]:
    """The same for many contacts in one query; contacts in which nobody is named are no keys."""
    named = select(Implicated).where(Implicated.contact_id.in_(contact_ids), Implicated.removed_at.is_(None))
    found: defaultdict[int, list[Implicated]] = defaultdict(list)
    for one in db.session.scalars(named):
        found[one.contact_id].append(one)
    return {contact_id: made(rows) for contact_id, rows in found.items()}


def standing(contact: Contact) -> list[Implicated]:
    """Who is named now, in the order they were named."""
    return [one for one in contact.implicated if one.removed_at is None]


def taken_back(contact: Contact) -> list[Implicated]:
    """Who was named once, the last taken back first."""
    return [one for one in reversed(contact.implicated) if one.removed_at is not None]


def made(rows: Iterable[Implicated]) -> Conflicts:
    """These rows, as everybody asks them."""
    rows = list(rows)
    if not rows:
        return NOBODY
    return Conflicts(
        people=frozenset(one.person_id for one in rows if one.person_id is not None),
        desks=frozenset(one.desk_id for one in rows if one.desk_id is not None),
        users=frozenset(one.user_id for one in rows if one.user_id is not None),
        addresses=frozenset(rules.address(address) for one in rows for address in _read_by(one) if address),
        agencies=frozenset(one.agency_id for one in rows if one.agency_id is not None),
        names=frozenset(rules.name(name) for one in rows if (name := _name(one))),
    )


def bars(barred: Conflicts, invitation: Invitation) -> bool:
    """Whether nothing of this invitation may reach whom it asks."""
    asked = invitation.person_id in barred.people or invitation.desk_id in barred.desks
    return asked or invitation.user_id in barred.users or barred.read(invitation.email, invitation.phone)


def closed(invitation: Invitation) -> bool:
    """The same, asked of the invitation's own contact."""
    return bars(of(invitation.discussion.contact), invitation)


def coming(contact: Contact) -> list[Invitation]:
    """Invitations of discussions to come for which somebody named as implicated was announced, by name or address.

    The desk asked is not barred, so that it can name somebody else: a person has to see to it.
    """
    barred = of(contact)
    live = (
        one
        for discussion in contact.discussions
        if discussion.state is DiscussionState.CONVENED
        for one in discussion.invitations
        if one.state is not InvitationState.WITHDRAWN
    )
    return [one for one in live if barred.named(one.attendee_name) or barred.read(one.attendee_contact)]


def _read_by(one: Implicated) -> tuple[str | None, ...]:
    """A person's own addresses; a landline is the building's. All of a desk they read."""
    if one.person is not None:
        return one.person.email, _mobile(one.person.phone)
    if one.user is not None:
        return one.user.email, _mobile(one.user.mobile)
    return (one.desk.email, one.desk.phone) if one.desk is not None else ()


def _mobile(phone: str | None) -> str | None:
    return phone if phone and is_mobile(phone) else None


def _name(one: Implicated) -> str | None:
    if one.person is not None:
        return one.person.name
    return one.user.full_name if one.user is not None else one.name
