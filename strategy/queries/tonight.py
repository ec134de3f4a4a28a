"""Answers what the emergency duty team has before it until the morning: one list a kind, the most pressing first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from strategy import restrictions
from strategy.db import db
from strategy.models import CallTask, Discussion, NightHandover
from strategy.policy import parsed
from strategy.queries import emergency_duty, policies, pursued, waiting
from strategy.queries.discussions import calls_of
from strategy.queries.pursued import Chased
from strategy.queries.waiting import WaitingLine
from strategy.rules.nights import next_morning
from strategy.vocabulary import DiscussionState


@dataclass(frozen=True, slots=True)
class Tonight:
    """Everything until ``until``, the next morning's hour. ``chased`` are urgent discussions' ladders alone."""

    until: datetime
    handed: Sequence[NightHandover]
    near: Sequence[WaitingLine]
    unsafe: Sequence[WaitingLine]
    booked: Sequence[Discussion]
    chased: Sequence[Chased]
    calls: Sequence[CallTask]

    @property
    def nothing(self) -> bool:
        """Whether nobody needs anything until the morning."""
        return not any((self.handed, self.near, self.unsafe, self.booked, self.chased, self.calls))


def tonight(authority_id: int, now: datetime) -> Tonight:
    """The authority's night, as whoever reads the page may see it."""
    until = next_morning(now, parsed(policies.in_force(authority_id, now).text).emergency_duty.handover_at)
    lines = waiting.listed(authority_id)
    booked = _booked(authority_id, until)
    return Tonight(
        until=until,
        handed=emergency_duty.handed(authority_id),
        near=sorted((one for one in lines if _is_near(one, now, until)), key=lambda one: (one.due_at, one.contact.id)),
        unsafe=[one for one in lines if one.unsafe_tonight(now)],
        booked=booked,
        chased=_chased(authority_id, until),
        calls=calls_of(authority_id),
    )


def _is_near(line: WaitingLine, now: datetime, until: datetime) -> bool:
    """Past its target, warned, or due before the morning."""
    return line.due_at <= until or line.is_past(now) or line.is_warned(now)


def _booked(authority_id: int, until: datetime) -> Sequence[Discussion]:
    """Discussions to be held before the morning, or still to be ended, the first first."""
    rows = select(Discussion).where(
        Discussion.authority_id == authority_id,
        Discussion.state == DiscussionState.CONVENED,
        Discussion.starts_at < until,
    )
    about = joinedload(Discussion.contact), joinedload(Discussion.chair)
    return db.session.scalars(rows.options(*about).order_by(Discussion.starts_at, Discussion.id)).all()


def _chased(authority_id: int, until: datetime) -> list[Chased]:
    urgent = select(Discussion.id).where(
        Discussion.authority_id == authority_id,
        Discussion.state == DiscussionState.CONVENED,
        Discussion.urgent.is_(True),
    )
    ids, hidden = set(db.session.scalars(urgent)), restrictions.hidden_here()
    rows = pursued.chased(authority_id)
    return [one for one in rows if one.discussion_id in ids and one.due_at < until and one.contact_id not in hidden]
