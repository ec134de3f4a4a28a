"""Answers what a booking would send, word for word. It queues nothing.

What is not known yet stands open: the link, the minute to answer by, and the number that phone will answer with.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from notifications.addresses import display_phone, is_mobile
from strategy import texting
from strategy.compose import InvitationFacts, Words
from strategy.dates import brief, texted
from strategy.models import Contact, User
from strategy.own_lines import own_lines
from strategy.policy import calendar_of, parsed
from strategy.queries import wordings
from strategy.queries.directory import Option
from strategy.rules import chase
from strategy.rules.policy import Role
from strategy.vocabulary import ChaseKind, DiscussionState, Mode

_ROUGHLY = timedelta(minutes=15)
_IMMEDIATE = "immediate-risk"
_ANY_NUMBER = 47  # in the place of the phone's own, which is given when the text is written


@dataclass(frozen=True, slots=True)
class Asked:
    """A desk or person who would be asked, and in which role; ``instead_of`` names the desk they stand in for."""

    role: Role
    required: bool
    option: Option
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """What the words need to know of a discussion that is not booked yet."""

    contact: Contact
    convener: User
    reference: str
    starts_at: datetime
    ends_at: datetime
    mode: Mode
    now: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """What one invitee would get. ``mobile`` None: no text; ``ring`` None: a mail or a text reaches them."""

    asked: Asked
    words: Words
    email: str | None
    mobile: str | None
    ring: str | None


def of(meeting: Meeting, asked: Sequence[Asked]) -> list[Preview]:
    """A preview for each partner, in their order."""
    return [_preview(meeting, one) for one in asked]


def _preview(meeting: Meeting, asked: Asked) -> Preview:
    email, phone = asked.option.email, asked.option.phone
    mobile = phone if phone and is_mobile(phone) else None
    ring = None if email or mobile else display_phone(phone) if phone else ""
    facts = _facts(meeting, asked)
    words = _about(wordings.words(meeting.contact.authority_id, "invite", facts), facts)
    return Preview(asked, replace(words, sms=_unnumbered(words.sms)), email, mobile, ring)


def _unnumbered(text: str) -> str:
    """The text with its reply codes as "A##"."""
    return re.sub(rf"\b([ADN]){_ANY_NUMBER}\b", r"\1##", text)


def _about(words: Words, facts: InvitationFacts) -> Words:
    """The words with an answer-by time that promises no minute: it is worked out anew when the message goes out."""
    by = facts.answer_by
    if by is None:
        return words
    earlier = by - (by - datetime.min.replace(tzinfo=UTC)) % _ROUGHLY
    exact = "|".join(re.escape(said(by, facts.now)) for said in (brief, texted))
    near = brief(earlier if earlier > facts.now else by, facts.now)
    parts = (words.subject, words.text, words.html, words.sms)
    return Words(*(re.sub(rf"(?i)(answer by) (?:{exact})", rf"\1 about {near}", part) for part in parts))


def _facts(meeting: Meeting, asked: Asked) -> InvitationFacts:
    authority = meeting.contact.authority
    return InvitationFacts(
        council=authority.short_name,
        council_in_full=authority.name,
        call_back=display_phone(authority.phone),
        reference=meeting.reference,
        **own_lines(authority),
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        needed_from=meeting.starts_at,
        needed_until=meeting.ends_at,
        mode=meeting.mode,
        sector=asked.role.sector,
        convener=meeting.convener.full_name,
        urgent=meeting.contact.urgent,
        now=meeting.now,
        answer_by=_answer_by(meeting, asked),
        reply=_ANY_NUMBER if texting.answered() else None,
    )


def _answer_by(meeting: Meeting, asked: Asked) -> datetime | None:
    """When the first prompt would fall due, as the rules say for this desk."""
    policy = parsed(meeting.contact.policy.text)
    facts = chase.Facts(
        kind=ChaseKind.BEFORE,
        required=asked.required,
        calendar=calendar_of(meeting.contact.policy.text),
        discussion=DiscussionState.CONVENED,
        starts_at=meeting.starts_at,
        hours=asked.option.hours,
        invited_at=meeting.now,
        urgent=meeting.contact.urgent,
        immediate_risk=_IMMEDIATE in meeting.contact.concerns,
    )
    step = chase.next_step(facts, policy.chase, policy.ladder_of(asked.role.code), meeting.now)
    return step.due_at if step and step.due_at > meeting.now else None
