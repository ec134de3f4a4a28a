"""Answers which further discussions are owed and by what rule, the soonest due first. They are no part of the wait for
a first one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Text, and_, cast, exists, false, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from strategy.db import db
from strategy.models import Contact, Discussion, FollowUp, PolicyVersion
from strategy.policy import parsed
from strategy.queries.clocks import MEETINGS, OVER, follow_ons_of, last_held
from strategy.restrictions import COUNTED
from strategy.rules.targets import FollowOnDue
from strategy.vocabulary import DiscussionKind, DiscussionState, FollowUpState, Waiting

_OPEN = (FollowUpState.DUE, FollowUpState.BOOKED)


@dataclass(frozen=True, slots=True)
class Owed:
    """One discussion owed on a contact: by when, by what rule, and after which. Moments are UTC.

    ``label`` is what policy calls it; None where a discussion held without its quorum left it owed. ``booked`` is the
    discussion booked next on the contact; ``state`` says whether that one meets it.
    """

    contact: Contact
    after: Discussion
    started_at: datetime
    warn_at: datetime | None
    due_at: datetime
    rule: str
    source: str
    urgent: bool
    state: FollowUpState
    booked: Discussion | None
    label: str | None = None

    @property
    def is_booked(self) -> bool:
        """Whether what is booked meets it."""
        return self.state is FollowUpState.BOOKED

    @property
    def by_policy(self) -> bool:
        """Whether a concern asks for it, and no row of its own holds it."""
        return self.label is not None

    def is_past(self, now: datetime) -> bool:
        """Whether its target has passed."""
        return now > self.due_at

    def is_warned(self, now: datetime) -> bool:
        """Whether the warning time has come; never, where there is none."""
        return self.warn_at is not None and now >= self.warn_at


def owed(authority_id: int, *, counted: bool = False) -> list[Owed]:
    """Everything owed and not held; four queries, however many. By policy it leaves the list once it is booked.

    ``counted``: for a figure, with the restricted contacts that whoever reads may not open.
    """
    statement = _contacts(authority_id).execution_options(**(COUNTED if counted else {}))
    found = (_standing(contact) for contact in db.session.scalars(statement))
    return sorted((one for one in found if one), key=lambda one: (one.due_at, one.contact.id))


def due_next(contact: Contact) -> Owed | None:
    """What the next discussion on this contact is booked against: of all that is owed and not booked, the soonest.

    A follow-up after a discussion without its quorum and what policy asks for next mean the same meeting: the next on
    the contact, which meets both. The one that is due first wins, as the strictest concern does; of two due together
    the row, which somebody can end with a reason.
    """
    return min((one for one in owed_on(contact) if not one.is_booked), key=_sooner, default=None)


def owed_on(contact: Contact) -> Iterator[Owed]:
    """Every open follow-up of the contact, and every follow-on that runs."""
    for row in contact.follow_ups:
        if row.state in _OPEN:
            yield _by_row(row)
    last = last_held(contact)
    if contact.state is not Waiting.HELD or last is None:
        return
    for one in follow_ons_of(contact):
        if one.is_running:
            yield _by_policy(contact, last, one)


def asked_after(discussion: Discussion) -> Owed | None:
    """What policy asks for after this discussion, the last held on its contact, the soonest; None where nothing."""
    found = (one for one in owed_on(discussion.contact) if one.by_policy and one.after is discussion)
    return min(found, key=_sooner, default=None)


def _standing(contact: Contact) -> Owed | None:
    """The one line a contact has: what is due next, or the follow-up that is booked. Never two for one meeting."""
    booked = [one for one in owed_on(contact) if one.is_booked and not one.by_policy]
    return due_next(contact) or min(booked, key=_sooner, default=None)


def _sooner(one: Owed) -> tuple[datetime, bool]:
    return one.due_at, one.by_policy


def _by_row(row: FollowUp) -> Owed:
    return Owed(
        contact=row.contact,
        after=row.after,
        started_at=row.clock_started_at,
        warn_at=row.warn_at,
        due_at=row.due_at,
        rule=row.rule,
        source=row.rule_source,
        urgent=row.urgent,
        state=row.state,
        booked=row.by,
    )


def _by_policy(contact: Contact, last: Discussion, one: FollowOnDue) -> Owed:
    booked = next((each for each in contact.discussions if each.state is DiscussionState.CONVENED), None)
    meets = booked is not None and (booked.mode in MEETINGS or not one.meeting)
    if one.due_at is None or contact.clock_started_at is None:
        raise ValueError("a follow-on that runs has a due time")
    return Owed(
        contact=contact,
        after=last,
        started_at=contact.clock_started_at,
        warn_at=one.warn_at,
        due_at=one.due_at,
        rule=one.rule[:200],
        source=one.source[:400],
        urgent=contact.urgent,
        state=FollowUpState.BOOKED if meets else FollowUpState.DUE,
        booked=booked,
        label=one.label,
    )


def _contacts(authority_id: int) -> Select[Contact]:
    """The contacts on which something may be owed, with all that says whether it is."""
    by_row = Contact.follow_ups.any(FollowUp.state.in_(_OPEN))
    return (
        select(Contact)
        .where(Contact.authority_id == authority_id, or_(by_row, _asked_by_policy(authority_id)))
        .options(joinedload(Contact.policy), selectinload(Contact.discussions), selectinload(Contact.follow_ups))
    )


def _asked_by_policy(authority_id: int) -> ColumnElement[bool]:
    """Roughly, so that years of contacts need not be read: a concern asks for a further one, and it is not met yet.

    What exactly runs is ``follow_ons_of``'s to say. The codes are those of every version contacts may run under.
    """
    texts = db.session.scalars(select(PolicyVersion.text).where(PolicyVersion.authority_id == authority_id))
    targets = [target for text in texts for target in parsed(text).targets.values()]
    once = {one.code for one in targets if any(not follow.repeats for follow in one.follow_ons)}
    again = {one.code for one in targets if any(follow.repeats for follow in one.follow_ons)}
    open_ones = or_(and_(_concerned(once), ~_met()), and_(_concerned(again), ~_ended()))
    return and_(Contact.state == Waiting.HELD, open_ones, ~_waived())


def _concerned(codes: set[str]) -> ColumnElement[bool]:
    text = cast(Contact.concerns, Text)
    return or_(false(), *(text.contains(f'"{code}"', autoescape=True) for code in sorted(codes)))


def _met() -> ColumnElement[bool]:
    """A meeting was held after the first discussion."""
    later, first = aliased(Discussion), aliased(Discussion)
    before = exists().where(first.contact_id == later.contact_id, first.state.in_(OVER), _began(first) < _began(later))
    return exists().where(
        later.contact_id == Contact.id, later.state.in_(OVER), later.mode.in_(MEETINGS), before.correlate(later)
    )


def _ended() -> ColumnElement[bool]:
    final = aliased(Discussion)
    return exists().where(final.contact_id == Contact.id, final.state.in_(OVER), final.kind == DiscussionKind.FINAL)


def _waived() -> ColumnElement[bool]:
    """Somebody said that nothing need follow the last one held."""
    after, later = aliased(Discussion), aliased(Discussion)
    since = exists().where(later.contact_id == after.contact_id, later.state.in_(OVER), _began(later) > _began(after))
    return exists().where(
        FollowUp.contact_id == Contact.id, FollowUp.waived, FollowUp.after_id == after.id, ~since.correlate(after)
    )


def _began(discussion: type[Discussion]) -> ColumnElement[datetime]:
    return func.coalesce(discussion.started_at, discussion.starts_at)
