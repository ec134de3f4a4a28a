"""Holds what all commands of the directory share: addresses made canonical, an entry's link, a line on the trail."""

from collections.abc import Callable
from typing import TypeVar

from notifications import addresses
from strategy.act import Act, Refused
from strategy.commands import events
from strategy.db import db
from strategy.keys import digest, keys
from strategy.models import Agency, Desk, Person
from strategy.vocabulary import EventVerb

Entry = TypeVar("Entry", Desk, Person)

NAME = 120  # characters: the columns'


def named(typed: str, field: str, missing: str) -> str:
    """A name with its spaces tidied. Raises Refused at ``field`` when it is empty or too long."""
    name = " ".join(typed.split())
    if not name:
        raise Refused(missing, field)
    if len(name) > NAME:
        raise Refused(f"Use at most {NAME} characters", field)
    return name


def email(typed: str | None, field: str = "email") -> str | None:
    """An email address as it is stored; None for nothing typed. Raises Refused at ``field``."""
    return _canonical(typed, field, addresses.email)


def phone(typed: str | None, field: str = "phone") -> str | None:
    """A phone number as E.164; None for nothing typed. Raises Refused at ``field``."""
    return _canonical(typed, field, addresses.phone)


def reach(entry: Desk | Person, new_email: str | None, new_phone: str | None) -> None:
    """Give an entry its addresses. Where one changed, links sent before no longer work, nor was it confirmed so."""
    if (new_email, new_phone) == (entry.email, entry.phone):
        return
    entry.email, entry.phone = new_email, new_phone
    entry.verified_at = None
    relink(entry)


def link(entry: Desk | Person) -> None:
    """Let the entry's link be found: its hash is stored, the token itself is made when a message goes out."""
    db.session.flush()  # the token needs the id
    entry.link_hash = digest(keys().entry_token(entry.__tablename__, entry.id, entry.link_generation))


def relink(entry: Desk | Person) -> None:
    """Make every link sent so far worthless."""
    if entry.link_hash is not None:
        entry.link_generation += 1
        link(entry)


def note(
    agency: Agency,
    text: str,
    act: Act,
    verb: EventVerb = EventVerb.DIRECTORY_CHANGED,
    *,
    about: Desk | Person | None = None,
) -> None:
    """Write what was done to the directory on the agency's trail; ``about`` is the entry it was done to."""
    db.session.flush()  # a new agency has no id yet
    facts = {} if about is None else {"desk_id" if isinstance(about, Desk) else "person_id": about.id}
    events.add(verb, text, act, agency=agency, facts=facts)


def _canonical(typed: str | None, field: str, make: Callable[[str], str]) -> str | None:
    if not typed or not typed.strip():
        return None
    try:
        return make(typed)
    except addresses.InvalidAddress as invalid:
        raise Refused(invalid.reason, field) from invalid
