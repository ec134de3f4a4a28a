"""What somebody else's mail was, as plain values anyone may hold. Holds no parser and does nothing about it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Kind(StrEnum):
    """What an inbound mail is, in as many kinds as are treated differently.

    ``delay``: the sender will try again. ``bounce``: final for that message. ``receipt``: it was read or delivered.
    ``complaint``: somebody pressed "this is spam". ``message``: a person wrote. ``unreadable``: no mail we understand.
    """

    REPLY = "reply"
    COUNTER = "counter"
    DECLINE_COUNTER = "decline-counter"
    REFRESH = "refresh"
    REQUEST = "request"
    CANCEL = "cancel"
    AUTO_REPLY = "auto-reply"
    BOUNCE = "bounce"
    DELAY = "delay"
    RECEIPT = "receipt"
    COMPLAINT = "complaint"
    MESSAGE = "message"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Bounced:
    """An address a report names, lower-case; ``permanent``: no mail to it will arrive until a person mends it."""

    address: str
    permanent: bool
    status: str | None = None  # as in RFC 3463, like 5.1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One inbound mail, read. Absent facts: None or empty. Addresses lower-case without ``mailto:``; times aware UTC.

    ``attendee``, ``partstat`` (ACCEPTED, DECLINED, TENTATIVE, DELEGATED …), ``uid``, ``sequence``, ``recurrence_id``
    (as written) and the proposed times are the calendar part's. ``delegated_to`` is whom the attendee sends instead;
    ``delegated_from`` whom a delegate, the attendee then, answers in place of.
    ``answered_by`` is the part's SENT-BY or, where it differs from ``attendee``, the sender: somebody answering for
    another. ``about`` holds the ids of our messages it is about (``m123``: from a report's envelope id, the returned
    headers, In-Reply-To, References). ``comment`` and ``text`` are somebody's own words and may be about a child: they
    belong in encrypted columns, never in a log. ``forwarded`` says that ``bounced`` names who a forward went to, not
    whom we wrote to.
    """

    kind: Kind
    sender: str | None = None
    sender_name: str | None = None
    recipients: tuple[str, ...] = ()
    subject: str | None = None
    message_id: str | None = None
    sent_at: datetime | None = None
    attendee: str | None = None
    partstat: str | None = None
    uid: str | None = None
    sequence: int | None = None
    recurrence_id: str | None = None
    proposed_start: datetime | date | None = None
    proposed_end: datetime | date | None = None
    delegated_to: str | None = None
    delegated_from: str | None = None
    answered_by: str | None = None
    comment: str | None = None
    text: str | None = None
    bounced: tuple[Bounced, ...] = field(default=())
    about: tuple[str, ...] = field(default=())
    forwarded: bool = False
