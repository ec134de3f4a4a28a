"""Asks desks and people whether their entry is still right, takes what they say, and takes it over when accepted."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from strategy.act import Act, Refused
from strategy.clock import in_london
from strategy.commands import entries, messages
from strategy.db import db
from strategy.models import Agency, Authority, Desk, Person, Verification, VerificationRound
from strategy.queries import verifications
from strategy.vocabulary import VERIFICATION_MOVES, EventVerb, VerificationState, may_move

_DECIDED = frozenset({VerificationState.ACCEPTED, VerificationState.DECLINED})
_SAME_ASKING = timedelta(days=30)  # who thinks again within it changes that answer; later it is a new one


@dataclass(frozen=True, slots=True)
class Details:
    """What an entry says, as its own people type it. ``job_title`` None: of a desk."""

    name: str
    job_title: str | None = None
    email: str | None = None
    phone: str | None = None


def start(
    authority: Authority, act: Act, *, agency: Agency | None = None, months: int | None = None
) -> VerificationRound:
    """Ask every desk and person in use that the authority keeps: of one agency, or not verified for so many months.

    Who was asked before and has not answered is not asked anew. Raises Refused when there is nobody to ask.
    """
    whom = agency.name if agency else "everybody"
    whom += f", not verified for {months} months" if months else ""
    asked = VerificationRound(authority=authority, whom=whom[:200], started_at=act.at, started_by=act.by)
    found = verifications.to_ask(authority.id, act.at, agency_id=agency.id if agency else None, months=months)
    if not found:
        raise Refused("There is nobody to ask: everybody was asked already, or was verified since")
    db.session.add(asked)
    for entry in found:
        verification = _about(entry, act, asked)
        db.session.flush()
        entries.link(entry)
        messages.queue_verification(verification, act, key="asked")
    return asked


def remind(asked: VerificationRound, act: Act) -> int:
    """Ask those again who have not answered, once a day at most; how many messages that made."""
    waiting = [one for one in asked.verifications if one.state is VerificationState.ASKED and one.entry.active]
    if not waiting:
        raise Refused("Everybody has answered")
    key = f"{in_london(act.at):%Y-%m-%d}"
    queued = [one for each in waiting for one in messages.queue_verification(each, act, key=key)]
    return sum(message.created_at == act.at for message in queued)


def confirm(entry: Desk | Person, act: Act) -> Verification:
    """Their entry is right as it stands."""
    found = _moved(entry, VerificationState.CONFIRMED, {}, act)
    entry.verified_at = act.at
    entries.note(entry.agency, f"{entry.name} says the entry is right", act, EventVerb.VERIFIED, about=entry)
    return found


def change(entry: Desk | Person, details: Details, act: Act) -> Verification:
    """They say what is to be changed; an administrator accepts it. Raises Refused at the field."""
    found = _moved(entry, VerificationState.CHANGED, _plain(details, entry), act)
    entries.note(entry.agency, f"{entry.name} says that details have changed", act, EventVerb.VERIFIED, about=entry)
    return found


def leave(entry: Desk | Person, instead: Details | None, act: Act) -> Verification:
    """They are no longer there; ``instead`` is who is. Raises Refused at the field."""
    proposed = {} if instead is None else _plain(instead, entry)
    found = _moved(entry, VerificationState.LEFT, proposed, act)
    entries.note(entry.agency, f"{entry.name} is said to be there no longer", act, EventVerb.VERIFIED, about=entry)
    return found


def accept(verification: Verification, act: Act) -> None:
    """Take over what they said: the changed details, or whoever is there instead. Raises Refused when it is decided."""
    left = verification.state is VerificationState.LEFT
    _decide(verification, VerificationState.ACCEPTED, act)
    entry, proposed = verification.entry, verification.proposed
    if not left:
        _take_over(entry, proposed)
        entry.verified_at = verification.answered_at
    else:
        entry.active = False
        entries.relink(entry)
        if proposed and isinstance(entry, Person):
            db.session.add(_successor(entry, proposed))
    entries.note(verification.agency, f"{entry.name}: what was said of the entry was taken over", act, about=entry)


def decline(verification: Verification, act: Act) -> None:
    """Leave the entry as it is. Raises Refused when it is decided."""
    _decide(verification, VerificationState.DECLINED, act)
    words = f"{verification.entry.name}: what was said of the entry was not taken over"
    entries.note(verification.agency, words, act)


def _moved(entry: Desk | Person, said: VerificationState, proposed: dict[str, Any], act: Act) -> Verification:
    """The asking they answer, or a new one where they were not asked."""
    mine = Verification.person_id if isinstance(entry, Person) else Verification.desk_id
    last = db.session.scalar(select(Verification).where(mine == entry.id).order_by(Verification.id.desc()).limit(1))
    old = last is None or last.state in _DECIDED
    if last is None or old or (last.state is not VerificationState.ASKED and last.asked_at < act.at - _SAME_ASKING):
        last = _about(entry, act, None)
    last.state, last.proposed, last.answered_at = said, proposed, act.at
    return last


def _about(entry: Desk | Person, act: Act, asked: VerificationRound | None) -> Verification:
    verification = Verification(
        round=asked, agency=entry.agency, state=VerificationState.ASKED, asked_at=act.at, proposed={}
    )
    if isinstance(entry, Person):
        verification.person = entry
    else:
        verification.desk = entry
    db.session.add(verification)
    return verification


def _plain(details: Details, entry: Desk | Person) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": entries.named(details.name, "name", "Enter a name"),
        "email": entries.email(details.email),
        "phone": entries.phone(details.phone),
    }
    if found["email"] is None and found["phone"] is None:
        raise Refused("Enter an email address or a phone number", "email")
    if isinstance(entry, Person):
        found["job_title"] = entries.named(details.job_title or "", "job_title", "Enter a role or job title")
    return found


def _decide(verification: Verification, state: VerificationState, act: Act) -> None:
    if not may_move(VERIFICATION_MOVES, verification.state, state):
        raise Refused("Nothing waits to be decided here")
    verification.state, verification.decided_at, verification.decided_by = state, act.at, act.by


def _take_over(entry: Desk | Person, proposed: dict[str, Any]) -> None:
    entry.name = proposed["name"]
    if isinstance(entry, Person):
        entry.job_title = proposed["job_title"]
    entries.reach(entry, proposed["email"], proposed["phone"])


def _successor(person: Person, proposed: dict[str, Any]) -> Person:
    """Whoever is there instead, in the same place of the ladder."""
    return Person(
        agency=person.agency,
        rung=person.rung,
        rung_order=person.rung_order,
        desk_id=person.desk_id,
        active=True,
        link_generation=1,
        **proposed,
    )
