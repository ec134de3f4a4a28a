"""Holds what managers answer for: going ahead without a quorum in an emergency, a phone call instead of a meeting."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, EncryptedText, UtcDateTime, checked
from strategy.models.discussion import Discussion
from strategy.models.user import User
from strategy.vocabulary import ManagerSide, Mode


class EmergencyException(Base):
    """That a discussion goes ahead without its quorum: a manager who is neither its chair nor its worker says so."""

    __tablename__ = "emergency_exceptions"

    id: Mapped[int] = mapped_column(primary_key=True)
    discussion_id: Mapped[int] = mapped_column(ForeignKey("discussions.id"), unique=True)
    authoriser_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    authorised_by: Mapped[str] = mapped_column(String(250))  # name and job title as they were then
    reason: Mapped[str] = mapped_column(EncryptedText)
    recorded_by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    discussion: Mapped[Discussion] = relationship(back_populates="exception")
    authoriser: Mapped[User] = relationship()


class Agreement(Base):
    """That one side's manager agrees to hold a discussion in this mode, where policy asks for a meeting."""

    __tablename__ = "agreements"
    __table_args__ = (UniqueConstraint("discussion_id", "side", "mode"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    discussion_id: Mapped[int] = mapped_column(ForeignKey("discussions.id"))
    side: Mapped[ManagerSide] = mapped_column(checked(ManagerSide, "side"))
    mode: Mapped[Mode] = mapped_column(checked(Mode, "mode"))
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(120))
    agreed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(String(120))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    discussion: Mapped[Discussion] = relationship(back_populates="agreements")
