"""Answers how my discussions stand: who has answered, who is chased, quorum, what I must do. Any number of rows costs
the same queries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from strategy.db import db
from strategy.models import Action, CallTask, ChaseStep, Discussion, Invitation, Need, User
from strategy.queries import steps, untold
from strategy.queries.steps import NextStep
from strategy.rules import quorum
from strategy.rules.occasion import JOINED_BY, time_passed
from strategy.rules.policy import Need as PolicyNeed
from strategy.vocabulary import (
    ActionState,
    CallState,
    Course,
    DiscussionState,
    InvitationState,
    Mode,
)

_REMEMBERED = 50  # how many of somebody's discussions are looked through for how they book


@dataclass(frozen=True, slots=True)
class Waited:
    """A partner something must be done about, the last step its ladder has taken and the next it will."""

    invitation: Invitation
    last: ChaseStep | None
    coming: NextStep | None


@dataclass(frozen=True, slots=True)
class BookingLine:
    """One of my discussions, with its counts. ``asked`` are partners; the authority's own staff come anyway.

    ``done`` is the last step taken for each invitation that has been chased, ``coming`` the next of those that will be.
    """

    discussion: Discussion
    outlook: quorum.Outlook
    asked: tuple[Invitation, ...]
    done: Mapping[int, ChaseStep]
    coming: Mapping[int, NextStep]
    untold: frozenset[int] = frozenset()  # invitations nobody has been told of, past the policy's minutes

    @property
    def chased(self) -> int:
        """How many partners have been chased at all."""
        return sum(one.id in self.done for one in self.asked)

    @property
    def answered(self) -> int:
        """How many partners have said something."""
        return sum(one.state is not InvitationState.INVITED for one in self.asked)

    @property
    def undelivered(self) -> tuple[Invitation, ...]:
        """Partners whom neither mail nor text reaches and who have not answered another way."""
        return tuple(one for one in self.asked if one.undeliverable and one.state is InvitationState.INVITED)

    @property
    def needs_me(self) -> bool:
        """Whether somebody must do something before it can be held with everyone it needs.

        Nobody need do anything yet while those who have not answered will still get their first reminder.
        """
        lost = self.outlook.course is Course.WILL_NOT_BE_QUORATE and bool(self.outlook.missing)
        if self.undelivered or self.untold or lost or self.outlook.course is Course.TIME_PASSED:
            return True
        return any(one.last or not one.coming for one in self.waits_for())

    @property
    def next_step(self) -> NextStep | None:
        """What is next to be done about somebody missing, the soonest."""
        return min((one.coming for one in self.waits_for() if one.coming), key=lambda step: step.due_at, default=None)

    @property
    def not_asked(self) -> tuple[str, ...]:
        """The needs nobody has been asked for, in words."""
        roles = {one.role for one in self.discussion.invitations if one.state is not InvitationState.WITHDRAWN}
        return tuple(need.label for need in self.outlook.lacking if not roles & set(need.roles))

    def waits_for(self) -> list[Waited]:
        """The partners something must be done about: nobody named for a need, or not reached at all.

        Nobody once its time has passed: what is to be done then is about the discussion itself.
        """
        if self.outlook.course is Course.TIME_PASSED:
            return []
        roles = {role for need in self.outlook.lacking for role in need.roles}
        open_ones = [one for one in self.asked if one.role in roles or one in self.undelivered or one.id in self.untold]
        return [Waited(one, self.done.get(one.id), self.coming.get(one.id)) for one in open_ones]


def mine(user: User, now: datetime) -> list[BookingLine]:
    """The discussions still to be held that this person convenes, chairs, works on or takes the minutes of."""
    rows = db.session.scalars(
        _mine(user)
        .where(Discussion.state == DiscussionState.CONVENED)
        .order_by(Discussion.starts_at, Discussion.id)
        .options(
            joinedload(Discussion.contact),
            joinedload(Discussion.policy),
            joinedload(Discussion.authority),
            joinedload(Discussion.chair),
            selectinload(Discussion.needs),
            selectinload(Discussion.invitations),
        )
    ).all()
    ids = [row.id for row in rows]
    done, coming = steps.last(ids), steps.following(ids)
    nobody_told = frozenset(one.id for one in untold.listed(now, ids))
    return [_line(row, now, done, coming, nobody_told) for row in rows]


def record_not_out(user: User) -> Sequence[Discussion]:
    """The discussions of this person that were held and whose record nobody has signed yet."""
    return db.session.scalars(
        _mine(user)
        .where(Discussion.state == DiscussionState.HELD)
        .order_by(Discussion.ended_at, Discussion.id)
        .options(joinedload(Discussion.contact))
    ).all()


def calls_for(user: User) -> Sequence[CallTask]:
    """The calls this person has been asked to make, the oldest first."""
    return db.session.scalars(
        select(CallTask)
        .where(CallTask.for_user_id == user.id, CallTask.state == CallState.OPEN)
        .order_by(CallTask.asked_at, CallTask.id)
        .options(joinedload(CallTask.discussion), joinedload(CallTask.invitation))
    ).all()


def actions_of(user: User) -> Sequence[Action]:
    """The open actions this person owns, the first due first."""
    return db.session.scalars(
        select(Action)
        .join(Action.invitation)
        .where(Invitation.user_id == user.id, Action.state == ActionState.OPEN)
        .order_by(Action.due_at, Action.id)
        .options(joinedload(Action.discussion))
    ).all()


def last_booked_by(user: User) -> Discussion | None:
    """The last discussion this person booked: its length, mode and join details are offered again."""
    return db.session.scalar(
        select(Discussion).where(Discussion.convener_id == user.id).order_by(Discussion.id.desc()).limit(1)
    )


@dataclass(frozen=True, slots=True)
class Usual:
    """How somebody books: the modes of what they booked, the newest first, and by field how it is joined."""

    modes: Sequence[Mode]
    joined_by: Mapping[str, str | None]


def usual(user: User, before: Discussion | None) -> Usual:
    """Of each way to join the newest there was, in a mode that is joined so: a call says nothing of the link for video.

    ``before`` is the discussion this one follows up: its own comes first.
    """
    ways = (Discussion.mode, Discussion.join_url, Discussion.dial_in, Discussion.place)
    mine = select(*ways).where(Discussion.convener_id == user.id).order_by(Discussion.id.desc()).limit(_REMEMBERED)
    rows: list[Any] = [*([before] if before else []), *db.session.execute(mine)]
    joined_by = {
        way: next((getattr(one, way) for one in rows if way in JOINED_BY[one.mode] and getattr(one, way)), None)
        for way in ("join_url", "dial_in", "place")
    }
    return Usual([one.mode for one in rows], joined_by)


def outlook_of(discussion: Discussion, now: datetime, climbed: Collection[int] = ()) -> quorum.Outlook:
    """How a discussion not held yet stands, by its time and by what each invited role has said.

    ``climbed`` are invitations of whose ladder everybody has been told: it makes the why say more.
    """
    if time_passed(discussion.ends_at, discussion.started_at, now):
        why = "Nobody has recorded that it was held." if discussion.started_at is None else "Nobody has ended it."
        return quorum.Outlook(Course.TIME_PASSED, why, ())
    waived = {role for need in discussion.needs if need.waived_at for role in need.roles}
    heard = [
        quorum.Heard(one.role, one.state, one.role_words, one.required, one.undeliverable, one.id in climbed)
        for one in discussion.invitations
    ]
    return quorum.course([_need(need) for need in discussion.needs], heard, waived, now, discussion.starts_at)


def _mine(user: User) -> Select[Discussion]:
    parts = (
        Discussion.convener_id,
        Discussion.chair_id,
        Discussion.social_worker_id,
        Discussion.minute_taker_id,
    )
    return select(Discussion).where(
        Discussion.authority_id == user.authority_id, or_(*(part == user.id for part in parts))
    )


def _need(need: Need) -> PolicyNeed:
    return PolicyNeed(need.code, need.words, tuple(need.roles))


def _line(
    row: Discussion,
    now: datetime,
    done: Mapping[int, ChaseStep],
    coming: Mapping[int, Sequence[NextStep]],
    nobody_told: frozenset[int],
) -> BookingLine:
    asked = [one for one in row.invitations if one.user_id is None and one.state is not InvitationState.WITHDRAWN]
    return BookingLine(
        discussion=row,
        outlook=outlook_of(row, now),
        asked=tuple(asked),
        done={one.id: done[one.id] for one in asked if one.id in done},
        coming={one.id: coming[one.id][0] for one in asked if one.id in coming},
        untold=nobody_told & {one.id for one in asked},
    )
