"""Holds who is named as implicated in a contact, or manages somebody who is. What follows is conflicts' to say."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, EncryptedText, UtcDateTime
from strategy.models.contact import Contact
from strategy.models.directory import Agency, Desk, Person
from strategy.models.user import User

_ONE = " + ".join(f"CASE WHEN {one} IS NULL THEN 0 ELSE 1 END" for one in ("person_id", "user_id", "desk_id", "name"))


class Implicated(Base):
    """One person of the directory, member of staff, or somebody in neither (``name`` and ``agency``); or a desk.

    A desk is never implicated itself: it is read by somebody who is. ``as_manager`` says that they are the line
    manager of somebody implicated. Taken back, the row stays and says by whom and why.
    """

    __tablename__ = "implicated"
    __table_args__ = (CheckConstraint(f"{_ONE} = 1", name="exactly_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    desk_id: Mapped[int | None] = mapped_column(ForeignKey("desks.id"))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    name: Mapped[str | None] = mapped_column(EncryptedText)
    as_manager: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(EncryptedText)
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_by: Mapped[str | None] = mapped_column(String(120))
    removed_reason: Mapped[str | None] = mapped_column(EncryptedText)

    contact: Mapped[Contact] = relationship(back_populates="implicated")
    person: Mapped[Person | None] = relationship(lazy="joined")
    user: Mapped[User | None] = relationship(lazy="joined")
    desk: Mapped[Desk | None] = relationship(lazy="joined")
    agency: Mapped[Agency | None] = relationship(lazy="joined")

    @property
    def words(self) -> str:
        """Who it is, for staff who work on the contact: never for a trail or a message."""
        if self.person is not None:
            return f"{self.person.agency.name}: {self.person.name}, {self.person.job_title}"
        if self.user is not None:
            return f"{self.user.full_name}, {self.user.job_title}"
        if self.desk is not None:
            return f"{self.desk.agency.name}: {self.desk.name}"
        return f"{self.agency.name}: {self.name}" if self.agency is not None else self.name or ""
