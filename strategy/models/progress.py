"""Holds how far an action is, as those who do it have said so far. That it is done stands in the action itself."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, EncryptedText, UtcDateTime
from strategy.models.record import Action


class Progress(Base):
    """One word on how far an action is. Never changed: the last one counts, all stay."""

    __tablename__ = "action_progress"

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("actions.id"), index=True)
    text: Mapped[str] = mapped_column(EncryptedText)
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    action: Mapped[Action] = relationship()
