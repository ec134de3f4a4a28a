"""Gives each phone its own number for each invitation, so that A47 can mean one thing only. It reads no text."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from strategy.act import Act
from strategy.db import db
from strategy.models import Invitation, ReplyCode

KEPT = timedelta(days=30)  # domain section 12: so long a number is not used again at that phone
_SHORT, _LONG = range(10, 100), range(100, 1000)


def give(phone: str, to_name: str, invitation: Invitation, act: Act) -> int | None:
    """The number with which this phone answers this invitation; None when all of its numbers are held.

    The same one however often it is asked for. It is held until 30 days after it was last written to that phone, and
    after the discussion. Two digits while there are any.
    """
    until = max(act.at, invitation.discussion.ends_at) + KEPT
    held = _held(phone, invitation)
    if held is not None:
        held.free_from, held.to_name = max(held.free_from, until), to_name[:200]
        return held.number
    fresh = {
        "invitation_id": invitation.id,
        "to_name": to_name[:200],
        "given_at": act.at,
        "free_from": until,
        "asks": None,
        "asked_again": False,
    }
    for number in _free(phone, invitation.id, act.at):
        if _take(phone, number, fresh, act):
            return number
        held = _held(phone, invitation)  # whoever was quicker may have given it for the same invitation
        if held is not None:
            return held.number
    return None


def _held(phone: str, invitation: Invitation) -> ReplyCode | None:
    asked = select(ReplyCode).where(ReplyCode.phone == phone, ReplyCode.invitation_id == invitation.id)
    return db.session.scalar(asked)


def _free(phone: str, turn: int, now: datetime) -> Iterator[int]:
    """Numbers nobody holds at this phone, beginning elsewhere for each invitation.

    Two invitations given numbers at the same moment then seldom want the same one, and wait for each other.
    """
    held = set(db.session.scalars(select(ReplyCode.number).where(ReplyCode.phone == phone, ReplyCode.free_from > now)))
    for numbers in (_SHORT, _LONG):
        for step in range(len(numbers)):
            number = numbers[(turn + step) % len(numbers)]
            if number not in held:
                yield number


def _take(phone: str, number: int, fresh: dict[str, object], act: Act) -> bool:
    """Take a number over, or write it down for the first time; False when somebody else was quicker."""
    mine = update(ReplyCode).where(ReplyCode.phone == phone, ReplyCode.number == number, ReplyCode.free_from <= act.at)
    taken = db.session.scalars(mine.values(fresh).returning(ReplyCode), execution_options={"populate_existing": True})
    if taken.first() is not None:
        return True
    try:
        with db.session.begin_nested():
            db.session.add(ReplyCode(phone=phone, number=number, **fresh))
    except IntegrityError:
        return False
    return True
