"""Answers what a whole team may read of what its desk is asked to: its calendar and its board. It lists nothing."""

from sqlalchemy import ColumnElement, exists, or_, select

from strategy.models import Contact, Desk, Discussion, Implicated, Person
from strategy.vocabulary import DiscussionKind


def open_to_team(desk: Desk) -> tuple[ColumnElement[bool], ...]:
    """Conditions on discussions joined with their contacts.

    Nothing restricted, nothing about an adult who works with children, and nothing in which one of the desk's agency
    is implicated: it is read by a team, and nobody knows who looks over whose shoulder.
    """
    theirs = or_(
        Implicated.desk_id == desk.id,
        Implicated.agency_id == desk.agency_id,
        Implicated.person_id.in_(select(Person.id).where(Person.agency_id == desk.agency_id)),
    )
    named = exists().where(Implicated.contact_id == Discussion.contact_id, Implicated.removed_at.is_(None), theirs)
    return Contact.restricted.is_(False), Discussion.kind != DiscussionKind.LADO, ~named
