"""Says that somebody is away and who covers, and takes it back. Who is told meanwhile is queries.covering's."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from strategy.act import Act, Refused
from strategy.commands import entries
from strategy.dates import short
from strategy.db import db
from strategy.models import Away, Person
from strategy.vocabulary import EventVerb

LONGEST = timedelta(days=366)
_BESIDES = ("cover_name", "cover_email", "cover_phone")


@dataclass(frozen=True, slots=True)
class AwayEntry:
    """From when until when, and who covers: ``cover_id`` is somebody else of the agency; else a name and a contact.

    Neither: the standing deputy. Moments are aware.
    """

    starts_at: datetime
    ends_at: datetime
    cover_id: int | None = None
    cover_name: str | None = None
    cover_email: str | None = None
    cover_phone: str | None = None


def go(person: Person, entry: AwayEntry, act: Act) -> Away:
    """They are away. Raises Refused at the field: ends_at, cover_id, cover_name, cover_email, cover_phone."""
    _refuse_times(entry, act)
    covers = _covers(person, entry)
    away = Away(
        person=person,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        entered_at=act.at,
        entered_by=act.by,
        **covers,
    )
    db.session.add(away)
    entries.note(person.agency, f"{person.name} is away until {short(entry.ends_at)}", act, EventVerb.AWAY)
    return away


def back(away: Away, act: Act) -> None:
    """They are not away after all, or are back earlier. Raises Refused when it is over or was taken back."""
    if away.taken_back_at is not None or away.ends_at <= act.at:
        raise Refused("That time away is over already")
    away.taken_back_at = act.at
    words = f"{away.person.name} is not away until {short(away.ends_at)} any more"
    entries.note(away.person.agency, words, act, EventVerb.AWAY)


def _refuse_times(entry: AwayEntry, act: Act) -> None:
    if entry.ends_at <= entry.starts_at:
        raise Refused("The end must be later than the beginning", "ends_at")
    if entry.ends_at <= act.at:
        raise Refused("That time is over already", "ends_at")
    if entry.ends_at - entry.starts_at > LONGEST:
        raise Refused("Longer than a year: ask for the entry to be changed instead", "ends_at")


def _covers(person: Person, entry: AwayEntry) -> dict[str, Any]:
    """The columns that say who covers: somebody of the agency, or somebody named; never one of two in silence."""
    others = (one for one in person.agency.people if one.id != person.id and one.active)
    if entry.cover_id is not None and not any(one.id == entry.cover_id for one in others):
        raise Refused("Choose somebody else of the same agency", "cover_id")
    besides = next((field for field in _BESIDES if (getattr(entry, field) or "").strip()), None)
    if entry.cover_id is not None and besides is not None:
        words = "Somebody of the list is chosen too: choose “Somebody else, named below” there, or leave this empty"
        raise Refused(words, besides)
    if besides is None:
        return {"cover_id": entry.cover_id}
    name = entries.named(entry.cover_name or "", "cover_name", "Enter the name of whoever covers")
    email, phone = entries.email(entry.cover_email, "cover_email"), entries.phone(entry.cover_phone, "cover_phone")
    if email is None and phone is None:
        raise Refused("Enter an email address or a phone number for them", "cover_email")
    return {"cover_name": name, "cover_email": email, "cover_phone": phone}
