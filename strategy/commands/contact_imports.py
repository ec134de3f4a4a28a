"""Holds bringing in a list of open contacts from the case system: keep what was read, confirm, drop, undo, forget."""

from collections import defaultdict
from datetime import timedelta

from sqlalchemy import delete, select, update

from strategy.act import Act, Refused
from strategy.commands import contacts, events, handovers
from strategy.commands.contacts import NewContact
from strategy.commands.handovers import Given
from strategy.db import db
from strategy.models import (
    Chase,
    ChaseStep,
    Child,
    Contact,
    ContactFacts,
    ContactImport,
    Event,
    Handover,
    ImportedContact,
    Message,
    PolicyVersion,
    User,
)
from strategy.queries import contact_imports
from strategy.queries.contact_imports import Match, Plan
from strategy.rules.contact_sheet import Entry, Reading
from strategy.vocabulary import IMPORT_MOVES, EventVerb, ImportState, MessageState, may_move

KEPT = timedelta(days=1)  # how long what was read waits for somebody to decide on it
_CHANGED = "Something changed since you looked at this list. Nothing was added: check it again below"


def keep(reading: Reading, sender: User, act: Act) -> ContactImport:
    """Keep what a file said, encrypted, for somebody to look at. Nothing is added yet."""
    found = ContactImport(
        authority_id=sender.authority_id,
        user=sender,
        state=ImportState.READ,
        entries=contact_imports.stored(reading),
        row_count=len(reading.entries) + len(reading.duplicates) + len({one.row for one in reading.problems}),
        added_count=0,
        read_at=act.at,
    )
    db.session.add(found)
    db.session.flush()
    return found


def confirm(source: ContactImport, seen: str, sender: User, policy: PolicyVersion, act: Act) -> int:
    """Take in the rows the plan says it would, all of them or none; how many. ``seen`` is what was looked at.

    A row whose contact is here and closed to the sender is not added again: who works on it finds it in its story.

    Raises Refused when the plan has changed since, for the world goes on while somebody looks at a list.
    """
    _move(source, ImportState.DONE)
    contacts.wait_for_others(sender.authority)
    try:
        plan = contact_imports.plan(source)
    except LookupError:
        raise Refused("This list is a day old and was forgotten. Send the file again") from None
    if plan.seen != seen:
        raise Refused(_CHANGED)
    if not plan.added:
        raise Refused("There is nothing to add")
    closed = contact_imports.closed_to_reader(plan, source.authority_id)
    for match in closed.values():
        _note(match, source, act)
    new = [entry for entry in plan.added if entry.row not in closed]
    added = [(entry, _start(entry, source, sender, policy, act)) for entry in new]
    _hand_out(plan, added, sender, act)
    db.session.flush()
    for _, contact in added:
        db.session.add(ImportedContact(contact=contact, source=source, revision=contact.revision))
    source.added_count, source.done_at, source.entries = len(plan.added), act.at, None
    return len(plan.added)


def drop(source: ContactImport) -> None:
    """Forget a list nobody wants to bring in. Raises Refused."""
    _move(source, ImportState.DROPPED)
    source.entries = None


def undo(source: ContactImport, act: Act) -> int:
    """Take every contact of the import away again, while nothing was done to any; how many. Raises Refused.

    Who sent the list, when, and who undid it stay written down; the contacts go as if they had never been here.
    """
    _move(source, ImportState.UNDONE)
    worked_on = contact_imports.touched(source)
    if worked_on:
        words = ", ".join(one.reference for one in contact_imports.nameable(worked_on, act.user_id)[:5])
        which = f" ({words})" if words else ""
        raise Refused(f"Something was done since to {len(worked_on)} of its contacts{which}: close contacts singly")
    ids = list(db.session.scalars(select(ImportedContact.contact_id).where(ImportedContact.import_id == source.id)))
    source.undone_at, source.undone_by_id = act.at, act.user_id
    db.session.flush()
    _take_away(ids, act)
    db.session.expire_all()
    return len(ids)


def forget(act: Act) -> int:
    """Drop lists that have waited a day for somebody to decide on them; how many."""
    old = update(ContactImport).where(ContactImport.state == ImportState.READ, ContactImport.read_at < act.at - KEPT)
    gone = db.session.scalars(old.values(state=ImportState.DROPPED, entries=None).returning(ContactImport.id))
    return len(gone.all())


def _move(source: ContactImport, state: ImportState) -> None:
    if not may_move(IMPORT_MOVES, source.state, state):
        raise Refused(f"This list cannot be used so any more: {source.state.words.lower()}")
    source.state = state


def _start(entry: Entry, source: ContactImport, sender: User, policy: PolicyVersion, act: Act) -> Contact:
    new = NewContact(
        case_reference=entry.case_reference,
        received_at=entry.received_at,
        concerns=entry.concerns,
        decided_at=entry.decided_at,
        decided_by=entry.decided_by,
        unsaid=True,
    )
    contact = contacts.start_clock(new, sender.authority, policy, sender, act)
    words = "Brought in from the case system's list of open contacts"
    events.add(EventVerb.CONTACT_IMPORTED, words, act, contact=contact, facts={"import": source.id})
    return contact


def _note(match: Match, source: ContactImport, act: Act) -> None:
    """Say on a contact closed to the sender that the list has its case: only who may open it reads that."""
    differs = f"; it differs in {', '.join(match.differs)}" if match.differs else ""
    words = f"The case system's list of open contacts has this case too, and nothing was added{differs}"
    events.add(EventVerb.CONTACT_IMPORTED, words, act, contact=match.contact, facts={"import": source.id})


def _hand_out(plan: Plan, added: list[tuple[Entry, Contact]], sender: User, act: Act) -> None:
    """Give each contact to the worker its row names; each worker is told once."""
    given: dict[int, list[Contact]] = defaultdict(list)
    for entry, contact in added:
        receiver = plan.workers.get(entry.worker_email or "")
        if receiver is not None:
            handovers.give(contact, receiver, sender, act, tell=False, held_by_nobody=True)
            given[receiver.id].append(contact)
    people = {user.id: user for user in plan.workers.values()}
    for user_id, contacts_of in given.items():
        handovers.tell_of_many(Given(people[user_id], tuple(contacts_of)), act)


def _take_away(ids: list[int], act: Act) -> None:
    """The contacts and what hangs from them; notices about them that have not gone are taken out of the outbox."""
    about = Message.contact_id.in_(ids)
    gone = {"state": MessageState.VOIDED, "ended_at": act.at, "problem": "The import was undone."}
    db.session.execute(update(Message).where(about, Message.state == MessageState.QUEUED).values(gone))
    db.session.execute(update(Message).where(about).values(contact_id=None))
    for model in (ImportedContact, Handover, ContactFacts, Event, Child, Chase, ChaseStep):
        db.session.execute(delete(model).where(model.contact_id.in_(ids)))
    db.session.execute(delete(Contact).where(Contact.id.in_(ids)))
