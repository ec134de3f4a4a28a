"""Holds that somebody at an agency said they have read the signed record. Who opened it is in the access log."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, UtcDateTime
from strategy.models.invitation import Invitation


class RecordReading(Base):
    """One "I have read it", after the second step. Said again after something was added, it is another row."""

    __tablename__ = "record_readings"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"), index=True)
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    invitation: Mapped[Invitation] = relationship()
