"""Answers what stands on a desk board: the desk's meetings to come, their clashes, and whom they are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, load_only, selectinload

from strategy import dates
from strategy.db import db
from strategy.models import Answer, BoardOpening, Contact, Discussion, Invitation
from strategy.queries import conflicts, second_step
from strategy.queries.shared_desks import open_to_team
from strategy.rules import board as rules
from strategy.rules.answering import Closed, closed
from strategy.rules.board import Clash, Seat
from strategy.rules.working_time import local_day
from strategy.vocabulary import NAMED, DiscussionState, InvitationState

_JUST = timedelta(minutes=1)
# Whoever has said this sends nobody.
_FREE = frozenset({InvitationState.DECLINED, InvitationState.REPORT_ONLY, InvitationState.NOT_OURS})

# Of the contact no more than who is barred: whom it is about is read where it is shown.
_WHOLE = (
    joinedload(Invitation.discussion).options(
        joinedload(Discussion.authority),
        joinedload(Discussion.convener),
        joinedload(Discussion.policy),
        selectinload(Discussion.contact).options(
            load_only(Contact.restricted, Contact.authority_id), selectinload(Contact.implicated)
        ),
    ),
    selectinload(Invitation.answers),
)
_IDENTITY = joinedload(Invitation.discussion).options(
    joinedload(Discussion.authority),
    selectinload(Discussion.contact).options(selectinload(Contact.children), selectinload(Contact.implicated)),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One meeting on the board. ``why_closed`` is why it takes no answer now, None while it does."""

    invitation: Invitation
    why_closed: Closed | None
    clashes: Sequence[Clash]

    @property
    def last(self) -> Answer | None:
        """The answer given last."""
        return self.invitation.answers[-1] if self.invitation.answers else None

    @property
    def same_person(self) -> list[str]:
        """In words, where one person is to be in two meetings at once."""
        return [f"{one.who} is also going to {_where(one)}" for one in self.clashes if one.who]

    @property
    def same_time(self) -> list[str]:
        """In words, the other meetings of the desk at that time."""
        return [_where(one) for one in self.clashes if not one.who]


@dataclass(frozen=True, slots=True)
class Day:
    """One day's meetings, soonest first; ``words`` is "Today", "Tomorrow" or the date."""

    words: str
    rows: Sequence[Row]


def rows(opening: BoardOpening, now: datetime, *, fresh: bool = False) -> list[Row]:
    """Every meeting to come the desk is asked to, and those running, soonest first; a handful of queries.

    Not those closed to a team (shared_desks), nor those in which whoever opened the board is implicated, by the name
    they gave or the address their code went to. ``fresh`` reads anew what is held in memory.
    """
    asked = _asked(opening, now).options(*_WHOLE).execution_options(populate_existing=fresh)
    found = [one for one in db.session.scalars(asked) if not _barred(one, opening)]
    found.sort(key=lambda one: (one.needed, one.id))
    clashes = rules.clashes([_seat(one) for one in found])
    return [Row(one, _why_closed(one, now), clashes.get(one.id, ())) for one in found]


def days(found: Sequence[Row], now: datetime) -> list[Day]:
    """The rows by day of the local clock."""
    by_day: dict[str, list[Row]] = {}
    for row in found:
        by_day.setdefault(_day_words(row.invitation.needed[0], now), []).append(row)
    return [Day(words, rows) for words, rows in by_day.items()]


def one(opening: BoardOpening, invitation_id: int, now: datetime) -> Invitation | None:
    """That meeting of the board, if it stands on it and whom it is about may be seen."""
    found = db.session.scalar(_asked(opening, now).where(Invitation.id == invitation_id))
    if found is None or _barred(found, opening) or not second_step.possible(found, now):
        return None
    return found


def to_check(opening: BoardOpening, now: datetime, *, whole: bool) -> list[Invitation]:
    """What the checks pack is for: what begins in this shift, or (``whole``) all on the board, soonest first."""
    asked = _asked(opening, now).options(_IDENTITY)
    seen = [one for one in db.session.scalars(asked) if not _barred(one, opening) and second_step.possible(one, now)]
    until = opening.open_until or now
    return sorted((one for one in seen if whole or one.needed[0] < until), key=lambda one: (one.needed, one.id))


def _asked(opening: BoardOpening, now: datetime) -> Select[Invitation]:
    desk = opening.board.desk
    return (
        select(Invitation)
        .join(Invitation.discussion)
        .join(Discussion.contact)
        .where(
            Invitation.desk_id == desk.id,
            Invitation.state != InvitationState.WITHDRAWN,
            Discussion.state == DiscussionState.CONVENED,
            Discussion.ends_at > now,
            *open_to_team(desk),
        )
    )


def _barred(invitation: Invitation, opening: BoardOpening) -> bool:
    barred = conflicts.of(invitation.discussion.contact)
    theirs = barred.named(opening.by_name) or barred.read(opening.address)
    return theirs or conflicts.bars(barred, invitation)


def _seat(invitation: Invitation) -> Seat:
    begins, until = invitation.needed
    return Seat(
        key=invitation.id,
        reference=invitation.discussion.reference,
        starts_at=begins,
        ends_at=until,
        who=invitation.attendee_name if invitation.state in NAMED else None,
        free=invitation.state in _FREE,
    )


def _why_closed(invitation: Invitation, now: datetime) -> Closed | None:
    about = invitation.discussion
    return closed(invitation.state, about.state, about.starts_at, about.ends_at, about.started_at, now)


def _where(clash: Clash) -> str:
    return f"{clash.reference}, {dates.clock(clash.starts_at)} to {dates.clock(clash.ends_at)}"


def _day_words(moment: datetime, now: datetime) -> str:
    day, today = local_day(moment), local_day(now)
    if day <= today:
        return "Today"
    return "Tomorrow" if day == today + timedelta(days=1) else dates.on(day)


def just_answered(found: Sequence[Row], by: str, now: datetime) -> int:
    """How many of these were answered by that board in the last minute: what sending them led to, read back."""
    last = (row.last for row in found)
    return sum(one is not None and one.recorded_by == by and now - one.at < _JUST for one in last)
