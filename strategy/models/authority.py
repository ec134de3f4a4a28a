"""Holds the local authority and the policy versions it has worked under; what a policy says is rules.policy's."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, UtcDateTime, checked
from strategy.vocabulary import Nation


class Authority(Base):
    """The local authority that convenes. Everything else belongs to one, and is never seen from another."""

    __tablename__ = "authorities"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    short_name: Mapped[str] = mapped_column(String(20))  # as texts name it
    nation: Mapped[Nation] = mapped_column(checked(Nation, "nation"))
    phone: Mapped[str] = mapped_column(String(32))  # the call-back number on its website, E.164

    duty_email: Mapped[str | None] = mapped_column(String(254))  # told when a partner asks for somebody

    mail_head: Mapped[str | None] = mapped_column(String(120))  # first in every mail, in place of a logo
    mail_foot: Mapped[str | None] = mapped_column(String(300))  # last in every mail

    policies: Mapped[list["PolicyVersion"]] = relationship(
        back_populates="authority", order_by="PolicyVersion.number.desc()"
    )


class PolicyVersion(Base):
    """One validated policy text. A discussion keeps the version its clock started under (domain section 3)."""

    __tablename__ = "policy_versions"
    __table_args__ = (UniqueConstraint("authority_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    number: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(400))
    effective_from: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # taken back before it took effect

    authority: Mapped[Authority] = relationship(back_populates="policies")
