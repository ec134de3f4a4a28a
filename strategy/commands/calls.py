"""Holds the calls only a person can make: asking for one, closing it, dropping what is no longer needed."""

from collections.abc import Iterable

from sqlalchemy import or_, select, update

from strategy.act import Act, Refused
from strategy.commands import events
from strategy.db import db
from strategy.models import CallTask, Invitation, User
from strategy.vocabulary import CALL_MOVES, LADDERS, CallOutcome, CallState, EventVerb, may_move

# Rows held in memory learn of what the statement changed.
_FRESH = {"populate_existing": True}


def ask(
    invitation: Invitation,
    whom: str,
    number: str | None,
    because: str,
    act: Act,
    *,
    key: str,
    for_user: User | None = None,
    unasked: bool = False,
) -> CallTask:
    """Put a call on somebody's screen: the convener's unless ``for_user`` says whose.

    ``unasked``: somebody rang of their own accord, so the trail has the call alone.
    ``number`` None is said plainly on screen: whoever rings has to look it up. ``key`` is the step's, unique within
    the invitation: asking again for the same step returns the task there is, done or not.
    """
    db.session.flush()  # the key needs the invitation's id
    dedupe = f"{invitation.id}/{key}"
    found = db.session.scalar(select(CallTask).where(CallTask.dedupe_key == dedupe))
    if found is not None:
        return found
    discussion = invitation.discussion
    task = CallTask(
        authority_id=discussion.authority_id,
        discussion=discussion,
        invitation=invitation,
        for_user=for_user or discussion.convener,
        dedupe_key=dedupe,
        whom=whom[:200],
        number=number,
        because=because[:300],
        state=CallState.OPEN,
        asked_at=act.at,
    )
    db.session.add(task)
    if not unasked:
        words = f"{task.for_user.full_name} was asked to ring {whom}: {because}"
        events.add(EventVerb.CALL_ASKED, words, act, invitation=invitation)
    return task


def close(task: CallTask, outcome: CallOutcome, act: Act, note: str | None = None) -> None:
    """Somebody rang; ``note`` is narrative and stays on staff pages. Raises Refused when the task is over already."""
    if not may_move(CALL_MOVES, task.state, CallState.DONE):
        raise Refused(f"This call is over already: {task.state.words.lower()}.", "outcome")
    task.state = CallState.DONE
    task.outcome = outcome
    task.note = note
    task.ended_at = act.at
    task.ended_by = act.by
    events.add(EventVerb.CALL_MADE, f"Rang {task.whom}: {outcome.words.lower()}", act, invitation=task.invitation)


def void(invitation: Invitation, act: Act, *, ladder_only: bool = False) -> int:
    """Take this invitation's open calls off the screens: nobody needs to ring any more. How many there were.

    ``ladder_only`` leaves those that climbing did not ask for, such as telling somebody of their action.
    """
    return _take_off(invitation, LADDERS if ladder_only else None, act)


def drop_kind(invitation: Invitation, kind: str, act: Act) -> int:
    """Take this invitation's open calls of that kind off the screens: keys begin with it and a colon. How many."""
    return _take_off(invitation, [kind], act)


def drop(invitation: Invitation, key: str, act: Act) -> None:
    """Take that one call off the screens, if it is still to be made: its reason is gone."""
    found = db.session.scalar(select(CallTask).where(CallTask.dedupe_key == f"{invitation.id}/{key}"))
    if found is not None and may_move(CALL_MOVES, found.state, CallState.VOIDED):
        found.state, found.ended_at, found.ended_by = CallState.VOIDED, act.at, act.by


def _take_off(invitation: Invitation, kinds: Iterable[str] | None, act: Act) -> int:
    """Those whose keys begin with one of these kinds; None for all."""
    db.session.flush()
    dropping = update(CallTask).where(CallTask.invitation_id == invitation.id, CallTask.state == CallState.OPEN)
    if kinds is not None:
        asked = [CallTask.dedupe_key.startswith(f"{invitation.id}/{kind}:", autoescape=True) for kind in kinds]
        dropping = dropping.where(or_(*asked))
    over = {"state": CallState.VOIDED, "ended_at": act.at, "ended_by": act.by}
    return len(db.session.scalars(dropping.values(over).returning(CallTask), execution_options=_FRESH).all())
