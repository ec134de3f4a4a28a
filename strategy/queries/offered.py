"""Answers which other times partners offered, and what they come to for one discussion. Which are best is
rules.windows'.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from strategy.db import db
from strategy.models import Discussion, Invitation, ProposedWindow
from strategy.policy import calendar_of
from strategy.queries import clashes, proposals, standing_in
from strategy.queries.clashes import Claim, Clash
from strategy.queries.proposals import Shape
from strategy.rules.slots import Missing, Span
from strategy.rules.windows import Common, common, holds
from strategy.vocabulary import DiscussionState, Hindrance, InvitationState


@dataclass(frozen=True, slots=True)
class Choice:
    """One time worth moving to, and the discussions that claim the time of somebody asked.

    ``ours`` says where our own are then who are asked to another discussion.
    """

    time: Common
    clashes: tuple[Clash, ...]
    ours: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Who cannot, but for our own of whom ``ours`` says where they are."""
        return tuple(one for one in self.time.slot.missing if not _elsewhere(one))

    @property
    def without_quorum(self) -> bool:
        """Whether a need of the quorum lacks a partner: one of our own can be somebody else."""
        absent = {one.party.role for one in self.time.slot.missing if one.party.noticed}
        return any(absent & set(need.roles) for need in self.time.slot.lacking)

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
    """What this invitation offers of the time to come, the soonest first; nothing once it was moved there."""
    windows = _windows([invitation.id])
    return [] if _used(invitation, windows) else [window for window in windows if window.starts_at > now]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose offers stand, and whose the discussion was moved to; both by the invitation's id."""

    others: frozenset[int] = frozenset()
    used: frozenset[int] = frozenset()


def standing(discussion: Discussion, now: datetime) -> Standing:
    """Who offered other times than the one it has, and who offered the one it was moved to; one query."""
    found: defaultdict[int, list[ProposedWindow]] = defaultdict(list)
    for window in _windows([one.id for one in discussion.invitations], now):
        found[window.invitation_id].append(window)
    by_id = {one.id: one for one in discussion.invitations}
    used = frozenset(number for number, windows in found.items() if _used(by_id[number], windows))
    return Standing(frozenset(number for number, windows in found.items() if not _met(windows)), used)


def _used(invitation: Invitation, windows: Sequence[ProposedWindow]) -> bool:
    """Whether the discussion was moved, after they were offered, to a time in them: that offer is done with."""
    before = [window for window in windows if window.at <= invitation.chased_from]
    return bool(before) and _met(before)


def suits(invitation: Invitation) -> bool:
    """Whether the discussion was moved to a time this invitation offered."""
    return _used(invitation, _windows([invitation.id]))


def picture(discussion: Discussion, now: datetime) -> Picture | None:
    """What the offers come to; None when there are none to come, or all of them suit the time it has."""
    if discussion.state is not DiscussionState.CONVENED:
        return None
    asked = [one for one in discussion.invitations if one.state is not InvitationState.WITHDRAWN]
    found: defaultdict[int, list[ProposedWindow]] = defaultdict(list)
    for window in _windows([one.id for one in asked], now):
        found[window.invitation_id].append(window)
    if all(_met(windows) for windows in found.values()):
        return None
    last = max(window.ends_at for windows in found.values() for window in windows)
    length = discussion.ends_at - discussion.starts_at
    shape = Shape(length, discussion.mode, last + length)  # it may go on after the part that was offered
    question = proposals.for_discussion(discussion, shape, now)
    pairs = zip(asked, question.parties, strict=True)  # everybody asked, in their order
    offers = {party.key: _spans(found[one.id]) for one, party in pairs if one.id in found}
    times = [one for one in common(question, offers) if one.slot.starts_at != discussion.starts_at]
    ours = {party.key: one for one, party in zip(asked, question.parties, strict=True) if one.user is not None}
    return Picture(
        offers=tuple((one, tuple(found[one.id])) for one in asked if one.id in found and not _used(one, found[one.id])),
        choices=tuple(
            Choice(one, _in_the_way(discussion, one), _where_ours_are(discussion, one, ours)) for one in times
        ),
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
    claims = [_claim(one, discussion, time.slot.starts_at, time.slot.ends_at) for one in partners]
    return tuple(clashes.of(claims, discussion.authority_id, discussion.id))


def _claim(invitation: Invitation, discussion: Discussion, starts_at: datetime, ends_at: datetime) -> Claim:
    """What moving there would take: out of a desk's hours the time of whoever stands in for it."""
    desk, when = standing_in.chosen(invitation), (starts_at, ends_at)
    if desk is not None and invitation.person is None:
        desk = standing_in.right(desk, discussion.contact, *when, calendar_of(discussion.policy.text))
    return Claim(desk, invitation.person, *when)


def _elsewhere(one: Missing) -> bool:
    return not one.party.noticed and one.why is Hindrance.ASKED


def _where_ours_are(discussion: Discussion, time: Common, ours: Mapping[str, Invitation]) -> tuple[str, ...]:
    """ "Our chair is at NTH3 then (11am to 11:45am)"."""
    away = [ours[one.party.key] for one in time.slot.missing if _elsewhere(one)]
    found = []
    for one in away:
        claim = Claim(None, None, time.slot.starts_at, time.slot.ends_at, one.user)
        there = clashes.of([claim], discussion.authority_id, discussion.id)
        found += [f"Our {one.role.replace('-', ' ')} is at {clash.where}" for clash in there[:1]]
    return tuple(found)
