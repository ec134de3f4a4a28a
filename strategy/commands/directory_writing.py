"""Writes one entry of the directory as plain values, the same for bringing a sheet in and for taking it back.

Links between entries are written apart, last: what they lead to must be there first.
"""

from collections.abc import Mapping
from typing import Any, Final

from strategy.act import Act
from strategy.commands import directory_desks, directory_people
from strategy.commands.directory_desks import DeskEntry
from strategy.commands.directory_people import PersonEntry
from strategy.db import db
from strategy.models import Agency, Desk, Person
from strategy.rules.opening_words import say_day
from strategy.rules.working_time import DAYS, OpeningHours

Values = Mapping[str, Any]  # by the model's own names

OF_DESK: Final = ("name", "roles", "email", "phone", "hours", "lines", "out_of_hours_id", "active")
OF_PERSON: Final = ("name", "job_title", "rung", "email", "phone", "desk_id", "deputy_id", "active")
LINKS: Final = ("out_of_hours_id", "desk_id", "deputy_id")


def values_of(entry: Desk | Person) -> dict[str, Any]:
    """An entry as plain values, as JSON can hold them."""
    return {name: getattr(entry, name) for name in (OF_DESK if isinstance(entry, Desk) else OF_PERSON)}


def write_desk(agency: Agency, desk: Desk | None, values: Values, act: Act) -> Desk:
    """A desk as those values say, a new one for None; whether it is in use, and its link, are left. Raises Refused."""
    week = OpeningHours.from_plain(values["hours"])
    entry = DeskEntry(
        name=values["name"],
        roles=values["roles"],
        email=values["email"],
        phone=values["phone"],
        hours={day: say_day(windows) for day, windows in zip(DAYS, week.week, strict=True)},
        bank_holidays=week.open_on_bank_holidays,
        lines=values["lines"],
    )
    if desk is None:
        return directory_desks.add(agency, entry, act)
    linked = desk.out_of_hours_id
    directory_desks.edit(desk, entry, act)
    desk.out_of_hours_id = linked
    return desk


def write_person(agency: Agency, person: Person | None, values: Values, act: Act) -> Person:
    """A person as those values say, as ``write_desk`` does."""
    entry = PersonEntry(
        name=values["name"],
        job_title=values["job_title"],
        rung=values["rung"],
        rung_order=0 if person is None else person.rung_order,
        email=values["email"],
        phone=values["phone"],
    )
    if person is None:
        return directory_people.add(agency, entry, act)
    linked = person.desk_id, person.deputy_id
    directory_people.edit(person, entry, act)
    person.desk_id, person.deputy_id = linked
    return person


def write_links(entry: Desk | Person, links: Values) -> None:
    """Its links by id. Flushed entry by entry: two that name each other would be a circle in one flush."""
    for name, wanted in links.items():
        setattr(entry, name, wanted)
    db.session.flush()


def write_active(entry: Desk | Person, wanted: bool, act: Act) -> None:
    """In use or out of it. Raises Refused when another of its name is in use."""
    if entry.active == wanted:
        return
    if isinstance(entry, Desk):
        (directory_desks.reactivate if wanted else directory_desks.retire)(entry, act)
    else:
        (directory_people.reactivate if wanted else directory_people.retire)(entry, act)
