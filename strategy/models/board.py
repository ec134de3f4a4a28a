"""Holds desk boards: the link a desk opens its board by, and each opening of it. What stands on one is a query's."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, UtcDateTime
from strategy.models.asked_code import AskedCode
from strategy.models.authority import Authority
from strategy.models.directory import Desk


class DeskBoard(Base):
    """The link of one desk's board; of its two tokens, for mails and for texts, only hashes.

    Taken back, the row stays and says by whom; a new link is a new row. No desk has two that stand.
    """

    __tablename__ = "desk_boards"

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    desk_id: Mapped[int] = mapped_column(ForeignKey("desks.id"), index=True)
    mail_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    text_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    made_by: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_by: Mapped[str | None] = mapped_column(String(120))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    authority: Mapped[Authority] = relationship()
    desk: Mapped[Desk] = relationship()

    @property
    def in_use(self) -> bool:
        """Whether it stands, and the desk is still there."""
        return self.revoked_at is None and self.desk.active and self.desk.agency.active


class BoardOpening(AskedCode, Base):
    """One asking for the code that opens a board, by whom, and what came of it.

    What it opens stays open until ``open_until``, the end of the shift, or ``closed_at``.
    """

    __tablename__ = "board_openings"

    id: Mapped[int] = mapped_column(primary_key=True)
    board_id: Mapped[int] = mapped_column(ForeignKey("desk_boards.id"), index=True)
    open_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    board: Mapped[DeskBoard] = relationship()
