"""Lets staff sign in, and ends their sessions: the only writer of users. Passwords come here hashed."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import delete, select

from notifications.addresses import InvalidAddress, email
from strategy.act import Act, Refused
from strategy.db import db
from strategy.keys import digest
from strategy.models import Authority, EndedSession, Role, User
from strategy.vocabulary import StaffRole

_KEPT = timedelta(days=2)  # longer than any session's cookie is taken


@dataclass(frozen=True, slots=True)
class NewUser:
    """Somebody who is to sign in. ``password`` is already hashed."""

    email: str
    full_name: str
    job_title: str
    password: str = field(repr=False)
    mobile: str | None = None


def create(entry: NewUser, authority: Authority, roles: list[StaffRole], act: Act) -> User:
    """Let somebody of an authority sign in. Raises Refused when the address is taken.

    The emergency duty team's are social workers or managers: that role alone would open no page of theirs.
    """
    if StaffRole.EDT in roles and not {StaffRole.SOCIAL_WORKER, StaffRole.CHAIR} & set(roles):
        raise Refused("Give social-worker or chair too: whoever is on emergency duty holds discussions.", "roles")
    try:
        address = email(entry.email).lower()
    except InvalidAddress as invalid:
        raise Refused(invalid.reason, "email") from None
    if db.session.scalar(select(User.id).where(User.email == address)) is not None:
        raise Refused("Somebody already signs in with this email address.", "email")
    user = User(
        authority=authority,
        email=address,
        full_name=entry.full_name,
        job_title=entry.job_title,
        mobile=entry.mobile,
        password=entry.password,
        active=True,
        fs_uniquifier=uuid4().hex,
        confirmed_at=act.at.replace(tzinfo=None),  # the vendor's column has no zone
        roles=[_role(role) for role in roles],
    )
    db.session.add(user)
    db.session.flush()
    return user


def _role(role: StaffRole) -> Role:
    found = db.session.scalar(select(Role).where(Role.name == role.value))
    if found is None:
        found = Role(name=role.value, description=role.words)
        db.session.add(found)
        db.session.flush()
    return found


def end_session(name: str, act: Act) -> None:
    """Let this session open nothing any more. Ending it twice is ending it; those too old to open anything go."""
    db.session.execute(delete(EndedSession).where(EndedSession.at < act.at - _KEPT))
    if db.session.get(EndedSession, digest(name)) is None:
        db.session.add(EndedSession(key=digest(name), at=act.at))
