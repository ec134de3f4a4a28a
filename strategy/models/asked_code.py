"""Holds what every asking for a one-time code keeps: who asked, from which browser, where it went, what came of it."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from strategy.db import UtcDateTime, checked
from strategy.vocabulary import MessageChannel


class AskedCode:
    """Columns of a row for each code asked for.

    The code follows from ``nonce`` and a key of the installation, and is stored nowhere. ``browser_hash`` is that of
    the secret in the browser which asked: the code is good there and nowhere else, and so is what it opens.
    """

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

    @property
    def who(self) -> str:
        """Who asked, as the access log and the trail have it."""
        return f"{self.by_name}, {self.by_role}"[:120]
