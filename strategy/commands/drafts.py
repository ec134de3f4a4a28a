"""Holds the keeping of a booking that is being made: what was typed on each page, until it is booked."""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import Select, delete, select

from strategy.act import Act
from strategy.db import db
from strategy.models import Contact, Discussion, Draft, User
from strategy.references import fresh
from strategy.restrictions import COUNTED


def save(contact: Contact, user: User, page: str, typed: Mapping[str, Sequence[str]], act: Act) -> None:
    """Keep what was typed on one page, right or wrong, and hold a reference ready for the discussion."""
    draft = db.session.scalar(_drafts(contact, user).order_by(Draft.id.desc()).limit(1))
    if draft is None:
        draft = Draft(authority_id=contact.authority_id, contact_id=contact.id, user_id=user.id)
        draft.answers, draft.changed_at = "{}", act.at
        db.session.add(draft)
    answers = json.loads(draft.answers)
    answers.setdefault("reference", _reference(contact))
    answers.setdefault("pages", {})[page] = {name: list(values) for name, values in typed.items()}
    draft.answers = json.dumps(answers)
    draft.changed_at = act.at


def discard(contact: Contact) -> None:
    """Forget every draft for a contact: it is booked now, by whomever."""
    db.session.execute(delete(Draft).where(Draft.contact_id == contact.id))


def _drafts(contact: Contact, user: User) -> Select[Draft]:
    return select(Draft).where(Draft.contact_id == contact.id, Draft.user_id == user.id)


def _reference(contact: Contact) -> str:
    mine = select(Discussion.id).where(Discussion.authority_id == contact.authority_id).execution_options(**COUNTED)
    return fresh(lambda reference: db.session.scalar(mine.where(Discussion.reference == reference)) is not None)
