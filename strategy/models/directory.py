"""Holds the partner agencies, their desks and their people with rungs; who is asked to what is an invitation."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, checked
from strategy.models.authority import Authority
from strategy.vocabulary import Sector


class Agency(Base):
    """One organisation: a police force, a trust, a school."""

    __tablename__ = "agencies"

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    sector: Mapped[Sector] = mapped_column(checked(Sector, "sector"))
    active: Mapped[bool] = mapped_column(default=True)

    authority: Mapped[Authority] = relationship()
    desks: Mapped[list["Desk"]] = relationship(back_populates="agency", order_by="Desk.name")
    people: Mapped[list["Person"]] = relationship(back_populates="agency", order_by="Person.rung, Person.name")


class Desk(Base):
    """An agency's monitored point: a shared inbox and a phone, with hours.

    ``roles`` are policy role codes it answers for; ``hours`` is rules.working_time.OpeningHours as plain JSON;
    ``lines`` is in how many discussions it can be at once.
    """

    __tablename__ = "desks"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    roles: Mapped[list[str]] = mapped_column(JSON)
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(32))
    hours: Mapped[dict[str, Any]] = mapped_column(JSON)
    lines: Mapped[int] = mapped_column(default=1, server_default="1")
    out_of_hours_id: Mapped[int | None] = mapped_column(ForeignKey("desks.id"))
    active: Mapped[bool] = mapped_column(default=True)

    agency: Mapped[Agency] = relationship(back_populates="desks")
    out_of_hours: Mapped["Desk | None"] = relationship(remote_side=id)


class Person(Base):
    """An individual at an agency, with a role and a rung on its ladder (0 reminder … 4 top; None: on no rung)."""

    __tablename__ = "people"
    __table_args__ = (CheckConstraint("rung IS NULL OR (rung >= 0 AND rung <= 4)", name="rung"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), index=True)
    desk_id: Mapped[int | None] = mapped_column(ForeignKey("desks.id"))
    name: Mapped[str] = mapped_column(String(120))
    job_title: Mapped[str] = mapped_column(String(120))
    rung: Mapped[int | None]
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(32))
    active: Mapped[bool] = mapped_column(default=True)

    agency: Mapped[Agency] = relationship(back_populates="people")
    desk: Mapped[Desk | None] = relationship()
