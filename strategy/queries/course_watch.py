"""Holds the reading of a discussion into what rules.course_watch is asked about; the rules decide, this looks up."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select

from strategy.db import db
from strategy.models import Chase, ChaseStep, Discussion, Invitation
from strategy.policy import parsed
from strategy.queries.bookings import BookingLine, outlook_of
from strategy.rules import course_watch
from strategy.rules.chase import Done, Step
from strategy.rules.course_watch import Standing
from strategy.vocabulary import ChaseKind, DiscussionState, InvitationState, StepKind


def next_step(discussion: Discussion, now: datetime, pending: Chase | None = None) -> Step | None:
    """What its convener is told of its quorum next, or what is noted, and when. ``pending`` is the row there is."""
    if discussion.state is not DiscussionState.CONVENED or now >= discussion.starts_at:
        return None
    since = planned_since(discussion)
    steps = db.session.scalars(
        select(ChaseStep).where(ChaseStep.discussion_id == discussion.id, ChaseStep.kind == ChaseKind.COURSE)
    )
    standing = Standing(
        course=outlook_of(discussion, now).course,
        since=since,
        starts_at=discussion.starts_at,
        started=discussion.started_at is not None,
        done=tuple(Done(step.step, step.rung, step.at) for step in steps if step.at >= since),
        pending=None if pending is None or pending.rung is None else (pending.rung, pending.due_at),
    )
    return course_watch.next_step(standing, parsed(discussion.policy.text).watch, now)


def planned_since(discussion: Discussion) -> datetime:
    """Since when it has the time it has: booked, or moved."""
    live = (one.chased_from for one in discussion.invitations if one.state is not InvitationState.WITHDRAWN)
    return min(live, default=discussion.booked_at)


def is_near(discussion: Discussion, now: datetime) -> bool:
    """Whether its start is near, as policy says, and still to come."""
    near = course_watch.near_from(planned_since(discussion), discussion.starts_at, parsed(discussion.policy.text).watch)
    return near <= now < discussion.starts_at


def doubtful(lines: Iterable[BookingLine], now: datetime) -> frozenset[int]:
    """Those that begin soon and lack somebody required: something must be done now. The discussions' ids."""
    lacking = (line.discussion for line in lines if line.outlook.lacking)
    return frozenset(one.id for one in lacking if one.started_at is None and is_near(one, now))


def climbed_out(invitations: Collection[Invitation]) -> frozenset[int]:
    """Those of whose ladder everybody has been told, for the time it has now: somebody of ours is asked to ring."""
    ids = [one.id for one in invitations]
    ended = select(ChaseStep.invitation_id).where(
        ChaseStep.invitation_id.in_(ids),
        ChaseStep.kind == ChaseKind.BEFORE,
        ChaseStep.step == StepKind.CHAIR_CALL,
        ChaseStep.invitation_id == Invitation.id,
        ChaseStep.at >= Invitation.chased_from,
    )
    return frozenset(one for one in db.session.scalars(ended) if one is not None)
