"""Holds how a step that is due is taken by one worker, and put back when it failed. Doing it is others'."""

from datetime import timedelta

from sqlalchemy import select, update

from strategy.act import Act
from strategy.db import db
from strategy.models import Action, Chase, ChaseStep, Contact, Discussion, Invitation
from strategy.queries.chasing import Due
from strategy.rules.chase import Step

# While a step is being done its row is due later, so that nobody else takes it up; replanning sets it right.
_TAKEN_FOR = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=1)
_TOLD = 300  # the column's


def take(due: Due, act: Act) -> Chase | None:
    """The row, if it still is as it was seen; None when somebody else was first.

    What it is about is locked first, as everybody does who changes it.
    """
    row = db.session.get(Chase, due.id)
    if row is None:
        return None
    _lock(row)
    won = db.session.scalar(
        update(Chase)
        .where(
            Chase.id == due.id,
            Chase.step == due.step,
            Chase.rung.is_(None) if due.rung is None else Chase.rung == due.rung,
            Chase.due_at == due.due_at,
        )
        .values(due_at=act.at + _TAKEN_FOR)
        .returning(Chase.id)
    )
    return None if won is None else db.session.get(Chase, won, populate_existing=True)


def push_back(due: Due, act: Act) -> None:
    """A row whose step failed waits, twice as long each time, so that the others are not held up behind it."""
    chase = db.session.get(Chase, due.id, with_for_update=True, populate_existing=True)
    if chase is None or (chase.step, chase.rung, chase.due_at) != (due.step, due.rung, due.due_at):
        return
    chase.failures += 1
    chase.due_at = act.at + min(timedelta(minutes=2 ** min(chase.failures, 6)), _LONGEST_WAIT)


def record(chase: Chase, step: Step, told: str, act: Act) -> None:
    """Write down that its step was taken: the rules are told of it and never repeat it."""
    taken = ChaseStep(
        invitation_id=chase.invitation_id,
        action_id=chase.action_id,
        discussion_id=chase.discussion_id,
        contact_id=chase.contact_id,
        kind=chase.kind,
        step=step.kind,
        rung=step.rung,
        at=act.at,
        told=told[:_TOLD],
    )
    db.session.add(taken)
    db.session.flush()


def _lock(row: Chase) -> None:
    """The discussion it belongs to, or the contact that has none yet."""
    if row.contact_id is not None:
        db.session.get(Contact, row.contact_id, with_for_update=True, populate_existing=True)
        return
    root = row.discussion_id
    if row.invitation_id is not None:
        root = db.session.scalar(select(Invitation.discussion_id).where(Invitation.id == row.invitation_id))
    if row.action_id is not None:
        root = db.session.scalar(select(Action.discussion_id).where(Action.id == row.action_id))
    db.session.get(Discussion, root, with_for_update=True, populate_existing=True)
