"""Keeps one urgent discussion running now, with a police desk that stays silent: an escalation is always about to come.

It is booked as if an hour ago, so that the next rung falls due a good minute from now, at whatever hour that is:
urgent ladders run by the clock.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from strategy.act import Act
from strategy.commands import booking, contacts, holding, record
from strategy.commands.booking import Plan
from strategy.commands.contacts import NewContact
from strategy.commands.holding import Ending
from strategy.commands.lines import EVERYTHING
from strategy.db import db
from strategy.demonstration import keeping, past, words
from strategy.demonstration.convening import DIAL_IN, JOIN, children, invitees
from strategy.demonstration.partners import Conduct, Partner
from strategy.demonstration.partnership import Partnership
from strategy.demonstration.past import by_staff
from strategy.models import Contact, Discussion, Event, Invitation
from strategy.rules.working_time import OpeningHours
from strategy.vocabulary import (
    NAMED,
    Attendance,
    DiscussionKind,
    DiscussionState,
    EventVerb,
    Mode,
    Sector,
    Via,
)

# From invitation to start. Rungs of an urgent discussion are shares of it: a reminder at a quarter, the sergeant at
# half, the inspector at three quarters, the chief inspector at nine tenths.
_WHOLE = timedelta(hours=2)
_NEXT_RUNG = 0.5
_NEXT_RUNG_IN = timedelta(seconds=75)
_LASTS = timedelta(minutes=45)

_CONCERN = "serious-injury"
_SCHOOL = "Sample Primary School"  # mail and texts reach it, so that police alone are chased
_FLAGS = ("school-age", "gp-involved", "physical-injury")


def keep_one(world: Partnership, now: datetime) -> Discussion:
    """The discussion running now: the one there is, or a new one. In the caller's transaction."""
    found = _running(world, now)
    return found or _convene(world, now)


def end_old(world: Partnership, now: datetime) -> int:
    """Give our discussions whose time is over a plausible end, at their own time; how many.

    Everybody came after all, so nothing is owed by anybody: after days asleep nothing bursts. One that somebody has
    begun, moved or ended is theirs and is left alone.
    """
    over = [one for one in _ours(world) if one.ends_at <= now and one.started_at is None and one.sequence == 0]
    for discussion in over:
        _end(discussion)
    return len(over)


def _ours(world: Partnership) -> Sequence[Discussion]:
    booked_by_us = select(Event.discussion_id).where(
        Event.authority_id == world.authority.id, Event.verb == EventVerb.BOOKED, Event.by == past.BY
    )
    return db.session.scalars(
        select(Discussion)
        .where(Discussion.id.in_(booked_by_us), Discussion.state == DiscussionState.CONVENED)
        .order_by(Discussion.starts_at)
    ).all()


def _running(world: Partnership, now: datetime) -> Discussion | None:
    """One of ours whose ladders still run: everybody was asked within the last two hours, and it has not begun."""
    fresh = (one for one in _ours(world) if one.urgent and one.booked_at <= now < one.booked_at + _WHOLE)
    return next((one for one in fresh if one.started_at is None and now < one.starts_at), None)


def _convene(world: Partnership, now: datetime) -> Discussion:
    booked_at = now + _NEXT_RUNG_IN - _WHOLE * _NEXT_RUNG
    dice = Random(now.timestamp())
    contact = _contact(world, booked_at)
    plan = _plan(contact, world, booked_at, dice)
    act = Act(by=past.BY, at=booked_at, via=Via.COMMAND_LINE)
    discussion = booking.book(contact, plan, plan.chair, act)
    past.deliver(discussion)
    _answer(discussion, world, dice)
    past.live(discussion, now)
    keeping.keep(discussion)
    return discussion


def _plan(contact: Contact, world: Partnership, booked_at: datetime, dice: Random) -> Plan:
    kind = DiscussionKind.INITIAL
    asked = invitees(world, kind, contact.concerns, _FLAGS, booked_at, dice, urgent=contact.urgent, school=_SCHOOL)
    starts_at = booked_at + _WHOLE
    return Plan(
        kind=kind,
        mode=Mode.VIDEO,
        starts_at=starts_at,
        ends_at=starts_at + _LASTS,
        chair=world.chairs[0],
        social_worker=world.social_workers[0],
        minute_taker=world.minute_taker,
        children=children(contact, ("Child Alpha", "Child Bravo"), contact.case_reference, dice),
        invitees=asked,
        join_url=JOIN,
        dial_in=DIAL_IN,
        alongside=EVERYTHING,
    )


def _contact(world: Partnership, booked_at: datetime) -> Contact:
    decided = booked_at - timedelta(minutes=12)
    new = NewContact(
        case_reference=f"EX-{booked_at:%d%m%H%M}",
        received_at=decided - timedelta(minutes=25),
        concerns=(_CONCERN,),
        decided_at=decided,
        decided_by=world.chairs[0].full_name,
        safety=words.SAFETY[2],
        another=True,
    )
    worker = world.social_workers[0]
    return contacts.start_clock(new, world.authority, world.version, worker, by_staff(worker, decided))


def _answer(discussion: Discussion, world: Partnership, dice: Random) -> None:
    """Everybody required but police has said who comes, others if their desk is open; a surgery sends a report."""
    asked = [one for one in discussion.invitations if one.user_id is None and one.sector is not Sector.POLICE]
    awake = [one for one in asked if one.required or _is_open(one, world, discussion.booked_at)]
    for number, invitation in enumerate(awake, start=1):
        conduct = Conduct.REPORTS if invitation.role == "health-gp" else Conduct.PROMPT
        one = Partner(invitation, conduct, dice)
        _, reply = one.replies(world.calendar)[0]
        one.answer(discussion.booked_at + timedelta(minutes=4 * number), reply, discussion.social_worker)
    past.deliver(discussion)


def _is_open(invitation: Invitation, world: Partnership, moment: datetime) -> bool:
    desk = invitation.desk
    return desk is None or OpeningHours.from_plain(desk.hours).is_open(moment, world.calendar)


def _end(discussion: Discussion) -> None:
    chair, began = discussion.chair, discussion.starts_at
    past.deliver(discussion)
    holding.start(discussion, by_staff(chair, began))
    for invitation in holding.asked(discussion):
        by_phone = invitation.state not in NAMED
        act = by_staff(chair, began + timedelta(minutes=2))
        holding.mark(invitation, Attendance.ATTENDED, act, arrived_at=began, by_phone=by_phone)
    closing = by_staff(chair, discussion.ends_at)
    for code, rationale in words.DECISIONS[0]:
        record.decide(discussion, code, rationale, closing)
    holding.finish(discussion, Ending(began, discussion.ends_at, initiated_s47=True), closing)
    record.sign(discussion, closing, thin_is_meant=True)
    past.deliver(discussion)
