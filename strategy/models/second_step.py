"""Holds the second step: one code sent so that somebody at an agency sees who it is about. The code is not in it."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base
from strategy.models.asked_code import AskedCode
from strategy.models.invitation import Invitation


class SecondStep(AskedCode, Base):
    """One asking for a code, by whom, and what came of it.

    What it opens stays open from ``opened_at`` on until ``closed_at`` or half an hour is over. ``generation`` is the
    link's: an older one is void.
    """

    __tablename__ = "second_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"), index=True)
    generation: Mapped[int]

    invitation: Mapped[Invitation] = relationship()
