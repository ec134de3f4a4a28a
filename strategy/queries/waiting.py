"""Answers who is waiting: contacts undecided and children without a discussion, the longest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from strategy.db import db
from strategy.keys import keys
from strategy.models import Contact, Event
from strategy.policy import parsed
from strategy.vocabulary import Waiting

OPEN = (Waiting.RECEIVED, Waiting.DECIDED, Waiting.BOOKED)


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One contact that waits, as a list shows it."""

    contact: Contact

    @property
    def decided(self) -> bool:
        """Whether it waits for a discussion; otherwise it waits for a decision."""
        return self.contact.state is not Waiting.RECEIVED

    @property
    def since(self) -> datetime:
        """When this wait began: the clock's start, or when the contact came in."""
        return self.contact.clock_started_at or self.contact.received_at

    @property
    def due_at(self) -> datetime:
        """The discussion's target, or the decision's."""
        return self.contact.due_at if self.decided and self.contact.due_at else self.contact.decide_by

    def waited(self, now: datetime) -> timedelta:
        """How long, in clock hours."""
        return now - self.since

    def is_past(self, now: datetime) -> bool:
        """Whether the target has passed."""
        return now > self.due_at

    def is_warned(self, now: datetime) -> bool:
        """Whether the warning time has come."""
        return self.decided and self.contact.warn_at is not None and now >= self.contact.warn_at

    @property
    def concerns(self) -> tuple[str, ...]:
        """The concerns by the policy's short names, as a column has room for."""
        policy = parsed(self.contact.policy.text)
        return tuple(policy.target(code).short for code in self.contact.concerns)


def labels(contact: Contact) -> tuple[str, ...]:
    """A contact's concerns in the words of the policy its clock runs under."""
    policy = parsed(contact.policy.text)
    return tuple(policy.target(code).label for code in contact.concerns)


def waiting(authority_id: int) -> list[WaitingLine]:
    """Every contact that waits for a decision or a discussion, the longest wait first; two queries."""
    rows = db.session.scalars(
        select(Contact)
        .where(Contact.authority_id == authority_id, Contact.state.in_((Waiting.RECEIVED, Waiting.DECIDED)))
        .options(joinedload(Contact.policy), selectinload(Contact.children))
    ).all()
    return sorted((WaitingLine(row) for row in rows), key=lambda line: (line.since, line.contact.id))


def same_case(authority_id: int, case_reference: str) -> Sequence[Contact]:
    """The open contacts on that case of the case system, newest first."""
    return db.session.scalars(
        select(Contact)
        .where(
            Contact.authority_id == authority_id,
            Contact.case_index == keys().blind(case_reference),
            Contact.state.in_(OPEN),
        )
        .order_by(Contact.received_at.desc())
        .options(joinedload(Contact.policy))
    ).all()


def events_of(contact: Contact) -> Sequence[Event]:
    """What happened to the contact itself, its discussions aside, oldest first."""
    return db.session.scalars(
        select(Event).where(Event.contact_id == contact.id, Event.discussion_id.is_(None)).order_by(Event.id)
    ).all()
