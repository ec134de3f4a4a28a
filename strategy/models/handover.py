"""Holds the handing of a contact from one of us to a receiving worker, whose clock runs until they accept."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, EncryptedText, UtcDateTime, checked
from strategy.models.contact import Contact
from strategy.models.user import User
from strategy.vocabulary import HandoverState


class Handover(Base):
    """One handing over. Rows are never reused, so that the trail of who held a contact is complete.

    Until it is accepted the giver still holds the contact: nobody loses a child by handing it into silence.
    """

    __tablename__ = "handovers"
    __table_args__ = (Index("ix_handovers_receiver_id_state", "receiver_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    receiver_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    state: Mapped[HandoverState] = mapped_column(checked(HandoverState, "state"))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # accepted, declined, taken over
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str | None] = mapped_column(EncryptedText)  # why it was declined

    contact: Mapped[Contact] = relationship(back_populates="handovers")
    giver: Mapped[User] = relationship(foreign_keys=giver_id)
    receiver: Mapped[User] = relationship(foreign_keys=receiver_id)
