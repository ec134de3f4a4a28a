"""Holds what tests of a draft policy's rows do to it, and what they find in it."""

from sqlalchemy import select

from strategy.db import db
from strategy.models import PolicyDraft
from strategy.policy import example_text, parsed
from strategy.rules.policy import Policy
from strategy.rules.policy_changes import changes
from tests.walking import Walker

DRAFT = "/policy/draft"


def draft() -> PolicyDraft:
    db.session.rollback()
    return db.session.scalars(select(PolicyDraft)).one()


def policy() -> Policy:
    return parsed(draft().text)


def differences() -> list[tuple[str, str, str, str]]:
    found = changes(parsed(example_text()), policy())
    return [(one.about, one.what, one.before, one.after) for one in found]


def keep(walker: Walker, address: str, **typed: str | list[str]) -> str:
    """What the page says that comes after keeping what was typed there."""
    walker.open(f"{DRAFT}/{address}")
    return walker.send("Keep in the draft", typed).words


def take_away(walker: Walker, address: str) -> str:
    """What the page says that comes after removing that row."""
    walker.open(f"{DRAFT}/remove/{address}")
    return walker.send("Remove it from the draft").words
