"""Holds what is said of a contact's decision: why the threshold is met, and whether the family has been told."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, EncryptedText, UtcDateTime, checked
from strategy.models.contact import Contact
from strategy.vocabulary import FamilyTold


class ContactFacts(Base):
    """One saying of it. The last row counts; earlier ones stay, so that nothing written down is overwritten."""

    __tablename__ = "contact_facts"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    document: Mapped[str | None] = mapped_column(String(120))  # the partnership's own, as it calls it
    level: Mapped[str | None] = mapped_column(String(40))
    threshold_why: Mapped[str | None] = mapped_column(EncryptedText)
    family_told: Mapped[FamilyTold | None] = mapped_column(checked(FamilyTold, "family_told"))
    family_why: Mapped[str | None] = mapped_column(EncryptedText)
    said_by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    contact: Mapped[Contact] = relationship(back_populates="said")
