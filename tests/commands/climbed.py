"""Holds what tests of climbing do and look at: a step taken, who was told, who is to be rung."""

from datetime import UTC, datetime

from sqlalchemy import select

from strategy.act import Act
from strategy.commands import climbing
from strategy.db import db
from strategy.models import CallTask, Chase, ChaseStep, Invitation, Message
from strategy.queries.chasing import Due
from strategy.vocabulary import (
    ChaseKind,
    Via,
)


def at(hour: int, minute: int, day: int = 27) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def act(moment: datetime) -> Act:
    return Act(by="Strategy discussions", at=moment, via=Via.WORKER)


def row(invitation: Invitation, kind: ChaseKind = ChaseKind.BEFORE) -> Chase | None:
    db.session.flush()
    return db.session.scalar(select(Chase).where(Chase.invitation_id == invitation.id, Chase.kind == kind))


def seen(chase: Chase | None) -> Due:
    assert chase is not None
    return Due(chase.id, chase.step, chase.rung, chase.due_at)


def climb(invitation: Invitation, moment: datetime, kind: ChaseKind = ChaseKind.BEFORE) -> str | None:
    return climbing.climb(seen(row(invitation, kind)), act(moment))


def sent_to(invitation: Invitation, name: str) -> list[str]:
    asked = select(Message).where(Message.invitation_id == invitation.id, Message.name == name).order_by(Message.id)
    return [message.address for message in db.session.scalars(asked)]


def calls_of(invitation: Invitation) -> list[CallTask]:
    return list(
        db.session.scalars(select(CallTask).where(CallTask.invitation_id == invitation.id).order_by(CallTask.id))
    )


def steps(invitation: Invitation) -> list[int | None]:
    asked = select(ChaseStep).where(ChaseStep.invitation_id == invitation.id).order_by(ChaseStep.id)
    return [step.rung for step in db.session.scalars(asked)]
