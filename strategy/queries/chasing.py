"""Asks what chasing is due, and what would be by some later moment. It writes nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from notifications.addresses import is_mobile
from strategy.db import db
from strategy.models import Chase, Discussion, Invitation, Message
from strategy.queries import foreseen, ladders, rungs, unheld
from strategy.queries.ladders import Climb
from strategy.rules.chase import Step, upcoming
from strategy.vocabulary import LADDERS, ChaseKind, MessageChannel, MessageState, StepKind

_MOST_STEPS_AHEAD: Final = 200  # of one ladder: after a discussion it has no end of its own


@dataclass(frozen=True, slots=True)
class Due:
    """A chase row as it was seen when it fell due; whoever finds it unchanged does the step."""

    id: int
    step: StepKind
    rung: int | None
    due_at: datetime
    kind: ChaseKind = ChaseKind.BEFORE


@dataclass(frozen=True, slots=True)
class Coming:
    """A step still to come, if nothing changes: to whom it would go and by which channels."""

    invitation: Invitation
    kind: ChaseKind
    step: Step
    to_role: str
    channels: tuple[MessageChannel, ...]
    ring: bool


def due(now: datetime, limit: int) -> list[Due]:
    """The steps due now, the longest overdue first."""
    return [Due(*row) for row in db.session.execute(due_rows(now, limit))]


def due_rows(now: datetime, limit: int) -> Select[int, StepKind, int | None, datetime, ChaseKind]:
    """The statement ``due`` asks by, so that its plan can be looked at."""
    columns = (Chase.id, Chase.step, Chase.rung, Chase.due_at, Chase.kind)
    return select(*columns).where(Chase.due_at <= now).order_by(Chase.due_at, Chase.id).limit(limit)


def owed(until: datetime, now: datetime) -> list[dict[str, Any]]:
    """What would be sent and climbed by then if nothing changed, oldest first, as plain JSON values.

    Messages waiting in the outbox come with the moment they are due, steps with theirs: overdue ones keep the past
    moment they were due at.
    """
    found = [*_messages(until), *_steps(until, now), *_unheld(until), *_foreseen(until, now)]
    return sorted(found, key=lambda each: (each["at"], each["discussion"], each["agency"]))


def coming(
    invitations: Collection[Invitation],
    now: datetime,
    until: datetime | None = None,
    limit: int = 20,
    known: ladders.History | None = None,
) -> list[Coming]:
    """The steps both ladders of these invitations would still take, oldest first: at most ``limit`` of each ladder.

    Four queries, however many there are, where the invitations come with what they belong to.
    """
    done, people = known or ladders.history(invitations), rungs.listed(invitations)
    found: list[Coming] = []
    for invitation in invitations:
        for kind in LADDERS:
            climb = ladders.climb_of(invitation, kind, done)
            if climb is not None:
                steps = upcoming(climb.facts, climb.figures, climb.ladder, now, limit, until)
                found += [_coming(invitation, kind, climb, step, people) for step in steps]
    return sorted(found, key=lambda each: each.step.due_at)


def _coming(invitation: Invitation, kind: ChaseKind, climb: Climb, step: Step, people: rungs.Listed) -> Coming:
    if step.kind is StepKind.CHAIR_CALL or step.rung is None:
        return Coming(invitation, kind, step, rungs.caller(invitation).full_name, (), ring=True)
    holder = rungs.holder(invitation, step.rung, climb.ladder, step.due_at, people)
    role = rungs.asked(invitation, step.due_at).words if step.rung == 0 else rungs.title_of(climb.ladder, step.rung)
    if holder is None:
        return Coming(invitation, kind, step, role, (), ring=False)
    texts = holder.phone is not None and is_mobile(holder.phone)
    ways = ((MessageChannel.SMS, texts), (MessageChannel.EMAIL, bool(holder.email)))
    ring = bool(holder.phone) and not texts
    return Coming(invitation, kind, step, role, tuple(channel for channel, open_ in ways if open_), ring)


def _steps(until: datetime, now: datetime) -> list[dict[str, Any]]:
    asked = select(Chase).where(Chase.due_at <= until, Chase.kind.in_(LADDERS)).options(joinedload(Chase.invitation))
    return [
        {
            "at": _iso(each.step.due_at),
            "discussion": each.invitation.discussion.reference,
            "agency": each.invitation.invitee,
            "step": _name(each.kind, each.step),
            "to_role": each.to_role,
            "channel": _channel(each),
            "because": each.step.because,
        }
        for chase in db.session.scalars(asked)
        for each in coming([chase.asked], now, until, _MOST_STEPS_AHEAD)
        if each.kind is chase.kind
    ]


def _unheld(until: datetime) -> list[dict[str, Any]]:
    """Discussions whose time will have passed, if nobody holds them: convener and chair are told."""
    return [
        {
            "at": _iso(one.ends_at),
            "discussion": one.reference,
            "agency": "",
            "step": "tell that it was not held",
            "to_role": " and ".join(dict.fromkeys((one.convener.full_name, one.chair.full_name))),
            "channel": "sms+email",
            "because": "its time has passed",
        }
        for one in unheld.untold(until)
    ]


def _foreseen(until: datetime, now: datetime) -> list[dict[str, Any]]:
    """What people are told of their own accord."""
    return [
        {
            "at": _iso(one.step.due_at),
            "discussion": one.reference,
            "agency": one.agency,
            "step": one.kind.value,
            "to_role": one.whom,
            "channel": one.channel,
            "because": one.step.because,
        }
        for one in foreseen.owed(until, now)
    ]


def _messages(until: datetime) -> list[dict[str, Any]]:
    waiting = select(Message).where(
        Message.state.in_((MessageState.QUEUED, MessageState.SENDING)), Message.not_before <= until
    )
    return [
        {
            "at": _iso(message.not_before),
            "discussion": _reference(message.discussion),
            "agency": "" if message.invitation is None else message.invitation.invitee,
            "step": f"send {message.name}",
            "to_role": message.to_name,
            "channel": message.channel.value,
            "because": message.reason.words,
        }
        for message in db.session.scalars(waiting)
    ]


def _channel(coming: Coming) -> str:
    """The ways it goes, for machines: "sms+email", "email+call", "call"; "none" when nobody is listed."""
    return "+".join([*(channel.value for channel in coming.channels), *(["call"] if coming.ring else [])]) or "none"


def _name(kind: ChaseKind, step: Step) -> str:
    return f"{kind.value} {step.kind.value}" if step.rung is None else f"{kind.value} rung {step.rung}"


def _reference(discussion: Discussion | None) -> str:
    return "" if discussion is None else discussion.reference


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
