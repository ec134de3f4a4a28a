"""Keeps an agency's people: role, rung, mobile, email, desk and standing deputy. When they are away is away's."""

from dataclasses import dataclass
from typing import Any

from strategy.act import Act, Refused
from strategy.commands import entries
from strategy.db import db
from strategy.models import Agency, Person

HIGHEST = 4


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person as they are typed or imported.

    ``rung`` is 0 to 4, None for somebody on no rung; of several on one the lowest ``rung_order`` is told first.
    ``desk_id`` and ``deputy_id`` are of the same agency.
    """

    name: str
    job_title: str
    rung: int | None = None
    rung_order: int = 0
    email: str | None = None
    phone: str | None = None
    desk_id: int | None = None
    deputy_id: int | None = None


def add(agency: Agency, entry: PersonEntry, act: Act) -> Person:
    """Somebody new. Raises Refused at the field of the entry it is about, having changed nothing."""
    values = _checked(agency, None, entry)
    person = Person(agency=agency, active=True, link_generation=1, **values)
    db.session.add(person)
    entries.note(agency, f"{person.name} added to {agency.name}", act, about=person)
    return person


def edit(person: Person, entry: PersonEntry, act: Act) -> None:
    """Everything about them. Raises Refused as ``add`` does."""
    values = _checked(person.agency, person, entry)
    entries.reach(person, values["email"], values["phone"])
    for name, value in values.items():
        setattr(person, name, value)
    entries.note(person.agency, f"{person.name} of {person.agency.name} changed", act, about=person)


def retire(person: Person, act: Act) -> None:
    """Take them out of use: no longer asked, told or standing in for anybody. Raises Refused when they are."""
    if not person.active:
        raise Refused(f"{person.name} is out of use already")
    person.active = False
    entries.relink(person)
    entries.note(person.agency, f"{person.name} of {person.agency.name} taken out of use", act, about=person)


def reactivate(person: Person, act: Act) -> None:
    """Undo ``retire``. Raises Refused when they are in use, or somebody of that name and title is."""
    if person.active:
        raise Refused(f"{person.name} is in use already")
    _refuse_twin(person.agency, person, person.name, person.job_title)
    person.active = True
    entries.note(person.agency, f"{person.name} of {person.agency.name} taken back into use", act, about=person)


def _checked(agency: Agency, person: Person | None, entry: PersonEntry) -> dict[str, Any]:
    """The columns of the entry; ``person`` is the one edited, None for somebody new."""
    name = entries.named(entry.name, "name", "Enter their name")
    title = entries.named(entry.job_title, "job_title", "Enter their role or job title")
    _refuse_twin(agency, person, name, title)
    if entry.rung is not None and not 0 <= entry.rung <= HIGHEST:
        raise Refused(f"A rung is a number from 0 to {HIGHEST}", "rung")
    if not 0 <= entry.rung_order <= 99:
        raise Refused("The order on a rung is a number from 0 to 99", "rung_order")
    return {
        "name": name,
        "job_title": title,
        "rung": entry.rung,
        "rung_order": entry.rung_order,
        "email": entries.email(entry.email),
        "phone": entries.phone(entry.phone),
        "desk_id": _desk(agency, entry.desk_id),
        "deputy_id": _deputy(agency, person, entry.deputy_id),
    }


def _refuse_twin(agency: Agency, person: Person | None, name: str, title: str) -> None:
    same = (name.casefold(), title.casefold())
    others = (one for one in agency.people if one is not person and one.active)
    if any((one.name.casefold(), one.job_title.casefold()) == same for one in others):
        raise Refused(f"{name}, {title}, is listed for {agency.name} already", "name")


def _desk(agency: Agency, wanted: int | None) -> int | None:
    if wanted is not None and not any(one.id == wanted and one.active for one in agency.desks):
        raise Refused("Choose a desk of the same agency", "desk_id")
    return wanted


def _deputy(agency: Agency, person: Person | None, wanted: int | None) -> int | None:
    others = (one for one in agency.people if one is not person and one.active)
    if wanted is not None and not any(one.id == wanted for one in others):
        raise Refused("Choose somebody else of the same agency", "deputy_id")
    return wanted
