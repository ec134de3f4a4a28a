"""Answers which desk is asked for a time: the one chosen, or whoever stands in for it out of its hours."""

from collections.abc import Sequence
from datetime import datetime

from strategy.models import Contact, Desk, Invitation
from strategy.queries import conflicts
from strategy.rules.conflicts import NOBODY, Conflicts
from strategy.rules.working_time import Calendar, OpeningHours


def line(desk: Desk, authority_id: int) -> list[Desk]:
    """The desk and those that answer for it when it is shut, each once, up to one that authority cannot ask."""
    found = [desk]
    while (after := found[-1].covered_for(authority_id)) is not None and after not in found:
        found.append(after)
    return found


def covers(desk: Desk, authority_id: int, barred: Conflicts = NOBODY) -> tuple[Desk, ...]:
    """Who of its line stands in for it, in order; whoever is implicated never."""
    return tuple(one for one in line(desk, authority_id)[1:] if not barred.desk(one.id, one.email, one.phone))


def right(desk: Desk, contact: Contact, starts_at: datetime, ends_at: datetime, calendar: Calendar) -> Desk:
    """Which desk a time is asked of: the first of its line that is open for all of it, else when it begins; else
    the desk itself.
    """
    if desk.out_of_hours_id is None:
        return desk
    asked = (desk, *covers(desk, contact.authority_id, conflicts.of(contact)))
    whole = ends_at - starts_at
    hours = {one.id: OpeningHours.from_plain(one.hours) for one in asked}
    throughout = (one for one in asked if hours[one.id].open_time(starts_at, ends_at, calendar) >= whole)
    at_first = (one for one in asked if hours[one.id].is_open(starts_at, calendar))
    return next(throughout, next(at_first, desk))


def answering(asked: Sequence[Desk], at: datetime, calendar: Calendar) -> Desk | None:
    """The first of them that is open at a moment; None when none is."""
    return next((one for one in asked if OpeningHours.from_plain(one.hours).is_open(at, calendar)), None)


def chosen(invitation: Invitation) -> Desk | None:
    """The desk that was chosen, whoever stands in for it at the time the discussion has."""
    return invitation.stands_in_for or invitation.desk
