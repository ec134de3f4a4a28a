"""Starts what is still open when the demonstration begins: undecided and waiting children, discussions to come."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from strategy.act import Act
from strategy.clock import in_london
from strategy.commands import booking, contacts, offering
from strategy.commands.booking import Plan
from strategy.commands.contacts import NewContact
from strategy.commands.lines import EVERYTHING
from strategy.commands.offering import Offerer
from strategy.demonstration import asking, keeping, past, words
from strategy.demonstration.convening import DIAL_IN, JOIN, children, invitees
from strategy.demonstration.partners import Conduct, Partner, worker_of
from strategy.demonstration.partnership import Partnership
from strategy.demonstration.past import by_staff
from strategy.demonstration.plots import at
from strategy.models import Contact, Discussion
from strategy.vocabulary import DiscussionKind, Mode, Via


@dataclass(frozen=True, slots=True)
class Waiting:
    """A contact to start: how long ago it came in and was decided (None: nobody has decided)."""

    case_reference: str
    concern: str
    received: timedelta
    decided: timedelta | None
    safety: str | None = None


_WAITING = (
    # past its target, which is 3 working days: eight days hold three even over Christmas
    Waiting("EX-4471-A", "standard", timedelta(days=8, hours=4), timedelta(days=8), words.SAFETY[0]),
    # near its target: missing for 66 of 72 hours
    Waiting("EX-4480-C", "missing", timedelta(hours=67), timedelta(hours=66), words.SAFETY[1]),
    # facing a night with nothing written about what keeps the child safe
    Waiting("EX-4485-B", "standard", timedelta(hours=5), timedelta(hours=3, minutes=10)),
    Waiting("EX-4462-D", "standard", timedelta(hours=31), None),
    Waiting("EX-4487-A", "standard", timedelta(hours=2), None, words.SAFETY[1]),
)


# Of the discussions to come, the one for which partners offered other times, and how much later.
_OFFERED = 2
_LATER = (timedelta(hours=2, minutes=30), timedelta(hours=3))
# On which working day from tomorrow on, and when: two of them at once, as a busy desk knows it.
_TIMES = ((0, 10, 30), (0, 11, 0), (1, 11, 30))
_ANSWERED = (2, 1, 0)  # how many of its partners have said who comes


def open_all(world: Partnership, now: datetime, seed: int) -> None:
    """Write them down, in the caller's transaction."""
    started = {waiting.case_reference: _start(waiting, world, now) for waiting in _WAITING}
    asking.hand_over(started["EX-4485-B"], world, now)
    asking.hand_to_edt(started["EX-4480-C"], started["EX-4487-A"], world, now)
    asking.say_facts(started["EX-4471-A"], world, now)
    asking.ask(world, now)
    past.deliver(None)
    today = in_london(now).date()
    days = (today + timedelta(days=ahead) for ahead in range(1, 15))
    working = [day for day in days if world.calendar.is_working_day(day)]
    for number, (day, hour, minute) in enumerate(_TIMES):
        _book(number, world, at(working[day], hour, minute), now, Random(f"{seed}/open/{number}"))


def _start(waiting: Waiting, world: Partnership, now: datetime) -> Contact:
    received = now - waiting.received
    decided = None if waiting.decided is None else now - waiting.decided
    worker, chair = world.social_workers[0], world.chairs[0]
    new = NewContact(
        case_reference=waiting.case_reference,
        received_at=received,
        concerns=(waiting.concern,),
        decided_at=decided,
        decided_by=None if decided is None else chair.full_name,
        safety=waiting.safety,
    )
    act = by_staff(worker, decided or received + timedelta(minutes=8))
    return contacts.start_clock(new, world.authority, world.version, worker, act)


def _book(number: int, world: Partnership, starts_at: datetime, now: datetime, dice: Random) -> Discussion:
    """A discussion to come, asked for within the last hour; some have answered."""
    case = f"EX-{4490 + number}"
    decided = timedelta(minutes=55 - 10 * number)
    contact = _start(Waiting(case, "standard", timedelta(hours=2), decided, words.SAFETY[0]), world, now)
    booked_at = now - timedelta(minutes=35 - 10 * number)
    plan = _plan(number, contact, world, starts_at, booked_at, dice)
    act = Act(by=past.BY, at=booked_at, via=Via.COMMAND_LINE)
    discussion = booking.book(contact, plan, plan.social_worker, act)
    past.live(discussion, booked_at)
    _answer(discussion, number, world, now, dice)
    if number == _OFFERED:
        _offer(discussion, now)
    past.live(discussion, now)
    keeping.keep(discussion)
    return discussion


def _plan(
    number: int, contact: Contact, world: Partnership, starts_at: datetime, booked_at: datetime, dice: Random
) -> Plan:
    kind = DiscussionKind.INITIAL
    return Plan(
        kind=kind,
        mode=Mode.VIDEO,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=45),
        chair=world.chairs[number % 2],
        social_worker=world.social_workers[number % 2],
        minute_taker=world.minute_taker,
        children=children(contact, (f"Child November {number + 1}",), contact.case_reference, dice),
        invitees=invitees(world, kind, contact.concerns, ("school-age",), booked_at, dice, urgent=contact.urgent),
        join_url=JOIN,
        dial_in=DIAL_IN,
        alongside=EVERYTHING,
    )


def _offer(discussion: Discussion, now: datetime) -> None:
    """The first two partners could later on the same day; their times meet."""
    partners = [one for one in discussion.invitations if one.user_id is None]
    for each, (invitation, later) in enumerate(zip(partners, _LATER, strict=False)):
        name, title = worker_of(invitation)
        span = (discussion.starts_at + later, discussion.starts_at + later + timedelta(hours=2))
        offering.offer(invitation, [span], Offerer(name, title), past.by_link(name, now - timedelta(minutes=5 - each)))


def _answer(discussion: Discussion, number: int, world: Partnership, now: datetime, dice: Random) -> None:
    """The first so many partners have said who comes."""
    partners = [one for one in discussion.invitations if one.user_id is None]
    for each, invitation in enumerate(partners[: _ANSWERED[number]]):
        one = Partner(invitation, Conduct.PROMPT, dice)
        _, reply = one.replies(world.calendar)[0]
        one.answer(now - timedelta(minutes=9 - each), reply, discussion.social_worker)
