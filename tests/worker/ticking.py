"""Holds what tests of the tick do and look at: a moment of that Friday, somebody named meanwhile, the steps taken."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from strategy.commands import answers
from strategy.commands.answers import Reply
from strategy.db import db, transaction
from strategy.models import ChaseStep, Discussion, Invitation
from strategy.vocabulary import Response, StepKind, Via
from tests.convened import invited, link_act

Tick = Callable[..., dict[str, Any]]


def at(hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, 11, 27, hour, minute, second, tzinfo=UTC)


def named_by(invitation_id: int, moment: datetime) -> None:
    """Somebody at that agency names an attendee, by link."""
    with transaction("Jo Sample", Via.LINK):
        invitation = db.session.get_one(Invitation, invitation_id)
        reply = Reply(response=Response.ATTEND, by_name="Jo Sample", by_role="Sergeant", attendee_name="Jo Sample")
        answers.answer(invitation, reply, link_act(moment))
    db.session.rollback()


def told(discussion: Discussion, role: str) -> list[tuple[StepKind, int | None]]:
    steps = db.session.scalars(
        select(ChaseStep).where(ChaseStep.invitation_id == invited(discussion, role).id).order_by(ChaseStep.id)
    )
    return [(step.step, step.rung) for step in steps]
