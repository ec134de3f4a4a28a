"""Holds putting notices to our own people into the outbox, about a contact, a partner's request or a night.

What goes to whoever was invited is messages'.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from strategy import compose
from strategy.act import Act
from strategy.commands.messages import Recipient
from strategy.compose import Words
from strategy.db import db
from strategy.models import Authority, Contact, Message, PartnerRequest
from strategy.queries import conflicts
from strategy.vocabulary import MessageChannel, MessageReason, MessageState

About = Contact | PartnerRequest | Authority  # an authority: a whole night's, and no one contact's


@dataclass(frozen=True, slots=True)
class _Notice:
    """What both channels' rows of one notice share."""

    name: str
    recipient: Recipient
    about: About
    reason: MessageReason
    key: str
    urgent: bool


def queue(
    name: str,
    recipient: Recipient,
    about: About,
    reason: MessageReason,
    act: Act,
    *,
    key: str,
    urgent: bool = False,
    **facts: Any,
) -> list[Message]:
    """Put one email and one text into the outbox, for each address the recipient has; [] when none has.

    Nothing about a contact goes to whoever is implicated in it.

    The link leads behind sign-in. ``key`` names the step among all notices of that name: queueing it again adds
    nothing and returns what is there. ``facts`` are those of compose.NoticeFacts; a wrong one raises TypeError.
    """
    db.session.flush()  # the row's id is needed
    if isinstance(about, Contact) and recipient.user_id in conflicts.of(about).users:
        return []
    words = compose.notice(name, compose.notice_facts(about, **facts))
    notice = _Notice(name, recipient, about, reason, f"notice/{name}/{key}", urgent)
    addressed = ((MessageChannel.EMAIL, recipient.email), (MessageChannel.SMS, recipient.mobile))
    return [_row(notice, channel, address, words, act) for channel, address in addressed if address]


def _row(notice: _Notice, channel: MessageChannel, address: str, words: Words, act: Act) -> Message:
    dedupe = f"{notice.key}/{channel}"
    found = db.session.scalar(select(Message).where(Message.dedupe_key == dedupe))
    if found is not None:
        return found
    mail, about = channel is MessageChannel.EMAIL, notice.about
    message = Message(
        authority_id=about.id if isinstance(about, Authority) else about.authority_id,
        contact_id=about.id if isinstance(about, Contact) else None,
        partner_request_id=about.id if isinstance(about, PartnerRequest) else None,
        user_id=notice.recipient.user_id,
        channel=channel,
        address=address,
        to_name=notice.recipient.name[:200],
        name=notice.name,
        reason=notice.reason,
        reason_facts={},
        subject=words.subject[:200] if mail else None,
        text=words.text if mail else words.sms,
        html=words.html if mail else None,
        urgent=notice.urgent,
        dedupe_key=dedupe,
        state=MessageState.QUEUED,
        not_before=act.at,
        created_at=act.at,
    )
    db.session.add(message)
    return message
