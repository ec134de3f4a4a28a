"""Asks when a worker last came round."""

from datetime import datetime

from sqlalchemy import func, select

from strategy.db import db
from strategy.models import Heartbeat


def last_tick() -> datetime | None:
    """When any worker last finished a tick; None when none ever did."""
    return db.session.scalar(select(func.max(Heartbeat.at)))
