"""Answers who is waiting: contacts undecided, decided and not booked, booked and not held; the longest first.

Every list of those who wait comes from ``listed``: whoever may not see a contact is kept from it there, in one place.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from strategy.db import db
from strategy.keys import keys
from strategy.models import Contact, ContactFacts, Discussion, Event, Handover, User
from strategy.policy import parsed
from strategy.queries import handovers
from strategy.queries.watch import end_of_day
from strategy.rules.waiting import faces_tonight
from strategy.vocabulary import DiscussionState, Waiting

OPEN = (Waiting.RECEIVED, Waiting.DECIDED, Waiting.BOOKED)
_UNBOOKED = (Waiting.RECEIVED, Waiting.DECIDED)


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

    @property
    def booked(self) -> Discussion | None:
        """The next discussion booked for it."""
        coming = (one for one in self.contact.discussions if one.state is DiscussionState.CONVENED)
        return min(coming, key=lambda one: one.starts_at, default=None)

    def unsafe_tonight(self, now: datetime) -> bool:
        """Whether it faces tonight with nothing written that keeps the child safe: counted as leaders count it."""
        if not self.decided:
            return False
        booked = self.booked
        starts = booked.starts_at if booked else None
        return faces_tonight(safe=bool(self.contact.safety), booked_for=starts, midnight=end_of_day(now))

    @property
    def holder(self) -> User | None:
        """Who holds it; None when nobody does yet."""
        return handovers.holder(self.contact)

    @property
    def pending(self) -> Handover | None:
        """The handing over that waits for its receiver."""
        return handovers.pending(self.contact)

    def is_for(self, user: User) -> bool:
        """Whether it is this person's: they hold it, were given it, gave it and wait, or work on its discussion."""
        holder, pending, booked = self.holder, self.pending, self.booked
        people = {None if holder is None else holder.id}
        if pending is not None:
            people |= {pending.receiver_id, pending.giver_id}
        if booked is not None:
            people |= {booked.convener_id, booked.chair_id, booked.social_worker_id}
        return user.id in people


@dataclass(frozen=True, slots=True)
class Waits:
    """The three lists of those who wait, each the longest wait first."""

    undecided: list[WaitingLine]
    unbooked: list[WaitingLine]
    unheld: list[WaitingLine]

    @property
    def everybody(self) -> list[WaitingLine]:
        """All three lists as one, in no order."""
        return [*self.undecided, *self.unbooked, *self.unheld]

    @property
    def unaccepted(self) -> list[WaitingLine]:
        """Those given to a receiving worker who has not accepted, the longest clock first."""
        found = [(line.pending.given_at, line.contact.id, line) for line in self.everybody if line.pending]
        return [line for *_, line in sorted(found, key=lambda one: one[:2])]


def labels(contact: Contact) -> tuple[str, ...]:
    """A contact's concerns in the words of the policy its clock runs under."""
    policy = parsed(contact.policy.text)
    return tuple(policy.target(code).label for code in contact.concerns)


def listed(authority_id: int, states: Collection[Waiting] = OPEN) -> list[WaitingLine]:
    """Every contact of the authority in one of those states, the longest wait first; seven queries at most."""
    rows = db.session.scalars(
        select(Contact)
        .where(Contact.authority_id == authority_id, Contact.state.in_(tuple(states)))
        .options(
            joinedload(Contact.policy),
            joinedload(Contact.started_by),
            joinedload(Contact.imported),
            selectinload(Contact.children),
            selectinload(Contact.discussions),
            selectinload(Contact.handovers).options(joinedload(Handover.receiver), joinedload(Handover.giver)),
        )
    ).all()
    return sorted((WaitingLine(row) for row in rows), key=lambda line: (line.since, line.contact.id))


def waiting(authority_id: int) -> list[WaitingLine]:
    """Every contact that waits for a decision or a booking, the longest wait first."""
    return listed(authority_id, _UNBOOKED)


def waits(authority_id: int, user: User | None = None) -> Waits:
    """The three lists, of one person or of everybody."""
    lines = [line for line in listed(authority_id) if user is None or line.is_for(user)]

    def within(state: Waiting) -> list[WaitingLine]:
        return [line for line in lines if line.contact.state is state]

    return Waits(within(Waiting.RECEIVED), within(Waiting.DECIDED), within(Waiting.BOOKED))


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


def last_document(authority_id: int) -> str | None:
    """The threshold document the authority named last: the next contact is most likely judged by it too."""
    return db.session.scalar(
        select(ContactFacts.document)
        .join(ContactFacts.contact)
        .where(Contact.authority_id == authority_id, ContactFacts.document.is_not(None))
        .order_by(ContactFacts.id.desc())
        .limit(1)
    )


def events_of(contact: Contact) -> Sequence[Event]:
    """What happened to the contact itself, its discussions aside, oldest first."""
    return db.session.scalars(
        select(Event).where(Event.contact_id == contact.id, Event.discussion_id.is_(None)).order_by(Event.id)
    ).all()
