"""Answers what happened, told shortly: the newest first, invitations sent in one go as one. It adds no event."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from strategy.db import db
from strategy.models import Event, Invitation
from strategy.vocabulary import EventVerb


@dataclass(frozen=True, slots=True)
class Beat:
    """One line of the story."""

    at: datetime
    words: str
    by: str


def told(events: Sequence[Event], invitations: Iterable[Invitation]) -> list[Beat]:
    """The story of those events, which come oldest first. That messages arrived is left to the list of messages."""
    roles = {one.id: one.role_words for one in invitations}
    bursts: defaultdict[tuple[datetime, str], list[Event]] = defaultdict(list)
    for event in events:
        if event.verb is EventVerb.INVITED:
            bursts[event.at, event.by].append(event)
    beats = []
    for event in events:
        burst = bursts[event.at, event.by] if event.verb is EventVerb.INVITED else [event]
        if event is burst[0] and event.verb is not EventVerb.TOLD:
            beats.append(Beat(event.at, _words(burst, roles), event.by))
    return beats[::-1]


def _words(burst: Sequence[Event], roles: dict[int, str]) -> str:
    if len(burst) == 1:
        return burst[0].text
    asked = [roles[event.invitation_id] for event in burst if event.invitation_id in roles]
    return f"Invited {len(burst)}: {', '.join(asked)}"


def latest(discussion_id: int, verb: EventVerb) -> str:
    """The newest deed of that kind as the trail has it, for reading back what was recorded just now."""
    asked = select(Event).where(Event.discussion_id == discussion_id, Event.verb == verb)
    found = db.session.scalars(asked.order_by(Event.id.desc()).limit(1)).first()
    return "" if found is None else f"Recorded: {found.text.rstrip('.')}."
