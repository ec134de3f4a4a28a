"""Holds who may open a restricted contact, and which contacts belong together."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, EncryptedText, UtcDateTime
from strategy.models.contact import Contact
from strategy.models.user import User


class Listed(Base):
    """Somebody on the access list of a restricted contact; taken off, the row stays and says when and why."""

    __tablename__ = "access_list"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    reason: Mapped[str] = mapped_column(EncryptedText)
    added_by: Mapped[str] = mapped_column(String(120))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_reason: Mapped[str | None] = mapped_column(EncryptedText)
    removed_by: Mapped[str | None] = mapped_column(String(120))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    contact: Mapped[Contact] = relationship(back_populates="access_list")
    user: Mapped[User] = relationship()


class ContactLink(Base):
    """That ``to`` is the separate contact of a child alleged to have caused harm in what ``origin`` is about."""

    __tablename__ = "contact_links"
    __table_args__ = (UniqueConstraint("origin_id", "to_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    origin_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    origin: Mapped[Contact] = relationship(foreign_keys=origin_id)
    to: Mapped[Contact] = relationship(foreign_keys=to_id)
