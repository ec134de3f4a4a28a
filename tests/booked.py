"""Holds one booked discussion with police and health asked, for tests that begin where booking ends."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from strategy.act import Act
from strategy.commands import booking, contacts
from strategy.commands.booking import Plan
from strategy.commands.contacts import NewContact
from strategy.commands.inviting import Invitee
from strategy.commands.lines import EVERYTHING
from strategy.db import db
from strategy.models import Contact, Discussion, Invitation
from strategy.vocabulary import DiscussionKind, Mode, Via
from tests.cast import Cast
from tests.kept import put_back

BOOKED = datetime(2026, 11, 27, 12, 50, tzinfo=UTC)  # a Friday
STARTS = datetime(2026, 11, 27, 15, 30, tzinfo=UTC)


def at(moment: datetime, cast: Cast) -> Act:
    """An act of the chair's at that moment."""
    return Act(by=cast.chair.full_name, at=moment, via=Via.STAFF, user_id=cast.chair.id)


def waiting(cast: Cast, act: Act, case: str = "4471-A", *, safety: str | None = None) -> Contact:
    """A contact decided at the act's moment, so that its target is three working days away."""
    new = NewContact(case, act.at, ["standard"], act.at, cast.chair.full_name, safety=safety, another=True)
    return contacts.start_clock(new, cast.authority, cast.policy, cast.social_worker, act)


def booked(cast: Cast, *, when: datetime = BOOKED, starts_at: datetime = STARTS, case: str = "4471-A") -> Discussion:
    """A discussion of 45 minutes; chair and social worker come, police and health were asked, and all were reached."""
    if (when, starts_at, case) == (BOOKED, STARTS, "4471-A") and put_back("booked"):
        return db.session.scalars(select(Discussion)).one()
    act = at(when, cast)
    plan = Plan(
        kind=DiscussionKind.INITIAL,
        mode=Mode.PHONE,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=45),
        chair=cast.chair,
        social_worker=cast.social_worker,
        invitees=(
            Invitee(role="police", required=True, desk=cast.police_desk),
            Invitee(role="health-0-19", required=True, desk=cast.health_desk),
        ),
        dial_in="01632 960500",
        alongside=EVERYTHING,
    )
    discussion = booking.book(waiting(cast, act, case), plan, cast.chair, act)
    for one in discussion.invitations:
        one.first_delivered_at = when
    return discussion


def asked(discussion: Discussion, role: str) -> Invitation:
    """The invitation of that role."""
    return next(one for one in discussion.invitations if one.role == role)
