"""Answers what a message says for an authority, by its own wording or ours; which versions there were; what is wrong.

Every message that goes out, and every preview of one, is worded here: an authority's words are used everywhere or
nowhere.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from notifications.addresses import display_phone
from strategy import compose, longest, own_words
from strategy.compose import Words
from strategy.db import db
from strategy.models import Authority, WordingDraft, WordingVersion
from strategy.own_words import Facts
from strategy.rules.wording import Unfit, Wording
from strategy.rules.wording_checks import Fault, faults
from strategy.rules.wording_standards import STANDARDS

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Broken:
    """A wording in use that no longer passes the checks: then our own words go out where it cannot be said."""

    authority: str
    name: str
    number: int


def words(authority_id: int, name: str, known: Facts) -> Words:
    """The words of a message for that authority, with these facts.

    A wording that cannot be said loses no message: ours goes out, and the log says so without any of the words.
    Raises jinja2.TemplateNotFound for a name there is no message of.
    """
    used = newest(authority_id, name) if name in STANDARDS and not own_words.left_to_us(name, known) else None
    wording = None if used is None else wording_of(used)
    if used is None or wording is None:
        return compose.words(name, known)
    try:
        return own_words.worded(name, known, wording)
    except Unfit as unfit:
        log.error("wording %s of authority %s, version %s: %s; ours is used", name, authority_id, used.number, unfit)
        return compose.words(name, known)


def newest(authority_id: int, name: str) -> WordingVersion | None:
    """The version that counts; None where the authority never worded that message."""
    asked = select(WordingVersion).where(WordingVersion.authority_id == authority_id, WordingVersion.name == name)
    return db.session.scalar(asked.order_by(WordingVersion.number.desc()).limit(1))


def in_use(authority_id: int) -> dict[str, WordingVersion]:
    """The newest version of each message the authority ever worded, by the message's name."""
    mine = select(func.max(WordingVersion.id)).where(WordingVersion.authority_id == authority_id)
    asked = select(WordingVersion).where(WordingVersion.id.in_(mine.group_by(WordingVersion.name)))
    return {one.name: one for one in db.session.scalars(asked)}


def versions(authority_id: int, name: str) -> Sequence[WordingVersion]:
    """Every version of a message, the newest first."""
    asked = select(WordingVersion).where(WordingVersion.authority_id == authority_id, WordingVersion.name == name)
    return db.session.scalars(asked.order_by(WordingVersion.number.desc())).all()


def draft_of(authority_id: int, name: str) -> WordingDraft | None:
    """The wording that is being written for that message."""
    return db.session.scalar(
        select(WordingDraft).where(WordingDraft.authority_id == authority_id, WordingDraft.name == name)
    )


def drafts(authority_id: int) -> frozenset[str]:
    """The messages a new wording is being written for."""
    return frozenset(db.session.scalars(select(WordingDraft.name).where(WordingDraft.authority_id == authority_id)))


def wording_of(row: WordingVersion | WordingDraft) -> Wording | None:
    """A row's words with their places; None for a version that goes back to ours."""
    if row.subject is None or row.mail is None or row.text is None:
        return None
    return Wording(row.subject, row.mail, row.text)


def numbered(authority_id: int, name: str, number: int) -> Wording | None:
    """The words of a version; 0 is ours. None where there is no such version."""
    if number == 0:
        return own_words.ours(name)
    found = next((one for one in versions(authority_id, name) if one.number == number), None)
    return None if found is None else wording_of(found) or own_words.ours(name)


def amiss(authority: Authority, name: str, wording: Wording) -> tuple[Fault, ...]:
    """What keeps a wording from being used, measured in every case with the longest names there may be."""
    call_back = max(longest.CALL_BACK, display_phone(authority.phone), key=len)
    cases = longest.cases(name, call_back=call_back)
    return faults(STANDARDS[name], wording, [own_words.values(name, case.facts) for case in cases], own_words.cost)


def most(authority: Authority, name: str, wording: Wording) -> int:
    """What the text costs at most, in characters of a text, with the longest names there may be."""
    said = (own_words.worded(name, case.facts, wording).sms for case in longest.cases(name))
    return max(own_words.cost(text).units for text in said)


def broken() -> list[Broken]:
    """The wordings in use, of every authority, that no longer pass the checks."""
    found = []
    for authority in db.session.scalars(select(Authority).order_by(Authority.id)):
        for name, used in in_use(authority.id).items():
            wording = wording_of(used)
            if wording is not None and (name not in STANDARDS or amiss(authority, name, wording)):
                found.append(Broken(authority.name, name, used.number))
    return found
