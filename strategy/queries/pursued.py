"""Answers which agencies are being chased and how far up their own ladder; the rest of the moment is watch's."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from strategy.db import db
from strategy.models import Agency, Chase, ChaseStep, Discussion, Invitation
from strategy.policy import parsed
from strategy.queries import rungs, steps
from strategy.restrictions import COUNTED
from strategy.vocabulary import LADDERS, ChaseKind


@dataclass(frozen=True, slots=True)
class Chased:
    """An agency being chased: the rung it has reached (None: a call was asked for), by its title, and what is next."""

    contact_id: int
    discussion_id: int
    reference: str
    agency: str
    role: str
    kind: ChaseKind
    rung: int | None
    reached: str
    coming: str
    due_at: datetime
    because: str


def chased(authority_id: int) -> list[Chased]:
    """Who is being chased and how far up, what is due next first. A ladder not stepped on yet chases nobody."""
    rows = db.session.execute(
        select(Chase, Invitation, Discussion.id, Discussion.reference, Agency.name, _reached())
        .join(Invitation, Chase.invitation_id == Invitation.id)
        .join(Discussion, Invitation.discussion_id == Discussion.id)
        .outerjoin(Agency, Invitation.agency_id == Agency.id)
        .where(Discussion.authority_id == authority_id, Chase.kind.in_(LADDERS), _stepped())
        .options(
            contains_eager(Chase.invitation)
            .contains_eager(Invitation.discussion)
            .options(joinedload(Discussion.policy), joinedload(Discussion.chair))
        )
        .order_by(Chase.due_at, Chase.id)
        .execution_options(**COUNTED)
    )
    return [
        Chased(
            contact_id=invitation.discussion.contact_id,
            discussion_id=discussion_id,
            reference=reference,
            agency=agency or invitation.invitee,
            role=invitation.role_words,
            kind=chase.kind,
            rung=rung,
            reached=_title(invitation, rung),
            coming=steps.words(chase),
            due_at=chase.due_at,
            because=chase.because,
        )
        for chase, invitation, discussion_id, reference, agency, rung in rows
    ]


def _title(invitation: Invitation, rung: int | None) -> str:
    """Whom the highest rung climbed has told."""
    if rung is None:
        return "Nobody yet"
    if rung == 0:
        return "Reminded"
    return rungs.title_of(parsed(invitation.discussion.policy.text).ladder_of(invitation.role), rung)


def _stepped() -> ColumnElement[bool]:
    """Whether this ladder has taken a step; before a discussion, one towards the time it has now."""
    counts = or_(ChaseStep.kind == ChaseKind.AFTER, ChaseStep.at >= Invitation.chased_from)
    taken = select(ChaseStep.id).where(
        ChaseStep.invitation_id == Chase.invitation_id, ChaseStep.kind == Chase.kind, counts
    )
    return taken.correlate(Chase, Invitation).exists()


def _reached() -> ScalarSelect[int | None]:
    """The highest rung this chase has climbed, or NULL."""
    return (
        select(func.max(ChaseStep.rung))
        .where(ChaseStep.invitation_id == Chase.invitation_id, ChaseStep.kind == Chase.kind)
        .scalar_subquery()
    )
