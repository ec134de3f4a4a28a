"""Asks for the whole record of a discussion, and for the actions that came out of records."""

from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from strategy.dates import short
from strategy.db import db
from strategy.models import Action, Contact, Discussion, Event, Invitation, User
from strategy.queries import covering, rungs
from strategy.restrictions import COUNTED
from strategy.vocabulary import ActionState, EventVerb

_WHO = (Invitation.agency, Invitation.desk)
_WRITTEN = (
    EventVerb.STARTED,
    EventVerb.ATTENDANCE_MARKED,
    EventVerb.INFORMATION_SHARED,
    EventVerb.DECISION_RECORDED,
    EventVerb.ACTION_RECORDED,
    EventVerb.ACTION_CHANGED,
    EventVerb.HELD,
)
_RECENT = timedelta(days=30)


def sheet(discussion_id: int) -> Discussion:
    """The discussion with everything its record shows, in a number of queries that does not grow with it."""
    return db.session.scalars(
        select(Discussion)
        .where(Discussion.id == discussion_id)
        .options(
            joinedload(Discussion.contact).options(selectinload(Contact.children), selectinload(Contact.said)),
            joinedload(Discussion.policy),
            joinedload(Discussion.authority),
            joinedload(Discussion.chair),
            joinedload(Discussion.social_worker),
            joinedload(Discussion.minute_taker),
            selectinload(Discussion.children),
            selectinload(Discussion.needs),
            *(selectinload(Discussion.invitations).joinedload(way) for way in _WHO),
            selectinload(Discussion.invitations).joinedload(Invitation.person).options(*covering.WHOLE),
            selectinload(Discussion.contributions),
            selectinload(Discussion.decisions),
            selectinload(Discussion.actions),
        )
        .execution_options(populate_existing=True)
    ).one()


def last_saved(discussion_id: int) -> datetime | None:
    """When anything on its page was last written down; messages that go out meanwhile do not count."""
    written = (Event.discussion_id == discussion_id, Event.verb.in_(_WRITTEN))
    return db.session.scalar(select(func.max(Event.at)).where(*written))


def numbers(invitation: Invitation, at: datetime) -> dict[str, str]:
    """The numbers to ring an invitee on (E.164), each once, the likeliest first, and whose each is at that moment."""
    named, person = invitation.attendee_contact, invitation.person
    now_with, gone = rungs.instead(invitation, at), covering.away(person, at) if person else None
    away = f" (away until {short(gone.ends_at)})" if gone else ""
    asked = [
        (named if named and "@" not in named else None, invitation.attendee_name or "Who is coming"),
        (now_with.phone, now_with.words) if now_with else (None, ""),
        (invitation.phone, f"As invited{away}" if not invitation.covered else "As invited"),
        (person.phone if person else None, f"{person.name}{away}" if person else ""),
        (invitation.desk.phone if invitation.desk else None, invitation.desk.name if invitation.desk else ""),
    ]
    found: dict[str, str] = {}
    for number, whose in asked:
        if number:
            found.setdefault(number, whose)
    return found


def actions(authority_id: int, now: datetime, owner: User | None = None) -> list[Action]:
    """Open actions, the soonest due first, and those that ended in the last 30 days; of one member of staff, or all."""
    wanted = or_(Action.state == ActionState.OPEN, Action.ended_at >= now - _RECENT)
    statement = _with_owners(authority_id).where(wanted)
    if owner is not None:
        statement = statement.where(Invitation.user_id == owner.id)
    return list(db.session.scalars(statement))


def overdue(authority_id: int, now: datetime, *, counted: bool = False) -> list[Action]:
    """Open actions past their time, the longest first; ``counted``: for a figure, those of restricted contacts too."""
    late = (Action.state == ActionState.OPEN, Action.due_at < now)
    asked = _with_owners(authority_id).where(*late).execution_options(**(COUNTED if counted else {}))
    return list(db.session.scalars(asked))


def _with_owners(authority_id: int) -> Select[Action]:
    return (
        select(Action)
        .join(Action.discussion)
        .join(Action.invitation)
        .where(Discussion.authority_id == authority_id)
        .options(contains_eager(Action.discussion), contains_eager(Action.invitation).joinedload(Invitation.agency))
        .order_by(Action.due_at, Action.id)
    )
