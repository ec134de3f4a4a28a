"""Holds when a school is open to pupils, and who answers for it when it is not. The school itself is an agency."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base
from strategy.models.directory import Agency, Desk, Person


class Term(Base):
    """A stretch of days on which a school is open, first and last day included; half-terms lie between two of them."""

    __tablename__ = "terms"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)

    agency: Mapped[Agency] = relationship()


class HolidayCover(Base):
    """Who answers for a school out of term: exactly one desk or person, of this agency or of another."""

    __tablename__ = "holiday_covers"
    __table_args__ = (CheckConstraint("(desk_id IS NULL) <> (person_id IS NULL)", name="one"),)

    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), primary_key=True)
    desk_id: Mapped[int | None] = mapped_column(ForeignKey("desks.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    agency: Mapped[Agency] = relationship()
    desk: Mapped[Desk | None] = relationship()
    person: Mapped[Person | None] = relationship()
