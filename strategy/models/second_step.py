"""Holds the second step: one code sent so that somebody at an agency sees who it is about. The code is not in it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, UtcDateTime, checked
from strategy.models.invitation import Invitation
from strategy.vocabulary import MessageChannel


class SecondStep(Base):
    """One asking for a code, by whom, and what came of it.

    The code follows from ``nonce`` and a key of the installation, and is stored nowhere. ``browser_hash`` is that of
    the secret in the browser which asked: the code is good there and nowhere else, and so is what it opens, from
    ``opened_at`` on until ``closed_at`` or half an hour is over. ``generation`` is the link's: an older one is void.
    """

    __tablename__ = "second_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"), index=True)
    generation: Mapped[int]
    channel: Mapped[MessageChannel] = mapped_column(checked(MessageChannel, "channel"))
    address: Mapped[str] = mapped_column(String(254))
    nonce: Mapped[str] = mapped_column(String(32), unique=True)
    browser_hash: Mapped[str] = mapped_column(String(64))
    by_name: Mapped[str] = mapped_column(String(120))
    by_role: Mapped[str] = mapped_column(String(120))
    remote: Mapped[str | None] = mapped_column(String(300))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    voided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # a newer code was sent
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    invitation: Mapped[Invitation] = relationship()

    @property
    def who(self) -> str:
        """Who asked, as the access log and the trail have it."""
        return f"{self.by_name}, {self.by_role}"[:120]
