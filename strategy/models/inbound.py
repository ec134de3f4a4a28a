"""Holds what came in from outside, whole and encrypted, with what was read in it and what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, EncryptedText, UtcDateTime, checked
from strategy.models.discussion import Discussion
from strategy.models.invitation import Invitation
from strategy.models.message import Message
from strategy.vocabulary import InboundKind, InboundState, MessageChannel


class Inbound(Base):
    """One mail or text as it came. ``fingerprint`` makes taking the same one in twice harmless.

    Whoever writes to us may write about a child: everything they wrote lies encrypted. ``raw`` is the whole of it, a
    character a byte. ``facts`` holds nothing anybody typed: participation status, sequence, how many addresses failed.
    ``effect`` is a sentence of ours.
    """

    __tablename__ = "inbound"
    __table_args__ = (Index("ix_inbound_list", "authority_id", "state", "received_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    channel: Mapped[MessageChannel] = mapped_column(checked(MessageChannel, "channel"))
    kind: Mapped[InboundKind] = mapped_column(checked(InboundKind, "kind"))
    state: Mapped[InboundState] = mapped_column(checked(InboundState, "state"))
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    sender: Mapped[str | None] = mapped_column(EncryptedText)
    sender_name: Mapped[str | None] = mapped_column(EncryptedText)
    subject: Mapped[str | None] = mapped_column(EncryptedText)
    text: Mapped[str | None] = mapped_column(EncryptedText)
    raw: Mapped[str | None] = mapped_column(EncryptedText)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    discussion_id: Mapped[int | None] = mapped_column(ForeignKey("discussions.id"), index=True)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    effect: Mapped[str] = mapped_column(String(400))
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # as its sender says
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    handled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    handled_by: Mapped[str | None] = mapped_column(String(120))
    handled_note: Mapped[str | None] = mapped_column(EncryptedText)

    discussion: Mapped[Discussion | None] = relationship()
    invitation: Mapped[Invitation | None] = relationship()
    message: Mapped[Message | None] = relationship()
