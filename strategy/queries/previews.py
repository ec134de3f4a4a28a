"""Answers what a booking would send, word for word but for the link. It queues nothing."""

from dataclasses import dataclass
from datetime import datetime

from notifications.addresses import display_phone, is_mobile
from strategy import compose
from strategy.commands.booking import Plan
from strategy.commands.inviting import Invitee
from strategy.compose import InvitationFacts, Words
from strategy.models import Contact, User
from strategy.policy import calendar_of, parsed
from strategy.rules import chase
from strategy.rules.working_time import OpeningHours
from strategy.vocabulary import ChaseKind, DiscussionState

_IMMEDIATE = "immediate-risk"


@dataclass(frozen=True, slots=True)
class Preview:
    """What one invitee would get: the words, and where they go; an address without a mail or text is None."""

    invitee: Invitee
    role: str
    words: Words
    email: str | None
    mobile: str | None
    ring: str | None


def of(plan: Plan, contact: Contact, convener: User, now: datetime) -> list[Preview]:
    """A preview for each partner of a plan, in its order."""
    return [_preview(invitee, plan, contact, convener, now) for invitee in plan.invitees]


def _preview(invitee: Invitee, plan: Plan, contact: Contact, convener: User, now: datetime) -> Preview:
    role = parsed(contact.policy.text).roles[invitee.role]
    facts = InvitationFacts(
        council=contact.authority.short_name,
        council_in_full=contact.authority.name,
        call_back=display_phone(contact.authority.phone),
        reference=plan.reference or "",
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        needed_from=plan.starts_at,
        needed_until=plan.ends_at,
        mode=plan.mode,
        sector=role.sector,
        convener=convener.full_name,
        urgent=contact.urgent,
        now=now,
        answer_by=_answer_by(invitee, plan, contact, now),
    )
    email, phone = invitee.reached_at
    mobile = phone if phone and is_mobile(phone) else None
    ring = None if email or mobile else display_phone(phone) if phone else ""
    return Preview(invitee, role.label, compose.words("invite", facts), email, mobile, ring)


def _answer_by(invitee: Invitee, plan: Plan, contact: Contact, now: datetime) -> datetime | None:
    """When the first prompt would fall due, as the rules say for this desk."""
    policy = parsed(contact.policy.text)
    desk = invitee.desk or (invitee.person.desk if invitee.person else None)
    facts = chase.Facts(
        kind=ChaseKind.BEFORE,
        required=invitee.required,
        calendar=calendar_of(contact.policy.text),
        discussion=DiscussionState.CONVENED,
        starts_at=plan.starts_at,
        hours=OpeningHours.from_plain(desk.hours) if desk else None,
        invited_at=now,
        urgent=contact.urgent,
        immediate_risk=_IMMEDIATE in contact.concerns,
    )
    step = chase.next_step(facts, policy.chase, policy.ladder_of(invitee.role), now)
    return step.due_at if step and step.due_at > now else None
