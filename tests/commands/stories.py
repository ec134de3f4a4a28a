"""Holds the beginnings many stories share: a contact whose clock has started, and a plan for its discussion."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from strategy.act import Act
from strategy.commands import contacts
from strategy.commands.booking import Plan
from strategy.commands.contacts import NewContact
from strategy.commands.inviting import Invitee
from strategy.commands.lines import EVERYTHING
from strategy.models import Contact
from strategy.vocabulary import DiscussionKind, Mode
from tests.cast import Cast

THURSDAY = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)


def waiting_child(cast: Cast, act: Act, *concerns: str, case: str = "4471-A") -> Contact:
    """A contact decided at the moment of the act."""
    entry = NewContact(case, act.at, concerns or ["standard"], act.at, "Sam Worker", another=True)
    return contacts.start_clock(entry, cast.authority, cast.policy, cast.social_worker, act)


def plan(cast: Cast, at: datetime, **changes: Any) -> Plan:
    """A discussion by video five hours after ``at``, with police, health and the school."""
    usual = Plan(
        kind=DiscussionKind.INITIAL,
        mode=Mode.VIDEO,
        starts_at=at + timedelta(hours=5),
        ends_at=at + timedelta(hours=5, minutes=45),
        chair=cast.chair,
        social_worker=cast.social_worker,
        invitees=(
            Invitee("police", True, desk=cast.police_desk),
            Invitee("health-0-19", True, desk=cast.health_desk),
            Invitee("education", False, desk=cast.school_desk),
        ),
        join_url="https://video.example/room",
        dial_in="01632 960500",
        alongside=EVERYTHING,
    )
    return replace(usual, **changes)
