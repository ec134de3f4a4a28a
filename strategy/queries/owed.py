"""Answers what an invited agency is to do from a discussion that was held, and how far it said it is."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select

from strategy.db import db
from strategy.models import Action, Invitation, Progress
from strategy.vocabulary import ActionState, DiscussionState

_WAS_HELD = frozenset({DiscussionState.HELD, DiscussionState.SIGNED})


def owed(invitation: Invitation) -> list[Action]:
    """This invitation's own, the soonest due first; those no longer needed are no longer theirs to do."""
    if invitation.discussion.state not in _WAS_HELD:
        return []
    mine = [one for one in invitation.discussion.actions if one.invitation_id == invitation.id]
    return sorted((one for one in mine if one.state is not ActionState.CANCELLED), key=lambda one: one.due_at)


def progress(action_ids: Collection[int]) -> Mapping[int, list[Progress]]:
    """How far each is, oldest first. One query."""
    said = select(Progress).where(Progress.action_id.in_(action_ids)).order_by(Progress.id)
    found: defaultdict[int, list[Progress]] = defaultdict(list)
    for one in db.session.scalars(said):
        found[one.action_id].append(one)
    return found
