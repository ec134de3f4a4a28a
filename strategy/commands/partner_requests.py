"""Holds what a partner asks from the public page, and what one of us does about it.

Whoever asks is a stranger: what they type is kept encrypted and goes into no message, event or address.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select

from notifications.addresses import InvalidAddress, email, phone
from strategy.act import Act, Refused
from strategy.commands import events, messages, notices
from strategy.commands.messages import Recipient
from strategy.db import db
from strategy.models import Authority, Contact, PartnerRequest, User
from strategy.queries import partner_requests
from strategy.references import fresh
from strategy.vocabulary import (
    REQUEST_MOVES,
    AskFor,
    AskSoon,
    EventVerb,
    MessageReason,
    RequestOutcome,
    RequestState,
    may_move,
)

# A flood of requests does no harm: mails are one in so many seconds, and past so many an hour nothing is taken.
_ONE_MAIL_IN: Final = 600
_MOST_URGENT_MAILS: Final = 5  # in that time
_MOST_AN_HOUR: Final = 100
_AN_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed. ``phone`` in any British or international way of writing it."""

    asks_for: AskFor
    soon: AskSoon
    name: str
    role: str
    agency: str
    phone: str | None = None
    email: str | None = None
    text: str | None = None


def ask(asked: Asked, authority: Authority, act: Act) -> PartnerRequest:
    """Put it at the top of the team's lists and tell the duty team. Raises Refused, which says nothing of anybody."""
    asked = _checked(asked)
    _refuse_flood(authority, act)
    found = PartnerRequest(
        authority=authority,
        reference=_reference(authority),
        asks_for=asked.asks_for,
        soon=asked.soon,
        name=asked.name,
        role=asked.role,
        agency=asked.agency,
        phone=asked.phone,
        email=asked.email,
        text=asked.text,
        asked_at=act.at,
        state=RequestState.OPEN,
    )
    db.session.add(found)
    db.session.flush()
    events.add(EventVerb.PARTNER_ASKED, f"A partner asked: {asked.asks_for.words.lower()}", act, partner_request=found)
    for recipient in _duty(authority, texts=asked.soon is AskSoon.NOW):
        _tell(found, recipient, act)
    return found


def claim(request: PartnerRequest, worker: User, act: Act) -> None:
    """One of us deals with it; also to take it from a colleague, or up again. Raises Refused."""
    if request.state is RequestState.CLAIMED and request.claimed_by is worker:
        raise Refused("You are dealing with this already")
    if request.outcome is RequestOutcome.CONTACT_STARTED:
        raise Refused("A contact was started from this: go on there")
    if request.state is not RequestState.CLAIMED:
        _move(request, RequestState.CLAIMED)
    request.claimed_by, request.claimed_at = worker, act.at
    request.outcome = request.outcome_words = request.closed_at = request.closed_by = None
    events.add(EventVerb.REQUEST_CLAIMED, f"{worker.full_name} is dealing with it", act, partner_request=request)


def release(request: PartnerRequest, act: Act) -> None:
    """Whoever was dealing with it is not any more: it waits for somebody again. Raises Refused."""
    _move(request, RequestState.OPEN)
    request.claimed_by = request.claimed_at = None
    events.add(EventVerb.REQUEST_RELEASED, "Given back: nobody is dealing with it", act, partner_request=request)


def close(request: PartnerRequest, outcome: RequestOutcome, words: str | None, worker: User, act: Act) -> None:
    """Say what came of it. No action needs a reason. Raises Refused."""
    if outcome is RequestOutcome.CONTACT_STARTED:
        raise Refused("Start the clock from this request: that ends it", "outcome")
    if outcome is RequestOutcome.NO_ACTION and not (words or "").strip():
        raise Refused("Say why nothing is done", "words")
    _end(request, outcome, words, worker, act)


def became(request: PartnerRequest, contact: Contact, worker: User, act: Act) -> None:
    """A contact was started from it. Raises Refused when one was already."""
    if request.contact_id is not None:
        raise Refused("A contact has been started from this request already")
    db.session.flush()
    request.contact = contact
    _end(request, RequestOutcome.CONTACT_STARTED, None, worker, act)


def set_duty_address(authority: Authority, address: str | None, act: Act) -> None:
    """Say which mailbox is told when a partner asks; None: every chair and manager is. Raises Refused."""
    try:
        authority.duty_email = email(address).lower() if address else None
    except InvalidAddress as invalid:
        raise Refused(invalid.reason, "duty_email") from None


def _checked(asked: Asked) -> Asked:
    """The same with phone and email as they are kept."""
    for field in ("name", "role", "agency"):
        if not getattr(asked, field).strip():
            raise Refused(f"Enter your {field}", field)
    if not asked.phone and not asked.email:
        raise Refused("Enter a phone number to ring you on, or an email address", "phone")
    try:
        number = phone(asked.phone) if asked.phone else None
    except InvalidAddress as invalid:
        raise Refused(invalid.reason, "phone") from None
    try:
        address = email(asked.email) if asked.email else None
    except InvalidAddress as invalid:
        raise Refused(invalid.reason, "email") from None
    return replace(asked, phone=number, email=address)


def _refuse_flood(authority: Authority, act: Act) -> None:
    lately = select(func.count(PartnerRequest.id)).where(
        PartnerRequest.authority_id == authority.id, PartnerRequest.asked_at > act.at - _AN_HOUR
    )
    if (db.session.scalar(lately) or 0) >= _MOST_AN_HOUR:
        raise Refused("We cannot take more written requests just now. Please ring the number on this page")


def _reference(authority: Authority) -> str:
    mine = select(PartnerRequest.id).where(PartnerRequest.authority_id == authority.id)
    return fresh(lambda reference: db.session.scalar(mine.where(PartnerRequest.reference == reference)) is not None)


def _duty(authority: Authority, *, texts: bool) -> list[Recipient]:
    """The duty mailbox, or every chair and manager; texts only where somebody hopes to be rung within the hour."""
    if authority.duty_email:
        return [Recipient("Duty team", authority.duty_email, None)]
    found = [messages.recipient_for(user) for user in partner_requests.on_duty(authority.id)]
    return found if texts else [replace(one, phone=None) for one in found]


def _tell(request: PartnerRequest, recipient: Recipient, act: Act) -> None:
    now = request.soon is AskSoon.NOW
    window = int(act.at.timestamp()) // _ONE_MAIL_IN
    which = f"now:{_urgent_of_late(request, act)}" if now else "later"
    notices.queue(
        "partner-asks",
        recipient,
        request,
        MessageReason.PARTNER_ASKS,
        act,
        key=f"{request.authority_id}:{recipient.user_id or 'duty'}:{window}:{which}",
        urgent=now,
        asks_for=request.asks_for,
        soon=request.soon,
    )


def _urgent_of_late(request: PartnerRequest, act: Act) -> int:
    """Which urgent request of the last minutes this is: each of the first few is told by itself, a flood is not."""
    lately = select(func.count(PartnerRequest.id)).where(
        PartnerRequest.authority_id == request.authority_id,
        PartnerRequest.soon == AskSoon.NOW,
        PartnerRequest.asked_at > act.at - timedelta(seconds=_ONE_MAIL_IN),
    )
    return min(db.session.scalar(lately) or 0, _MOST_URGENT_MAILS)


def _move(request: PartnerRequest, state: RequestState) -> None:
    if not may_move(REQUEST_MOVES, request.state, state):
        raise Refused("Somebody has dealt with this request meanwhile")
    request.state = state


def _end(request: PartnerRequest, outcome: RequestOutcome, words: str | None, worker: User, act: Act) -> None:
    # Rang back first, and a contact after all: ended already, but not with this.
    if request.state is not RequestState.CLOSED or outcome is not RequestOutcome.CONTACT_STARTED:
        _move(request, RequestState.CLOSED)
    request.outcome, request.outcome_words = outcome, (words or "").strip() or request.outcome_words
    request.closed_by, request.closed_at = worker, act.at
    waited = {"asked_at": request.asked_at.isoformat(), "outcome": outcome.value}
    events.add(
        EventVerb.REQUEST_CLOSED, outcome.words, act, partner_request=request, contact=request.contact, facts=waited
    )
