"""Holds the numbers with which a phone answers its invitations by text, and what it was last asked."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, UtcDateTime, checked
from strategy.models.invitation import Invitation
from strategy.vocabulary import TextAsks


class ReplyCode(Base):
    """The number of one invitation at one phone: A47, D47 and N47 speak of it. A shared phone holds many.

    A row is a number of that phone: two invitations never hold it at once, and from ``free_from`` on another may take
    it over. ``asks`` is what the last text asked, ``asked_again`` whether that was the second time. ``to_name`` is who
    is written to there. Source: in-the-wild 22; domain section 12.
    """

    __tablename__ = "reply_codes"
    __table_args__ = (
        UniqueConstraint("phone", "number"),
        UniqueConstraint("invitation_id", "phone"),
        CheckConstraint("number >= 10 AND number <= 999", name="number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    phone: Mapped[str] = mapped_column(String(32))  # E.164, as messages are addressed
    number: Mapped[int]
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"))
    to_name: Mapped[str] = mapped_column(String(200))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    free_from: Mapped[datetime] = mapped_column(UtcDateTime)
    asks: Mapped[TextAsks | None] = mapped_column(checked(TextAsks, "asks"))
    asked_again: Mapped[bool] = mapped_column(default=False)

    invitation: Mapped[Invitation] = relationship()
