"""Answers which discussions' time has passed with nobody having held them. Its own people's lists are bookings.py's."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload

from strategy.db import db
from strategy.models import Discussion, Event
from strategy.vocabulary import DiscussionState, EventVerb


def listed(authority_id: int, now: datetime) -> Sequence[Discussion]:
    """The authority's, the longest ago first; their children wait on. One query."""
    return db.session.scalars(
        select(Discussion)
        .where(Discussion.authority_id == authority_id, _passed(now))
        .options(joinedload(Discussion.contact), joinedload(Discussion.chair))
        .order_by(Discussion.ends_at, Discussion.id)
    ).all()


def untold(now: datetime, discussion_id: int | None = None) -> Sequence[Discussion]:
    """Those (or that one, if it is one) of whose passed time nobody was told. Moved, and passed again: told again."""
    told = select(Event.id).where(
        Event.discussion_id == Discussion.id, Event.verb == EventVerb.TIME_PASSED, Event.at >= Discussion.ends_at
    )
    rows = select(Discussion).where(_passed(now), ~told.exists())
    if discussion_id is not None:
        rows = rows.where(Discussion.id == discussion_id)
    return db.session.scalars(rows.order_by(Discussion.ends_at, Discussion.id)).all()


def _passed(now: datetime) -> ColumnElement[bool]:
    return and_(
        Discussion.state == DiscussionState.CONVENED, Discussion.started_at.is_(None), Discussion.ends_at <= now
    )
