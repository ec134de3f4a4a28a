"""Holds an authority's own wording of messages: each version used, and the draft of the next. Ours are templates."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, UtcDateTime
from strategy.models.authority import Authority


class WordingVersion(Base):
    """One version of a message's words; the highest number counts. Without words it is ours again.

    ``mail`` is without the foot, ``text`` is the text message; both have their places in braces (rules.wording).
    """

    __tablename__ = "wording_versions"
    __table_args__ = (UniqueConstraint("authority_id", "name", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    name: Mapped[str] = mapped_column(String(32))  # the message's
    number: Mapped[int]
    subject: Mapped[str | None] = mapped_column(String(200))
    mail: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(400))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    authority: Mapped[Authority] = relationship()


class WordingDraft(Base):
    """The next wording of a message while it is looked at: one for all administrators of an authority.

    ``newest`` is the number of the newest version when it was last saved; 0: there was none.
    """

    __tablename__ = "wording_drafts"
    __table_args__ = (UniqueConstraint("authority_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    name: Mapped[str] = mapped_column(String(32))
    newest: Mapped[int]
    subject: Mapped[str] = mapped_column(String(200))
    mail: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(120))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    authority: Mapped[Authority] = relationship()
