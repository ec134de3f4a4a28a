"""Answers which entries of the directory need repair: nothing arrives there, no texts wanted, nobody ever answers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from strategy.db import db
from strategy.models import Agency, Answer, Desk, Discussion, Invitation, Message, Person
from strategy.vocabulary import InvitationState, MessageState

WITHIN = timedelta(days=183)
ENOUGH = 3  # invitations without a single answer, from which on an entry counts as never answering
_LOST = (MessageState.FAILED, MessageState.BOUNCED)
_ARRIVED = (MessageState.SENT, MessageState.DELIVERED)


@dataclass(frozen=True, slots=True)
class Lost:
    """An address of an entry to which the last message did not get through."""

    entry: Desk | Person
    address: str
    count: int
    last_at: datetime
    problem: str | None


@dataclass(frozen=True, slots=True)
class Silent:
    """An entry invited so many times within half a year that never answered."""

    entry: Desk | Person
    invited: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Repairs:
    """All that is to be repaired."""

    lost: list[Lost]
    opted_out: list[Desk | Person]
    silent: list[Silent]


def repairs(authority_id: int, now: datetime) -> Repairs:
    """What the authority, as keeper, has to repair, in a few queries whatever the directory's size."""
    kept = _entries(authority_id)
    return Repairs(
        _lost(authority_id, kept, now),
        [entry for entry in kept if entry.opted_out_at is not None],
        _silent(authority_id, kept, now),
    )


def _entries(authority_id: int) -> list[Desk | Person]:
    found: list[Desk | Person] = []
    for model in (Desk, Person):
        asked = select(model).join(model.agency).options(joinedload(model.agency))
        asked = asked.where(Agency.authority_id == authority_id, Agency.active, model.active)
        found.extend(db.session.scalars(asked.order_by(Agency.name, model.name)))
    return found


def _lost(authority_id: int, kept: Iterable[Desk | Person], now: datetime) -> list[Lost]:
    """By address: the last word of the last half year was that it did not get through."""
    by_address: defaultdict[str, list[Desk | Person]] = defaultdict(list)
    for entry in kept:
        for address in (entry.email, entry.phone):
            if address:
                by_address[address].append(entry)
    failed = (
        select(Message.address, func.count(), func.max(Message.ended_at), func.max(Message.id))
        .where(Message.state.in_(_LOST), Message.ended_at >= now - WITHIN, Message.authority_id == authority_id)
        .group_by(Message.address)
    )
    rows = [row for row in db.session.execute(failed) if row[0] in by_address]
    arrived, problems = _arrived([row[0] for row in rows]), _problems([row[3] for row in rows])
    return [
        Lost(entry, address, count, last_at, problems.get(last_id))
        for address, count, last_at, last_id in rows
        if last_at is not None and (address not in arrived or arrived[address] < last_at)
        for entry in by_address[address]
    ]


def _arrived(addresses: list[str]) -> Mapping[str, datetime]:
    at = func.coalesce(Message.delivered_at, Message.sent_at)
    asked = select(Message.address, func.max(at)).where(Message.address.in_(addresses), Message.state.in_(_ARRIVED))
    return {address: last for address, last in db.session.execute(asked.group_by(Message.address)) if last is not None}


def _problems(ids: list[int]) -> Mapping[int, str | None]:
    found = db.session.scalars(select(Message).where(Message.id.in_(ids)))
    return {message.id: message.problem for message in found}


def _silent(authority_id: int, kept: Iterable[Desk | Person], now: datetime) -> list[Silent]:
    """Invited often enough, and not one answer: neither by link nor taken by phone."""
    by_key: dict[tuple[str, int | None], Desk | Person] = {(entry.__tablename__, entry.id): entry for entry in kept}
    counted: dict[tuple[str, int | None], list[tuple[datetime, bool]]] = defaultdict(list)
    answered = select(Answer.id).where(Answer.invitation_id == Invitation.id).exists()
    asked = (
        select(Invitation.desk_id, Invitation.person_id, Invitation.invited_at, answered)
        .join(Invitation.discussion)
        .where(
            Discussion.authority_id == authority_id,
            or_(Invitation.desk_id.is_not(None), Invitation.person_id.is_not(None)),
            Invitation.state != InvitationState.WITHDRAWN,
            Invitation.invited_at >= now - WITHIN,
            Discussion.starts_at <= now,
        )
    )
    for desk_id, person_id, invited_at, heard in db.session.execute(asked):
        key = (Person.__tablename__, person_id) if person_id is not None else (Desk.__tablename__, desk_id)
        counted[key].append((invited_at, heard))
    return [
        Silent(by_key[key], len(times), max(at for at, _ in times))
        for key, times in counted.items()
        if key in by_key and len(times) >= ENOUGH and not any(heard for _, heard in times)
    ]
