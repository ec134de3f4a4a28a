"""Tells what binds discussions together: an emergency exception whose follow-up is due, what policy asks for next, a
series of two, and a linked discussion that only its access list may open.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from random import Random

from strategy.act import Act
from strategy.commands import absences, access_lists, booking, contacts, holding, record
from strategy.commands.booking import Plan
from strategy.commands.contacts import NewContact
from strategy.commands.holding import Ending
from strategy.db import db
from strategy.demonstration import past, words
from strategy.demonstration.convening import DIAL_IN, JOIN, children, invitees
from strategy.demonstration.partnership import Partnership
from strategy.demonstration.past import by_staff
from strategy.models import Contact, Discussion
from strategy.vocabulary import Attendance, DiscussionKind, Mode, Sector, Via

_LASTS = timedelta(minutes=40)
_WHY = "Nobody at the health desk until morning, and the children could not be left another night"


def tell_all(world: Partnership, now: datetime, seed: int) -> None:
    """Write them down, in the caller's transaction."""
    dice = Random(f"{seed}/series")
    _emergency(world, now - timedelta(hours=15), "EX-4502-E", dice)
    first = _emergency(world, now - timedelta(days=12), "EX-4503-F", dice)
    record.sign(first, by_staff(first.chair, now - timedelta(days=11, hours=20)), thin_is_meant=True)
    past.deliver(first)
    _followed_up(first, world, now - timedelta(days=11, hours=2), dice)
    _linked(first.contact, world, now, dice)
    # what policy asks for next: the full meeting within 72 hours, and a week's discussion that warns today
    _first_of_more(world, now - timedelta(hours=22), "EX-4506-K", "complex", dice)
    _first_of_more(world, now - timedelta(days=6), "EX-4507-M", "missing", dice)


def _emergency(world: Partnership, at: datetime, case: str, dice: Random) -> Discussion:
    """Held by phone within the hour, without health, on another manager's authority; section 47 decided."""
    contact = _start(world, case, at - timedelta(minutes=40))
    planned = _plan(contact, world, DiscussionKind.INITIAL, Mode.PHONE, at, case, dice)
    discussion = _book(contact, planned, world, at - timedelta(minutes=20))
    authoriser = next(chair for chair in world.chairs if chair.id != discussion.chair_id)
    ending = Ending(at, at + _LASTS, _WHY, initiated_s47=True, rest_did_not_attend=True, authoriser=authoriser)
    return _hold(discussion, ending, absent={Sector.HEALTH})


def _first_of_more(world: Partnership, at: datetime, case: str, concern: str, dice: Random) -> None:
    """Held by video with everybody there; its concern asks for another."""
    contact = _start(world, case, at - timedelta(hours=5), concern)
    planned = _plan(contact, world, DiscussionKind.INITIAL, Mode.VIDEO, at, case, dice)
    discussion = _book(contact, planned, world, at - timedelta(hours=3))
    _hold(discussion, Ending(at, at + _LASTS, initiated_s47=False), absent=())
    record.sign(discussion, by_staff(discussion.chair, at + timedelta(hours=2)), thin_is_meant=True)
    past.deliver(discussion)


def _followed_up(before: Discussion, world: Partnership, at: datetime, dice: Random) -> None:
    """The full discussion the next working day, everybody there: one series of two on one contact."""
    contact, case = before.contact, before.contact.case_reference
    planned = _plan(contact, world, DiscussionKind.FOLLOW_UP, Mode.VIDEO, at, case, dice, late_reason=words.LATE[0])
    discussion = _book(contact, planned, world, at - timedelta(hours=3))
    ending = Ending(at, at + _LASTS, late_reason=words.LATE[0], initiated_s47=False)
    _hold(discussion, ending, absent=())
    record.sign(discussion, by_staff(discussion.chair, at + timedelta(hours=2)), thin_is_meant=True)
    past.deliver(discussion)


def _linked(origin: Contact, world: Partnership, now: datetime, dice: Random) -> None:
    """About a child alleged to have caused harm: only the second chair and the second social worker may open it."""
    contact = _start(world, "EX-4504-L", now - timedelta(hours=2), second=True)
    act = by_staff(world.chairs[1], now - timedelta(hours=2))
    access_lists.restrict(contact, origin, [world.chairs[1], world.social_workers[1]], act)
    db.session.flush()


def _start(world: Partnership, case: str, at: datetime, concern: str = "standard", *, second: bool = False) -> Contact:
    worker, chair = world.social_workers[second], world.chairs[second]
    new = NewContact(case, at, (concern,), at, chair.full_name, safety=words.SAFETY[0])
    return contacts.start_clock(new, world.authority, world.version, worker, by_staff(worker, at))


def _plan(
    contact: Contact,
    world: Partnership,
    kind: DiscussionKind,
    mode: Mode,
    at: datetime,
    case: str,
    dice: Random,
    late_reason: str | None = None,
) -> Plan:
    return Plan(
        kind=kind,
        mode=mode,
        starts_at=at,
        ends_at=at + _LASTS,
        chair=world.chairs[0],
        social_worker=world.social_workers[0],
        children=children(contact, ("Child Quebec",), case, dice) if kind is DiscussionKind.INITIAL else (),
        invitees=invitees(world, kind, contact.concerns, (), at, dice, urgent=True),
        join_url=JOIN if mode is Mode.VIDEO else None,
        dial_in=DIAL_IN,
        late_reason=late_reason,
    )


def _book(contact: Contact, planned: Plan, world: Partnership, at: datetime) -> Discussion:
    discussion = booking.book(contact, planned, planned.social_worker, Act(by=past.BY, at=at, via=Via.COMMAND_LINE))
    past.live(discussion, planned.starts_at)
    return discussion


def _hold(discussion: Discussion, ending: Ending, absent: Collection[Sector]) -> Discussion:
    chair = discussion.chair
    holding.start(discussion, by_staff(chair, ending.started_at))
    for one in holding.asked(discussion):
        if one.sector not in absent:
            act = by_staff(chair, ending.started_at + timedelta(minutes=1))
            holding.mark(one, Attendance.ATTENDED, act, arrived_at=ending.started_at)
    over = by_staff(chair, ending.ended_at)
    for code, why in words.DECISIONS[0]:
        record.decide(discussion, code, why, over)
    holding.finish(discussion, ending, over)
    for one in holding.asked(discussion):
        if one.sector in absent:
            absences.explain(one, "out-of-hours", None, over)
    past.deliver(discussion)
    return discussion
