"""Holds one sheet of the directory that was read: looked at, then brought in whole, and taken back where it can be."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, EncryptedText, UtcDateTime, checked
from strategy.models.user import User
from strategy.vocabulary import ImportState


class DirectoryImport(Base):
    """One file that was read. The file itself and its name are not kept, only what our columns say, encrypted.

    ``entries`` (JSON) goes when the import is confirmed, dropped or a day old. ``deeds`` (JSON) is what was done to
    which entry, before and after, so that it can be undone; ``left`` (JSON) what undoing could not take back, and why.
    """

    __tablename__ = "directory_imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    state: Mapped[ImportState] = mapped_column(checked(ImportState, "state"), index=True)
    entries: Mapped[str | None] = mapped_column(EncryptedText)
    deeds: Mapped[str | None] = mapped_column(EncryptedText)
    left: Mapped[str | None] = mapped_column(EncryptedText)
    row_count: Mapped[int]
    added_count: Mapped[int] = mapped_column(default=0)
    changed_count: Mapped[int] = mapped_column(default=0)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # confirmed
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    user: Mapped[User] = relationship(foreign_keys=user_id)
