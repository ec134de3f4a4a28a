"""Answers whose invitation or message an inbound mail is about, whose authority it is, and what waits to be read."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import joinedload

from notifications.readings import Reading
from strategy import ics
from strategy.db import db
from strategy.models import Agency, Authority, Desk, Discussion, Inbound, Invitation, Message, Person
from strategy.vocabulary import (
    DiscussionState,
    InboundKind,
    InboundState,
    InvitationState,
    MessageChannel,
    MessageState,
)

RECENT = timedelta(days=7)
_REPORTED_WITHIN = timedelta(days=6)  # mail servers give up after five days at most (RFC 5321, 4.5.4.1)
_LEFT = (MessageState.SENDING, MessageState.SENT, MessageState.DELIVERED, MessageState.BOUNCED)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a mail, without anybody's address or words: for whoever sent it from the outbox page."""

    kind: InboundKind
    state: InboundState
    effect: str


def taken(inbound_id: int) -> Taken | None:
    """What became of that mail; None where there is none."""
    found = db.session.execute(
        select(Inbound.kind, Inbound.state, Inbound.effect).where(Inbound.id == inbound_id)
    ).one_or_none()
    return None if found is None else Taken(*found)


def invitation_of(reading: Reading) -> Invitation | None:
    """The invitation whose calendar entry has that UID: not guessable, and another for every invitee.

    Calendars have been seen to change the case of a UID; its first part is the discussion's reference.
    """
    uid = (reading.uid or "").strip().lower()
    reference = uid.partition("-")[0].upper()
    if not reference:
        return None
    asked = select(Invitation).join(Invitation.discussion).where(Discussion.reference == reference)
    return next((one for one in db.session.scalars(asked) if ics.uid(one).lower() == uid), None)


def messages_left(ids: Collection[int]) -> list[Message]:
    """Those of these mails that have left."""
    asked = select(Message).where(Message.id.in_(ids), Message.state.in_(_LEFT), _by_mail())
    return list(db.session.scalars(asked.order_by(Message.id)))


def invitation_in(message: Message | None) -> Invitation | None:
    """The invitation of whom that message went to; None where it told our own people of somebody else's."""
    invitation = message.invitation if message is not None else None
    theirs = invitation is not None and message is not None and message.user_id == invitation.user_id
    return invitation if theirs else None


def last_message_to(address: str, now: datetime) -> Message | None:
    """The last mail that left for that address lately: a report that names no message is about this one."""
    asked = select(Message).where(
        func.lower(Message.address) == address,
        Message.state.in_(_LEFT),
        _by_mail(),
        Message.sent_at >= now - _REPORTED_WITHIN,
    )
    return db.session.scalar(asked.order_by(Message.sent_at.desc(), Message.id.desc()).limit(1))


def invitation_written_to(address: str, now: datetime) -> Invitation | None:
    """The one open invitation somebody at that address was told of; None when there are none or several."""
    asked = (
        select(Invitation)
        .join(Invitation.discussion)
        .where(
            exists().where(
                Message.invitation_id == Invitation.id,
                func.lower(Message.address) == address,
                Message.user_id.is_(None),
                Message.state.in_(_LEFT),
            ),
            Invitation.state != InvitationState.WITHDRAWN,
            Discussion.state == DiscussionState.CONVENED,
            Discussion.ends_at > now,
        )
    )
    found = db.session.scalars(asked.limit(2)).all()
    return found[0] if len(found) == 1 else None


def addresses_of(invitation: Invitation) -> set[str]:
    """Every mail address this invitation was or is sent to, lower-case; not those of our own people told about it."""
    asked = select(Message.address).where(Message.invitation_id == invitation.id, _by_mail())
    ours = Message.user_id.is_(None) if invitation.user_id is None else Message.user_id == invitation.user_id
    entries = (
        invitation.email,
        invitation.desk and invitation.desk.email,
        invitation.person and invitation.person.email,
    )
    return {address.lower() for address in (*db.session.scalars(asked.where(ours)), *entries) if address}


def person_at(agency: Agency | None, address: str) -> Person | None:
    """Somebody of that agency with that address."""
    if agency is None:
        return None
    asked = select(Person).where(Person.agency_id == agency.id, Person.active, func.lower(Person.email) == address)
    return db.session.scalar(asked.limit(1))


def authority_for(addresses: Iterable[str]) -> Authority | None:
    """Whose list a mail belongs to that is about nothing we know: who last wrote to its sender, else who knows them,
    else the one that was there first, which runs the mailbox. None only where no authority has begun."""
    for address in addresses:
        written = select(Message.authority_id).where(func.lower(Message.address) == address)
        knows = select(Agency.authority_id).where(
            or_(*(Agency.id.in_(_agencies_at(model, address)) for model in (Desk, Person)))
        )
        found = db.session.scalar(written.order_by(Message.id.desc()).limit(1)) or db.session.scalar(knows.limit(1))
        if found is not None:
            return db.session.get(Authority, found)
    return db.session.scalar(select(Authority).order_by(Authority.id).limit(1))


def stored(fingerprint: str) -> Inbound | None:
    """The same mail, where it was taken in before."""
    return db.session.scalar(select(Inbound).where(Inbound.fingerprint == fingerprint))


def to_read(authority_id: int) -> Sequence[Inbound]:
    """What a person has yet to read, the oldest first."""
    return db.session.scalars(
        _of(authority_id).where(Inbound.state == InboundState.TO_READ).order_by(Inbound.received_at, Inbound.id)
    ).all()


def count_to_read(authority_id: int) -> int:
    """How many wait to be read."""
    waiting = select(func.count(Inbound.id)).where(
        Inbound.authority_id == authority_id, Inbound.state == InboundState.TO_READ
    )
    return db.session.scalar(waiting) or 0


def lately(authority_id: int, now: datetime, most: int = 100) -> Sequence[Inbound]:
    """What else came in within seven days, the newest first: recorded, noted or dealt with."""
    asked = _of(authority_id).where(Inbound.state != InboundState.TO_READ, Inbound.received_at >= now - RECENT)
    return db.session.scalars(asked.order_by(Inbound.received_at.desc(), Inbound.id.desc()).limit(most)).all()


def texts(most: int) -> Sequence[Inbound]:
    """The texts that came in last, the newest first, whoever's they are: for the demonstration's outbox alone."""
    asked = select(Inbound).where(Inbound.channel == MessageChannel.SMS)
    return db.session.scalars(asked.order_by(Inbound.received_at.desc(), Inbound.id.desc()).limit(most)).all()


def thread(one: Inbound) -> Sequence[Inbound]:
    """What else came in about the same invitation, oldest first; nothing where it is about none."""
    if one.invitation_id is None:
        return []
    same = select(Inbound).where(Inbound.invitation_id == one.invitation_id, Inbound.id != one.id)
    return db.session.scalars(same.order_by(Inbound.received_at, Inbound.id)).all()


def _of(authority_id: int) -> Select[Inbound]:
    about = joinedload(Inbound.invitation).joinedload(Invitation.discussion)
    return select(Inbound).where(Inbound.authority_id == authority_id).options(about, joinedload(Inbound.discussion))


def _by_mail() -> ColumnElement[bool]:
    return Message.channel == MessageChannel.EMAIL


def _agencies_at(model: type[Desk] | type[Person], address: str) -> Select[int]:
    return select(model.agency_id).where(or_(func.lower(model.email) == address, model.phone == address))
