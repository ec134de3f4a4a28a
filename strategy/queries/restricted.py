"""Answers which contacts belong together, and who may open a restricted one; restrictions.py closes it to the rest."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from strategy.db import db
from strategy.models import Contact, ContactLink, Listed, User
from strategy.queries.directory import staff_of
from strategy.vocabulary import StaffRole

_MAY_BE_LISTED = (StaffRole.SOCIAL_WORKER, StaffRole.CHAIR, StaffRole.LEADER)


def linked(contact: Contact) -> Sequence[Contact]:
    """The contacts linked with this one, either way, that whoever reads may open: the others are left out."""
    to = select(ContactLink.to_id).where(ContactLink.origin_id == contact.id)
    origin = select(ContactLink.origin_id).where(ContactLink.to_id == contact.id)
    asked = select(Contact).where(or_(Contact.id.in_(to), Contact.id.in_(origin)))
    return db.session.scalars(asked.order_by(Contact.id)).all()


def on_the_list(contact: Contact) -> list[Listed]:
    """Who may open it now, in the order they were added."""
    return [one for one in contact.access_list if one.removed_at is None]


def taken_off(contact: Contact) -> list[Listed]:
    """Who could open it once, the last taken off first."""
    return [one for one in reversed(contact.access_list) if one.removed_at is not None]


def who_could_be_added(contact: Contact) -> list[User]:
    """The authority's people who are not on the list and may be."""
    there = {one.user_id for one in on_the_list(contact)}
    return [user for user in staff_of(contact.authority_id, *_MAY_BE_LISTED, about=contact) if user.id not in there]
