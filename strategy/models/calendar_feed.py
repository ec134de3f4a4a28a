"""Holds who may subscribe to their discussions as a calendar: of the address only a hash."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, UtcDateTime
from strategy.models.authority import Authority
from strategy.models.directory import Desk
from strategy.models.user import User

_ONE_OWNER = " + ".join(f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)" for name in ("desk_id", "user_id"))


class CalendarFeed(Base):
    """One address at which one desk's or one of our own people's discussions can be subscribed to.

    Taken back, the row stays and says by whom; a new address is a new row. Nobody has two that stand.
    """

    __tablename__ = "calendar_feeds"
    __table_args__ = (CheckConstraint(f"{_ONE_OWNER} = 1", name="one_owner"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    desk_id: Mapped[int | None] = mapped_column(ForeignKey("desks.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    made_by: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_by: Mapped[str | None] = mapped_column(String(120))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    authority: Mapped[Authority] = relationship()
    desk: Mapped[Desk | None] = relationship()
    user: Mapped[User | None] = relationship()

    @property
    def owner(self) -> str:
        """Whose it is, for a page and the trail."""
        if self.user is not None:
            return self.user.full_name
        return f"{self.desk.agency.name}, {self.desk.name}" if self.desk is not None else ""

    @property
    def in_use(self) -> bool:
        """Whether it stands, and whoever it is for is still there."""
        if self.revoked_at is not None:
            return False
        if self.user is not None:
            return bool(self.user.active)
        return self.desk is not None and self.desk.active and self.desk.agency.active
