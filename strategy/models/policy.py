"""Holds a policy that somebody is still writing; published versions are PolicyVersion's (authority.py)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, UtcDateTime
from strategy.models.authority import Authority, PolicyVersion


class PolicyDraft(Base):
    """One administrator's draft. ``text`` is as typed, right or wrong; ``base`` is the version it began from.

    ``newest`` is the number of the newest version when it began: when another has been published since, publishing
    is refused. ``revision`` is raised by every change, for one person with two windows open.
    """

    __tablename__ = "policy_drafts"
    __table_args__ = (UniqueConstraint("authority_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    base_id: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"))
    newest: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=1)

    authority: Mapped[Authority] = relationship()
    base: Mapped[PolicyVersion] = relationship()
