"""Holds telling our own people of children who wait: whoever holds the contact, their managers, the leaders."""

from dataclasses import replace
from typing import Final

from sqlalchemy import select

from strategy.act import Act
from strategy.commands import chases, events, messages, notices, taking
from strategy.db import db
from strategy.models import Chase, Contact, Message, User
from strategy.queries import target_watch
from strategy.queries.chasing import Due
from strategy.rules.chase import Step
from strategy.rules.target_watch import LEADERS, WORKER
from strategy.vocabulary import EventVerb, MessageReason, MessageState, Waiting

_GOES: Final = (MessageState.QUEUED, MessageState.SENDING, MessageState.SENT, MessageState.DELIVERED)


def tell(due: Due, act: Act) -> str | None:
    """Tell whoever the row says, once; what was done, or None when somebody else was first."""
    chase = taking.take(due, act)
    if chase is None or chase.contact is None:
        return None
    contact, planned = chase.contact, target_watch.kind_of(chase.contact)
    step = target_watch.next_step(contact, act.at) if planned is chase.kind else None
    done = "nothing was due any more"
    if step is not None and step.due_at <= act.at:
        done = _tell(chase, contact, step, act)
    chases.replan_contact(contact, act)
    return f"{contact.reference}: {done}"


def plan(contact_id: int, act: Act) -> bool:
    """Begin watching a contact that came before there was a watch; whether there is something to watch."""
    contact = db.session.get(Contact, contact_id, with_for_update=True, populate_existing=True)
    if contact is None:
        return False
    chases.replan_contact(contact, act)
    return contact.state in target_watch.OPEN


def _tell(chase: Chase, contact: Contact, step: Step, act: Act) -> str:
    """Of the steps slept through, or with nobody on them, everybody is told in one go; the next is theirs again."""
    first = target_watch.reached(contact) + 1
    whom = {user.id: user for rung in _rungs(first, step.rung or 0) for user in target_watch.told(contact, rung)}
    for user in whom.values():
        _queue(chase, contact, user, step, act)
    names = ", ".join(user.full_name for user in whom.values()) or "nobody, for there is nobody to tell"
    near = "past its target" if target_watch.due_at(contact) <= act.at else "nearing its target"
    words = f"Still waiting, {near}: told {names}"
    taking.record(chase, step, words, act)
    events.add(EventVerb.TARGET_NEAR, words, act, contact=contact, facts={"step": step.rung})
    return words


def _rungs(first: int, last: int) -> list[int]:
    """Whose turn it is; once all have been told, every day whoever holds it and the leaders."""
    return list(range(first, last + 1)) or [WORKER, LEADERS]


def _queue(chase: Chase, contact: Contact, user: User, step: Step, act: Act) -> None:
    """A mail; a text too where it is urgent. What is not is read at the desk, and nobody is woken for it.

    Of several that are not urgent the first mail speaks for all: it says that others may wait, and goes out as long
    as any of them does.
    """
    if not contact.urgent and (spoken := _of_this_round(contact, user, act)) is not None:
        others = [*spoken.reason_facts.get("others", []), contact.id]
        spoken.reason_facts = {**spoken.reason_facts, "others": others}
        return
    whom = messages.recipient_for(user)
    notices.queue(
        "still-waiting",
        whom if contact.urgent else replace(whom, phone=None),
        contact,
        MessageReason.TARGET,
        act,
        key=f"{contact.id}:{chase.kind}:{target_watch.taken(contact)}:{user.id}",
        urgent=contact.urgent,
        undecided=contact.state is Waiting.RECEIVED,
        unheld=contact.state is Waiting.BOOKED,
        due_at=target_watch.due_at(contact),
        late=target_watch.due_at(contact) <= act.at,
        others=not contact.urgent,
    )


def _of_this_round(contact: Contact, user: User, act: Act) -> Message | None:
    """The mail about another contact that this same round of the worker has for them.

    Only of the same round: who reads it finds all that fell due by then on the page it names. What falls due minutes
    later would not have been there yet, and has a mail of its own.
    """
    return db.session.scalar(
        select(Message)
        .where(Message.reason == MessageReason.TARGET, Message.user_id == user.id, Message.urgent.is_(False))
        .where(Message.authority_id == contact.authority_id, Message.contact_id != contact.id)
        .where(Message.created_at == act.at, Message.state.in_(_GOES))
        .order_by(Message.id.desc())
        .limit(1)
    )
