"""Answers which papers a discussion has, which of them an agency is shown, and who has opened them."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from strategy.db import db
from strategy.models import AccessEntry, Discussion, Invitation, Paper, PaperReader
from strategy.queries.second_step import Look
from strategy.rules.papers import seen_by
from strategy.vocabulary import InvitationState

# The routes at which a paper is opened: by an agency, and by our own people.
OPENED = "agency_papers.opened"


def attached(discussion_id: int) -> Sequence[Paper]:
    """All of a discussion's, the newest first, withdrawn ones among them; without their content."""
    return db.session.scalars(
        select(Paper)
        .where(Paper.discussion_id == discussion_id)
        .order_by(Paper.id.desc())
        .options(joinedload(Paper.invitation), selectinload(Paper.readers).joinedload(PaperReader.invitation))
    ).all()


def standing(discussion_id: int) -> int:
    """How many a discussion has that are not withdrawn."""
    counting = select(func.count(Paper.id)).where(Paper.discussion_id == discussion_id, Paper.withdrawn_at.is_(None))
    return db.session.scalar(counting) or 0


def used(discussion: Discussion) -> int:
    """How many bytes a discussion's papers have, withdrawn ones among them."""
    return db.session.scalar(select(func.sum(Paper.size)).where(Paper.discussion_id == discussion.id)) or 0


def shown_to(invitation: Invitation) -> list[Paper]:
    """The papers this agency is shown, the newest first. That its link opens anything is second_step's to say."""
    return [one for one in attached(invitation.discussion_id) if _shown(one, invitation)]


def one_shown_to(invitation: Invitation, paper_id: int) -> Paper | None:
    """That paper, if this agency is shown it."""
    return next((one for one in shown_to(invitation) if one.id == paper_id), None)


def agencies(discussion: Discussion) -> list[Invitation]:
    """The invited agencies that can be chosen to see a paper."""
    asked = (one for one in discussion.invitations if one.user_id is None)
    return [one for one in asked if one.state is not InvitationState.WITHDRAWN]


def openings(papers: Collection[Paper]) -> Mapping[int, list[Look]]:
    """Who at agencies opened each, oldest first; one line a person, the first time. One query."""
    ids = [one.id for one in papers]
    seen = select(AccessEntry).where(
        AccessEntry.what == Paper.__tablename__, AccessEntry.page == OPENED, AccessEntry.row_id.in_(ids)
    )
    found: dict[int, dict[str, Look]] = {}
    for entry in db.session.scalars(seen.order_by(AccessEntry.id)):
        found.setdefault(entry.row_id, {}).setdefault(entry.who, Look(entry.who, entry.at))
    return {row_id: list(lines.values()) for row_id, lines in found.items()}


def _shown(paper: Paper, reader: Invitation) -> bool:
    if paper.withdrawn_at is not None:
        return False
    own = paper.invitation_id == reader.id
    chosen = any(one.invitation_id == reader.id for one in paper.readers)
    return seen_by(own=own, restricted=paper.restricted, chosen=chosen)
