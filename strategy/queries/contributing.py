"""Answers what an agency has sent and drafted behind its link, and whether it still can."""

from collections.abc import Sequence

from sqlalchemy import select

from strategy.db import db
from strategy.models import Contribution, ContributionDraft, Invitation
from strategy.vocabulary import DiscussionState, Via

_OPEN = frozenset({DiscussionState.CONVENED, DiscussionState.HELD})


def possible(invitation: Invitation) -> bool:
    """Whether information can still be sent: until the record is signed."""
    return invitation.discussion.state in _OPEN


def draft(invitation: Invitation) -> ContributionDraft | None:
    """What is typed and not sent."""
    return db.session.scalar(select(ContributionDraft).where(ContributionDraft.invitation_id == invitation.id))


def sent(invitation: Invitation) -> Sequence[Contribution]:
    """What its people sent by this page, oldest first; not what our own wrote down in its name."""
    mine = select(Contribution).where(Contribution.invitation_id == invitation.id, Contribution.via == Via.LINK)
    return db.session.scalars(mine.where(Contribution.replaced_by_id.is_(None)).order_by(Contribution.id)).all()
