"""Holds how a booking's plan becomes what would go out. The words are queries.previews'."""

from datetime import datetime

from strategy.commands.booking import Plan
from strategy.models import Contact, User
from strategy.policy import parsed
from strategy.queries import previews
from strategy.queries.directory import Option
from strategy.queries.previews import Asked, Preview


def of(contact: Contact, plan: Plan, convener: User, now: datetime) -> list[Preview]:
    """What would go out, to whom; out of a desk's hours to whoever stands in for it."""
    roles = parsed(contact.policy.text).roles
    meeting = previews.Meeting(
        contact=contact,
        convener=convener,
        reference=plan.reference or "",
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        mode=plan.mode,
        now=now,
    )
    asked = [
        Asked(
            roles[one.role],
            one.required,
            Option(one.person.desk if one.person else one.desk, one.person),
            one.stands_in_for.name if one.stands_in_for else "",
        )
        for one in plan.invitees
    ]
    return previews.of(meeting, asked)
