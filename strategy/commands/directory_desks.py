"""Keeps an agency's desks: shared inbox, phone, hours in plain words, out-of-hours desk and the roles answered."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from strategy.act import Act, Refused
from strategy.commands import entries
from strategy.db import db
from strategy.models import Agency, Desk
from strategy.policy import parsed
from strategy.queries import policies
from strategy.rules.opening_words import read_day
from strategy.rules.working_time import DAYS, OpeningHours

MOST_LINES = 50
SHORTEST_BUNDLE, LONGEST_BUNDLE = 5, 240  # minutes


@dataclass(frozen=True, slots=True)
class DeskEntry:
    """A desk as it is typed or imported.

    ``roles`` are codes of the policy. ``hours`` is by day ("mon" … "sun") in words, like "09:00-17:00"; a day left
    out is closed. ``out_of_hours_id`` is another desk, of this agency or of another that serves the keeping authority.
    ``lines`` is in how many discussions it can be at once, None: as it is, one for a new desk. ``bundle_minutes``
    is how long mails that are not urgent wait to go out as one, 0 for not at all, None: as it is.
    """

    name: str
    roles: Collection[str]
    email: str | None = None
    phone: str | None = None
    hours: Mapping[str, str] = field(default_factory=dict)
    bank_holidays: bool = False
    out_of_hours_id: int | None = None
    lines: int | None = None
    bundle_minutes: int | None = None


def add(agency: Agency, entry: DeskEntry, act: Act) -> Desk:
    """A new desk. Raises Refused at the field of the entry it is about (or its day), having changed nothing."""
    desk = Desk(agency=agency, active=True, link_generation=1, **_checked(agency, None, entry, act))
    db.session.add(desk)
    entries.note(agency, f"{desk.name} added to {agency.name}", act, about=desk)
    return desk


def edit(desk: Desk, entry: DeskEntry, act: Act) -> None:
    """Everything a desk is. Raises Refused as ``add`` does."""
    values = _checked(desk.agency, desk, entry, act)
    entries.reach(desk, values["email"], values["phone"])
    for name, value in values.items():
        setattr(desk, name, value)
    entries.note(desk.agency, f"{desk.name} of {desk.agency.name} changed", act, about=desk)


def retire(desk: Desk, act: Act) -> None:
    """Take it out of use. Raises Refused when it is."""
    if not desk.active:
        raise Refused(f"{desk.name} is out of use already")
    desk.active = False
    entries.relink(desk)
    entries.note(desk.agency, f"{desk.name} of {desk.agency.name} taken out of use", act, about=desk)


def reactivate(desk: Desk, act: Act) -> None:
    """Undo ``retire``. Raises Refused when it is in use, or another of that name is."""
    if desk.active:
        raise Refused(f"{desk.name} is in use already")
    _refuse_twin(desk.agency, desk, desk.name)
    desk.active = True
    entries.note(desk.agency, f"{desk.name} of {desk.agency.name} taken back into use", act, about=desk)


def _checked(agency: Agency, desk: Desk | None, entry: DeskEntry, act: Act) -> dict[str, Any]:
    """The columns of the entry; ``desk`` is the one edited, None for a new one."""
    name = entries.named(entry.name, "name", "Enter the desk's name")
    _refuse_twin(agency, desk, name)
    return {
        "name": name,
        "roles": _roles(agency, entry.roles, act),
        "email": entries.email(entry.email),
        "phone": entries.phone(entry.phone),
        "hours": _hours(entry),
        "out_of_hours_id": _out_of_hours(agency, desk, entry.out_of_hours_id),
        "lines": _lines(desk, entry.lines),
        "bundle_minutes": _bundle(desk, entry.bundle_minutes),
    }


def _lines(desk: Desk | None, wanted: int | None) -> int:
    if wanted is None:
        return 1 if desk is None else desk.lines
    if not 1 <= wanted <= MOST_LINES:
        raise Refused(f"A desk can be in 1 to {MOST_LINES} discussions at once", "lines")
    return wanted


def _bundle(desk: Desk | None, wanted: int | None) -> int | None:
    if wanted is None:
        return None if desk is None else desk.bundle_minutes
    if wanted and not SHORTEST_BUNDLE <= wanted <= LONGEST_BUNDLE:
        allowed = f"{SHORTEST_BUNDLE} to {LONGEST_BUNDLE} minutes"
        raise Refused(f"Mails can wait {allowed} for each other; leave it empty for none to wait", "bundle_minutes")
    return wanted or None


def _refuse_twin(agency: Agency, desk: Desk | None, name: str) -> None:
    others = (one for one in agency.desks if one is not desk and one.active)
    if any(one.name.casefold() == name.casefold() for one in others):
        raise Refused(f"{agency.name} has a desk {name} already", "name")


def _roles(agency: Agency, wanted: Collection[str], act: Act) -> list[str]:
    known = parsed(policies.in_force(agency.authority_id, act.at).text).roles
    if not wanted:
        raise Refused("Choose at least one role the desk answers for", "roles")
    if unknown := [role for role in wanted if role not in known]:
        raise Refused(f"The policy knows no role {', '.join(sorted(unknown))}", "roles")
    return [role for role in known if role in wanted]


def _hours(entry: DeskEntry) -> dict[str, bool | list[str]]:
    week = []
    for day in DAYS:
        try:
            week.append(read_day(entry.hours.get(day, "")))
        except ValueError as unread:
            raise Refused(str(unread), day) from unread
    return OpeningHours(tuple(week), entry.bank_holidays).to_plain()


def _out_of_hours(agency: Agency, desk: Desk | None, wanted: int | None) -> int | None:
    """Another desk in use. Of another agency only one that serves the keeper, or a child would be told of there."""
    if wanted is None:
        return None
    cover = db.session.get(Desk, wanted)
    if cover is None or cover is desk or not _may_cover(cover, agency):
        raise Refused("Choose another desk from the list", "out_of_hours_id")
    return wanted


def _may_cover(cover: Desk, agency: Agency) -> bool:
    there = cover.agency
    return cover.active and (there is agency or (there.active and there.serves(agency.authority_id)))
