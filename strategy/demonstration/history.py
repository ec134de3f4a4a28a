"""Tells three months of cases through the commands, each deed at its own moment in the past.

What the cases are is plots.py's, how partners behaved partners.py's, what was said cases.py's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from strategy.commands import absences, booking, changes, contacts, holding, record, series
from strategy.commands.answers import Reply
from strategy.commands.booking import Plan
from strategy.commands.changes import Occasion
from strategy.commands.contacts import NewContact
from strategy.commands.holding import Ending
from strategy.commands.inviting import Invitee
from strategy.commands.lines import EVERYTHING
from strategy.db import db
from strategy.demonstration import partners, past, words
from strategy.demonstration.convening import DIAL_IN, JOIN, children, invitees
from strategy.demonstration.partners import Partner, Presence
from strategy.demonstration.partnership import Partnership
from strategy.demonstration.past import by_staff
from strategy.demonstration.plots import Plot
from strategy.models import Contact, Discussion, Invitation, User
from strategy.queries import follow_ups
from strategy.vocabulary import PRESENT, Attendance, Mode, Sector

Replies = list[tuple[Partner, list[tuple[datetime, Reply]]]]

_HEALTH = frozenset({"health-0-19", "health-visitor", "health-gp", "health-paediatrician", "camhs", "sarc"})


@dataclass(frozen=True, slots=True)
class _Telling:
    """One case being told. Nothing is told that has not happened by ``now``."""

    plot: Plot
    world: Partnership
    now: datetime
    chair: User
    worker: User

    def tell(self) -> None:
        """From the contact to the signature, as far as it has come."""
        contact = self._contact()
        discussion = self._booked(contact)
        past.deliver(discussion)
        if self.plot.moved:
            self._move(discussion)
        replies = self._replies(discussion)
        if self.plot.stood_down:
            self._stand_down(contact, discussion)
            return
        self._hear(discussion, replies)
        self._hold(discussion, [one for one, *_ in replies])
        past.live(discussion, self.now)

    def _contact(self) -> Contact:
        plot = self.plot
        entered = min(plot.received_at + timedelta(minutes=10), plot.decided_at)
        new = NewContact(
            case_reference=plot.case_reference,
            received_at=plot.received_at,
            concerns=(plot.concern,),
            safety=plot.dice.choice(words.SAFETY),
        )
        world = self.world
        contact = contacts.start_clock(new, world.authority, world.version, self.worker, by_staff(self.worker, entered))
        contacts.decide(contact, plot.decided_at, self.chair.full_name, by_staff(self.chair, plot.decided_at))
        return contact

    def _booked(self, contact: Contact) -> Discussion:
        plot = self.plot
        plan = Plan(
            kind=plot.kind,
            mode=plot.mode,
            starts_at=plot.starts_at,
            ends_at=plot.starts_at + timedelta(minutes=45),
            chair=self.chair,
            social_worker=self.worker,
            minute_taker=self.world.minute_taker if plot.number % 3 == 0 else None,
            children=children(contact, plot.children, plot.case_reference, plot.dice),
            invitees=self._asked(contact),
            left_out={"health": words.NOT_INVITED} if plot.without_health else {},
            join_url=JOIN if plot.mode is Mode.VIDEO else None,
            dial_in=DIAL_IN,
            place="Civic Centre, room 2" if plot.mode is Mode.IN_PERSON else None,
            late_reason=plot.dice.choice(words.LATE),
            consent=words.CONSENT,
            alongside=EVERYTHING,
        )
        return booking.book(contact, plan, self.worker, by_staff(self.worker, plot.booked_at))

    def _asked(self, contact: Contact) -> list[Invitee]:
        plot = self.plot
        dropped = _HEALTH if plot.without_health else frozenset[str]()
        return invitees(
            self.world,
            plot.kind,
            contact.concerns,
            plot.flags,
            plot.booked_at,
            plot.dice,
            urgent=contact.urgent,
            without=dropped,
        )

    def _move(self, discussion: Discussion) -> None:
        """Half an hour later, decided soon after the booking."""
        at = self.plot.booked_at + timedelta(minutes=25)
        past.live(discussion, at)
        later = timedelta(minutes=30)
        to = Occasion(
            discussion.starts_at + later,
            discussion.ends_at + later,
            discussion.mode,
            discussion.join_url,
            discussion.dial_in,
            discussion.place,
        )
        changes.move(discussion, to, "no-chair", discussion.revision, by_staff(self.worker, at), EVERYTHING)
        past.deliver(discussion)

    def _stand_down(self, contact: Contact, discussion: Discussion) -> None:
        at = self.plot.booked_at + timedelta(minutes=40)
        past.live(discussion, at)
        changes.stand_down(
            discussion, "Booked twice for the same family", discussion.revision, by_staff(self.chair, at)
        )
        past.deliver(discussion)
        why = "The family has a discussion on another contact"
        contacts.not_needed(contact, why, by_staff(self.chair, at + timedelta(minutes=5)))

    def _replies(self, discussion: Discussion) -> Replies:
        asked = [partners.partner(one, self.plot.dice) for one in discussion.invitations if one.user_id is None]
        return [(one, one.replies(self.world.calendar)) for one in asked]

    def _hear(self, discussion: Discussion, replies: Replies) -> None:
        """Answers in the order they came, the worker chasing in between."""
        order = sorted(
            ((at, one.invitation.id, one, reply) for one, said in replies for at, reply in said),
            key=lambda each: each[:2],
        )
        for at, _, one, reply in order:
            past.live(discussion, at)
            one.answer(at, reply, self.worker)
        past.live(discussion, discussion.starts_at)

    def _hold(self, discussion: Discussion, asked: list[Partner]) -> None:
        dice = self.plot.dice
        began = discussion.starts_at + timedelta(minutes=dice.randrange(0, 7))
        ended = began + timedelta(minutes=dice.randrange(25, 50))
        holding.start(discussion, by_staff(self.chair, began))
        there = {one.invitation.id: one.presence() for one in asked}
        for invitation in holding.asked(discussion):
            self._mark(invitation, there.get(invitation.id, Presence(Attendance.ATTENDED)), began, ended)
        self._write(discussion, ended)
        holding.finish(discussion, self._ending(discussion, began, ended), by_staff(self.chair, ended))
        past.deliver(discussion)
        self._afterwards(discussion, ended)
        self._follow_up(discussion, ended)
        self._sign(discussion, ended + timedelta(minutes=dice.choice((45, 90, 1100))))
        self._do_actions(discussion)

    def _mark(self, invitation: Invitation, how: Presence, began: datetime, ended: datetime) -> None:
        left = ended - timedelta(minutes=10) if how.attendance is Attendance.IN_PART else None
        at = ended if left else began + timedelta(minutes=1)
        act = by_staff(self.chair, at)
        holding.mark(
            invitation,
            how.attendance,
            act,
            arrived_at=began if how.attendance in PRESENT else None,
            left_at=left,
            by_phone=how.by_phone,
            reason=how.reason if how.attendance is not Attendance.DID_NOT_ATTEND else None,
        )

    def _write(self, discussion: Discussion, ended: datetime) -> None:
        dice = self.plot.dice
        at = ended - timedelta(minutes=5)
        there = [one for one in discussion.invitations if one.attendance in PRESENT]
        for one in dice.sample(there, min(2, len(there))):
            record.share(one, words.SHARED.get(one.sector, words.SHARED[Sector.SOCIAL_CARE]), by_staff(self.worker, at))
        for code, rationale in dice.choice(words.DECISIONS):
            record.decide(discussion, code, rationale, by_staff(self.chair, at))
        for what in dice.sample(words.ACTIONS, dice.choice((1, 1, 2))):
            one = dice.choice(there)
            owner = one.attendee_name or partners.worker_of(one)[0]
            due = (ended + timedelta(days=dice.randrange(1, 12))).replace(minute=0, second=0)
            record.add_action(discussion, one, what, owner, due, by_staff(self.chair, at))

    def _ending(self, discussion: Discussion, began: datetime, ended: datetime) -> Ending:
        missing = holding.quorum_of(discussion).needs_reason
        return Ending(
            started_at=began,
            ended_at=ended,
            without_quorum_reason="The children's safety could not wait" if missing else None,
            follow_up_at=ended + timedelta(days=1) if missing else None,
            authoriser=self._authoriser(discussion) if missing and self.plot.number % 3 == 0 else None,
            late_reason=words.LATE[0],
            initiated_s47=any(one.code in words.SECTION_47 for one in record.standing(discussion)),
        )

    def _authoriser(self, discussion: Discussion) -> User | None:
        """The other chair, under whose emergency exception it went ahead."""
        return next((chair for chair in self.world.chairs if chair.id != discussion.chair_id), None)

    def _follow_up(self, discussion: Discussion, ended: datetime) -> None:
        """Whoever was missing was spoken to within days, and no further discussion was needed."""
        at = ended + timedelta(hours=26)
        if at >= self.now:
            return
        if discussion.follow_up is not None:
            series.not_needed(discussion.follow_up, words.FOLLOWED_UP, by_staff(self.chair, at))
        elif follow_ups.asked_after(discussion):
            series.none_after(discussion, words.NOTHING_FOLLOWS, by_staff(self.chair, at))

    def _afterwards(self, discussion: Discussion, ended: datetime) -> None:
        """Absences are explained: most the same evening, some only once a manager was told."""
        dice, recent = self.plot.dice, self.now - ended < timedelta(days=14)
        absent = [one for one in holding.asked(discussion) if one.attendance not in PRESENT]
        if self.plot.left_open:
            return
        order = sorted(
            ((ended + partners.explains_after(dice, recent), one.id, one) for one in absent), key=lambda each: each[:2]
        )
        for at, _, one in order:
            past.live(discussion, at)
            act = by_staff(self.worker, at)
            partners.ring(one, act)
            code = one.absence_reason or dice.choice(partners.WHY_SILENT)
            absences.explain(one, code, None, act)

    def _sign(self, discussion: Discussion, at: datetime) -> None:
        if at < self.now and self.plot.number % 20 != 16:
            record.sign(discussion, by_staff(self.chair, at), thin_is_meant=True)
            past.deliver(discussion)

    def _do_actions(self, discussion: Discussion) -> None:
        for action in discussion.actions:
            at = action.due_at - timedelta(hours=self.plot.dice.randrange(2, 20))
            if action.created_at < at < self.now and self.plot.dice.random() < 0.7:
                record.complete(action, self.plot.dice.choice(words.EVIDENCE), by_staff(self.worker, at))


def tell(plot: Plot, world: Partnership, now: datetime) -> None:
    """Write one case down, in the caller's transaction."""
    chair = world.chairs[plot.number % len(world.chairs)]
    worker = world.social_workers[plot.number // 2 % len(world.social_workers)]
    _Telling(plot, world, now, chair, worker).tell()
    db.session.flush()
