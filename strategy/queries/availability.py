"""Answers when those asked can be there: opening hours, rotas, diaries and the discussions they are asked to already.

Which of these moments is best is rules.slots'.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import func, or_, select

from strategy.db import db
from strategy.models import Desk, Discussion, Invitation, Person, User
from strategy.restrictions import COUNTED
from strategy.rules.slots import Availability, Cover, Grid, Party, Span
from strategy.rules.working_time import Calendar, OpeningHours
from strategy.vocabulary import DiscussionState, InvitationState

# Not coming, so that their time is their own.
AWAY = (InvitationState.WITHDRAWN, InvitationState.DECLINED, InvitationState.REPORT_ONLY, InvitationState.NOT_OURS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Somebody asked, or to be asked, in one role: a desk, a person, or one of our own.

    ``label`` is the role's words, ``name`` theirs ("Exampleshire Police: MASH desk"). ``person`` stands before
    ``desk``: that is then only the one they sit at, whose hours are theirs. ``covers`` stand in for a desk out of its
    hours, in that order.
    """

    role: str
    label: str
    name: str
    required: bool
    desk: Desk | None = None
    person: Person | None = None
    user: User | None = None
    part: tuple[timedelta, timedelta] | None = None  # as a Party's
    covers: tuple["Wanted", ...] = ()

    @property
    def whose(self) -> str:
        """Whose time it is, as rotas and diaries name it: "desk:3", "person:7" or "user:2"."""
        for kind, one in (("user", self.user), ("person", self.person), ("desk", self.desk)):
            if one is not None:
                return f"{kind}:{one.id}"
        return ""


@dataclass(frozen=True)
class Diary:
    """When somebody is busy, as a diary that was read at ``read_at`` says. ``stale``: it should have been read since.

    What was painted from one reading is kept and found again by it.
    """

    busy: tuple[Span, ...]
    read_at: datetime
    stale: bool = False

    def __hash__(self) -> int:
        return hash((self.read_at, len(self.busy)))


@dataclass(frozen=True, slots=True)
class OtherWork:
    """What rotas and diaries say, by whose time it is (Wanted.whose).

    ``on_duty`` are the stretches a rota has somebody on; a desk that is not in it keeps no rota, and its hours count
    alone. Who is not in ``diaries`` has none that is read.
    """

    on_duty: Mapping[str, Sequence[Span]] = field(default_factory=dict)
    diaries: Mapping[str, Diary] = field(default_factory=dict)


NOTHING_KNOWN = OtherWork()


def everybody(wanted: Sequence[Wanted]) -> list[Wanted]:
    """Those asked, each followed by who stands in for them."""
    return [each for one in wanted for each in (one, *one.covers)]


def parties(
    wanted: Sequence[Wanted],
    grid: Grid,
    calendar: Calendar,
    *,
    urgent: bool,
    besides: int | None = None,
    known: OtherWork = NOTHING_KNOWN,
    asked: Mapping[str, Sequence[Span]] | None = None,
) -> list[Party]:
    """Those asked with their time on the grid; one query, however many. Our own work at night for what is urgent.

    ``besides`` is the discussion they are asked for here, which hinders nobody. ``asked`` stands in for what the
    database says of other discussions.
    """
    asked = asked_elsewhere(wanted, grid, besides) if asked is None else asked
    at = _At(grid, calendar, urgent, asked, known)
    found = []
    for number, one in enumerate(wanted):
        diary = known.diaries.get(one.whose)
        party = Party(
            key=f"{number}:{one.whose}",
            role=one.role,
            label=one.label,
            name=one.name,
            required=one.required,
            members=[_availability(one, at)],
            noticed=one.user is None,
            stale_since=diary.read_at if diary and diary.stale else None,
            part=one.part,
            covers=[Cover(each.whose, each.name, _availability(each, at)) for each in one.covers],
        )
        found.append(party)
    return found


def any_of(role: str, label: str, of_it: Sequence[Party]) -> Party:
    """One party for whom any of several can come: whoever chairs, while nobody was chosen."""
    members = [member for party in of_it for member in party.members]
    return Party(f"any:{role}", role, label, label, True, members, noticed=False)


def asked_elsewhere(wanted: Sequence[Wanted], grid: Grid, besides: int | None = None) -> dict[str, list[Span]]:
    """When each is asked to other discussions within the grid: the part they are needed for, where that is said."""
    wanted = everybody(wanted)
    desks = [one.desk.id for one in wanted if one.desk and not one.person]
    people = [one.person.id for one in wanted if one.person]
    staff = [one.user.id for one in wanted if one.user]
    starts = func.coalesce(Invitation.needed_from, Discussion.starts_at)
    ends = func.coalesce(Invitation.needed_until, Discussion.ends_at)
    rows = db.session.execute(
        select(Invitation.desk_id, Invitation.person_id, Invitation.user_id, starts, ends)
        .join(Invitation.discussion)
        .where(
            Discussion.state == DiscussionState.CONVENED,
            Discussion.ends_at > grid.start,
            Discussion.starts_at < grid.end,
            Discussion.id != (besides or 0),
            Invitation.state.not_in(AWAY),
            or_(Invitation.desk_id.in_(desks), Invitation.person_id.in_(people), Invitation.user_id.in_(staff)),
        )
        .execution_options(**COUNTED)
    )
    spans: dict[str, list[Span]] = {}
    for desk, person, user, begins, until in rows:
        value = f"person:{person}" if person else f"desk:{desk}" if desk else f"user:{user}"
        spans.setdefault(value, []).append((begins, until))
    return spans


@dataclass(frozen=True, slots=True)
class _At:
    """What everybody's time is painted from."""

    grid: Grid
    calendar: Calendar
    urgent: bool
    asked: Mapping[str, Sequence[Span]]
    known: OtherWork


def _availability(one: Wanted, at: _At) -> Availability:
    grid, diary, duty = at.grid, at.known.diaries.get(one.whose), at.known.on_duty.get(one.whose)
    return Availability(
        open=_opened(one, at.calendar, at.urgent, grid),
        duty=grid.all if duty is None else grid.covered(duty),
        taken=grid.crowded(at.asked.get(one.whose, ()), lines_of(one)),
        busy=_painted(diary, grid) if diary else 0,
    )


def lines_of(one: Wanted) -> int:
    """In how many discussions somebody can be at once."""
    return max(1, one.desk.lines) if one.desk and not one.person else 1


def open_to_us(calendar: Calendar, urgent: bool, grid: Grid) -> int:
    """The steps at which people of no desk work: office hours, and at night too for what is urgent."""
    return grid.all if urgent else _open(calendar.office_hours, calendar, grid)


def _opened(one: Wanted, calendar: Calendar, urgent: bool, grid: Grid) -> int:
    if one.user or one.desk is None:
        return open_to_us(calendar, urgent, grid)
    return _open(OpeningHours.from_plain(one.desk.hours), calendar, grid)


@lru_cache(maxsize=1024)
def _open(hours: OpeningHours, calendar: Calendar, grid: Grid) -> int:
    return grid.covered(hours.spans(grid.start, grid.end, calendar))


@lru_cache(maxsize=4096)
def _painted(diary: Diary, grid: Grid) -> int:
    return grid.touched(diary.busy)
