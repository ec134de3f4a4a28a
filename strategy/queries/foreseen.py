"""Asks what people will be told of their own accord: reminders, agencies not there, quorum, children who wait.

What ladders do is chasing.py's. It writes nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from strategy.db import db
from strategy.models import Action, Chase, Contact, Discussion, Invitation
from strategy.queries import course_watch, prompts, rungs, target_watch
from strategy.queries.ladders import History
from strategy.rules.chase import Step
from strategy.vocabulary import LADDERS, PROMPTS, ActionState, ChaseKind, MessageChannel, StepKind

_MOST_STEPS: Final = 60  # of one wait: after the leaders it repeats without end
_BOTH: Final = f"{MessageChannel.SMS}+{MessageChannel.EMAIL}"
_PROMPTS = {ChaseKind.REMINDER: "remind {}", ChaseKind.NOT_JOINED: "tell {} that it has started without them"}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Something people will be told if nothing changes. ``whom`` is who; ``agency`` whose place it is about, or empty.

    ``about`` is what it is about in a word; ``reference`` is the discussion's, or the contact's where there is none;
    ``channel`` as machines say it.
    """

    reference: str
    about: str
    agency: str
    kind: ChaseKind
    words: str
    whom: str
    channel: str
    step: Step


def owed(until: datetime, now: datetime) -> list[Foreseen]:
    """Everything of the kind that comes by then, in the whole installation."""
    asked = select(Chase).where(Chase.due_at <= until, Chase.kind.not_in(LADDERS))
    rows = db.session.scalars(asked.options(joinedload(Chase.invitation)))
    return [each for chase in rows for each in _of(chase, until, now) if each.step.due_at <= until]


def about(discussion: Discussion, invitations: Iterable[Invitation], now: datetime, known: History) -> list[Foreseen]:
    """Everything of the kind that comes of one discussion: its people, its quorum, its actions."""
    found = [each for one in invitations for kind in PROMPTS for each in _prompt(one, kind, now, known)]
    row = select(Chase).where(Chase.discussion_id == discussion.id, Chase.kind == ChaseKind.COURSE)
    found += _course(discussion, db.session.scalar(row), now)
    opened = (action for action in discussion.actions if action.state is ActionState.OPEN)
    return found + [each for action in opened for each in _reminders(action, now)]


def of_contact(contact: Contact, now: datetime, until: datetime, limit: int = _MOST_STEPS) -> Iterator[Foreseen]:
    """Who is told of the children who wait, by then."""
    channel = _BOTH if contact.urgent else MessageChannel.EMAIL.value
    for step in target_watch.upcoming(contact, now, until, limit):
        whom = target_watch.ROLES[step.rung or 0]
        kind, words = target_watch.kind_of(contact), f"tell {whom} of children who wait"
        yield Foreseen(contact.reference, "Target", "", kind, words, whom, channel, step)


def _of(chase: Chase, until: datetime, now: datetime) -> Iterable[Foreseen]:
    if chase.invitation is not None:
        return _prompt(chase.invitation, chase.kind, now)
    if chase.action is not None:
        return _reminders(chase.action, now)
    if chase.contact is not None:
        return of_contact(chase.contact, now, until)
    return () if chase.discussion is None else _course(chase.discussion, chase, now)


def _prompt(invitation: Invitation, kind: ChaseKind, now: datetime, known: History | None = None) -> Iterator[Foreseen]:
    step = prompts.next_step(invitation, kind, now, known)
    if step is not None:
        whom = rungs.asked(invitation, step.due_at).words
        reference, words = invitation.discussion.reference, _PROMPTS[kind].format(whom)
        yield Foreseen(reference, invitation.role_words, invitation.invitee, kind, words, whom, _BOTH, step)


def _course(discussion: Discussion, row: Chase | None, now: datetime) -> Iterator[Foreseen]:
    """That it has become better is only noted, and nobody is told."""
    step = course_watch.next_step(discussion, now, row)
    if step is not None and step.kind is StepKind.TELL:
        whom = discussion.convener.full_name
        words = f"tell {whom} that its quorum is doubtful"
        yield Foreseen(discussion.reference, "Quorum", "", ChaseKind.COURSE, words, whom, _BOTH, step)


def _reminders(action: Action, now: datetime) -> Iterator[Foreseen]:
    invitation = action.invitation
    for step in prompts.reminders(action, now):
        whom = rungs.asked(invitation, step.due_at).words
        words = f"remind {whom} of an {'overdue action' if step.rung else 'action'}"
        reference, kind = action.discussion.reference, ChaseKind.ACTION
        yield Foreseen(reference, invitation.role_words, invitation.invitee, kind, words, whom, _BOTH, step)
