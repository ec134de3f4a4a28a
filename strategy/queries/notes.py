"""Answers what somebody has typed on the page of a discussion and not written down, and in which words to say so."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from strategy.db import db
from strategy.models import Invitation, Note

# The page's field that says which state of the notes it was made from.
KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Unsaved:
    """The boxes typed in, by name, and when they were kept last; empty when nothing is waiting."""

    typed: dict[str, str] = field(default_factory=dict)
    kept_at: datetime | None = None

    def words(self, asked: Sequence[Invitation]) -> list[str]:
        """What is waiting, a few words each: "information from Police"."""
        found = [f"information from {one.role_words}" for one in asked if f"information-{one.id}-text" in self.typed]
        if any(name.startswith("decision-") for name in self.typed):
            found.append("a decision")
        if any(name.startswith("action-") for name in self.typed):
            found.append("an action")
        if any(name.startswith("mark-") for name in self.typed):
            found.append("the name of somebody not marked yet")
        return found


def unsaved(discussion_id: int, user_id: int) -> Unsaved:
    """What this person has typed on this discussion's page and not written down."""
    note = db.session.scalar(select(Note).where(Note.discussion_id == discussion_id, Note.user_id == user_id))
    return Unsaved() if note is None else Unsaved(json.loads(note.typed), note.changed_at)


def shown_name(invitation: Invitation) -> tuple[str, str]:
    """Name and role as the page offers them: who was there, else who was announced; empty where nobody was."""
    if invitation.attendance is not None:
        return invitation.came_name or "", invitation.came_role or ""
    return invitation.attendee_name or "", invitation.attendee_role or ""
