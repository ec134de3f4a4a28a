"""Answers who holds a contact, who has been given it and not accepted, and who can be given one."""

from collections.abc import Sequence

from strategy.models import Contact, Handover, User
from strategy.queries.directory import staff_of
from strategy.vocabulary import HandoverState, StaffRole, Waiting

WORKERS = (StaffRole.SOCIAL_WORKER, StaffRole.CHAIR)
_ENDED = (Waiting.HELD, Waiting.NOT_NEEDED)


def holder(contact: Contact) -> User | None:
    """Who holds it: whoever accepted it last, else whoever started its clock.

    None for a contact from the case system's list that nobody has accepted: whoever sent the list holds nothing.
    """
    accepted = [one for one in contact.handovers if one.state is HandoverState.ACCEPTED]
    if accepted:
        return accepted[-1].receiver
    return None if contact.imported else contact.started_by


def pending(contact: Contact) -> Handover | None:
    """The handing over that waits for its receiver."""
    return next((one for one in contact.handovers if one.state is HandoverState.GIVEN), None)


def may_take_over(contact: Contact, worker: User) -> bool:
    """Whether they do not hold it yet, and it is open: there is something to take over."""
    held_by = holder(contact)
    return contact.state not in _ENDED and (held_by is None or held_by.id != worker.id)


def workers(authority_id: int, about: Contact | None = None) -> Sequence[User]:
    """Everybody of the authority who can be given a contact, by name; nobody implicated in it."""
    return staff_of(authority_id, *WORKERS, about=about)
