"""Gives the demonstration's directory what makes it a living one: a shared force, terms, deputies, somebody away.

The agencies themselves are agencies.py's. Dates are plausible for an English school, and are no school's.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select

from strategy.act import Act
from strategy.clock import in_london
from strategy.commands import away, directory_terms, verification
from strategy.commands.away import AwayEntry
from strategy.commands.directory_terms import TermEntry
from strategy.commands.verification import Details
from strategy.db import db
from strategy.models import Agency, Authority, Desk, Person, Served
from strategy.vocabulary import Via

# Name, then first and last day as (month, day), of an academic year that begins in September.
_YEAR = (
    ("Autumn 1", (9, 2), (10, 22)),
    ("Autumn 2", (11, 2), (12, 17)),
    ("Spring 1", (1, 5), (2, 11)),
    ("Spring 2", (2, 22), (3, 24)),
    ("Summer 1", (4, 12), (5, 27)),
    ("Summer 2", (6, 7), (7, 21)),
)
_SCHOOLS = ("Sample Primary School", "Sample Academy", "Example Village School")
_DEPUTIES = (("Dee Sergeant", "Pat Constable"), ("Nomi Named", "Nat Nurse"), ("Hal Head", "Lesley Lead"))
_AWAY, _COVERS = "Nomi Named", "Des Designated"
# Nobody has asked these for a long time, or ever.
_FORGOTTEN = ("Sample Surgery", "Sample Leisure Trust", "Example Village School")


def furnish(home: Authority, neighbour: Authority, act: Act) -> None:
    """Complete the directory (in the caller's transaction)."""
    police = _agency("Exampleshire Police")  # held: the session itself lets go of what nobody holds
    police.served.append(Served(authority_id=neighbour.id))
    for name in _SCHOOLS:
        school = _agency(name)
        for term in _terms(act.at):
            directory_terms.add(school, term, act)
    holidays = db.session.scalars(select(Desk).where(Desk.name == "Holiday cover")).one()
    directory_terms.cover(_agency("Sample Primary School"), holidays, act)
    directory_terms.cover(_agency("Sample Academy"), _person("Ariel Academy"), act)
    for name, deputy in _DEPUTIES:
        person, stands_in = _person(name), _person(deputy)
        person.deputy = stands_in
    _verify(home, act)
    gone = AwayEntry(act.at - timedelta(hours=20), act.at + timedelta(days=4), cover_id=_person(_COVERS).id)
    away.go(_person(_AWAY), gone, Act(by=_AWAY, at=act.at, via=Via.LINK))
    lead = _person("Aubrey Academy")
    title, inbox = "Deputy head and safeguarding lead", "safeguarding@sample-academy.example"
    said = Details(lead.name, title, inbox, lead.phone)
    verification.change(lead, said, Act(by="Aubrey Academy", at=act.at, via=Via.LINK))


def _terms(at: datetime) -> Iterator[TermEntry]:
    """The academic year of that day, and the next."""
    today = in_london(at).date()
    first = today.year if today.month >= 8 else today.year - 1
    for year in (first, first + 1):
        for name, begins, ends in _YEAR:
            calendar_year = year if begins[0] >= 9 else year + 1
            words = f"{name} {year}/{(year + 1) % 100:02d}"
            yield TermEntry(words, date(calendar_year, *begins), date(calendar_year, *ends))


def _verify(home: Authority, act: Act) -> None:
    """Most entries were confirmed some weeks ago."""
    for agency in db.session.scalars(select(Agency).where(Agency.authority_id == home.id)):
        if agency.name in _FORGOTTEN:
            continue
        entries: list[Desk | Person] = [*agency.desks, *agency.people]
        for number, entry in enumerate(entries):
            entry.verified_at = act.at - timedelta(days=40 + number)


def _agency(name: str) -> Agency:
    return db.session.scalars(select(Agency).where(Agency.name == name)).one()


def _person(name: str) -> Person:
    return db.session.scalars(select(Person).where(Person.name == name)).one()
