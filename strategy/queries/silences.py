"""Asks whether a silence of the workers is to be told of, and who is told. It writes nothing."""

from collections.abc import Collection

from sqlalchemy import func, or_, select

from strategy.db import db
from strategy.models import Role, Silence, User
from strategy.vocabulary import StaffRole


def anything_to_tell() -> bool:
    """Whether a silence is still open, or told of and its end not: most looks find nothing, and write nothing."""
    unfinished = or_(Silence.ended_at.is_(None), Silence.alarm_sent_at.is_not(None) & Silence.over_sent_at.is_(None))
    return bool(db.session.scalar(select(func.count(Silence.id)).where(unfinished)))


def told(addresses: Collection[str]) -> list[str]:
    """The administrators of every authority, for the worker is everybody's, and the addresses the settings name."""
    admins = select(User).where(User.roles.any(Role.name == StaffRole.ADMINISTRATOR.value)).order_by(User.id)
    return list(dict.fromkeys([*(user.email for user in db.session.scalars(admins) if user.active), *addresses]))
