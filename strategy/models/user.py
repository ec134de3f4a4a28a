"""Holds the authority's own signed-in people; partners have no account (their door is the invitation's link)."""

from datetime import datetime

from flask_security.models import fsqla_v3
from flask_security.models.fsqla import FsModels
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, UtcDateTime, db
from strategy.models.authority import Authority
from strategy.vocabulary import StaffRole

FsModels.set_db_info(db)  # type: ignore[no-untyped-call]  # the vendor leaves this one untyped


class Role(Base, fsqla_v3.FsRoleMixin):
    """A role a signed-in person may hold; its name is a StaffRole's value."""

    __tablename__ = "role"


class WebAuthn(Base, fsqla_v3.FsWebAuthnMixin):
    """A passkey of a signed-in person."""

    __tablename__ = "web_authn"


class User(Base, fsqla_v3.FsUserMixin):
    """Somebody who works for the authority and signs in."""

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(primary_key=True)  # type: ignore[assignment]  # the vendor's mixin says Column
    email: Mapped[str] = mapped_column(String(255), unique=True)  # type: ignore[assignment]  # the same
    password: Mapped[str | None] = mapped_column(String(255))  # type: ignore[assignment]  # the same
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    full_name: Mapped[str] = mapped_column(String(120))
    job_title: Mapped[str] = mapped_column(String(120))
    mobile: Mapped[str | None] = mapped_column(String(32))

    authority: Mapped[Authority] = relationship()

    def holds(self, *wanted: StaffRole) -> bool:
        """Whether this person holds any of the roles."""
        held = {role.name for role in self.roles}
        return any(role.value in held for role in wanted)


class EndedSession(Base):
    """A session somebody signed out of, by the digest of its name: its cookie, wherever it lies, opens nothing."""

    __tablename__ = "ended_sessions"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
