"""Holds the chase rows: making them equal what the rules say is owed. Doing a step is others': climbing.py and beside.

A new kind of chase is a member of ChaseKind, a rule that gives its next step, and a place here that asks it.
"""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from strategy.act import Act
from strategy.commands import calls
from strategy.db import db
from strategy.models import Action, Chase, Contact, Discussion, Invitation
from strategy.queries import course_watch, ladders, prompts, target_watch
from strategy.rules.chase import Step
from strategy.vocabulary import LADDERS, NAMED, PROMPTS, WAITS, ChaseKind, DiscussionState, InvitationState

Subject = Invitation | Action | Discussion | Contact
Steps = Mapping[ChaseKind, Step | None]

_COLUMNS = {
    Invitation: Chase.invitation_id,
    Action: Chase.action_id,
    Discussion: Chase.discussion_id,
    Contact: Chase.contact_id,
}


def replan(invitation: Invitation, act: Act) -> None:
    """Make all rows of an invitation say what is owed next. Call it after any fact of the invitation has changed.

    The discussion's own row follows. Calls asked for on its behalf leave the screens once nobody needs to ring any
    more.
    """
    _replan(invitation, act)
    replan_course(invitation.discussion, act)


def replan_all(discussion: Discussion, act: Act) -> None:
    """The same for everybody asked to it, and for the children who wait for it."""
    for invitation in discussion.invitations:
        _replan(invitation, act)
    replan_course(discussion, act)
    replan_contact(discussion.contact, act)


def replan_course(discussion: Discussion, act: Act) -> None:
    """Whether, and when, its convener is told of its quorum."""
    db.session.flush()
    rows = _rows(discussion)
    step = course_watch.next_step(discussion, act.at, rows.get(ChaseKind.COURSE))
    _store(discussion, rows, {ChaseKind.COURSE: step})


def replan_contact(contact: Contact, act: Act) -> None:
    """Who is told next of the children who wait. Call it after its state, its target or a booking has changed."""
    db.session.flush()
    steps: dict[ChaseKind, Step | None] = dict.fromkeys(WAITS)
    steps[target_watch.kind_of(contact)] = target_watch.next_step(contact, act.at)
    _store(contact, _rows(contact), steps)


def replan_action(action: Action, act: Act) -> None:
    """When its owner is reminded. Call it after its owner, its time or its state has changed."""
    db.session.flush()
    _store(action, _rows(action), {ChaseKind.ACTION: prompts.next_reminder(action, act.at)})


def _replan(invitation: Invitation, act: Act) -> None:
    db.session.flush()
    convened = invitation.discussion.state is DiscussionState.CONVENED
    known = ladders.history([invitation]) if convened else None  # read once for all kinds
    steps = {kind: _next(invitation, kind, act, known) for kind in LADDERS}
    said = {kind: prompts.next_step(invitation, kind, act.at, known) for kind in PROMPTS}
    _store(invitation, _rows(invitation), {**steps, **said})
    if any(steps.values()):
        return
    if _settled(invitation):
        calls.void(invitation, act)
    elif invitation.discussion.state is not DiscussionState.CONVENED:
        calls.void(invitation, act, ladder_only=True)


def _next(invitation: Invitation, kind: ChaseKind, act: Act, known: ladders.History | None) -> Step | None:
    climb = ladders.climb_of(invitation, kind, known)
    return None if climb is None else climb.next_step(act.at)


def _rows(subject: Subject) -> dict[ChaseKind, Chase]:
    asked = select(Chase).where(_COLUMNS[type(subject)] == subject.id)
    return {row.kind: row for row in db.session.scalars(asked)}


def _store(subject: Subject, rows: Mapping[ChaseKind, Chase], steps: Steps) -> None:
    for kind, step in steps.items():
        row = rows.get(kind)
        if step is None:
            if row is not None:
                db.session.execute(delete(Chase).where(Chase.id == row.id))
        elif row is None:
            _add(subject, kind, step)
        else:
            if (row.step, row.rung, row.due_at) != (step.kind, step.rung, step.due_at):
                row.failures = 0
            _say(row, step)
    db.session.flush()


def _add(subject: Subject, kind: ChaseKind, step: Step) -> None:
    row = Chase(**{_COLUMNS[type(subject)].key: subject.id}, kind=kind, failures=0)
    _say(row, step)
    if not isinstance(subject, Contact):
        db.session.add(row)  # whoever plans holds the discussion's lock
        return
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        pass  # another discussion on it planned it at this moment; its step asks the rules again before it is done


def _say(row: Chase, step: Step) -> None:
    row.step, row.rung, row.due_at, row.because = step.kind, step.rung, step.due_at, step.because[:200]


def _settled(invitation: Invitation) -> bool:
    """Whether nobody has to ring on this invitation's behalf: named, withdrawn, waived, or nothing to come to."""
    if invitation.discussion.state is DiscussionState.STOOD_DOWN or invitation.state is InvitationState.WITHDRAWN:
        return True
    return invitation.state in NAMED or ladders.waived(invitation)
