"""Holds a desk's rota as it was entered or imported; who is on duty at a moment is worked out by rules.rota."""

from datetime import date, datetime, time

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, EncryptedText, UtcDateTime
from strategy.models.directory import Desk, Person


class Shift(Base):
    """Somebody's turn at a desk, in local time; closing at or before it opens means on the next day.

    ``weekdays`` are rules.working_time.DAYS; none: once, on ``first_day``. ``every_weeks`` counts from its week.
    """

    __tablename__ = "shifts"
    __table_args__ = (CheckConstraint("every_weeks >= 1 AND every_weeks <= 52", name="every_weeks"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    desk_id: Mapped[int] = mapped_column(ForeignKey("desks.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    opens: Mapped[time]
    closes: Mapped[time]
    weekdays: Mapped[list[str]] = mapped_column(JSON)
    every_weeks: Mapped[int] = mapped_column(default=1)
    first_day: Mapped[date]
    last_day: Mapped[date | None]

    desk: Mapped[Desk] = relationship()
    person: Mapped[Person] = relationship()


class Override(Base):
    """What is different on a rota for a span: whose turns fall away (None: everybody's), and who is there instead.

    A later row overrides an earlier one. ``person`` None: nobody.
    """

    __tablename__ = "rota_overrides"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="span"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    desk_id: Mapped[int] = mapped_column(ForeignKey("desks.id"), index=True)
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)

    desk: Mapped[Desk] = relationship()
    instead_of: Mapped[Person | None] = relationship(foreign_keys=instead_of_id)
    person: Mapped[Person | None] = relationship(foreign_keys=person_id)


class RotaImport(Base):
    """One calendar file read for a desk, kept until it is confirmed, and afterwards so that it can be taken back.

    It counts while ``place`` is set: the later the place, the more it overrides. ``whole``: everything imported
    earlier for the desk is overridden, not just the same events. What it says begins at ``read_at``.
    ``not_understood`` is JSON and encrypted, since a calendar may name anybody; it is gone once it is confirmed.
    """

    __tablename__ = "rota_imports"
    __table_args__ = (UniqueConstraint("desk_id", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    desk_id: Mapped[int] = mapped_column(ForeignKey("desks.id"))
    file_name: Mapped[str] = mapped_column(String(120))
    whole: Mapped[bool] = mapped_column(default=False)
    place: Mapped[int | None]
    not_understood: Mapped[str | None] = mapped_column(EncryptedText)
    read_by: Mapped[str] = mapped_column(String(120))
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    desk: Mapped[Desk] = relationship()
    events: Mapped[list["RotaEvent"]] = relationship(back_populates="source", cascade="all, delete-orphan")


class RotaEvent(Base):
    """One event of a file by its UID; without entries it takes away what an earlier file said of it."""

    __tablename__ = "rota_events"
    __table_args__ = (UniqueConstraint("import_id", "uid"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("rota_imports.id"))
    uid: Mapped[str] = mapped_column(String(255), index=True)

    source: Mapped[RotaImport] = relationship(back_populates="events")
    entries: Mapped[list["RotaEntry"]] = relationship(back_populates="event", cascade="all, delete-orphan")


class RotaEntry(Base):
    """Somebody on duty once, as a file said."""

    __tablename__ = "rota_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("rota_events.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    event: Mapped[RotaEvent] = relationship(back_populates="entries")
    person: Mapped[Person] = relationship()
