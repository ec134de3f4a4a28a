"""Holds what `strategy slots` says: the row a reference names, the times proposed for it. It writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import click
from sqlalchemy import select

from notifications.addresses import display_phone
from strategy.db import db
from strategy.forms import times
from strategy.forms.booking import LENGTHS
from strategy.forms.journey import Journey
from strategy.models import Authority, Contact, Discussion, User
from strategy.policy import calendar_of
from strategy.queries import proposals, sharing
from strategy.queries.proposals import Ring, Shape
from strategy.queries.sharing import Place
from strategy.rules.slots import Proposals, Question, propose, shorter
from strategy.vocabulary import DiscussionState, Mode, Waiting

Named = TypeVar("Named", Contact, Discussion)

_USUAL_LENGTH = timedelta(minutes=45)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: as plain values for machines, as lines for people."""

    facts: list[dict[str, Any]]
    lines: list[str]


def for_discussion(
    reference: str, authority: str | None, length: int | None, mode: Mode | None, now: datetime
) -> Found:
    """Another time of a discussion that is still to be held. Raises click.BadParameter."""
    row = _named(Discussion, reference, authority)
    if row.state is not DiscussionState.CONVENED or row.started_at is not None:
        raise click.BadParameter(f"discussion {reference!r} is not still to be held")
    shape = Shape(timedelta(minutes=length) if length else row.ends_at - row.starts_at, mode or row.mode)
    rings = proposals.to_ring(proposals.wanted_of(row), now, calendar_of(row.policy.text), row.contact)
    return _said(proposals.for_discussion(row, shape, now), rings)


def for_contact(reference: str, authority: str | None, length: int | None, mode: Mode | None, now: datetime) -> Found:
    """A time for a contact that waits, with those asked that policy suggests or its draft names.

    Raises click.BadParameter.
    """
    row = _named(Contact, reference, authority)
    if row.state is not Waiting.DECIDED:
        raise click.BadParameter(f"contact {reference!r} is not waiting for a discussion")
    starter = db.session.get_one(User, row.started_by_id)
    journey = Journey(row, starter, now, meta={"csrf": False})
    shape = Shape(timedelta(minutes=length) if length else _USUAL_LENGTH, mode or Mode.VIDEO)
    return _said(journey.question(shape), journey.to_ring())


def for_waiting(authority: str | None, now: datetime) -> Found:
    """How those who wait could share the desks. Raises click.BadParameter."""
    rows = db.session.scalars(select(Authority).order_by(Authority.id)).all()
    mine = [row for row in rows if authority is None or row.code == authority]
    if len(mine) != 1:
        known = ", ".join(row.code for row in rows) or "none"
        raise click.BadParameter(f"say --authority, one of: {known}")
    places = sharing.plan(mine[0].id, now)
    lines = [_placed(one, now) for one in places] or ["Nobody waits for a discussion."]
    return Found([_plain_place(one) for one in places], lines)


def _placed(one: Place, now: datetime) -> str:
    named = "restricted" if one.contact.restricted else one.contact.reference
    if one.starts_at is None:
        return f"{named}  no time was found"
    met = "meets its target" if one.in_time else "past its target"
    return f"{named}  {times.day_and_time(one.starts_at, now)}, {met}"


def _plain_place(one: Place) -> dict[str, Any]:
    """Nobody says who looks here: of a restricted contact there is its place in the plan and no more."""
    closed, starts_at = one.contact.restricted, None if one.starts_at is None else times.iso(one.starts_at)
    facts = {"contact": None if closed else one.contact.reference, "restricted": closed, "starts_at": starts_at}
    return {**facts, "due_at": None if closed else times.iso(one.due_at), "in_time": one.in_time}


def _said(question: Question, rings: Sequence[Ring]) -> Found:
    found = propose(question)
    lines = [times.line(slot, question) for slot in found.slots]
    less = None if found.fits else shorter(question, [timedelta(minutes=one) for one in LENGTHS])
    lines += [times.fits_shorter(less, question.now)] if less else []
    return Found([times.plain(slot, question) for slot in found.slots], [*lines, *_rung(found, rings)])


def _rung(found: Proposals, rings: Sequence[Ring]) -> list[str]:
    if found.fits:
        return []
    numbers = [f"  {one.words}: {display_phone(one.phone) if one.phone else 'no number known'}" for one in rings]
    return ["No time before the target has its quorum. To hold it now, ring:", *numbers]


def _named(model: type[Named], reference: str, authority: str | None) -> Named:
    query = (
        select(model).join(Authority, Authority.id == model.authority_id).where(model.reference == reference.upper())
    )
    rows = db.session.scalars(query if authority is None else query.where(Authority.code == authority)).all()
    if not rows:
        raise click.BadParameter(f"there is no {model.__name__.lower()} {reference!r}")
    if len(rows) > 1:
        raise click.BadParameter(f"several authorities use the reference {reference!r}: say --authority")
    return rows[0]
