"""Holds who may open a restricted contact: closing it, adding somebody, taking them off. access.py enforces it."""

from collections.abc import Iterable

from strategy.act import Act, Refused
from strategy.commands import events
from strategy.db import db
from strategy.models import Contact, ContactLink, Discussion, Listed, User
from strategy.queries import conflicts
from strategy.vocabulary import DiscussionState, EventVerb, StaffRole

# An administrator runs the system; reading a restricted discussion is no part of that.
MAY_BE_LISTED = (StaffRole.SOCIAL_WORKER, StaffRole.CHAIR, StaffRole.LEADER)
_PARTS = ("convener", "chair", "social_worker", "minute_taker")
_STARTED = "Named when it was started"


def restrict(contact: Contact, origin: Contact, people: Iterable[User], act: Act) -> None:
    """Close a contact to all but these people, and link it to the one it came from. Raises Refused.

    Nothing is written on the origin's own trail: those who see that one only learn nothing of this.
    """
    found = {person.id: person for person in people}
    if len(found) < 2:
        raise Refused("Name somebody else who may open it: one person alone cannot keep it", "manager")
    contact.restricted = True
    db.session.add(ContactLink(origin=origin, to=contact, by=act.by, at=act.at))
    words = "Restricted: only who is on its access list may open it"
    events.add(EventVerb.ACCESS_CHANGED, words, act, contact=contact)
    for person in found.values():
        admit(contact, person, _STARTED, act)


def admit(contact: Contact, user: User, reason: str, act: Act) -> None:
    """Put somebody on the list, and say why. Raises Refused."""
    if not contact.restricted:
        raise Refused("This contact is not restricted")
    if user.authority_id != contact.authority_id:
        raise Refused("Choose one of your own people", "user")
    if not user.holds(*MAY_BE_LISTED):
        raise Refused("An administrator cannot be on an access list", "user")
    if user.id in conflicts.of(contact).users:
        raise Refused(f"Whoever is chosen {conflicts.WHY}: choose somebody else", "user")
    if not reason.strip():
        raise Refused("Say why they may open it", "reason")
    if _standing(contact, user) is not None:
        raise Refused(f"{user.full_name} is on the list already", "user")
    contact.access_list.append(Listed(user=user, reason=reason.strip(), added_by=act.by, added_at=act.at))
    events.add(EventVerb.ACCESS_CHANGED, f"{user.full_name} may open it", act, contact=contact, facts={"user": user.id})


def admit_parts(discussion: Discussion, act: Act) -> None:
    """Who convenes, chairs, works on or writes down a restricted discussion is on its list."""
    contact = discussion.contact
    if not contact.restricted:
        return
    for part in _PARTS:
        person = getattr(discussion, part)
        if person is not None and _standing(contact, person) is None:
            admit(contact, person, f"Takes part: {part.replace('_', ' ')}", act)


def remove(contact: Contact, user: User, reason: str, act: Act) -> None:
    """Take somebody off the list, and say why. Raises Refused for the last one, and for who takes part in it."""
    listed = _standing(contact, user)
    if listed is None:
        raise Refused(f"{user.full_name} is not on the list")
    if not reason.strip():
        raise Refused("Say why they may no longer open it", "reason")
    if any(_takes_part(one, user) for one in contact.discussions):
        raise Refused(f"{user.full_name} takes part in a discussion that is not signed yet: name somebody else first")
    if sum(one.removed_at is None for one in contact.access_list) <= 1:
        raise Refused("Somebody must be able to open it: add somebody else first")
    listed.removed_at, listed.removed_by, listed.removed_reason = act.at, act.by, reason.strip()
    words = f"{user.full_name} may no longer open it"
    events.add(EventVerb.ACCESS_CHANGED, words, act, contact=contact, facts={"user": user.id})


def _standing(contact: Contact, user: User) -> Listed | None:
    """Their place on the list, unless they were taken off."""
    return next((one for one in contact.access_list if one.user is user and one.removed_at is None), None)


def _takes_part(discussion: Discussion, user: User) -> bool:
    open_states = (DiscussionState.CONVENED, DiscussionState.HELD)
    return discussion.state in open_states and any(getattr(discussion, part) is user for part in _PARTS)
