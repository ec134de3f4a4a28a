"""Answers what rotas and diaries say of those asked to a discussion. What it means for a time is availability's."""

from collections.abc import Sequence
from datetime import datetime

from strategy.queries import busy, rotas
from strategy.queries.availability import Diary, OtherWork, Wanted
from strategy.rules.slots import Grid, Span


def of(wanted: Sequence[Wanted], grid: Grid, now: datetime) -> OtherWork:
    """Who is on duty and who is busy within the grid; a handful of queries, however many are asked.

    A desk nobody is on duty at in all that time keeps no rota, or one that has run out: its hours count alone. A
    diary that was never read says nothing.
    """
    desks = {one.desk.id for one in wanted if one.desk and not one.person}
    people = {one.person.id for one in wanted if one.person}
    staff = {one.user.id for one in wanted if one.user}
    duties = rotas.duties(desks, grid.start, grid.end) if desks else {}
    on_duty: dict[str, Sequence[Span]] = {
        f"desk:{desk}": [(one.starts_at, one.ends_at) for one in found] for desk, found in duties.items() if found
    }
    known = busy.spans(desks, people, staff, grid.start, grid.end, now).by_owner.items()
    diaries = {
        f"{kind}:{number}": Diary(tuple(one.spans), one.fetched_at, one.stale)
        for (kind, number), one in known
        if one.fetched_at is not None
    }
    return OtherWork(on_duty, diaries)
