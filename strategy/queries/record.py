"""Asks for the whole record of a discussion, and for the actions that came out of records."""

from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from strategy.db import db
from strategy.models import Action, Contact, Discussion, Event, Invitation, User
from strategy.vocabulary import ActionState

_RECENT = timedelta(days=30)


def sheet(discussion_id: int) -> Discussion:
    """The discussion with everything its record shows, in a number of queries that does not grow with it."""
    return db.session.scalars(
        select(Discussion)
        .where(Discussion.id == discussion_id)
        .options(
            joinedload(Discussion.contact).selectinload(Contact.children),
            joinedload(Discussion.policy),
            joinedload(Discussion.authority),
            joinedload(Discussion.chair),
            joinedload(Discussion.social_worker),
            joinedload(Discussion.minute_taker),
            selectinload(Discussion.children),
            selectinload(Discussion.needs),
            selectinload(Discussion.invitations).joinedload(Invitation.agency),
            selectinload(Discussion.contributions),
            selectinload(Discussion.decisions),
            selectinload(Discussion.actions),
        )
        .execution_options(populate_existing=True)
    ).one()


def last_saved(discussion_id: int) -> datetime | None:
    """When anything about it was last written down."""
    return db.session.scalar(select(func.max(Event.at)).where(Event.discussion_id == discussion_id))


def actions(authority_id: int, now: datetime, owner: User | None = None) -> list[Action]:
    """Open actions, the soonest due first, and those that ended in the last 30 days; of one member of staff, or all."""
    wanted = or_(Action.state == ActionState.OPEN, Action.ended_at >= now - _RECENT)
    statement = _with_owners(authority_id).where(wanted)
    if owner is not None:
        statement = statement.where(Invitation.user_id == owner.id)
    return list(db.session.scalars(statement))


def overdue(authority_id: int, now: datetime) -> list[Action]:
    """Open actions past their time, the longest first."""
    late = (Action.state == ActionState.OPEN, Action.due_at < now)
    return list(db.session.scalars(_with_owners(authority_id).where(*late)))


def _with_owners(authority_id: int) -> Select[Action]:
    return (
        select(Action)
        .join(Action.discussion)
        .join(Action.invitation)
        .where(Discussion.authority_id == authority_id)
        .options(contains_eager(Action.discussion), contains_eager(Action.invitation).joinedload(Invitation.agency))
        .order_by(Action.due_at, Action.id)
    )
