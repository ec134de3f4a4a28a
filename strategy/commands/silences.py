"""Holds what is written down of a worker's silence: noticed, over, and who tells of it. Sending is watchdog.py's."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from strategy.act import Act
from strategy.db import db
from strategy.models import Silence

# Whoever took it up and did not tell in this time has died over it.
_TAKEN_FOR = timedelta(minutes=1)

Moment = InstrumentedAttribute[datetime | None]


def notice(began_at: datetime, act: Act) -> bool:
    """Write down a silence, named by the last tick before it; False when somebody has already."""
    if db.session.scalar(select(Silence.id).where(Silence.began_at == began_at)) is not None:
        return False
    try:
        with db.session.begin_nested():
            db.session.add(Silence(began_at=began_at, noticed_at=act.at))
    except IntegrityError:
        return False  # another process saw it at the same moment
    return True


def end(last: datetime, act: Act) -> int:
    """A worker came round at ``last``: every silence from before is over. How many there were."""
    ending = update(Silence).where(Silence.ended_at.is_(None), Silence.began_at < last)
    return len(db.session.scalars(ending.values(ended_at=act.at).returning(Silence.id)).all())


def take_alarm(act: Act) -> Silence | None:
    """A silence nobody has told of yet, which is the caller's to tell now; None when there is none."""
    return _take(Silence.alarm_taken_at, Silence.alarm_sent_at.is_(None) & Silence.ended_at.is_(None), act)


def take_over(act: Act) -> Silence | None:
    """A silence that was told of and is over, which is the caller's to tell now; None when there is none."""
    told = Silence.alarm_sent_at.is_not(None) & Silence.ended_at.is_not(None)
    return _take(Silence.over_taken_at, told & Silence.over_sent_at.is_(None), act)


def alarm_sent(silence_id: int, act: Act) -> None:
    """Somebody has been told of it."""
    db.session.execute(update(Silence).where(Silence.id == silence_id).values(alarm_sent_at=act.at))


def over_sent(silence_id: int, act: Act) -> None:
    """Somebody has been told that it is over."""
    db.session.execute(update(Silence).where(Silence.id == silence_id).values(over_sent_at=act.at))


def _take(taken_at: Moment, wanted: ColumnElement[bool], act: Act) -> Silence | None:
    free = or_(taken_at.is_(None), taken_at <= act.at - _TAKEN_FOR)
    first = select(Silence.id).where(wanted, free).order_by(Silence.id).limit(1).scalar_subquery()
    won = db.session.scalar(
        update(Silence).where(Silence.id == first, free).values({taken_at: act.at}).returning(Silence.id)
    )
    return None if won is None else db.session.get(Silence, won, populate_existing=True)
