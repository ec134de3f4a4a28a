"""Holds what a partner asks of us from the public page: a discussion, or a social worker to speak to."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, EncryptedText, UtcDateTime, checked
from strategy.models.authority import Authority
from strategy.models.contact import Contact
from strategy.models.user import User
from strategy.vocabulary import AskFor, AskSoon, RequestOutcome, RequestState


class PartnerRequest(Base):
    """One request, answered by one of us. Everything typed by whoever asked lies encrypted: nobody knows what it holds.

    ``reference`` is random and may stand in messages.
    """

    __tablename__ = "partner_requests"
    __table_args__ = (UniqueConstraint("authority_id", "reference"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    reference: Mapped[str] = mapped_column(String(8))
    asks_for: Mapped[AskFor] = mapped_column(checked(AskFor, "asks_for"))
    soon: Mapped[AskSoon] = mapped_column(checked(AskSoon, "soon"))
    name: Mapped[str] = mapped_column(EncryptedText)
    role: Mapped[str] = mapped_column(EncryptedText)
    agency: Mapped[str] = mapped_column(EncryptedText)
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    email: Mapped[str | None] = mapped_column(EncryptedText)
    text: Mapped[str | None] = mapped_column(EncryptedText)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    state: Mapped[RequestState] = mapped_column(checked(RequestState, "state"), index=True)
    claimed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[RequestOutcome | None] = mapped_column(checked(RequestOutcome, "outcome"))
    outcome_words: Mapped[str | None] = mapped_column(EncryptedText)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), index=True)  # the one started from it

    authority: Mapped[Authority] = relationship()
    claimed_by: Mapped[User | None] = relationship(foreign_keys=claimed_by_id)
    closed_by: Mapped[User | None] = relationship(foreign_keys=closed_by_id)
    contact: Mapped[Contact | None] = relationship()
