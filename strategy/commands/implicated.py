"""Holds naming who is implicated in a contact, and taking it back. Whom that bars from what, each command asks."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from strategy.act import Act, Refused
from strategy.commands import events, invitations
from strategy.db import db
from strategy.models import Agency, CallTask, Contact, Desk, Discussion, Implicated, Invitation, Message, Person, User
from strategy.queries import conflicts, handovers
from strategy.queries.staffing import staffed
from strategy.rules.conflicts import Conflicts
from strategy.vocabulary import (
    CallState,
    DiscussionState,
    EventVerb,
    InvitationState,
    MessageReason,
    MessageState,
    Waiting,
    WithdrawReason,
)

_OPEN = (DiscussionState.CONVENED, DiscussionState.HELD)
_ENDED = (Waiting.HELD, Waiting.NOT_NEEDED)
_PARTS = ("convener", "chair", "social_worker", "minute_taker")


@dataclass(frozen=True, slots=True)
class Whom:
    """Who is named: exactly one of person, user, desk (read by somebody implicated), or a name at an agency.

    ``as_manager``: they are the line manager of somebody implicated. ``managers_too``: whoever is on the next rung
    above this person in the same agency is their line manager, and is named with them.
    """

    person: Person | None = None
    user: User | None = None
    desk: Desk | None = None
    name: str | None = None
    agency: Agency | None = None
    as_manager: bool = False
    managers_too: bool = False


def name(contact: Contact, whom: Whom, reason: str, act: Act) -> int:
    """Name them: whoever of them is asked already is withdrawn, and what waits to be sent to them is not sent.

    Who was told hears that they are no longer needed, and nothing of why. Returns how many invitations were withdrawn.
    The trail names nobody. Raises Refused.
    """
    _refuse(contact, whom, reason)
    rows = [_row(contact, one, reason, act) for one in (whom, *_managers(whom)) if not _named(contact, one)]
    barred = conflicts.made(rows)
    withdrawn = _withdraw(contact, barred, act)
    contact.implicated.extend(rows)
    contact.revision += 1
    db.session.flush()
    _silence(contact, barred, act)
    desks = len({one.desk.id for one in staffed(contact, act.at)})
    events.add(EventVerb.CONFLICT_CHANGED, _said(len(rows), withdrawn, desks), act, contact=contact)
    return withdrawn


def take_back(row: Implicated, reason: str, act: Act) -> None:
    """They were named by mistake: they can be asked again from now on; nobody is invited by this. Raises Refused."""
    if row.removed_at is not None:
        raise Refused("This was taken back already")
    if not reason.strip():
        raise Refused("Say why it is taken back", "reason")
    row.removed_at, row.removed_by, row.removed_reason = act.at, act.by, reason.strip()
    row.contact.revision += 1
    words = "Somebody named as implicated was named by mistake: they can be asked again"
    events.add(EventVerb.CONFLICT_CHANGED, words, act, contact=row.contact)


def _refuse(contact: Contact, whom: Whom, reason: str) -> None:
    if sum(one is not None for one in (whom.person, whom.user, whom.desk, whom.name)) != 1:
        raise Refused("Say who is implicated", "who")
    if whom.name is not None and whom.agency is None:
        raise Refused("Choose the agency they work for", "agency")
    if not _ours(contact, whom):
        raise Refused("Choose somebody of your directory or staff", "who")
    if not reason.strip():
        raise Refused("Say why they are named", "reason")
    if _named(contact, whom):
        raise Refused("They are named already", "who")
    if whom.user is not None:
        _refuse_part(contact, whom.user)


def _refuse_part(contact: Contact, user: User) -> None:
    """Whoever does the work must first be replaced, or nobody would do it."""
    holder, waiting = handovers.holder(contact), handovers.pending(contact)
    holding = {holder.id if holder else None, waiting.receiver_id if waiting else None}
    if contact.state not in _ENDED and user.id in holding:
        raise Refused("They hold this contact, or were given it: have somebody else take it over first", "who")
    for discussion in contact.discussions:
        if discussion.state in _OPEN and (part := _part(discussion, user)):
            how = "stand it down and have somebody else book it" if part == "convener" else "replace them there"
            words = f"They are the {part.replace('_', ' ')} of {discussion.reference}: {how} first, then name them"
            raise Refused(words, "who")


def _part(discussion: Discussion, user: User) -> str | None:
    return next((part for part in _PARTS if getattr(discussion, part) is user), None)


def _ours(contact: Contact, whom: Whom) -> bool:
    if whom.user is not None:
        return whom.user.authority_id == contact.authority_id
    source = whom.person or whom.desk
    agency = source.agency if source is not None else whom.agency
    return agency is not None and agency.serves(contact.authority_id)


def _named(contact: Contact, whom: Whom) -> bool:
    barred = conflicts.of(contact)
    if whom.name is not None:
        return any(one.name == whom.name and one.agency is whom.agency for one in conflicts.standing(contact))
    asked = ((whom.person, barred.people), (whom.user, barred.users), (whom.desk, barred.desks))
    return any(one is not None and one.id in known for one, known in asked)


def _managers(whom: Whom) -> list[Whom]:
    """Everybody on the next rung above them that has anybody on it; nobody unless that was said."""
    if whom.person is None or not whom.managers_too:
        return []
    higher = (Person.agency_id == whom.person.agency_id, Person.active, Person.rung > (whom.person.rung or 0))
    lowest = select(func.min(Person.rung)).where(*higher).scalar_subquery()
    found = db.session.scalars(select(Person).where(*higher, Person.rung == lowest).order_by(Person.id))
    return [Whom(person=one, as_manager=True) for one in found]


def _row(contact: Contact, whom: Whom, reason: str, act: Act) -> Implicated:
    """Not of the contact's yet: until it is, what is withdrawn can still be told that it is."""
    return Implicated(
        contact_id=contact.id,
        person=whom.person,
        person_id=None if whom.person is None else whom.person.id,
        user=whom.user,
        user_id=None if whom.user is None else whom.user.id,
        desk=whom.desk,
        desk_id=None if whom.desk is None else whom.desk.id,
        name=whom.name,
        agency=whom.agency if whom.name is not None else None,
        as_manager=whom.as_manager,
        reason=reason.strip(),
        by=act.by,
        at=act.at,
    )


def _live(contact: Contact) -> Iterable[Invitation]:
    """Invitations that stand, of discussions still to be held."""
    return (
        one
        for discussion in contact.discussions
        if discussion.state is DiscussionState.CONVENED
        for one in discussion.invitations
        if one.state is not InvitationState.WITHDRAWN
    )


def _withdraw(contact: Contact, barred: Conflicts, act: Act) -> int:
    asked = [one for one in _live(contact) if conflicts.bars(barred, one)]
    for one in asked:
        invitations.withdraw(one, WithdrawReason.CONFLICT, act)
    return len(asked)


def _silence(contact: Contact, barred: Conflicts, act: Act) -> None:
    """What waits to be sent to them about this contact is not sent, and nobody is asked to ring them."""
    discussions = [one.id for one in contact.discussions]
    told = select(Message).where(
        or_(Message.discussion_id.in_(discussions), Message.contact_id == contact.id),
        Message.state == MessageState.QUEUED,
        Message.reason != MessageReason.CANCEL,
    )
    gone = [one for one in db.session.scalars(told) if one.user_id in barred.users or barred.read(one.address)]
    for one in gone:
        one.state, one.ended_at, one.problem = MessageState.VOIDED, act.at, "A conflict of interest."
    asked = select(CallTask).where(CallTask.discussion_id.in_(discussions), CallTask.state == CallState.OPEN)
    for call in db.session.scalars(asked):
        if barred.read(call.number) or call.for_user_id in barred.users:
            call.state, call.ended_at, call.ended_by = CallState.VOIDED, act.at, act.by


def _said(named: int, withdrawn: int, desks: int) -> str:
    """One sentence for the trail, without a name; ``desks`` that are asked are staffed by somebody named."""
    who = "Somebody was" if named == 1 else f"{named} people were"
    skipped = {0: "nobody of those asked", 1: "1 of those asked"}.get(withdrawn, f"{withdrawn} of those asked")
    said = f"{who} named as implicated; {skipped} {'is' if withdrawn < 2 else 'are'} skipped"
    if not desks:
        return said
    staffed_too = "1 desk that is asked is" if desks == 1 else f"{desks} desks that are asked are"
    return f"{said}; {staffed_too} staffed by somebody named, and still asked"
