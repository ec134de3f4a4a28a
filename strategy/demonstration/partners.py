"""Holds how partners behaved: who answered, when, and who was there in the end. The commands do the writing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from sqlalchemy import select

from strategy.act import Act
from strategy.commands import answers, calls
from strategy.commands.answers import Reply
from strategy.db import db
from strategy.demonstration.past import by_link
from strategy.models import CallTask, Invitation, Person, User
from strategy.rules.working_time import Calendar, OpeningHours
from strategy.vocabulary import Attendance, CallOutcome, CallState, Response, Sector, Via


class Conduct(StrEnum):
    """What a desk made of an invitation."""

    PROMPT = "names somebody soon"
    CHASED = "names somebody once chased"
    ACCEPTS = "accepts, then names somebody"
    DEPUTY = "sends a deputy"
    DECLINES = "cannot attend"
    REPORTS = "only sends a report"
    UNANNOUNCED = "never answers, but comes"
    SILENT = "never answers, never comes"


# The gap the leaders' page is to show: education and health are there less often than police.
_HABITS: Mapping[Sector, tuple[int, ...]] = {
    Sector.POLICE: (58, 18, 6, 9, 3, 1, 3, 2),
    Sector.HEALTH: (38, 12, 5, 9, 11, 9, 4, 12),
    Sector.EDUCATION: (33, 9, 4, 5, 13, 12, 4, 20),
}
_OTHERS = (52, 8, 4, 8, 12, 9, 2, 5)
_WHY_NOT: Mapping[Conduct, tuple[str, ...]] = {
    Conduct.DECLINES: ("no-capacity", "short-notice", "sees-no-role", "out-of-hours"),
    Conduct.REPORTS: ("sent-report",),
    Conduct.SILENT: ("not-read", "no-capacity", "short-notice", "wrong-address"),
}
WHY_SILENT = _WHY_NOT[Conduct.SILENT]
_DEPUTIES = ("Alix Deputy", "Blair Deputy", "Corin Deputy", "Darcy Deputy")


@dataclass(frozen=True, slots=True)
class Presence:
    """How somebody was there, or why not (a code of the policy's absence reasons)."""

    attendance: Attendance
    reason: str | None = None
    by_phone: bool = False


@dataclass(frozen=True, slots=True)
class Partner:
    """One invited desk of a case, and how it behaved."""

    invitation: Invitation
    conduct: Conduct
    dice: Random

    def replies(self, calendar: Calendar) -> list[tuple[datetime, Reply]]:
        """What it answers, and when; nothing at all if it never does."""
        name, title = worker_of(self.invitation)
        coming = Reply(Response.ATTEND, name, title, name, title)
        soon, later = self.dice.uniform(0.05, 0.3), self.dice.uniform(0.55, 0.85)
        said: dict[Conduct, list[tuple[float, Reply]]] = {
            Conduct.PROMPT: [(soon, coming)],
            Conduct.CHASED: [(later, coming)],
            Conduct.ACCEPTS: [(soon, Reply(Response.DESK_ACCEPTED, name, title)), (later, coming)],
            Conduct.DEPUTY: [(soon, self._deputy(name, title))],
            Conduct.DECLINES: [(soon, Reply(Response.CANNOT_ATTEND, name, title, reason_code="no-capacity"))],
            Conduct.REPORTS: [(soon, Reply(Response.REPORT_ONLY, name, title))],
        }
        return [(self._moment(share, calendar), reply) for share, reply in said.get(self.conduct, [])]

    def answer(self, moment: datetime, reply: Reply, staff: User) -> None:
        """Answer by link; whom neither mail nor text reaches says it on the phone to a member of staff."""
        by_phone = self.invitation.undeliverable or reply.response is Response.DESK_ACCEPTED
        if by_phone:
            act = Act(by=staff.full_name, at=moment, via=Via.PHONE, user_id=staff.id)
            ring(self.invitation, act)
        else:
            act = by_link(reply.by_name or self.invitation.invitee, moment)
        answers.answer(self.invitation, reply, act)

    def _moment(self, share: float, calendar: Calendar) -> datetime:
        """That share of the time there is: while the desk is open, if it opens before the start."""
        since, start = self.invitation.chased_from, self.invitation.discussion.starts_at
        desk = self.invitation.desk
        if desk is not None:
            hours = OpeningHours.from_plain(desk.hours)
            found = hours.after_open(since, hours.open_time(since, start, calendar) * share, calendar)
            if found is not None and since < found < start:
                return found
        return since + (start - since) * share

    def _deputy(self, name: str, title: str) -> Reply:
        deputy = self.dice.choice(_DEPUTIES)
        mailbox = f"{deputy.lower().replace(' ', '.')}@deputies.example"
        return Reply(Response.DEPUTY, name, title, deputy, title, mailbox)

    def presence(self) -> Presence:
        """How it was there."""
        if self.conduct in _WHY_NOT:
            missing = {
                Conduct.DECLINES: Attendance.APOLOGIES,
                Conduct.REPORTS: Attendance.REPORT_ONLY,
                Conduct.SILENT: Attendance.DID_NOT_ATTEND,
            }
            return Presence(missing[self.conduct], self.dice.choice(_WHY_NOT[self.conduct]))
        if self.conduct is Conduct.DEPUTY:
            return Presence(Attendance.DEPUTY)
        if self.dice.random() < 0.05:
            return Presence(Attendance.DID_NOT_ATTEND, "no-capacity")
        part = self.dice.random() < 0.08
        by_phone = self.dice.random() < 0.15
        return Presence(Attendance.IN_PART if part else Attendance.ATTENDED, by_phone=by_phone)


def partner(invitation: Invitation, dice: Random) -> Partner:
    """Draw how this desk behaves, by the habits of its sector."""
    conduct = dice.choices(list(Conduct), _HABITS.get(invitation.sector, _OTHERS))[0]
    return Partner(invitation, conduct, dice)


def worker_of(invitation: Invitation) -> tuple[str, str]:
    """Name and title of whoever sits at the desk invited."""
    at_desk = select(Person).where(Person.agency_id == invitation.agency_id, Person.rung == 0).limit(1)
    found = db.session.scalar(at_desk)
    return (found.name, found.job_title) if found else (invitation.invitee, invitation.role_words)


def ring(invitation: Invitation, act: Act) -> None:
    """Make the calls asked for on its behalf: somebody was reached."""
    asked = select(CallTask).where(CallTask.invitation_id == invitation.id, CallTask.state == CallState.OPEN)
    for task in db.session.scalars(asked).all():
        calls.close(task, CallOutcome.REACHED, act)


def explains_after(dice: Random, prompt: bool) -> timedelta:
    """How long after the discussion an absence is explained: the same evening, or only once a manager was told."""
    return timedelta(minutes=dice.randrange(40, 170)) if prompt or dice.random() < 0.7 else timedelta(days=4)
