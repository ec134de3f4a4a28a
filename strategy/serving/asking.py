"""Holds what the command line asks and prints: what is owed, the slots, the policy in force. It changes nothing."""

from datetime import datetime
from typing import Any

import click
from sqlalchemy import select

from strategy import finding
from strategy.clock import now
from strategy.db import db
from strategy.models import Authority
from strategy.queries import chasing, policies
from strategy.serving.starting import application_ready
from strategy.views.contact_sheet import as_file
from strategy.vocabulary import Mode


def owed_until(until: datetime) -> list[dict[str, Any]]:
    """What would be sent and climbed by then, oldest first."""
    with application_ready():
        return chasing.owed(until, now())


def slots_for(
    discussion: str | None, contact: str | None, length: int | None, mode: Mode | None, authority: str | None
) -> finding.Found:
    """When a discussion could be instead, a contact's be held, or, with neither, all who wait share the desks.

    Raises click.BadParameter for what cannot be found.
    """
    with application_ready():
        if discussion is not None:
            return finding.for_discussion(discussion, authority, length, mode, now())
        if contact is not None:
            return finding.for_contact(contact, authority, length, mode, now())
        return finding.for_waiting(authority, now())


def contact_sheet(authority: str) -> str:
    """Every number to ring as one HTML text. Raises click.BadParameter for an unknown authority."""
    with application_ready():
        return as_file(_authority(authority).id, now())


def policy_text(authority: str) -> str:
    """The text of the policy an authority works under now. Raises click.BadParameter for an unknown authority."""
    with application_ready():
        return policies.in_force(_authority(authority).id, now()).text


def _authority(code: str) -> Authority:
    found = db.session.scalar(select(Authority).where(Authority.code == code))
    if found is None:
        raise click.BadParameter(f"there is no authority {code!r}")
    return found
