"""Answers whom a verification round would ask, how far it is, and what waits for an administrator."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from notifications.addresses import is_mobile
from strategy.dates import short
from strategy.db import db
from strategy.models import Agency, Desk, Message, Person, Verification, VerificationRound
from strategy.vocabulary import MessageState, VerificationState

_MONTH = timedelta(days=30.4375)
_LOST = frozenset({MessageState.FAILED, MessageState.BOUNCED})
_SAID = {
    VerificationState.CONFIRMED: "the entry is right.",
    VerificationState.CHANGED: "details have changed. It is looked at before it counts.",
    VerificationState.LEFT: "no longer here. It is looked at before it counts.",
    VerificationState.ACCEPTED: "what you said was taken over.",
    VerificationState.DECLINED: "the entry was left as it is. Ring us if it is wrong.",
    VerificationState.ASKED: "",
}
_WAITING = (VerificationState.CHANGED, VerificationState.LEFT)


@dataclass(frozen=True, slots=True)
class Progress:
    """A round and how many said what."""

    round: VerificationRound
    counts: Counter[VerificationState]

    @property
    def total(self) -> int:
        """How many were asked."""
        return self.counts.total()

    @property
    def answered(self) -> int:
        """How many have said something."""
        return self.total - self.counts[VerificationState.ASKED]


@dataclass(frozen=True, slots=True)
class Asked:
    """One entry of a round. ``reached``: a message went out, or is about to, and none of it came back."""

    verification: Verification
    reached: bool
    reachable: bool


def to_ask(
    authority_id: int, now: datetime, *, agency_id: int | None = None, months: int | None = None
) -> list[Desk | Person]:
    """The desks and people in use that the authority keeps and has not asked already, agency by agency."""
    since = None if months is None else now - months * _MONTH
    found: list[Desk | Person] = []
    for model, key in ((Desk, Verification.desk_id), (Person, Verification.person_id)):
        waiting = select(key).where(Verification.state == VerificationState.ASKED, key.is_not(None))
        asked = (
            select(model)
            .join(model.agency)
            .where(Agency.authority_id == authority_id, Agency.active, model.active, model.id.not_in(waiting))
            .options(joinedload(model.agency).joinedload(Agency.authority))
        )
        if agency_id is not None:
            asked = asked.where(Agency.id == agency_id)
        if since is not None:
            asked = asked.where(or_(model.verified_at.is_(None), model.verified_at < since))
        found.extend(db.session.scalars(asked.order_by(Agency.name, model.id)))
    return sorted(found, key=lambda entry: entry.agency.name)


def rounds(authority_id: int) -> list[Progress]:
    """The authority's rounds, the newest first, in two queries."""
    counts: defaultdict[int | None, Counter[VerificationState]] = defaultdict(Counter)
    grouped = select(Verification.round_id, Verification.state, func.count()).join(Verification.round)
    grouped = grouped.where(VerificationRound.authority_id == authority_id)
    for round_id, state, count in db.session.execute(grouped.group_by(Verification.round_id, Verification.state)):
        counts[round_id][state] = count
    found = select(VerificationRound).where(VerificationRound.authority_id == authority_id)
    newest = db.session.scalars(found.order_by(VerificationRound.id.desc()))
    return [Progress(one, counts[one.id]) for one in newest]


def progress(asked: VerificationRound) -> list[Asked]:
    """Each entry of a round, those without an answer first, in two queries."""
    states: defaultdict[int | None, list[MessageState]] = defaultdict(list)
    sent = select(Message.verification_id, Message.state).join(Message.verification)
    for verification_id, state in db.session.execute(sent.where(Verification.round_id == asked.id)):
        states[verification_id].append(state)
    rows = db.session.scalars(select(Verification).where(Verification.round_id == asked.id).options(*_WHOLE))
    found = [
        Asked(
            one, any(state not in _LOST for state in states[one.id]), bool(one.entry.email) or _texts(one.entry.phone)
        )
        for one in rows
    ]
    return sorted(found, key=lambda one: (one.verification.answered_at is not None, one.verification.id))


def last_said(entry: Desk | Person) -> str | None:
    """What is recorded of what they said last, for them to read; None before they have said anything."""
    mine = Verification.person_id if isinstance(entry, Person) else Verification.desk_id
    asked = select(Verification).where(mine == entry.id, Verification.answered_at.is_not(None))
    found = db.session.scalar(asked.order_by(Verification.answered_at.desc()).limit(1))
    if found is None or found.answered_at is None:
        return None
    return f"Recorded {short(found.answered_at)}: {_SAID[found.state]}"


def waiting(authority_id: int) -> Sequence[Verification]:
    """What was said and waits for an administrator to accept or decline, the oldest first."""
    asked = select(Verification).join(Verification.agency).where(Agency.authority_id == authority_id)
    asked = asked.where(Verification.state.in_(_WAITING)).options(*_WHOLE)
    return db.session.scalars(asked.order_by(Verification.answered_at, Verification.id)).all()


_WHOLE = (joinedload(Verification.agency), joinedload(Verification.desk), joinedload(Verification.person))


def _texts(phone: str | None) -> bool:
    return phone is not None and is_mobile(phone)
