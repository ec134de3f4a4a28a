"""Answers which other times partners offered, and what they come to for one discussion. Which are best is
rules.windows'.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from strategy.db import db
from strategy.models import Discussion, Invitation, ProposedWindow
from strategy.queries import clashes, proposals
from strategy.queries.clashes import Claim, Clash
from strategy.queries.proposals import Shape
from strategy.rules.slots import Span
from strategy.rules.windows import Common, common, holds
from strategy.vocabulary import DiscussionState, InvitationState


@dataclass(frozen=True, slots=True)
class Choice:
    """One time worth moving to, and the discussions that claim the time of somebody asked."""

    time: Common
    clashes: tuple[Clash, ...]

    @property
    def seen(self) -> str:
        """Their references, as a form sends them."""
        return " ".join(sorted({clash.token for clash in self.clashes}))


@dataclass(frozen=True, slots=True)
class Picture:
    """What was offered for a discussion: each invitation with its windows, the best times among them (which may be
    none).
    """

    offers: tuple[tuple[Invitation, tuple[ProposedWindow, ...]], ...]
    choices: tuple[Choice, ...]


def by(invitation: Invitation, now: datetime) -> list[ProposedWindow]:
    """What this invitation offers of the time to come, the soonest first."""
    return [window for window in _windows([invitation.id]) if window.starts_at > now]


def suits(invitation: Invitation) -> bool:
    """Whether their part of the discussion is at a time this invitation offered."""
    return holds(_spans(_windows([invitation.id])), *invitation.needed)


def picture(discussion: Discussion, now: datetime) -> Picture | None:
    """What the offers come to; None when there are none to come, or all of them suit the time it has."""
    if discussion.state is not DiscussionState.CONVENED:
        return None
    standing = [one for one in discussion.invitations if one.state is not InvitationState.WITHDRAWN]
    found: defaultdict[int, list[ProposedWindow]] = defaultdict(list)
    for window in _windows([one.id for one in standing], now):
        found[window.invitation_id].append(window)
    if all(_met(windows) for windows in found.values()):
        return None
    last = max(window.ends_at for windows in found.values() for window in windows)
    length = discussion.ends_at - discussion.starts_at
    shape = Shape(length, discussion.mode, last + length)  # it may go on after the part that was offered
    question = proposals.for_discussion(discussion, shape, now)
    pairs = zip(standing, question.parties, strict=True)  # everybody asked, in their order
    offers = {party.key: _spans(found[one.id]) for one, party in pairs if one.id in found}
    times = [one for one in common(question, offers) if one.slot.starts_at != discussion.starts_at]
    return Picture(
        offers=tuple((one, tuple(found[one.id])) for one in standing if one.id in found),
        choices=tuple(Choice(one, _in_the_way(discussion, one)) for one in times),
    )


def roles_offering(ids: Collection[int], now: datetime) -> dict[int, list[str]]:
    """For each of those discussions, the roles that offered other times than the one it has; one query."""
    found: defaultdict[int, dict[str, list[ProposedWindow]]] = defaultdict(lambda: defaultdict(list))
    asked = (
        select(ProposedWindow)
        .join(ProposedWindow.invitation)
        .where(
            Invitation.discussion_id.in_(ids),
            Invitation.state != InvitationState.WITHDRAWN,
            ProposedWindow.withdrawn_at.is_(None),
            ProposedWindow.ends_at > now,
        )
    )
    rows = asked.order_by(ProposedWindow.id).options(
        joinedload(ProposedWindow.invitation).joinedload(Invitation.discussion)
    )
    for window in db.session.scalars(rows):
        found[window.invitation.discussion_id][window.invitation.role_words].append(window)
    return {number: [role for role, windows in roles.items() if not _met(windows)] for number, roles in found.items()}


def _windows(invitation_ids: Collection[int], now: datetime | None = None) -> Sequence[ProposedWindow]:
    asked = select(ProposedWindow).where(
        ProposedWindow.invitation_id.in_(invitation_ids), ProposedWindow.withdrawn_at.is_(None)
    )
    if now is not None:
        asked = asked.where(ProposedWindow.ends_at > now)
    return db.session.scalars(asked.order_by(ProposedWindow.starts_at, ProposedWindow.ends_at)).all()


def _met(windows: Sequence[ProposedWindow]) -> bool:
    return holds(_spans(windows), *windows[0].invitation.needed)


def _spans(windows: Sequence[ProposedWindow]) -> list[Span]:
    return [(window.starts_at, window.ends_at) for window in windows]


def _in_the_way(discussion: Discussion, time: Common) -> tuple[Clash, ...]:
    """Other discussions that have their time. Whoever offered it says they can; it is said all the same."""
    partners = [
        one for one in discussion.invitations if one.state is not InvitationState.WITHDRAWN and one.user_id is None
    ]
    claims = [Claim(one.desk, one.person, time.slot.starts_at, time.slot.ends_at) for one in partners]
    return tuple(clashes.of(claims, discussion.authority_id, discussion.id))
