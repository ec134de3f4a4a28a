"""Holds the reading of a contact into what rules.target_watch is asked about, and who is told; the rules decide."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from strategy.db import db
from strategy.models import Chase, ChaseStep, Contact, User
from strategy.policy import parsed
from strategy.queries import handovers
from strategy.queries.directory import staff_of
from strategy.rules import target_watch
from strategy.rules.chase import Done, Step
from strategy.rules.target_watch import LEADERS, MANAGERS, WORKER, Wait
from strategy.rules.watch_figures import WatchFigures
from strategy.vocabulary import WAITS, ChaseKind, DiscussionState, StaffRole, Waiting

OPEN = (Waiting.RECEIVED, Waiting.DECIDED, Waiting.BOOKED)
ROLES = {WORKER: "whoever holds it", MANAGERS: "their managers", LEADERS: "the leaders"}


def kind_of(contact: Contact) -> ChaseKind:
    """Which wait is watched: for a decision, or for a discussion held."""
    return ChaseKind.DECISION if contact.state is Waiting.RECEIVED else ChaseKind.TARGET


def next_step(contact: Contact, now: datetime) -> Step | None:
    """Who is told next of the children who wait, and when; None when nobody waits any more."""
    if contact.state not in OPEN:
        return None
    figures = parsed(contact.policy.text).watch
    return target_watch.next_step(_wait(contact, figures), figures, now)


def upcoming(contact: Contact, now: datetime, until: datetime, limit: int) -> tuple[Step, ...]:
    """The steps to come by then if nothing changes, oldest first."""
    figures = parsed(contact.policy.text).watch
    return target_watch.upcoming(_wait(contact, figures), figures, now, until, limit)


def unwatched(limit: int) -> Sequence[int]:
    """Contacts whose children wait and that nothing is planned for: they came before there was a watch. Their ids."""
    planned = select(Chase.id).where(Chase.contact_id == Contact.id, Chase.kind.in_(WAITS)).exists()
    asked = select(Contact.id).where(Contact.state.in_(OPEN), ~planned)
    return db.session.scalars(asked.order_by(Contact.id).limit(limit)).all()


def told(contact: Contact, rung: int) -> list[User]:
    """Whom that step tells: who holds it, the managers, the leaders. Nobody implicated, nobody it is closed to.

    Where nobody holds it, the managers have it from the beginning. A manager who chaired for it before is the one.
    """
    if rung == WORKER:
        pending = handovers.pending(contact)
        holders = [handovers.holder(contact), None if pending is None else pending.receiver]
        found = [user for user in holders if user is not None and user.active]
        return _open_to(contact, found) or told(contact, MANAGERS)
    role = StaffRole.CHAIR if rung == MANAGERS else StaffRole.LEADER
    everybody = _open_to(contact, staff_of(contact.authority_id, role, about=contact))
    chairs = {one.chair_id for one in contact.discussions}
    known = [user for user in everybody if user.id in chairs]
    return known if rung == MANAGERS and known else everybody


def _open_to(contact: Contact, users: Sequence[User]) -> list[User]:
    listed = {one.user_id for one in contact.access_list if one.removed_at is None}
    once = {user.id: user for user in users if not contact.restricted or user.id in listed}
    return list(once.values())


def due_at(contact: Contact) -> datetime:
    """When it is to be decided by, or the discussion to be held by."""
    return contact.decide_by if contact.state is Waiting.RECEIVED or contact.due_at is None else contact.due_at


def reached(contact: Contact) -> int:
    """The highest step told on this wait, -1 for none."""
    return max((step.rung for step in _done(contact) if step.rung is not None), default=-1)


def taken(contact: Contact) -> int:
    """How many steps this wait has taken."""
    return len(_done(contact))


def _done(contact: Contact) -> tuple[Done, ...]:
    steps = db.session.scalars(
        select(ChaseStep)
        .where(ChaseStep.contact_id == contact.id, ChaseStep.kind == kind_of(contact))
        .order_by(ChaseStep.id)
    )
    return tuple(Done(step.step, step.rung, step.at) for step in steps)


def _wait(contact: Contact, figures: WatchFigures) -> Wait:
    done = _done(contact)
    if contact.state is Waiting.RECEIVED:
        whole = contact.decide_by - contact.received_at
        warn = contact.received_at + whole * figures.decision_warns
        return Wait(contact.state, contact.received_at, contact.decide_by, warn, done=done)
    convened = [one.ends_at for one in contact.discussions if one.state is DiscussionState.CONVENED]
    return Wait(
        state=contact.state,
        since=contact.clock_started_at or contact.received_at,
        due_at=due_at(contact),
        warn_at=contact.warn_at,
        booked_until=max(convened, default=None),
        done=done,
    )
