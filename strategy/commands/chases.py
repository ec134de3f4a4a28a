"""Holds the chase rows: making them equal what the rules say is owed. Doing a step is in climbing.py."""

from sqlalchemy import delete, select

from strategy.act import Act
from strategy.commands import calls
from strategy.db import db
from strategy.models import Chase, Discussion, Invitation
from strategy.queries import ladders
from strategy.rules.chase import Step
from strategy.vocabulary import NAMED, ChaseKind, DiscussionState, InvitationState


def replan(invitation: Invitation, act: Act) -> None:
    """Make both ladders' rows say what is owed next. Call it after any fact of the invitation has changed.

    Calls asked for on its behalf leave the screens once nobody needs to ring any more.
    """
    db.session.flush()
    steps = {kind: _next(invitation, kind, act) for kind in ChaseKind}
    rows = {row.kind: row for row in db.session.scalars(select(Chase).where(Chase.invitation_id == invitation.id))}
    for kind, step in steps.items():
        _store(invitation, kind, rows.get(kind), step)
    db.session.flush()
    if any(steps.values()):
        return
    if _settled(invitation):
        calls.void(invitation, act)
    elif invitation.discussion.state is not DiscussionState.CONVENED:
        calls.void(invitation, act, ladder_only=True)


def replan_all(discussion: Discussion, act: Act) -> None:
    """The same for everybody asked to it."""
    for invitation in discussion.invitations:
        replan(invitation, act)


def _next(invitation: Invitation, kind: ChaseKind, act: Act) -> Step | None:
    climb = ladders.climb_of(invitation, kind)
    return None if climb is None else climb.next_step(act.at)


def _store(invitation: Invitation, kind: ChaseKind, row: Chase | None, step: Step | None) -> None:
    if step is None:
        if row is not None:
            db.session.execute(delete(Chase).where(Chase.id == row.id))
        return
    if row is None:
        row = Chase(invitation=invitation, kind=kind, failures=0)
        db.session.add(row)
    elif (row.step, row.rung, row.due_at) != (step.kind, step.rung, step.due_at):
        row.failures = 0
    row.step, row.rung, row.due_at, row.because = step.kind, step.rung, step.due_at, step.because[:200]


def _settled(invitation: Invitation) -> bool:
    """Whether nobody has to ring on this invitation's behalf: named, withdrawn, waived, or nothing to come to."""
    if invitation.discussion.state is DiscussionState.STOOD_DOWN or invitation.state is InvitationState.WITHDRAWN:
        return True
    return invitation.state in NAMED or ladders.waived(invitation)
