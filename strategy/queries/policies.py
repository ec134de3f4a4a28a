"""Asks which policy an authority works under."""

from datetime import datetime

from sqlalchemy import select

from strategy.db import db
from strategy.models import PolicyVersion


def in_force(authority_id: int, at: datetime) -> PolicyVersion:
    """The authority's newest policy version in effect at that moment. Raises NoResultFound when it has none."""
    return db.session.scalars(
        select(PolicyVersion)
        .where(PolicyVersion.authority_id == authority_id, PolicyVersion.effective_from <= at)
        .order_by(PolicyVersion.number.desc())
        .limit(1)
    ).one()
