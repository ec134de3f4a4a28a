"""Holds the handing of a contact to the emergency duty team for a night, and which morning's list was told of."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, EncryptedText, UtcDateTime, checked
from strategy.models.contact import Contact
from strategy.models.user import User
from strategy.vocabulary import NightState


class NightHandover(Base):
    """One contact handed to the emergency duty team: what they must do by when, who took it, what they did.

    The contact's own holder and clock are untouched by it. What keeps the child safe tonight is the contact's own
    entry, so that every list reads the same. ``calls`` is how often it was said that nobody has accepted it, the last
    time at ``called_at``. ``back_with`` is the day worker who took it back, accepted by the team or not.
    """

    __tablename__ = "night_handovers"
    __table_args__ = (Index("ix_night_handovers_state_given_at", "state", "given_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    what: Mapped[str] = mapped_column(EncryptedText)  # what must be done tonight
    act_by: Mapped[datetime] = mapped_column(UtcDateTime)
    ring: Mapped[str | None] = mapped_column(EncryptedText)  # whom to ring about it
    state: Mapped[NightState] = mapped_column(checked(NightState, "state"))
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_by: Mapped[str | None] = mapped_column(String(120))
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    calls: Mapped[int] = mapped_column(default=0)
    did: Mapped[str | None] = mapped_column(EncryptedText)  # what the team did
    did_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    did_by: Mapped[str | None] = mapped_column(String(120))
    back_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    back_with_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    contact: Mapped[Contact] = relationship(back_populates="nights")
    giver: Mapped[User] = relationship(foreign_keys=giver_id)
    back_with: Mapped[User | None] = relationship(foreign_keys=back_with_id)


class MorningList(Base):
    """That a morning's handover list was told of: once a day and authority, by whichever worker came first."""

    __tablename__ = "morning_lists"
    __table_args__ = (UniqueConstraint("authority_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    day: Mapped[date] = mapped_column(Date)
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
