"""Holds the outbox: messages with final words and a slot for the link, and each attempt to send them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, UtcDateTime, checked
from strategy.models.board import DeskBoard
from strategy.models.discussion import Discussion
from strategy.models.invitation import Invitation
from strategy.models.verification import Verification
from strategy.vocabulary import MessageChannel, MessageReason, MessageState


class Message(Base):
    """One message to one address. Written in the command's own transaction, sent later by the worker.

    The words are final but for the slot "{link}", filled when it is sent: no live token lies in the table. So is the
    calendar part, from ``calendar_method`` and the discussion as it stands. ``reason`` is asked again at every
    attempt; ``dedupe_key`` makes queueing the same step twice harmless. ``attempt`` and ``lease_until`` are the claim,
    ``excused`` how many attempts do not count towards giving up: the provider was down for everybody.
    """

    __tablename__ = "messages"
    __table_args__ = (
        # As the claim asks: equal in the first three, in order of the fourth, the last read from the index itself.
        Index("ix_messages_due", "state", "channel", "urgent", "id", "not_before"),
        Index("ix_messages_turns", "address", "taken_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    discussion_id: Mapped[int | None] = mapped_column(ForeignKey("discussions.id"), index=True)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"), index=True)
    action_id: Mapped[int | None] = mapped_column(ForeignKey("actions.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), index=True)
    partner_request_id: Mapped[int | None] = mapped_column(ForeignKey("partner_requests.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    verification_id: Mapped[int | None] = mapped_column(ForeignKey("verifications.id"), index=True)
    board_id: Mapped[int | None] = mapped_column(ForeignKey("desk_boards.id"), index=True)
    channel: Mapped[MessageChannel] = mapped_column(checked(MessageChannel, "channel"))
    address: Mapped[str] = mapped_column(String(254))
    to_name: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(40))  # the message's name: its folder in templates/messages
    reason: Mapped[MessageReason] = mapped_column(checked(MessageReason, "reason"))
    reason_facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    subject: Mapped[str | None] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    calendar_method: Mapped[str | None] = mapped_column(String(16))  # REQUEST or CANCEL
    calendar_sequence: Mapped[int | None]
    urgent: Mapped[bool] = mapped_column(default=False)
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[MessageState] = mapped_column(checked(MessageState, "state"))
    attempt: Mapped[int] = mapped_column(default=0)
    excused: Mapped[int] = mapped_column(default=0, server_default="0")
    not_before: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when it was last claimed for sending
    waits_for: Mapped[str | None] = mapped_column(String(200))  # why it is queued though nothing went wrong
    bundled_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # it may go out in one mail with others
    bundle_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)  # the message it went out with
    awaits_receipt: Mapped[bool] = mapped_column(default=False, server_default=false())  # sent is not yet arrived
    reference: Mapped[str | None] = mapped_column(String(200), index=True)  # the provider's
    problem: Mapped[str | None] = mapped_column(String(400))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # failed, bounced or voided

    discussion: Mapped[Discussion | None] = relationship()
    invitation: Mapped[Invitation | None] = relationship()
    verification: Mapped[Verification | None] = relationship()
    board: Mapped[DeskBoard | None] = relationship()
    attempts: Mapped[list["MessageAttempt"]] = relationship(back_populates="message", order_by="MessageAttempt.id")


class MessageAttempt(Base):
    """One attempt to send, and what came of it."""

    __tablename__ = "message_attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(400))

    message: Mapped[Message] = relationship(back_populates="attempts")
