"""Puts people on duty at a few desks: early, late and night, with a gap and a change, so that every page shows some.

The desks and people are agencies.py's, by name.
"""

from datetime import datetime, time, timedelta

from strategy.act import Act
from strategy.clock import in_london
from strategy.commands import rotas
from strategy.commands.rotas import NewOverride, NewShift
from strategy.demonstration.partnership import Partnership
from strategy.models import Desk, Person
from strategy.rules.working_time import DAYS, at_local

_MASH, _NIGHT, _HEALTH = "MASH desk", "Out-of-hours desk", "0–19 duty desk"
_WEEKDAYS = DAYS[:5]

# desk, person, from, to, weekdays, every how many weeks, beginning in which week.
# Every second Saturday, Sunday late and Friday afternoon are nobody's. Inspectors are on call by weeks, in turn.
_TURNS = (
    (_MASH, "Pat Constable", time(8), time(14), _WEEKDAYS, 1, 0),
    (_MASH, "Dee Sergeant", time(14), time(20), _WEEKDAYS, 1, 0),
    (_MASH, "Pat Constable", time(8), time(20), ("sat",), 2, 0),
    (_MASH, "Dee Sergeant", time(8), time(14), ("sun",), 1, 0),
    (_NIGHT, "Ina Inspector", time(), time(), DAYS, 2, 0),
    (_NIGHT, "Chris Chief", time(), time(), DAYS, 2, 1),
    (_HEALTH, "Nat Nurse", time(9), time(17), DAYS[:4], 1, 0),
    (_HEALTH, "Nomi Named", time(9), time(14), ("fri",), 1, 0),
)


def keep(world: Partnership, act: Act) -> None:
    """Write the rotas, from the Monday of the week before on, and a change for the next working day."""
    desks = {desk.name: desk for desk in world.directory.desks}
    people = {person.name: person for person in world.directory.people}
    today = in_london(act.at).date()
    monday = today - timedelta(days=today.weekday() + 7)
    for desk, person, opens, closes, weekdays, every, week in _TURNS:
        entry = NewShift(people[person], opens, closes, monday + week * timedelta(7), None, weekdays, every)
        rotas.add_shift(desks[desk], entry, act)
    _training(world, desks[_MASH], people, act)


def _training(world: Partnership, desk: Desk, people: dict[str, Person], act: Act) -> None:
    """On the next working day somebody else has the late shift."""
    day = world.calendar.add_working_days(in_london(act.at).date(), 1)
    begins: datetime = at_local(day, time(14))
    rotas.add_override(
        desk, NewOverride(begins, begins + timedelta(hours=6), people["Chris Chief"], people["Dee Sergeant"]), act
    )
