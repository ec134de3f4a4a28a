"""Holds how each channel fares, shared by all senders: whether its provider is down, since when, when to try again."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from strategy.db import Base, UtcDateTime, checked
from strategy.vocabulary import MessageChannel


class Circuit(Base):
    """One channel's row. ``failures`` counts those in a row in which the provider itself was the trouble.

    While ``quiet_since`` is set nothing is claimed for it but one message as a probe, not before ``probe_at``. The row
    is also what claims of texts lock, so that two senders never count one phone's turns at the same moment.
    """

    __tablename__ = "channel_circuits"

    channel: Mapped[MessageChannel] = mapped_column(checked(MessageChannel, "channel"), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    quiet_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    probe_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    problem: Mapped[str | None] = mapped_column(String(200))  # the provider's trouble, as a sentence
