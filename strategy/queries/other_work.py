"""Answers what rotas and diaries say of those asked to a discussion. What it means for a time is availability's."""

from collections.abc import Sequence
from datetime import datetime

from strategy.queries import busy, duty, rotas
from strategy.queries.availability import Diary, OtherWork, Wanted, everybody
from strategy.rules.conflicts import NOBODY, Conflicts
from strategy.rules.slots import Grid, Span


def of(wanted: Sequence[Wanted], grid: Grid, now: datetime, barred: Conflicts = NOBODY) -> OtherWork:
    """Who is on duty and who is busy within the grid, and who stands in for them; a handful of queries, however many.

    A desk nobody has a turn at in all that time keeps no rota, or one that has run out: its hours count alone. Whoever
    is away counts where somebody not ``barred`` covers. A diary that was never read says nothing.
    """
    wanted = everybody(wanted)
    desks = {one.desk.id for one in wanted if one.desk and not one.person}
    people = {one.person.id for one in wanted if one.person}
    staff = {one.user.id for one in wanted if one.user}
    duties = rotas.duties(desks, grid.start, grid.end, barred) if desks else {}
    on_duty: dict[str, Sequence[Span]] = {
        f"desk:{desk}": [(one.starts_at, one.ends_at) for one in found if one.there]
        for desk, found in duties.items()
        if found
    }
    for number, person in (duty.absent(people, grid.start, grid.end) if people else {}).items():
        on_duty[f"person:{number}"] = duty.reached(person, grid.start, grid.end, barred)
    known = busy.spans(desks, people, staff, grid.start, grid.end, now).by_owner.items()
    diaries = {
        f"{kind}:{number}": Diary(tuple(one.spans), one.fetched_at, one.stale)
        for (kind, number), one in known
        if one.fetched_at is not None
    }
    return OtherWork(on_duty, diaries)
