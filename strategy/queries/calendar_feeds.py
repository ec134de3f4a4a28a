"""Answers whose calendar feed an address is, which stand, and which discussions belong in one."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, or_, select

from strategy import restrictions
from strategy.access import token_digest
from strategy.db import db
from strategy.keys import keys
from strategy.models import CalendarFeed, Desk, Discussion, Invitation, User
from strategy.queries.shared_desks import open_to_team
from strategy.vocabulary import DiscussionState, InvitationState

_PAST: Final = timedelta(days=30)
_CANCELLED_FOR: Final = timedelta(days=7)  # long enough for a calendar that was off over a week-end and a day's leave


def token(feed: CalendarFeed) -> str:
    """What its address ends with: worked out, so that it can be shown again and is stored nowhere."""
    return keys().entry_token(CalendarFeed.__tablename__, feed.id, 1)


def by_token(given: str) -> CalendarFeed | None:
    """The feed in use at that address."""
    found = db.session.scalar(select(CalendarFeed).where(CalendarFeed.token_hash == token_digest(given)))
    return found if found is not None and found.in_use else None


def standing(owner: Desk | User) -> CalendarFeed | None:
    """The feed of theirs that was not taken back."""
    whose = CalendarFeed.user_id if isinstance(owner, User) else CalendarFeed.desk_id
    return db.session.scalar(select(CalendarFeed).where(whose == owner.id, CalendarFeed.revoked_at.is_(None)))


def standing_at_desks(authority_id: int) -> dict[int, CalendarFeed]:
    """By desk, the feeds that stand."""
    asked = select(CalendarFeed).where(
        CalendarFeed.authority_id == authority_id,
        CalendarFeed.desk_id.is_not(None),
        CalendarFeed.revoked_at.is_(None),
    )
    return {one.desk_id: one for one in db.session.scalars(asked) if one.desk_id is not None}


def discussions(feed: CalendarFeed, now: datetime) -> Sequence[Discussion]:
    """What stands in it, soonest first: to come, of the last month, and for a week what was stood down."""
    shown = or_(
        and_(Discussion.state != DiscussionState.STOOD_DOWN, Discussion.ends_at > now - _PAST),
        and_(Discussion.state == DiscussionState.STOOD_DOWN, Discussion.stood_down_at > now - _CANCELLED_FOR),
    )
    asked = select(Discussion).join(Discussion.contact).where(shown)
    if feed.user is not None:
        asked = asked.where(Discussion.authority_id == feed.authority_id, _of_user(feed.user))
        asked = restrictions.open_to(feed.user.id, Discussion, asked)
    elif feed.desk is not None:
        asked = asked.where(_invited(Invitation.desk_id == feed.desk.id), *open_to_team(feed.desk))
    return db.session.scalars(asked.order_by(Discussion.starts_at, Discussion.id)).all()


def _of_user(user: User) -> ColumnElement[bool]:
    parts = (Discussion.convener_id, Discussion.chair_id, Discussion.social_worker_id, Discussion.minute_taker_id)
    return or_(*(part == user.id for part in parts), _invited(Invitation.user_id == user.id))


def _invited(whom: ColumnElement[bool]) -> ColumnElement[bool]:
    stands = Invitation.state != InvitationState.WITHDRAWN
    return exists().where(Invitation.discussion_id == Discussion.id, stands, whom)
