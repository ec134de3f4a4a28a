"""Answers what chasing will do for a discussion if nothing changes, step by step. What happened is story.py's."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from strategy.models import Contact, Discussion, Invitation
from strategy.queries import chasing, foreseen, ladders
from strategy.queries.chasing import Coming
from strategy.queries.foreseen import Foreseen
from strategy.queries.ladders import History
from strategy.vocabulary import ChaseKind, StepKind

_STEPS_AHEAD: Final = 6  # of one ladder: afterwards it has no end, and a page has
_WAITS_AHEAD: Final = 2
_AHEAD: Final = timedelta(days=7)
_LONG: Final = timedelta(days=366)

_UNLESS = {
    ChaseKind.BEFORE: "if nobody is named by then",
    ChaseKind.AFTER: "if nobody has said why by then",
    ChaseKind.REMINDER: "if it stays so",
    ChaseKind.NOT_JOINED: "if they are not there by then",
    ChaseKind.ACTION: "if it is not done by then",
    ChaseKind.COURSE: "if somebody required is still not named",
    ChaseKind.DECISION: "if nobody has decided by then",
    ChaseKind.TARGET: "if it was not held by then",
}


@dataclass(frozen=True, slots=True)
class Ahead:
    """A step to come: about what ("Police", "Quorum"), what will be done, unless what, when; ``whom`` it tells."""

    about: str
    words: str
    because: str
    due_at: datetime
    whom: str = ""


def ahead(invitations: Collection[Invitation], now: datetime, known: History | None = None) -> tuple[Ahead, ...]:
    """What the ladders will do, soonest first, as ``strategy owed`` has it. A step overdue is said to come now."""
    return tuple(
        Ahead(each.invitation.role_words, _words(each), _UNLESS[each.kind], max(each.step.due_at, now))
        for each in chasing.coming(invitations, now, limit=_STEPS_AHEAD, known=known)
    )


def whole(discussion: Discussion, invitations: Collection[Invitation], now: datetime) -> tuple[Ahead, ...]:
    """All that will be done for a discussion, soonest first: ladders, prompts, quorum, actions, children who wait."""
    known = ladders.history(invitations)
    told = foreseen.about(discussion, invitations, now, known)
    told += foreseen.of_contact(discussion.contact, now, now + _AHEAD, _WAITS_AHEAD)
    steps = [*ahead(invitations, now, known), *(_told(each, now) for each in told)]
    return tuple(sorted(steps, key=lambda each: each.due_at))


def told_of(contact: Contact, now: datetime) -> tuple[Ahead, ...]:
    """Who is told next of the children who wait, and after that."""
    found = foreseen.of_contact(contact, now, now + _LONG, _WAITS_AHEAD)
    return tuple(_told(each, now) for each in found)


def _told(each: Foreseen, now: datetime) -> Ahead:
    return Ahead(each.about, each.words, _UNLESS[each.kind], max(each.step.due_at, now), each.whom)


def _words(coming: Coming) -> str:
    if coming.step.kind is StepKind.CHAIR_CALL:
        return f"ask {coming.to_role} to ring"
    ways = [channel.words.lower() for channel in coming.channels] + (["call"] if coming.ring else [])
    return f"{' and '.join(ways)} {coming.to_role}" if ways else f"pass over {coming.to_role}: nobody listed"
