"""Holds rounds that ask desks and people whether their entry is still right, and what each said."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, UtcDateTime, checked
from strategy.models.authority import Authority
from strategy.models.directory import Agency, Desk, Person
from strategy.vocabulary import VerificationState


class VerificationRound(Base):
    """One asking of all, of one agency, or of those not verified for so many months."""

    __tablename__ = "verification_rounds"

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    whom: Mapped[str] = mapped_column(String(200))  # in words: "Exampleshire Police", "everybody"
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_by: Mapped[str] = mapped_column(String(120))

    authority: Mapped[Authority] = relationship()
    verifications: Mapped[list["Verification"]] = relationship(
        back_populates="round", order_by="Verification.id", passive_deletes="all"
    )


class Verification(Base):
    """One desk or person asked, or telling us unasked (no round); what they said, and what became of it.

    ``proposed`` are the changed fields of the entry and, when they are gone, who is there instead: taken over only
    when an administrator accepts.
    """

    __tablename__ = "verifications"
    __table_args__ = (CheckConstraint("(desk_id IS NULL) <> (person_id IS NULL)", name="one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("verification_rounds.id"), index=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    desk_id: Mapped[int | None] = mapped_column(ForeignKey("desks.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[VerificationState] = mapped_column(checked(VerificationState, "state"))
    proposed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(120))

    round: Mapped[VerificationRound | None] = relationship(back_populates="verifications")
    agency: Mapped[Agency] = relationship()
    desk: Mapped[Desk | None] = relationship()
    person: Mapped[Person | None] = relationship()

    @property
    def entry(self) -> Desk | Person:
        """The desk or person it is about. Raises LookupError for one about neither, which the database refuses."""
        found = self.desk or self.person
        if found is None:
            raise LookupError(f"verification {self.id} is about nobody")
        return found
