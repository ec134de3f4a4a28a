"""Keeps a school's term dates and who answers for it out of term. Whom that makes a booking ask is invitees'."""

from dataclasses import dataclass
from datetime import date, timedelta

from strategy.act import Act, Refused
from strategy.commands import entries
from strategy.db import db
from strategy.models import Agency, Desk, HolidayCover, Person, Term
from strategy.queries import schools
from strategy.rules.terms import Dates, clashing

_LONGEST = timedelta(days=250)


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A term as it is typed or imported; both days are school days."""

    name: str
    starts_on: date
    ends_on: date


def add(agency: Agency, entry: TermEntry, act: Act) -> Term:
    """A term more. Raises Refused at the field: name, starts_on, ends_on."""
    name = entries.named(entry.name, "name", "Enter the term's name, like autumn 1")[:60]
    if entry.ends_on < entry.starts_on:
        raise Refused("The last day must not be before the first", "ends_on")
    if entry.ends_on - entry.starts_on > _LONGEST:
        raise Refused("Longer than any term: check both years", "ends_on")
    known = [Dates(one.starts_on, one.ends_on) for one in schools.terms_of([agency.id]).get(agency.id, ())]
    if clashing(known, Dates(entry.starts_on, entry.ends_on)):
        raise Refused("These days lie in another term of this school", "starts_on")
    term = Term(agency=agency, name=name, starts_on=entry.starts_on, ends_on=entry.ends_on)
    db.session.add(term)
    entries.note(agency, f"{agency.name}: term dates added, {name}", act)
    return term


def remove(term: Term, act: Act) -> None:
    """A term was entered wrongly."""
    entries.note(term.agency, f"{term.agency.name}: term dates removed, {term.name}", act)
    db.session.delete(term)


def cover(agency: Agency, answering: Desk | Person | None, act: Act) -> None:
    """Who answers for the school out of term; None: whoever answers for schools in holidays.

    Raises Refused ("cover") for one whose agency does not serve the school's authority, or who is out of use.
    """
    if answering is not None and not (
        answering.active and answering.agency.active and answering.agency.serves(agency.authority_id)
    ):
        raise Refused("Choose a desk or a person from the list", "cover")
    found = db.session.get(HolidayCover, agency.id)
    if answering is None:
        if found is not None:
            db.session.delete(found)
    else:
        found = found or HolidayCover(agency_id=agency.id)
        found.desk_id = answering.id if isinstance(answering, Desk) else None
        found.person_id = answering.id if isinstance(answering, Person) else None
        db.session.add(found)
    entries.note(agency, f"{agency.name}: holiday cover changed", act)
