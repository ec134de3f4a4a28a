"""Asks what a leader must see now: who waits, who is chased, what is late, what did not arrive. Trends: gaps.py."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from strategy.clock import in_london
from strategy.db import db
from strategy.models import Action, Child, Contact, Discussion, Message
from strategy.policy import parsed
from strategy.queries import pursued, record
from strategy.queries.bookings import outlook_of
from strategy.restrictions import COUNTED
from strategy.rules.quorum import Outlook
from strategy.rules.waiting import WaitingFigures, WaitingRow, faces_tonight
from strategy.rules.waiting import waiting as count_waiting
from strategy.vocabulary import Course, DiscussionState, MessageState, Waiting

UNDECIDED_AFTER = timedelta(hours=24)
_UNDELIVERED_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Wait:
    """A contact whose children wait. ``since`` is the contact's arrival while undecided, afterwards the clock's start.

    ``children`` counts at least one: a contact is about somebody even before anybody is listed.
    """

    contact_id: int
    reference: str
    case_reference: str
    concern: str
    children: int
    since: datetime
    warn_at: datetime | None
    due_at: datetime
    safe: bool
    booked_for: datetime | None
    booked_until: datetime | None

    def unsafe_tonight(self, now: datetime) -> bool:
        """Whether they face tonight with nothing written that keeps them safe, and no discussion before midnight.

        One whose time has passed unheld is no discussion.
        """
        coming = None if self.booked_until is None or self.booked_until <= now else self.booked_for
        return faces_tonight(safe=self.safe, booked_for=coming, midnight=end_of_day(now))


@dataclass(frozen=True, slots=True)
class Standing:
    """One of today's discussions, and how its quorum stands; ``outlook`` is None once it was held."""

    discussion: Discussion
    outlook: Outlook | None

    @property
    def unheld(self) -> bool:
        """Whether its time has passed and nobody has held it, or ended it."""
        return self.outlook is not None and self.outlook.course is Course.TIME_PASSED

    @property
    def quorate(self) -> bool:
        """Held quorate, or on course to be."""
        if self.outlook is None:
            return bool(self.discussion.quorum_met)
        return self.outlook.course is Course.ON_COURSE


@dataclass(frozen=True, slots=True)
class Picture:
    """All a leader must see at one moment, each list with what its sentence is made from."""

    at: datetime
    waiting: list[Wait]
    figures: WaitingFigures
    undecided: list[Wait]
    today: list[Standing]
    chased: list[pursued.Chased]
    overdue: list[Action]
    undelivered: list[Message]

    @property
    def undecided_late(self) -> list[Wait]:
        """Undecided 24 clock hours after they came in (measure 2), the longest first."""
        return [wait for wait in self.undecided if wait.since <= self.at - UNDECIDED_AFTER]

    @property
    def past_due(self) -> list[Wait]:
        """Waiting past their target, the longest first."""
        return [wait for wait in self.waiting if wait.contact_id in self.figures.past_due]

    @property
    def unsafe(self) -> list[Wait]:
        """Facing tonight without anything written that keeps them safe."""
        return _unsafe(self.waiting, self.at)

    @property
    def short(self) -> list[Standing]:
        """Discussions of today that were not quorate or, as things stand, will not be for certain."""
        return [one for one in self.today if not one.quorate and not one.unheld]

    @property
    def unheld(self) -> list[Standing]:
        """Discussions whose time has passed and that nobody has held, or ended."""
        return [one for one in self.today if one.unheld]


def picture(authority_id: int, now: datetime) -> Picture:
    """The moment's picture, in a number of queries that does not grow with it."""
    waits = waiting(authority_id, counted=True)
    rows = [WaitingRow(wait.contact_id, wait.since, wait.warn_at, wait.due_at) for wait in waits]
    return Picture(
        at=now,
        waiting=waits,
        figures=count_waiting(rows, now),
        undecided=undecided(authority_id),
        today=today(authority_id, now),
        chased=pursued.chased(authority_id),
        overdue=record.overdue(authority_id, now, counted=True),
        undelivered=undelivered(authority_id, now),
    )


def end_of_day(now: datetime) -> datetime:
    """The coming local midnight."""
    local = in_london(now)
    return datetime.combine(local.date() + timedelta(days=1), time(), local.tzinfo)


def start_of_day(now: datetime) -> datetime:
    """The last local midnight."""
    local = in_london(now)
    return datetime.combine(local.date(), time(), local.tzinfo)


def waiting(authority_id: int, *, counted: bool = False) -> list[Wait]:
    """Everybody with a decision and no discussion held, the longest wait first.

    ``counted``: for a figure, with the restricted contacts that whoever reads may not open.
    """
    return _waits(authority_id, (Waiting.DECIDED, Waiting.BOOKED), counted)


def unsafe_tonight(authority_id: int, now: datetime) -> list[Wait]:
    """Of those, who faces tonight without anything written that keeps them safe: the same for leaders and for all."""
    return _unsafe(waiting(authority_id), now)


def undecided(authority_id: int) -> list[Wait]:
    """Contacts nobody has decided on, the longest first, each with the time it is to be decided by."""
    return _waits(authority_id, (Waiting.RECEIVED,), counted=True)


def today(authority_id: int, now: datetime) -> list[Standing]:
    """Today's discussions, held or to come, and older ones nobody has finished."""
    rows = db.session.scalars(
        select(Discussion)
        .where(Discussion.authority_id == authority_id, Discussion.state != DiscussionState.STOOD_DOWN)
        .where(Discussion.starts_at < end_of_day(now))
        .where((Discussion.state == DiscussionState.CONVENED) | (Discussion.starts_at >= start_of_day(now)))
        .options(selectinload(Discussion.needs), selectinload(Discussion.invitations), joinedload(Discussion.chair))
        .order_by(Discussion.starts_at)
        .execution_options(**COUNTED)
    )
    return [Standing(row, _outlook(row, now)) for row in rows]


def undelivered(authority_id: int, now: datetime) -> list[Message]:
    """Messages of the last seven days that did not arrive, the newest first."""
    return list(
        db.session.scalars(
            select(Message)
            .outerjoin(Message.discussion)
            .where(Message.authority_id == authority_id, Message.ended_at >= now - _UNDELIVERED_WITHIN)
            .where(Message.state.in_((MessageState.FAILED, MessageState.BOUNCED)))
            .options(contains_eager(Message.discussion), joinedload(Message.invitation))
            .order_by(Message.ended_at.desc())
            .execution_options(**COUNTED)
        )
    )


def _unsafe(waits: Iterable[Wait], now: datetime) -> list[Wait]:
    return [wait for wait in waits if wait.unsafe_tonight(now)]


def _waits(authority_id: int, states: Iterable[Waiting], counted: bool) -> list[Wait]:
    children = select(func.count(Child.id)).where(Child.contact_id == Contact.id).scalar_subquery()
    convened = (Discussion.contact_id == Contact.id, Discussion.state == DiscussionState.CONVENED)
    booked = select(func.min(Discussion.starts_at)).where(*convened).scalar_subquery()
    until = select(func.max(Discussion.ends_at)).where(*convened).scalar_subquery()
    since = func.coalesce(Contact.clock_started_at, Contact.received_at)
    rows = db.session.execute(
        select(Contact, children, booked, until)
        .where(Contact.authority_id == authority_id, Contact.state.in_(tuple(states)))
        .options(joinedload(Contact.policy))
        .order_by(since, Contact.id)
        .execution_options(**(COUNTED if counted else {}))
    )
    return [_wait(*row) for row in rows]


def _wait(contact: Contact, children: int, booked_for: datetime | None, booked_until: datetime | None) -> Wait:
    targets = parsed(contact.policy.text).targets
    code = contact.target_code or (contact.concerns[0] if contact.concerns else "")
    return Wait(
        contact_id=contact.id,
        reference=contact.reference,
        case_reference=contact.case_reference,
        concern=targets[code].short if code in targets else code,
        children=max(children, 1),
        since=contact.clock_started_at or contact.received_at,
        warn_at=contact.warn_at,
        due_at=contact.due_at or contact.decide_by,
        safe=bool(contact.safety),
        booked_for=booked_for,
        booked_until=booked_until,
    )


def _outlook(discussion: Discussion, now: datetime) -> Outlook | None:
    return outlook_of(discussion, now) if discussion.state is DiscussionState.CONVENED else None
