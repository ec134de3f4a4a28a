"""Answers what chasing will do for a discussion if nothing changes, step by step. What happened is story.py's."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from strategy.models import Invitation
from strategy.queries import chasing
from strategy.queries.chasing import Coming
from strategy.queries.steps import NextStep
from strategy.vocabulary import ChaseKind, StepKind

_STEPS_AHEAD: Final = 6  # of one ladder: afterwards it has no end, and a page has

_UNLESS = {
    ChaseKind.BEFORE: "if nobody is named by then",
    ChaseKind.AFTER: "if nobody has said why by then",
}


def ahead(invitations: Collection[Invitation], now: datetime) -> tuple[NextStep, ...]:
    """What chasing will do, soonest first, as ``strategy owed`` has it. A step overdue is said to come now."""
    steps = chasing.coming(invitations, now, limit=_STEPS_AHEAD)
    return tuple(
        NextStep(each.invitation, _words(each), _UNLESS[each.kind], max(each.step.due_at, now)) for each in steps
    )


def _words(coming: Coming) -> str:
    if coming.step.kind is StepKind.CHAIR_CALL:
        return f"ask {coming.to_role} to ring"
    ways = [channel.words.lower() for channel in coming.channels] + (["call"] if coming.ring else [])
    return f"{' and '.join(ways)} {coming.to_role}" if ways else f"pass over {coming.to_role}: nobody listed"
