"""Answers which follow-up discussions are owed, the soonest due first. They are no part of the wait for a first one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from strategy.db import db
from strategy.models import Contact, FollowUp
from strategy.vocabulary import FollowUpState

_OPEN = (FollowUpState.DUE, FollowUpState.BOOKED)


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """One follow-up owed, as a list shows it."""

    owed: FollowUp

    def is_past(self, now: datetime) -> bool:
        """Whether its target has passed."""
        return now > self.owed.due_at

    @property
    def booked_for(self) -> datetime | None:
        """When the discussion booked for it is; None while nobody has booked it."""
        return self.owed.by.starts_at if self.owed.by is not None else None


def owed(authority_id: int) -> Sequence[FollowUpLine]:
    """Every follow-up that is due, or booked and not held; one query."""
    rows = db.session.scalars(
        select(FollowUp)
        .join(FollowUp.contact)
        .where(Contact.authority_id == authority_id, FollowUp.state.in_(_OPEN))
        .options(joinedload(FollowUp.contact), joinedload(FollowUp.after), joinedload(FollowUp.by))
        .order_by(FollowUp.due_at, FollowUp.id)
    )
    return [FollowUpLine(row) for row in rows]
