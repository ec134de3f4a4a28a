"""Holds papers attached to a discussion: never overwritten, withdrawn at most, and who sees a restricted one."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, EncryptedBytes, EncryptedText, UtcDateTime, checked
from strategy.models.discussion import Discussion
from strategy.models.invitation import Invitation
from strategy.vocabulary import PaperFormat, PaperKind, Via


class Paper(Base):
    """One file. The name it had on somebody's computer is kept nowhere; its content is read only where it is opened.

    ``invitation`` is the agency's that attached it; None: our own staff did. ``restricted``: seen by that agency and
    by the ``readers`` chosen, instead of by every agency invited.
    """

    __tablename__ = "papers"

    id: Mapped[int] = mapped_column(primary_key=True)
    discussion_id: Mapped[int] = mapped_column(ForeignKey("discussions.id"), index=True)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"))
    title: Mapped[str] = mapped_column(EncryptedText)
    kind: Mapped[PaperKind] = mapped_column(checked(PaperKind, "kind"))
    format: Mapped[PaperFormat] = mapped_column(checked(PaperFormat, "format"))
    size: Mapped[int]  # bytes, as it came
    content: Mapped[bytes] = mapped_column(EncryptedBytes, deferred=True)
    restricted: Mapped[bool]
    by: Mapped[str] = mapped_column(String(120))
    via: Mapped[Via] = mapped_column(checked(Via, "via"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str | None] = mapped_column(String(120))
    withdrawn_reason: Mapped[str | None] = mapped_column(EncryptedText)

    discussion: Mapped[Discussion] = relationship()
    invitation: Mapped[Invitation | None] = relationship()
    readers: Mapped[list["PaperReader"]] = relationship(back_populates="paper", order_by="PaperReader.id")


class PaperReader(Base):
    """One invited agency that was chosen to see a restricted paper."""

    __tablename__ = "paper_readers"
    __table_args__ = (UniqueConstraint("paper_id", "invitation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"))
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"))

    paper: Mapped[Paper] = relationship(back_populates="readers")
    invitation: Mapped[Invitation] = relationship()
