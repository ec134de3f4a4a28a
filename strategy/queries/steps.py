"""Answers what the ladders did last and do next, for any number of discussions at the same cost. It climbs nothing."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from strategy.db import db
from strategy.models import Chase, ChaseStep, Invitation
from strategy.policy import parsed
from strategy.queries import rungs
from strategy.vocabulary import LADDERS, StepKind


@dataclass(frozen=True, slots=True)
class NextStep:
    """What a ladder does next for an invitation, why, and when."""

    invitation: Invitation
    words: str
    because: str
    due_at: datetime


def last(discussion_ids: Collection[int]) -> dict[int, ChaseStep]:
    """The last step taken for each invitation that has been chased, by its id."""
    statement = select(ChaseStep).join(Invitation, Invitation.id == ChaseStep.invitation_id)
    climbed = statement.where(Invitation.discussion_id.in_(discussion_ids), ChaseStep.kind.in_(LADDERS))
    taken = db.session.scalars(climbed.order_by(ChaseStep.id))
    return {step.invitation_id: step for step in taken if step.invitation_id is not None}


def following(discussion_ids: Collection[int]) -> defaultdict[int, list[NextStep]]:
    """The next step of each ladder, the soonest first, by the invitation's id."""
    rows = db.session.scalars(
        select(Chase)
        .join(Chase.invitation)
        .where(Invitation.discussion_id.in_(discussion_ids), Chase.kind.in_(LADDERS))
        .order_by(Chase.due_at, Chase.id)
        .options(joinedload(Chase.invitation))
    )
    found: defaultdict[int, list[NextStep]] = defaultdict(list)
    for chase in rows:
        found[chase.asked.id].append(NextStep(chase.asked, words(chase), chase.because, chase.due_at))
    return found


def words(chase: Chase) -> str:
    """That next step in words: "remind …", "tell the Detective sergeant"."""
    discussion = chase.asked.discussion
    if chase.step is StepKind.CHAIR_CALL or chase.rung is None:
        return f"{discussion.chair.full_name} is asked to ring"
    if chase.rung == 0:
        return f"remind {rungs.asked(chase.asked, chase.due_at).words}"
    ladder = parsed(discussion.policy.text).ladder_of(chase.asked.role)
    return f"tell the {rungs.title_of(ladder, chase.rung)}"
