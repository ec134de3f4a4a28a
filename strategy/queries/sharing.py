"""Answers how the children who wait could share the desks they all need, so that most meet their target.

A plan to read, worked out anew each time: nothing is kept and nothing booked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from strategy.models import Contact, User
from strategy.policy import calendar_of, parsed
from strategy.queries import availability, conflicts, invitees, other_work, proposals, waiting
from strategy.queries.availability import OtherWork, Wanted
from strategy.queries.directory import Directory, directory, staff_of
from strategy.rules.conflicts import NOBODY
from strategy.rules.invitees import Circumstances
from strategy.rules.placing import SharedDesk, Waiter, place
from strategy.rules.slots import HORIZON, LEAD, STEP, Grid, runs
from strategy.rules.working_time import Calendar
from strategy.vocabulary import StaffRole

_USUAL = timedelta(minutes=45)
_CHAIRS = "chairs"


@dataclass(frozen=True, slots=True)
class Place:
    """One child's place in the plan; ``starts_at`` None where nothing was found within three days past the targets."""

    contact: Contact
    due_at: datetime
    starts_at: datetime | None

    @property
    def in_time(self) -> bool:
        """Whether it meets the target."""
        return self.starts_at is not None and self.starts_at <= self.due_at


def plan(authority_id: int, now: datetime) -> list[Place]:
    """A place for every contact that is decided and not booked, the soonest first; those without one last.

    Asked is whom policy requires for the concern, at the desk it suggests; any chair of ours may chair.
    """
    contacts = [line.contact for line in waiting.waiting(authority_id) if line.decided]
    dues = {one.id: one.due_at or now for one in contacts}
    grid = Grid.days(now, max([now, *dues.values()]) + HORIZON)
    known_desks, chairs = directory(authority_id), staff_of(authority_id, StaffRole.CHAIR)
    barred = conflicts.of_many([one.id for one in contacts])
    asked = {one.id: _required(one, known_desks.about(barred.get(one.id, NOBODY)), now) for one in contacts}
    calendars = {one.id: calendar_of(one.policy.text) for one in contacts}
    wanted = [*{each.whose: each for one in asked.values() for each in availability.everybody(one)}.values()]
    desks = _shared(wanted, chairs, grid, [*calendars.values()], other_work.of(wanted, grid, now))
    waiters = [
        _waiter(one, asked[one.id], grid, now, dues[one.id], calendars[one.id])
        for one in sorted(contacts, key=lambda one: dues[one.id])
    ]
    steps = place(waiters, desks)
    found = [
        Place(one, dues[one.id], grid.moment(steps[str(one.id)]) if str(one.id) in steps else None) for one in contacts
    ]
    return sorted(found, key=lambda one: (one.starts_at is None, one.starts_at or one.due_at, one.due_at))


def _required(contact: Contact, known: Directory, now: datetime) -> list[Wanted]:
    """The desks policy requires, where there is one to suggest, with who stands in for them."""
    policy = parsed(contact.policy.text)
    flags = frozenset(flag for code in contact.concerns for flag in policy.target(code).circumstances)
    circumstances = Circumstances(concerns=frozenset(contact.concerns), flags=flags)
    required = [
        Wanted(row.role.code, row.role.label, row.best.words, True, row.best.desk, row.best.person)
        for row in invitees.rows(contact, circumstances, known, now)
        if row.required and row.best
    ]
    return proposals.covered(required, contact, known.barred)


def _shared(
    wanted: Sequence[Wanted], chairs: Sequence[User], grid: Grid, calendars: Sequence[Calendar], known: OtherWork
) -> dict[str, SharedDesk]:
    """Each desk once, and the chairs as one desk with a line for each."""
    chairing = [Wanted("chair", "Chair", user.full_name, True, user=user) for user in chairs]
    spans = availability.asked_elsewhere([*wanted, *chairing], grid)
    found = {}
    if calendars:
        for one in wanted:
            party = availability.parties([one], grid, calendars[0], urgent=True, known=known, asked={})[0]
            asked = tuple(grid.touched([span]) for span in spans.get(one.whose, ()))
            found[one.whose] = SharedDesk(party.members[0].free, availability.lines_of(one), asked)
    busy = [span for user in chairing for span in spans.get(user.whose, ())]
    found[_CHAIRS] = SharedDesk(grid.all, max(1, len(chairs)), tuple(grid.touched([span]) for span in busy))
    return found


def _waiter(
    contact: Contact, asked: Sequence[Wanted], grid: Grid, now: datetime, due_at: datetime, calendar: Calendar
) -> Waiter:
    length = _USUAL // STEP
    ours = runs(availability.open_to_us(calendar, contact.urgent, grid), length)
    steps = ours & grid.from_on(grid.above(now + LEAD))
    due = grid.below(due_at) if due_at >= now else -1
    desks = {one.whose: one for one in asked}
    painted = zip(desks, availability.parties([*desks.values()], grid, calendar, urgent=True, asked={}), strict=True)
    instead = {key: [(cover.key, when) for cover, when in party.standing_in(length)] for key, party in painted}
    return Waiter(str(contact.id), steps, length, due, (*desks, _CHAIRS), instead)
