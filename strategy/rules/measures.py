"""Holds the counting behind the leaders' page. Which rows are counted is queries' to say.

Every figure keeps what it was counted from, so that the list behind a number is exactly that number. The denominator
is what policy required of a discussion that was held, *invited or not*: not being invited is a cause of absence.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from strategy.rules.notice import SHORT_NOTICE, UNDELIVERED, beyond_them
from strategy.rules.policy import ChaseFigures, Need, Role
from strategy.vocabulary import PRESENT, Attendance, InvitationState, Sector

_NAMED_AHEAD = timedelta(hours=1)
_LATE_BOOKING = timedelta(hours=2)
_NO_WORD = "no-word"


@dataclass(frozen=True, slots=True)
class DiscussionRow:
    """A discussion that was held, and who should have been there."""

    id: int
    starts_at: datetime
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation to a discussion that was held. ``notice_minutes`` are desk-open ones, None if never delivered.

    ``known_at`` is when the agency knew of the planned time (rules.notice.told), ``began_at`` when it truly began.
    ``chase`` are the figures of the policy version its discussion keeps: a period may mix versions. ``entered``: its
    discussion was written down when it was over, so that nobody was invited and nobody could be named ahead.
    """

    id: int
    discussion_id: int
    role: str
    sector: Sector
    agency: str
    required: bool
    state: InvitationState
    invited_at: datetime | None
    delivered_at: datetime | None
    named_at: datetime | None
    attendance: Attendance | None
    reason: str | None
    starts_at: datetime
    notice_minutes: int | None
    known_at: datetime | None
    began_at: datetime
    chase: ChaseFigures
    entered: bool = False


@dataclass(frozen=True, slots=True)
class Ref:
    """One thing counted. Where nobody was invited ``invitation_id`` is None and ``role`` the code of the need."""

    discussion_id: int
    invitation_id: int | None
    role: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A count and what was counted."""

    refs: tuple[Ref, ...] = ()

    @property
    def count(self) -> int:
        """How many."""
        return len(self.refs)


@dataclass(frozen=True, slots=True)
class AttendanceLine:
    """One agency's or sector's line. All figures are parts of ``required``.

    ``attended`` (in part too), ``deputy``, ``report_only``, ``apologies``, ``not_delivered``, ``no_notice``,
    ``no_word``, ``not_invited`` and ``not_recorded`` share it out between them. ``no_notice`` is our doing, not theirs:
    held before the planned time, or on short notice; whatever reason anybody gave, only where the times say so.
    ``not_delivered`` were never reached. ``median_notice`` is in desk-open minutes, of delivered invitations.
    """

    name: str
    required: Figure
    invited: Figure
    delivered: Figure
    named_in_time: Figure
    short_notice: Figure
    attended: Figure
    in_part: Figure
    deputy: Figure
    report_only: Figure
    apologies: Figure
    not_delivered: Figure
    no_notice: Figure
    no_word: Figure
    not_invited: Figure
    not_recorded: Figure
    median_notice: float | None

    @property
    def attended_percent(self) -> int | None:
        """Attended, or a deputy did, per hundred required; None when nobody was required."""
        return percent(self.attended.count + self.deputy.count, self.required.count)


@dataclass(frozen=True, slots=True)
class _Unit:
    """One seat that policy required at one discussion, and the invitation sent for it, if any."""

    name: str
    ref: Ref
    invitation: InvitationRow | None


def by_agency(discussions: Sequence[DiscussionRow], invitations: Sequence[InvitationRow]) -> tuple[AttendanceLine, ...]:
    """Attendance by agency, by name. A need nobody was invited for stands under the need's own name."""
    units = _units(discussions, invitations, lambda row: row.agency, lambda need: f"{need.label} (nobody invited)")
    return _lines(units)


def by_sector(
    discussions: Sequence[DiscussionRow],
    invitations: Sequence[InvitationRow],
    roles: Mapping[str, Role],
) -> tuple[AttendanceLine, ...]:
    """Attendance by sector, by name. A need belongs to the sector of the first role that could meet it."""
    units = _units(
        discussions, invitations, lambda row: row.sector.words, lambda need: roles[need.roles[0]].sector.words
    )
    return _lines(units)


def named_in_time(row: InvitationRow) -> bool:
    """Whether somebody was named by the cut-off, and not taken back before it."""
    return row.named_at is not None and row.named_at <= cut_off(row.invited_at, row.starts_at)


def cut_off(invited_at: datetime | None, starts_at: datetime) -> datetime:
    """By when to be named: an hour before the start; half the time there was, if booked under two hours ahead."""
    if invited_at is not None and starts_at - invited_at < _LATE_BOOKING:
        return starts_at - (starts_at - invited_at) / 2
    return starts_at - _NAMED_AHEAD


def percent(part: int, whole: int) -> int | None:
    """``part`` of ``whole`` per hundred, to the nearest one; None when there is no whole to be a part of."""
    return round(100 * part / whole) if whole else None


def _lines(units: Iterable[_Unit]) -> tuple[AttendanceLine, ...]:
    groups: dict[str, list[_Unit]] = {}
    for unit in units:
        groups.setdefault(unit.name, []).append(unit)
    return tuple(_line(name, groups[name]) for name in sorted(groups))


def _units(
    discussions: Iterable[DiscussionRow],
    invitations: Iterable[InvitationRow],
    name_of: Callable[[InvitationRow], str],
    name_of_need: Callable[[Need], str],
) -> Iterator[_Unit]:
    invited: dict[int, list[InvitationRow]] = {discussion.id: [] for discussion in discussions}
    for row in invitations:
        if row.discussion_id in invited and row.state is not InvitationState.WITHDRAWN:
            invited[row.discussion_id].append(row)
    for discussion in discussions:
        for seat in _seats(discussion, invited[discussion.id]):
            if isinstance(seat, Need):
                yield _Unit(name_of_need(seat), Ref(discussion.id, None, seat.code), None)
            else:
                yield _Unit(name_of(seat), Ref(discussion.id, seat.id, seat.role), seat)


def _seats(discussion: DiscussionRow, rows: Sequence[InvitationRow]) -> Iterator[InvitationRow | Need]:
    """Every required invitation; then for a need none of them serves, the best optional one, else the bare need."""
    seated = [row for row in rows if row.required]
    yield from seated
    for need in discussion.needs:
        serving = [row for row in rows if row.role in need.roles]
        if any(row in seated for row in serving):
            continue
        if not serving:
            yield need
            continue
        best = max(serving, key=lambda row: row.attendance in PRESENT)
        seated.append(best)
        yield best


def _line(name: str, units: Sequence[_Unit]) -> AttendanceLine:
    asked = [(unit.ref, unit.invitation) for unit in units if unit.invitation is not None]

    invited = [(ref, row) for ref, row in asked if not row.entered]

    def figure(holds: Callable[[InvitationRow], bool]) -> Figure:
        return Figure(tuple(ref for ref, row in asked if holds(row)))

    return AttendanceLine(
        name=name,
        required=Figure(tuple(unit.ref for unit in units)),
        invited=Figure(tuple(ref for ref, _ in invited)),
        delivered=figure(lambda row: row.delivered_at is not None),
        named_in_time=figure(lambda row: named_in_time(row) and not row.entered),
        short_notice=figure(_had_short_notice),
        attended=figure(_came(Attendance.ATTENDED, Attendance.IN_PART)),
        in_part=figure(_came(Attendance.IN_PART)),
        deputy=figure(_came(Attendance.DEPUTY)),
        report_only=figure(_came(Attendance.REPORT_ONLY)),
        apologies=figure(_came(Attendance.APOLOGIES)),
        not_delivered=figure(lambda row: _silence(row) == UNDELIVERED),
        no_notice=figure(lambda row: _silence(row) not in (None, UNDELIVERED, _NO_WORD)),
        no_word=figure(lambda row: _silence(row) == _NO_WORD),
        not_invited=Figure(tuple(unit.ref for unit in units if unit.invitation is None)),
        not_recorded=figure(_came(None)),
        median_notice=_median_notice([row for _, row in asked]),
    )


def _came(*kinds: Attendance | None) -> Callable[[InvitationRow], bool]:
    return lambda row: row.attendance in kinds


def _silence(row: InvitationRow) -> str | None:
    """What lies behind nobody having come without a word, by the times and not by what anybody chose; None if they did.

    The one reason that is heard is short notice, and it counts where the notice was short (domain section 11, 6).
    """
    if row.attendance is not Attendance.DID_NOT_ATTEND:
        return None
    code = beyond_them(row.starts_at, row.began_at, row.known_at, row.chase.least_notice)
    if code is not None:
        return code
    return SHORT_NOTICE if row.reason == SHORT_NOTICE and _had_short_notice(row) else _NO_WORD


def _had_short_notice(row: InvitationRow) -> bool:
    return row.notice_minutes is not None and row.notice_minutes < row.chase.short_notice_minutes


def _median_notice(rows: Sequence[InvitationRow]) -> float | None:
    notices = [row.notice_minutes for row in rows if row.notice_minutes is not None]
    return median(notices) if notices else None
