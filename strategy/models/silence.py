"""Holds the silences of the workers that the pages have noticed: who is told of one, and that it is over."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from strategy.db import Base, UtcDateTime


class Silence(Base):
    """One silence, named by the last tick before it. Any number of web processes look; who changes the row tells.

    ``alarm_taken_at`` and ``over_taken_at`` are claims: somebody is telling, and if they have not told within a minute
    another may. No row is about anybody.
    """

    __tablename__ = "silences"

    id: Mapped[int] = mapped_column(primary_key=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, unique=True)
    noticed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    alarm_taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    alarm_sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    over_taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    over_sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
