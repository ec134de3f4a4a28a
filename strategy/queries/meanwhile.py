"""Answers who changed a thing since a moment, by its trail. What that did to a form is rules.meanwhile's."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from strategy.db import db
from strategy.models import Agency, Contact, Desk, Event, Person, Shift

_MOST = 5


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the trail, kept when the transaction it was read in is gone."""

    by: str
    text: str
    at: datetime


def told(thing: Agency | Desk | Person | Shift | Contact, since: datetime) -> tuple[Told, ...]:
    """What the trail says was done to it since then, the newest first."""
    asked = select(Event).where(_about(thing), Event.at >= since).order_by(Event.id.desc()).limit(_MOST)
    return tuple(Told(one.by, one.text, one.at) for one in db.session.scalars(asked))


def _about(thing: Agency | Desk | Person | Shift | Contact) -> ColumnElement[bool]:
    if isinstance(thing, Contact):
        return Event.contact_id == thing.id
    if isinstance(thing, Agency):
        return Event.agency_id == thing.id
    name = {Desk: "desk_id", Person: "person_id", Shift: "shift_id"}[type(thing)]
    told_of: ColumnElement[bool] = Event.facts[name].as_integer() == thing.id
    return told_of
