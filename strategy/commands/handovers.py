"""Holds handing a contact to a receiving worker: give, accept, decline, take over.

Until somebody accepts it, whoever gave it holds it.
"""

from dataclasses import dataclass

from strategy.act import Act, Refused
from strategy.commands import events, messages, notices
from strategy.db import db
from strategy.models import Contact, Handover, User
from strategy.queries import conflicts, handovers
from strategy.vocabulary import HANDOVER_MOVES, EventVerb, HandoverState, MessageReason, Waiting, may_move

_ENDED = (Waiting.HELD, Waiting.NOT_NEEDED)


@dataclass(frozen=True, slots=True)
class Given:
    """Contacts one list gave to one worker, who is told once of all of them."""

    receiver: User
    contacts: tuple[Contact, ...]


def give(
    contact: Contact, receiver: User, giver: User, act: Act, *, tell: bool = True, held_by_nobody: bool = False
) -> Handover:
    """Hand it to a receiving worker and tell them; their clock runs from now. Raises Refused.

    ``tell`` False leaves the telling to ``tell_of_many``; ``held_by_nobody`` for a list that was sent in, whose sender
    may well be the receiver.
    """
    if contact.state in _ENDED:
        raise Refused("This contact is closed: there is nothing to hand over")
    if receiver.authority_id != contact.authority_id or not receiver.holds(*handovers.WORKERS):
        raise Refused("Choose a social worker or a manager of this authority", "receiver")
    if contact.restricted and receiver.id not in {one.user_id for one in contact.access_list if not one.removed_at}:
        raise Refused(f"{receiver.full_name} is not on the access list of this contact", "receiver")
    if receiver.id in conflicts.of(contact).users:
        raise Refused(f"Whoever is chosen {conflicts.WHY}: choose somebody else", "receiver")
    if not held_by_nobody and receiver.id == _id(handovers.holder(contact)):
        raise Refused(f"{receiver.full_name} holds this contact already", "receiver")
    before = handovers.pending(contact)
    if before is not None and before.receiver_id == receiver.id:
        raise Refused(f"It is given to {receiver.full_name} already, who has not accepted yet", "receiver")
    if before is not None:
        _end(before, HandoverState.ENDED, act)
    found = Handover(contact=contact, giver=giver, receiver=receiver, state=HandoverState.GIVEN, given_at=act.at)
    db.session.add(found)
    contact.revision += 1
    words = f"Given to {receiver.full_name}, who has not accepted yet"
    events.add(EventVerb.HANDED_OVER, words, act, contact=contact)
    if tell:
        _tell_receiver(found, (contact,), act)
    return found


def tell_of_many(given: Given, act: Act) -> None:
    """Tell a worker once of all the contacts a list gave them."""
    db.session.flush()
    _tell_receiver(handovers.pending(given.contacts[0]), given.contacts, act)


def accept(contact: Contact, receiver: User, act: Act) -> None:
    """The receiving worker holds it from now on. Raises Refused for anybody else."""
    found = _theirs(contact, receiver)
    _end(found, HandoverState.ACCEPTED, act)
    contact.revision += 1
    words = f"{receiver.full_name} accepted it"
    events.add(EventVerb.HANDOVER_ACCEPTED, words, act, contact=contact, facts=_clock(found))


def decline(contact: Contact, receiver: User, reason: str, act: Act) -> None:
    """The receiving worker cannot take it: back to the giver, who is told. Raises Refused."""
    if not reason.strip():
        raise Refused("Say why you cannot take it", "reason")
    found = _theirs(contact, receiver)
    _end(found, HandoverState.DECLINED, act)
    found.reason = reason.strip()
    contact.revision += 1
    words = f"{receiver.full_name} declined it: it is back with {found.giver.full_name}"
    events.add(EventVerb.HANDOVER_DECLINED, words, act, contact=contact, facts=_clock(found))
    _tell_giver(found, receiver, act, taken_over=False)


def take_over(contact: Contact, worker: User, act: Act) -> None:
    """Somebody takes it on without being given it, or back before it was accepted. Raises Refused.

    Whoever held it, and whoever was to accept it, are told.
    """
    if contact.state in _ENDED:
        raise Refused("This contact is closed: there is nothing to take over")
    before, waiting = handovers.holder(contact), handovers.pending(contact)
    if waiting is None and before is not None and before.id == worker.id:
        raise Refused("You hold this contact already")
    if waiting is not None:
        _end(waiting, HandoverState.TAKEN_OVER, act)
    if before is None or before.id != worker.id:
        taken = Handover(
            contact=contact,
            giver=before or worker,
            receiver=worker,
            state=HandoverState.ACCEPTED,
            given_at=act.at,
            ended_at=act.at,
            ended_by_id=worker.id,
        )
        db.session.add(taken)
    contact.revision += 1
    events.add(EventVerb.TAKEN_OVER, f"{worker.full_name} took it over", act, contact=contact)
    for person in _others(worker, before, waiting):
        _tell(person, contact, worker, act, taken_over=True)


def _theirs(contact: Contact, receiver: User) -> Handover:
    found = handovers.pending(contact)
    if found is None:
        raise Refused("This contact is not waiting to be accepted any more")
    if found.receiver_id != receiver.id:
        raise Refused(f"It is given to {found.receiver.full_name}: only they can accept or decline it")
    if contact.state in _ENDED:
        raise Refused("This contact is closed: nothing is left to accept")
    return found


def _end(handover: Handover, state: HandoverState, act: Act) -> None:
    if not may_move(HANDOVER_MOVES, handover.state, state):
        raise Refused("This contact is not waiting to be accepted any more")
    handover.state, handover.ended_at, handover.ended_by_id = state, act.at, act.user_id


def _others(worker: User, before: User | None, waiting: Handover | None) -> list[User]:
    """Whom it concerns besides whoever took it over, each once."""
    people = [before, waiting.receiver if waiting else None]
    return list({one.id: one for one in people if one is not None and one.id != worker.id}.values())


def _tell_receiver(handover: Handover | None, contacts: tuple[Contact, ...], act: Act) -> None:
    if handover is None:
        return
    db.session.flush()
    notices.queue(
        "handover",
        messages.recipient_for(handover.receiver),
        contacts[0],
        MessageReason.HANDOVER,
        act,
        key=str(handover.id),
        urgent=any(contact.urgent for contact in contacts),
        by=handover.giver.full_name,
        count=len(contacts),
    )


def _tell_giver(handover: Handover, by: User, act: Act, *, taken_over: bool) -> None:
    _tell(handover.giver, handover.contact, by, act, taken_over=taken_over)


def _tell(person: User, contact: Contact, by: User, act: Act, *, taken_over: bool) -> None:
    notices.queue(
        "handed-back",
        messages.recipient_for(person),
        contact,
        MessageReason.HANDED_BACK,
        act,
        key=f"{contact.id}:{contact.revision}:{person.id}",
        urgent=contact.urgent,
        by=by.full_name,
        taken_over=taken_over,
    )


def _clock(handover: Handover) -> dict[str, str]:
    return {"given_at": handover.given_at.isoformat()}


def _id(user: User | None) -> int | None:
    return None if user is None else user.id
