"""Answers what has been typed so far for a booking that is being made."""

import json
from dataclasses import dataclass, field

from sqlalchemy import select

from strategy.db import db
from strategy.models import Draft

Typed = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking being made: each page as it was typed, and the reference its discussion will have."""

    reference: str | None = None
    pages: dict[str, Typed] = field(default_factory=dict)


def booking_for(contact_id: int, user_id: int) -> Booking:
    """What this person has typed for this contact; empty when nothing yet."""
    draft = db.session.scalar(
        select(Draft).where(Draft.contact_id == contact_id, Draft.user_id == user_id).order_by(Draft.id.desc()).limit(1)
    )
    if draft is None:
        return Booking()
    answers = json.loads(draft.answers)
    return Booking(answers.get("reference"), answers.get("pages", {}))
