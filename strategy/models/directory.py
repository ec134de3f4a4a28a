"""Holds the partner agencies, their desks and their people with rungs; who is asked to what is an invitation."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, String, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, UtcDateTime, checked
from strategy.models.authority import Authority
from strategy.vocabulary import Sector


class Served(Base):
    """An authority an agency serves besides the one that keeps its entry."""

    __tablename__ = "agencies_served"

    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"), primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), primary_key=True, index=True)

    authority: Mapped[Authority] = relationship()


class Agency(Base):
    """One organisation: a police force, a trust, a school.

    ``authority`` keeps the entry and alone edits it; the agency serves that authority, and those in ``served``.
    """

    __tablename__ = "agencies"

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    sector: Mapped[Sector] = mapped_column(checked(Sector, "sector"))
    active: Mapped[bool] = mapped_column(default=True)

    authority: Mapped[Authority] = relationship()
    served: Mapped[list[Served]] = relationship(cascade="all, delete-orphan", order_by=Served.authority_id)
    desks: Mapped[list["Desk"]] = relationship(back_populates="agency", order_by="Desk.name")
    people: Mapped[list["Person"]] = relationship(
        back_populates="agency", order_by="Person.rung, Person.rung_order, Person.name"
    )

    def serves(self, authority_id: int) -> bool:
        """Whether that authority may see it, ask it and climb its ladder."""
        return authority_id == self.authority_id or any(one.authority_id == authority_id for one in self.served)

    @classmethod
    def serving(cls, authority_id: int) -> ColumnElement[bool]:
        """The same as a condition of a query."""
        return or_(cls.authority_id == authority_id, cls.served.any(Served.authority_id == authority_id))


class Desk(Base):
    """An agency's monitored point: a shared inbox and a phone, with hours.

    ``roles`` are policy role codes it answers for; ``hours`` is rules.working_time.OpeningHours as plain JSON;
    ``lines`` is in how many discussions it can be at once. ``out_of_hours`` is another desk, of this agency or of one
    that serves the same authority (a neighbour's team, a force's control room). The link is as a person's.
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
    bundle_minutes: Mapped[int | None]  # at most one mail of what is not urgent in so long; None: each by itself
    out_of_hours_id: Mapped[int | None] = mapped_column(ForeignKey("desks.id"))
    active: Mapped[bool] = mapped_column(default=True)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when somebody there last said it is right
    opted_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when they asked for no more texts
    link_generation: Mapped[int] = mapped_column(default=1)
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)

    agency: Mapped[Agency] = relationship(back_populates="desks")
    out_of_hours: Mapped["Desk | None"] = relationship(remote_side=id)

    def covered_for(self, authority_id: int) -> "Desk | None":
        """The desk that answers for it out of hours for that authority: in use, at an agency that serves it."""
        cover = self.out_of_hours
        there = cover is not None and cover.active and cover.agency.active and cover.agency.serves(authority_id)
        return cover if there else None

    @property
    def covered_by(self) -> str:
        """The name of its out-of-hours desk, with the agency's where that is another; empty for none in use."""
        cover = self.out_of_hours
        if cover is None or not (cover.active and cover.agency.active):
            return ""
        return cover.name if cover.agency_id == self.agency_id else f"{cover.agency.name}: {cover.name}"


class Person(Base):
    """An individual at an agency, with a role and a rung on its ladder (0 reminder … 4 top; None: on no rung).

    Of several on a rung the one with the lowest ``rung_order`` is told. ``deputy`` stands in whenever nobody else is
    named. ``link_hash`` is that of the link by which they say that they are away, or that the entry is wrong; the
    token itself is stored nowhere, and raising ``link_generation`` revokes it. ``phone`` is a mobile where texts go.
    """

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
    rung_order: Mapped[int] = mapped_column(default=0)
    deputy_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    active: Mapped[bool] = mapped_column(default=True)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when somebody there last said it is right
    opted_out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when they asked for no more texts
    link_generation: Mapped[int] = mapped_column(default=1)
    link_hash: Mapped[str | None] = mapped_column(String(64), unique=True)

    agency: Mapped[Agency] = relationship(back_populates="people")
    desk: Mapped[Desk | None] = relationship()
    deputy: Mapped["Person | None"] = relationship(remote_side=id)
    aways: Mapped[list["Away"]] = relationship(
        back_populates="person", foreign_keys="Away.person_id", order_by="Away.starts_at"
    )


class Away(Base):
    """A time in which somebody cannot be reached, and who covers: another person of the agency, or a name and contact.

    Nobody named: their standing deputy. ``taken_back_at`` undoes it; the row stays.
    """

    __tablename__ = "aways"
    __table_args__ = (CheckConstraint("ends_at > starts_at", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    cover_name: Mapped[str | None] = mapped_column(String(120))
    cover_email: Mapped[str | None] = mapped_column(String(254))
    cover_phone: Mapped[str | None] = mapped_column(String(32))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    entered_by: Mapped[str] = mapped_column(String(120))
    taken_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(back_populates="aways", foreign_keys=person_id)
    cover: Mapped[Person | None] = relationship(foreign_keys=cover_id)
