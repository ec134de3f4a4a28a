"""Holds that some contacts are closed to some readers, in every query, by construction.

A restricted contact is open to who is on its access list alone; any contact is closed to whoever is named in it as
implicated, or as the line manager of somebody who is.

Whoever is signed in reads through ``read_as``; then each SELECT of a page leaves out what hangs from a contact closed
to them, so that no list has to remember it. Figures say ``COUNTED`` and show such rows without their particulars.
"""

from typing import Any, TypeVar

from flask import has_request_context, request
from sqlalchemy import ColumnElement, Select, and_, event, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, ORMExecuteState, Session, with_loader_criteria

from strategy.db import Base, db
from strategy.models import (
    Action,
    Agreement,
    CallTask,
    Chase,
    ChaseStep,
    Child,
    Contact,
    ContactFacts,
    Contribution,
    Decision,
    Discussion,
    Draft,
    EmergencyException,
    Enquiry,
    Event,
    FollowUp,
    Handover,
    Implicated,
    ImportedContact,
    Inbound,
    Invitation,
    Listed,
    Message,
    Need,
    NightHandover,
    Note,
    Paper,
    PartnerRequest,
    ProposedWindow,
    ReplyCode,
)

Row = TypeVar("Row", bound=Base)

# The execution option of a query that counts, or asks what is taken: it sees every row of the authority.
COUNTED = {"strategy_counted": True}
_READER, _HIDDEN = "strategy.reads_as", "strategy.something_hidden"

_BY_CONTACT: dict[type[Base], InstrumentedAttribute[Any]] = {
    Contact: Contact.id,
    Discussion: Discussion.contact_id,
    Child: Child.contact_id,
    Draft: Draft.contact_id,
    Event: Event.contact_id,
    FollowUp: FollowUp.contact_id,
    Enquiry: Enquiry.contact_id,
    Handover: Handover.contact_id,
    NightHandover: NightHandover.contact_id,
    ContactFacts: ContactFacts.contact_id,
    Implicated: Implicated.contact_id,
    ImportedContact: ImportedContact.contact_id,
    PartnerRequest: PartnerRequest.contact_id,
    Chase: Chase.contact_id,
    ChaseStep: ChaseStep.contact_id,
}
_BY_DISCUSSION: dict[type[Base], InstrumentedAttribute[Any]] = {
    Invitation: Invitation.discussion_id,
    Need: Need.discussion_id,
    Decision: Decision.discussion_id,
    Contribution: Contribution.discussion_id,
    Paper: Paper.discussion_id,
    Action: Action.discussion_id,
    Note: Note.discussion_id,
    CallTask: CallTask.discussion_id,
    Message: Message.discussion_id,
    Inbound: Inbound.discussion_id,
    Agreement: Agreement.discussion_id,
    EmergencyException: EmergencyException.discussion_id,
    Chase: Chase.discussion_id,
    ChaseStep: ChaseStep.discussion_id,
}
_BY_INVITATION: dict[type[Base], InstrumentedAttribute[Any]] = {
    Chase: Chase.invitation_id,
    ChaseStep: ChaseStep.invitation_id,
    ProposedWindow: ProposedWindow.invitation_id,
    ReplyCode: ReplyCode.invitation_id,
}
_BY_ACTION: dict[type[Base], InstrumentedAttribute[Any]] = {Chase: Chase.action_id, ChaseStep: ChaseStep.action_id}

# Tables, not models: what is left out of a query must not be looked for by a query that leaves it out.
_contacts, _discussions = Contact.__table__, Discussion.__table__
_actions = Action.__table__
_invitations, _listed, _implicated = Invitation.__table__, Listed.__table__, Implicated.__table__


def read_as(user_id: int) -> None:
    """From here on this request reads as that person."""
    request.environ[_READER] = user_id
    request.environ.pop(_HIDDEN, None)


def hidden(user_id: int) -> set[int]:
    """The contacts closed to that person: whose rows a figure counts and does not show."""
    return set(db.session.scalars(_hidden(user_id)))


def hidden_here() -> set[int]:
    """The contacts closed to whoever reads this page; none where nobody signed in does: the worker tells nobody."""
    user_id: int | None = request.environ.get(_READER) if has_request_context() else None
    return set() if user_id is None else hidden(user_id)


def open_to(user_id: int, model: type[Row], statement: Select[Row]) -> Select[Row]:
    """The statement without what is closed to that person."""
    closed = _closed(user_id).get(model)
    return statement if closed is None else statement.where(closed)


def _hidden(user_id: int) -> Select[int]:
    on_it = and_(_listed.c.contact_id == _contacts.c.id, _listed.c.user_id == user_id, _listed.c.removed_at.is_(None))
    named = select(_implicated.c.contact_id).where(_implicated.c.user_id == user_id, _implicated.c.removed_at.is_(None))
    unlisted = and_(_contacts.c.restricted, ~exists().where(on_it))
    return select(_contacts.c.id).where(or_(unlisted, _contacts.c.id.in_(named)))


def _closed(user_id: int) -> dict[type[Base], ColumnElement[bool]]:
    """For each model, which of its rows that person may read."""
    contacts = _hidden(user_id)
    discussions = select(_discussions.c.id).where(_discussions.c.contact_id.in_(contacts))
    invitations = select(_invitations.c.id).where(_invitations.c.discussion_id.in_(discussions))
    actions = select(_actions.c.id).where(_actions.c.discussion_id.in_(discussions))
    ways = (
        (_BY_CONTACT, contacts),
        (_BY_DISCUSSION, discussions),
        (_BY_INVITATION, invitations),
        (_BY_ACTION, actions),
    )
    found: dict[type[Base], ColumnElement[bool]] = {}
    for models, ids in ways:
        for model, column in models.items():  # a chase hangs from one of several things: from none that is closed
            outside = _outside(column, ids)
            found[model] = and_(found[model], outside) if model in found else outside
    return found


def _outside(column: InstrumentedAttribute[Any], ids: Select[int]) -> ColumnElement[bool]:
    """Not one of those; what belongs to none is nobody's secret."""
    return or_(column.is_(None), column.not_in(ids)) if column.nullable else column.not_in(ids)


def _reader(state: ORMExecuteState) -> int | None:
    """Who reads, where anything at all is closed to them. Loads that follow from a row already read are let be."""
    if not has_request_context() or not state.is_select or state.is_column_load or state.is_relationship_load:
        return None
    user_id: int | None = request.environ.get(_READER)
    if user_id is None or state.execution_options.get("strategy_counted"):
        return None
    return user_id if _something_hidden(state.session, user_id) else None


def _something_hidden(session: Session, user_id: int) -> bool:
    """Asked once a request: mostly nothing is, and then no query needs to be longer."""
    if _HIDDEN not in request.environ:
        request.environ[_HIDDEN] = session.connection().scalar(_hidden(user_id).limit(1)) is not None
    return bool(request.environ[_HIDDEN])


@event.listens_for(Session, "do_orm_execute")
def _leave_out(state: ORMExecuteState) -> None:
    user_id = _reader(state)
    if user_id is not None:
        closed = _closed(user_id).items()
        state.statement = state.statement.options(*(with_loader_criteria(model, rule) for model, rule in closed))
