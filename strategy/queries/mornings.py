"""Answers what happened overnight, for the list the day's managers have in the morning, and whether it is to be told.

It accepts nothing back: that is commands/emergency_duty's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from strategy.db import db
from strategy.models import Authority, Contact, Discussion, MorningList, NightHandover, Role, User
from strategy.policy import calendar_of, parsed
from strategy.queries import follow_ups, policies
from strategy.queries.emergency_duty import of_authority
from strategy.queries.follow_ups import Owed
from strategy.rules.nights import evening_before, morning_of
from strategy.rules.working_time import local_day
from strategy.vocabulary import DiscussionState, NightState, StaffRole

_HELD = (DiscussionState.HELD, DiscussionState.SIGNED)


@dataclass(frozen=True, slots=True)
class Night:
    """What happened from ``begins`` to ``ends``, aware UTC: the last close of business to the morning's hour."""

    day: date
    begins: datetime
    ends: datetime
    handed: Sequence[NightHandover]
    held: Sequence[Discussion]
    owed: Sequence[Owed]

    @property
    def open(self) -> list[NightHandover]:
        """Those no day worker has back yet."""
        return [one for one in self.handed if one.state is not NightState.BACK]

    @property
    def unaccepted(self) -> list[NightHandover]:
        """Those nobody of the emergency duty team ever accepted."""
        return [one for one in self.handed if one.accepted_at is None]


def night_of(authority_id: int, day: date, now: datetime) -> Night:
    """The night that ends on the morning of that local day; of one that still goes on, what happened so far."""
    begins, ends = _window(authority_id, day, now)
    until = min(ends, now)
    owed = [one for one in follow_ups.owed(authority_id) if _is_of(one, begins, until)]
    return Night(day, begins, ends, _handed(authority_id, begins, ends), _held(authority_id, begins, ends), owed)


def counts(authority_id: int, day: date, now: datetime) -> tuple[int, int]:
    """How many contacts were with the team that night, and how many of them nobody ever accepted."""
    rows = _handed(authority_id, *_window(authority_id, day, now))
    return len(rows), sum(one.accepted_at is None for one in rows)


def waiting_back(authority_id: int) -> int:
    """How many contacts are handed over and not back with a day worker."""
    rows = select(func.count(NightHandover.id)).join(NightHandover.contact)
    standing = Contact.authority_id == authority_id, NightHandover.state != NightState.BACK
    return db.session.scalar(rows.where(*standing)) or 0


def due(now: datetime, authority_id: int | None = None) -> list[tuple[int, date]]:
    """The authorities (or that one, if it is one) whose list of today is due and was told to nobody.

    After days asleep only today's is told, and none once the day's business is over: another night begins. Where
    nobody is on the emergency duty team nobody waits for a list.
    """
    today = local_day(now)
    told = select(MorningList.id).where(MorningList.authority_id == Authority.id, MorningList.day == today)
    on_it = User.roles.any(Role.name == StaffRole.EDT.value)
    team = select(User.id).where(User.authority_id == Authority.id, User.__table__.c.active.is_(True), on_it)
    rows = select(Authority.id).where(~told.exists(), team.exists()).order_by(Authority.id)
    if authority_id is not None:
        rows = rows.where(Authority.id == authority_id)
    return [(one, today) for one in db.session.scalars(rows) if _morning(one, today, now) <= now < _end_of(one, now)]


def _window(authority_id: int, day: date, now: datetime) -> tuple[datetime, datetime]:
    text = policies.in_force(authority_id, now).text
    return evening_before(day, calendar_of(text)), _morning(authority_id, day, now)


def _morning(authority_id: int, day: date, now: datetime) -> datetime:
    return morning_of(day, parsed(policies.in_force(authority_id, now).text).emergency_duty.handover_at)


def _end_of(authority_id: int, now: datetime) -> datetime:
    return calendar_of(policies.in_force(authority_id, now).text).close_of(local_day(now))


def _handed(authority_id: int, begins: datetime, ends: datetime) -> Sequence[NightHandover]:
    """All that was with the team at any time of it, those still open first, then as they were given."""
    there = NightHandover.given_at < ends, or_(NightHandover.back_at.is_(None), NightHandover.back_at >= begins)
    rows = db.session.scalars(of_authority(authority_id).where(*there)).all()
    return sorted(rows, key=lambda one: (one.state is NightState.BACK, one.given_at, one.id))


def _held(authority_id: int, begins: datetime, ends: datetime) -> Sequence[Discussion]:
    """Discussions begun overnight that were held, as they began."""
    rows = select(Discussion).where(
        Discussion.authority_id == authority_id,
        Discussion.state.in_(_HELD),
        Discussion.started_at >= begins,
        Discussion.started_at < ends,
    )
    about = joinedload(Discussion.contact), joinedload(Discussion.chair)
    return db.session.scalars(rows.options(*about).order_by(Discussion.started_at, Discussion.id)).all()


def _is_of(owed: Owed, begins: datetime, until: datetime) -> bool:
    """Whether it is owed after a discussion begun overnight."""
    began = owed.after.started_at or owed.after.starts_at
    return begins <= began < until
