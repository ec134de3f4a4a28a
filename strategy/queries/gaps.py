"""Asks who came, who did not and what was late over a period, with the rows behind every number. Now is watch.py's.

Cohorts are domain section 11's: attendance counts discussions held in the period, timeliness what fell due in it.
LADO, housing, follow-up and series of one-to-one calls are never mixed in; stood-down ones stand beside. Every row
counts, a restricted one too: the pages show those without their particulars.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from strategy.db import db
from strategy.models import Agency, Authority, Contact, Desk, Discussion, Invitation, Need, PolicyVersion
from strategy.policy import calendar_of, parsed
from strategy.restrictions import COUNTED
from strategy.rules import policy as shapes
from strategy.rules.measures import DiscussionRow, Figure, InvitationRow
from strategy.rules.notice import told
from strategy.rules.timeliness import DueRow
from strategy.rules.working_time import OpeningHours
from strategy.vocabulary import DiscussionKind, DiscussionState, Mode, Waiting

# A row of named columns.
Found = Row[*tuple[Any, ...]]

_HELD = (DiscussionState.HELD, DiscussionState.SIGNED)
_APART_KINDS = (DiscussionKind.LADO, DiscussionKind.FOLLOW_UP, DiscussionKind.FINAL)
_APART_CONCERNS = frozenset({"lado", "housing-16-17", "emergency-follow-up"})


@dataclass(frozen=True, slots=True)
class Cohort:
    """The discussions and invitations attendance is counted from, and how many were kept apart."""

    discussions: tuple[DiscussionRow, ...]
    invitations: tuple[InvitationRow, ...]
    roles: Mapping[str, shapes.Role]
    apart: int

    @property
    def short_minutes(self) -> list[int]:
        """The figures of short notice in the policy versions they keep, each once, the lowest first."""
        return sorted({row.chase.short_notice_minutes for row in self.invitations})

    @property
    def least_minutes(self) -> list[int]:
        """The same of the least notice anybody could come on."""
        return sorted({row.chase.least_notice_minutes for row in self.invitations})


@dataclass(frozen=True, slots=True)
class Counted:
    """One line of the list behind an attendance number."""

    discussion: Discussion
    invitation: Invitation | None
    role: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Due:
    """One line of the list behind a timeliness number. ``late_reason`` is in the policy's words."""

    row: DueRow
    reference: str
    case_reference: str
    discussion_id: int | None
    late_reason: str | None


def attendance(authority_id: int, begins: datetime, ends: datetime) -> Cohort:
    """Discussions truly begun in the period, and everybody asked to them. Five queries, however many there are."""
    held = _held(authority_id, begins, ends)
    joint = [row for row in held if not _apart(row.kind, row.concerns) and row.mode is not Mode.SERIES_OF_CALLS]
    ids = [row.id for row in joint]
    needs = _needs(ids)
    policies = _policies({row.policy_id for row in joint})
    discussions = tuple(DiscussionRow(row.id, row.starts_at, tuple(needs.get(row.id, ()))) for row in joint)
    texts = {row.id: policies[row.policy_id] for row in joint}
    roles: dict[str, shapes.Role] = {}
    for text in policies.values():
        roles.update(parsed(text).roles)
    return Cohort(discussions, tuple(_invitations(authority_id, ids, texts)), roles, len(held) - len(joint))


def behind(figure: Figure) -> list[Counted]:
    """The rows a number was counted from, newest first. Three queries, however many there are."""
    discussions = {
        row.id: row
        for row in db.session.scalars(
            select(Discussion)
            .where(Discussion.id.in_({ref.discussion_id for ref in figure.refs}))
            .options(
                joinedload(Discussion.policy), selectinload(Discussion.needs), selectinload(Discussion.invitations)
            )
            .execution_options(**COUNTED)
        )
    }
    lines = [_counted(discussions[ref.discussion_id], ref.invitation_id, ref.role) for ref in figure.refs]
    return sorted(lines, key=lambda line: line.discussion.starts_at, reverse=True)


def due(authority_id: int, begins: datetime, ends: datetime) -> list[Due]:
    """Contacts whose discussion fell due in the period, the latest due first. Two queries."""
    contacts = db.session.execute(
        select(
            Contact.id,
            Contact.reference,
            Contact.case_reference,
            Contact.concerns,
            Contact.clock_started_at,
            Contact.decided_at,
            Contact.due_at,
        )
        .where(Contact.authority_id == authority_id, Contact.due_at >= begins, Contact.due_at < ends)
        .where(Contact.state.in_((Waiting.DECIDED, Waiting.BOOKED, Waiting.HELD)))
        .order_by(Contact.due_at.desc(), Contact.id)
        .execution_options(**COUNTED)
    ).all()
    joint = [row for row in contacts if not _apart(None, row.concerns)]
    first, by_calls = _first_held([row.id for row in joint])
    return [_due(row, first.get(row.id), row.id in by_calls) for row in joint]


def stood_down(authority_id: int, begins: datetime, ends: datetime) -> list[Discussion]:
    """Discussions stood down that should have been in the period, the newest first."""
    rows = db.session.scalars(
        select(Discussion)
        .where(Discussion.authority_id == authority_id, Discussion.state == DiscussionState.STOOD_DOWN)
        .where(Discussion.starts_at >= begins, Discussion.starts_at < ends)
        .order_by(Discussion.starts_at.desc())
        .execution_options(**COUNTED)
    )
    return [row for row in rows if not _apart(row.kind, row.concerns)]


def _held(authority_id: int, begins: datetime, ends: datetime) -> Sequence[Found]:
    return db.session.execute(
        select(
            Discussion.id,
            Discussion.kind,
            Discussion.mode,
            Discussion.concerns,
            Discussion.starts_at,
            Discussion.policy_id,
        )
        .where(Discussion.authority_id == authority_id, Discussion.state.in_(_HELD))
        .where(Discussion.started_at >= begins, Discussion.started_at < ends)
        .order_by(Discussion.started_at)
        .execution_options(**COUNTED)
    ).all()


def _apart(kind: DiscussionKind | None, concerns: Sequence[str]) -> bool:
    return kind in _APART_KINDS or (bool(concerns) and set(concerns) <= _APART_CONCERNS)


def _needs(ids: Sequence[int]) -> dict[int, list[shapes.Need]]:
    found: dict[int, list[shapes.Need]] = {}
    rows = db.session.execute(
        select(Need.discussion_id, Need.code, Need.words, Need.roles)
        .where(Need.discussion_id.in_(ids))
        .order_by(Need.id)
        .execution_options(**COUNTED)
    )
    for discussion_id, code, words, roles in rows:
        found.setdefault(discussion_id, []).append(shapes.Need(code, words, tuple(roles)))
    return found


def _policies(ids: set[int]) -> dict[int, str]:
    rows = db.session.execute(select(PolicyVersion.id, PolicyVersion.text).where(PolicyVersion.id.in_(ids)))
    return {row.id: row.text for row in rows}


def _invitations(authority_id: int, ids: Sequence[int], texts: Mapping[int, str]) -> list[InvitationRow]:
    return [_invitation(row._asdict(), texts) for row in db.session.execute(_asked(authority_id, ids))]


def _asked(authority_id: int, ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """The columns of an InvitationRow, the desk's hours its notice is counted in, and what says when it knew."""
    own = select(Authority.name).where(Authority.id == authority_id).scalar_subquery()
    return (
        select(
            Invitation.id,
            Invitation.discussion_id,
            Invitation.role,
            Invitation.sector,
            func.coalesce(Agency.name, own).label("agency"),
            Invitation.required,
            Invitation.state,
            Invitation.invited_at,
            Invitation.first_delivered_at.label("delivered_at"),
            Invitation.named_at,
            Invitation.attendance,
            Invitation.absence_reason.label("reason"),
            Discussion.starts_at,
            Discussion.started_at.label("began_at"),
            Invitation.chased_from,
            Invitation.answered_at,
            Invitation.undeliverable,
            Discussion.entered_at.is_not(None).label("entered"),
            Desk.hours,
        )
        .join(Invitation.discussion)
        .outerjoin(Invitation.agency)
        .outerjoin(Invitation.desk)
        .where(Invitation.discussion_id.in_(ids))
        .order_by(Invitation.id)
        .execution_options(**COUNTED)
    )


def _invitation(fields: dict[str, Any], texts: Mapping[int, str]) -> InvitationRow:
    hours = fields.pop("hours")
    asked, answered, lost = (fields.pop(name) for name in ("chased_from", "answered_at", "undeliverable"))
    known = told(asked, fields["delivered_at"], answered, unreachable=lost)
    text = texts[fields["discussion_id"]]
    notice = _notice(fields["delivered_at"], fields["starts_at"], hours, text)
    return InvitationRow(**fields, notice_minutes=notice, known_at=known, chase=parsed(text).chase)


def _notice(delivered: datetime | None, starts: datetime, hours: dict[str, Any] | None, text: str) -> int | None:
    """Desk-open minutes between the first delivery and the start; clock minutes where nobody keeps hours."""
    if delivered is None:
        return None
    if delivered >= starts:
        return 0
    if not hours:
        return int((starts - delivered) / timedelta(minutes=1))
    return OpeningHours.from_plain(hours).open_minutes(delivered, starts, calendar_of(text))


def _counted(discussion: Discussion, invitation_id: int | None, role: str) -> Counted:
    if invitation_id is None:
        need = next(need for need in discussion.needs if need.code == role)
        return Counted(discussion, None, need.words, None)
    invitation = next(one for one in discussion.invitations if one.id == invitation_id)
    reasons = parsed(discussion.policy.text).absence_reasons
    code = invitation.absence_reason
    return Counted(discussion, invitation, invitation.role_words, reasons.get(code, code) if code else None)


def _first_held(contact_ids: Sequence[int]) -> tuple[dict[int, Found], set[int]]:
    """The first joint discussion held on each contact (T2), and the contacts with a series of calls before or instead.

    A series is no joint discussion: it starts nobody's T2.
    """
    rows = db.session.execute(
        select(
            Discussion.id,
            Discussion.contact_id,
            Discussion.kind,
            Discussion.mode,
            Discussion.concerns,
            Discussion.started_at,
            Discussion.quorum_met,
            Discussion.late_reason,
            PolicyVersion.text,
        )
        .join(Discussion.policy)
        .where(Discussion.contact_id.in_(contact_ids), Discussion.state.in_(_HELD))
        .order_by(Discussion.started_at)
        .execution_options(**COUNTED)
    )
    first: dict[int, Found] = {}
    by_calls: set[int] = set()
    for row in rows:
        if row.mode is Mode.SERIES_OF_CALLS:
            by_calls.add(row.contact_id)
        elif not _apart(row.kind, row.concerns):
            first.setdefault(row.contact_id, row)
    return first, by_calls


def _due(contact: Found, held: Found | None, by_calls: bool) -> Due:
    code = held.late_reason if held else None
    return Due(
        row=DueRow(
            contact_id=contact.id,
            decided_at=contact.decided_at or contact.clock_started_at,
            due_at=contact.due_at,
            held_at=held.started_at if held else None,
            quorate=bool(held and held.quorum_met),
            by_calls=by_calls,
            late_reason=code,
        ),
        reference=contact.reference,
        case_reference=contact.case_reference,
        discussion_id=held.id if held else None,
        late_reason=parsed(held.text).delay_reasons.get(code, code) if held and code else None,
    )
