"""Holds who may see and do what: roles, the authority's own rows or 404, link tokens, and the access log."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import abort, g, request
from flask_login import current_user
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from strategy import restrictions
from strategy.act import Act
from strategy.clock import now
from strategy.db import WRITING, Base, db
from strategy.keys import digest
from strategy.models import (
    AccessEntry,
    Action,
    Agency,
    Away,
    CalendarFeed,
    CallTask,
    Child,
    Contact,
    ContactImport,
    Contribution,
    Decision,
    Desk,
    DeskBoard,
    Diary,
    DirectoryImport,
    Discussion,
    Draft,
    FollowUp,
    HolidayCover,
    Implicated,
    Inbound,
    Invitation,
    Message,
    Need,
    NightHandover,
    Override,
    Paper,
    PartnerRequest,
    Person,
    PolicyDraft,
    PolicyVersion,
    ReplyCode,
    RotaImport,
    Shift,
    Term,
    User,
    Verification,
    VerificationRound,
)
from strategy.vocabulary import MessageChannel, StaffRole

Params = ParamSpec("Params")
Returned = TypeVar("Returned")
Row = TypeVar("Row", bound=Base)

_LARGEST = 2**31 - 1  # what a database's integer holds; a larger number in an address is an error there, not a miss
_TOKEN_LENGTH = 13
_ONE_LOOK = timedelta(minutes=10)
_GUARD = "strategy_guard"

# How each model's rows lead to the authority they belong to.
_OWNERS: dict[type[Base], Callable[[Select[Any]], tuple[Select[Any], Any]]] = {
    Contact: lambda query: (query, Contact.authority_id),
    Discussion: lambda query: (query, Discussion.authority_id),
    Agency: lambda query: (query, Agency.authority_id),
    CallTask: lambda query: (query, CallTask.authority_id),
    Message: lambda query: (query, Message.authority_id),
    Inbound: lambda query: (query, Inbound.authority_id),
    ContactImport: lambda query: (query, ContactImport.authority_id),
    DirectoryImport: lambda query: (query, DirectoryImport.authority_id),
    PartnerRequest: lambda query: (query, PartnerRequest.authority_id),
    Draft: lambda query: (query, Draft.authority_id),
    Diary: lambda query: (query, Diary.authority_id),
    CalendarFeed: lambda query: (query, CalendarFeed.authority_id),
    DeskBoard: lambda query: (query, DeskBoard.authority_id),
    User: lambda query: (query, User.authority_id),
    FollowUp: lambda query: (query.join(FollowUp.contact), Contact.authority_id),
    PolicyVersion: lambda query: (query, PolicyVersion.authority_id),
    PolicyDraft: lambda query: (query, PolicyDraft.authority_id),
    Implicated: lambda query: (query.join(Implicated.contact), Contact.authority_id),
    NightHandover: lambda query: (query.join(NightHandover.contact), Contact.authority_id),
    Child: lambda query: (query.join(Child.contact), Contact.authority_id),
    Desk: lambda query: (query.join(Desk.agency), Agency.authority_id),
    Person: lambda query: (query.join(Person.agency), Agency.authority_id),
    Shift: lambda query: (query.join(Shift.desk).join(Desk.agency), Agency.authority_id),
    Override: lambda query: (query.join(Override.desk).join(Desk.agency), Agency.authority_id),
    RotaImport: lambda query: (query.join(RotaImport.desk).join(Desk.agency), Agency.authority_id),
    Away: lambda query: (query.join(Away.person).join(Person.agency), Agency.authority_id),
    Term: lambda query: (query.join(Term.agency), Agency.authority_id),
    HolidayCover: lambda query: (query.join(HolidayCover.agency), Agency.authority_id),
    VerificationRound: lambda query: (query, VerificationRound.authority_id),
    Verification: lambda query: (query.join(Verification.agency), Agency.authority_id),
    Invitation: lambda query: (query.join(Invitation.discussion), Discussion.authority_id),
    ReplyCode: lambda query: (query.join(ReplyCode.invitation).join(Invitation.discussion), Discussion.authority_id),
    Need: lambda query: (query.join(Need.discussion), Discussion.authority_id),
    Decision: lambda query: (query.join(Decision.discussion), Discussion.authority_id),
    Contribution: lambda query: (query.join(Contribution.discussion), Discussion.authority_id),
    Paper: lambda query: (query.join(Paper.discussion), Discussion.authority_id),
    Action: lambda query: (query.join(Action.discussion), Discussion.authority_id),
}


def moment() -> datetime:
    """The present moment of this request: read once, the same on the whole page."""
    if "moment" not in g:
        g.moment = now()
    found: datetime = g.moment
    return found


def me() -> User:
    """The signed-in person. Aborts with 401 when nobody is."""
    user = current_user._get_current_object()
    if not isinstance(user, User):
        abort(401)
    return user


def staff(*roles: StaffRole) -> Callable[[Callable[Params, Returned]], Callable[Params, Returned]]:
    """Let a view be seen by signed-in staff holding any of ``roles`` (none named: any staff); 401 or 403 for others."""

    def guard(view: Callable[Params, Returned]) -> Callable[Params, Returned]:
        @wraps(view)
        def guarded(*args: Params.args, **kwargs: Params.kwargs) -> Returned:
            user = me()
            if roles and not user.holds(*roles):
                abort(403)
            restrictions.read_as(user.id)
            return view(*args, **kwargs)

        setattr(guarded, _GUARD, "staff")
        return guarded

    return guard


def public(view: Callable[Params, Returned]) -> Callable[Params, Returned]:
    """Mark a view as open on purpose: a partner's link, sign-in, health. Every other route must carry ``staff``."""
    setattr(view, _GUARD, "public")
    return view


def guard_of(view: object) -> str | None:
    """How a view is guarded: "staff", "public", or None (which a test refuses)."""
    found = getattr(view, _GUARD, None)
    return found if isinstance(found, str) else None


def permitted(model: type[Row], row_id: int, *, lock: bool = False) -> Row:
    """That row, if it belongs to the signed-in person's authority; otherwise 404, as if it did not exist.

    What hangs from a restricted contact exists only for who is on its access list, whatever roles they hold; and what
    hangs from any contact does not exist for whoever is named as implicated in it.
    ``lock`` also takes the row lock of the aggregate's root where the database has one, so that two people acting at
    once act one after the other.
    """
    user = me()
    if row_id > _LARGEST:
        abort(404)
    statement, owner = _OWNERS[model](select(model).where(_key(model) == row_id))
    row: Row | None = db.session.scalar(
        restrictions.open_to(user.id, model, statement.where(owner == user.authority_id))
    )
    if row is None:
        abort(404)
    if lock:
        _lock_root(row)
    return row


def serving(agency_id: int) -> Agency:
    """That agency, if it serves the signed-in person's authority, whoever keeps its entry; otherwise 404.

    For reading alone: ``permitted`` gives an agency, a desk or a person to the authority that keeps them.
    """
    found = db.session.scalar(
        select(Agency).where(Agency.id == min(agency_id, _LARGEST), Agency.serving(me().authority_id))
    )
    if found is None:
        abort(404)
    return found


def serving_desk(desk_id: int) -> Desk:
    """That desk, if its agency serves the signed-in person's authority; otherwise 404. For reading alone."""
    found = db.session.get(Desk, min(desk_id, _LARGEST))
    if found is None:
        abort(404)
    serving(found.agency_id)
    return found


def by_entry_token(token: str, *, lock: bool = False) -> Desk | Person | None:
    """The directory entry in use a link's token belongs to, or None. An invitation's token is none of these."""
    wanted = token_digest(token)
    person = db.session.scalar(select(Person).where(Person.link_hash == wanted))
    found = person or db.session.scalar(select(Desk).where(Desk.link_hash == wanted))
    if found is None or not found.active or not found.agency.active:
        return None
    if lock:
        _lock_root(found)
    return found


def by_token(token: str, *, lock: bool = False) -> Invitation | None:
    """The invitation a link's token belongs to, or None. Forgives what mail and phones do to the end of a link."""
    wanted = token_digest(token)
    found = db.session.scalar(
        select(Invitation).where(or_(Invitation.token_hash == wanted, Invitation.mail_token_hash == wanted))
    )
    if found is not None and lock:
        _lock_root(found)
    return found


def came_by(invitation: Invitation, token: str) -> MessageChannel | None:
    """The channel by which a link of this invitation was sent; None where mails and texts carried the same one."""
    if invitation.mail_token_hash is None:
        return None
    return MessageChannel.EMAIL if token_digest(token) == invitation.mail_token_hash else MessageChannel.SMS


def token_digest(token: str) -> str:
    """What is stored of a token, however a mail program or a phone bent it."""
    return digest("".join(character for character in token if character.isalnum())[:_TOKEN_LENGTH].upper())


def looked(row: Base, who: str | None = None) -> None:
    """Write to the access log that somebody looked at a row: the one write a GET does, in its own transaction."""
    if request.method not in ("GET", "HEAD"):
        return  # a POST leaves its own events, and its transaction must not wait for a second one
    user = current_user if current_user.is_authenticated else None
    if user is not None and _follows(row, user.id):
        return
    _note_looks([row], who or (user.full_name if user else "link"), user.id if user else None)


def looked_through(rows: Iterable[Base], who: str) -> None:
    """The same for every one of several rows that one page shows, by somebody who is not signed in."""
    if request.method in ("GET", "HEAD"):
        _note_looks(rows, who, None)


def _note_looks(rows: Iterable[Base], who: str, user_id: int | None) -> None:
    shared = {"at": moment(), "user_id": user_id, "who": who, "page": request.endpoint or "", "remote": remote()}
    seen = [(row.__tablename__, row.__mapper__.primary_key_from_instance(row)[0]) for row in rows]
    with Session(db.engine.execution_options(**WRITING)) as session, session.begin():
        session.add_all(AccessEntry(what=what, row_id=row_id, **shared) for what, row_id in seen)


def _follows(row: Base, user_id: int) -> bool:
    """Whether this is a page asking for itself again, whose look is in the log already: once in ten minutes is enough.

    The log is asked, for anybody can send the header.
    """
    if "HX-Request" not in request.headers:
        return False
    seen = select(AccessEntry.id).where(
        AccessEntry.at > moment() - _ONE_LOOK,
        AccessEntry.user_id == user_id,
        AccessEntry.what == row.__tablename__,
        AccessEntry.row_id == row.__mapper__.primary_key_from_instance(row)[0],
        AccessEntry.page == (request.endpoint or ""),
    )
    return db.session.scalar(seen.limit(1)) is not None


def remote() -> str:
    """The address and agent of this request, as the trail keeps them."""
    return f"{request.remote_addr} {request.user_agent.string}"[:300]


def acting(act: Act) -> User:
    """The signed-in person behind an act, fresh in its transaction. Aborts with 401 when there is none."""
    found = db.session.get(User, act.user_id) if act.user_id is not None else None
    if found is None:
        abort(401)
    return found


def _key(model: type[Base]) -> Any:
    return model.__mapper__.primary_key[0]


def _lock_root(row: Base) -> None:
    """Lock the discussion, else the contact, that a row hangs from (a no-op where the whole database is locked)."""
    root: Base = row
    if not isinstance(row, Discussion | Contact):
        root = getattr(row, "discussion", None) or getattr(row, "contact", None) or row
    # "of": a row read with outer joins is read with them again, and PostgreSQL locks no nullable side
    db.session.refresh(root, with_for_update={"of": type(root)})
