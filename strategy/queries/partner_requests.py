"""Answers what partners ask for and nobody has answered, and who is told of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from strategy.db import db
from strategy.models import Authority, Event, PartnerRequest, User
from strategy.queries.directory import staff_of
from strategy.vocabulary import RequestState, StaffRole

_RECENT = timedelta(days=7)


def unanswered(authority_id: int) -> Sequence[PartnerRequest]:
    """Those nobody has answered: nobody deals with it first, the longest wait first within each."""
    rows = db.session.scalars(
        _of(authority_id).where(PartnerRequest.state != RequestState.CLOSED).order_by(PartnerRequest.asked_at)
    ).all()
    return sorted(rows, key=lambda one: one.state is not RequestState.OPEN)


def answered(authority_id: int, now: datetime) -> Sequence[PartnerRequest]:
    """Those answered within seven days, the newest first."""
    lately = (PartnerRequest.state == RequestState.CLOSED, PartnerRequest.closed_at >= now - _RECENT)
    return db.session.scalars(_of(authority_id).where(*lately).order_by(PartnerRequest.closed_at.desc())).all()


def events_of(request: PartnerRequest) -> Sequence[Event]:
    """What happened to it, oldest first."""
    return db.session.scalars(select(Event).where(Event.partner_request_id == request.id).order_by(Event.id)).all()


def on_duty(authority_id: int) -> Sequence[User]:
    """Every chair and manager: told when no duty mailbox is set."""
    return staff_of(authority_id, StaffRole.CHAIR)


def authorities() -> Sequence[Authority]:
    """Every authority that can be asked, by name: their names are public."""
    return db.session.scalars(select(Authority).order_by(Authority.name)).all()


def authority(code: str) -> Authority | None:
    """The authority of that code."""
    return db.session.scalar(select(Authority).where(Authority.code == code))


def _of(authority_id: int) -> Select[PartnerRequest]:
    return (
        select(PartnerRequest)
        .where(PartnerRequest.authority_id == authority_id)
        .options(joinedload(PartnerRequest.claimed_by), joinedload(PartnerRequest.closed_by))
    )
