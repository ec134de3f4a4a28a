"""Holds what binds several discussions on one contact: follow-ups owed, and the section 47 enquiry with its dates."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, EncryptedText, UtcDateTime, checked
from strategy.models.contact import Contact
from strategy.models.discussion import Discussion
from strategy.vocabulary import FollowUpState


class FollowUp(Base):
    """A discussion that is owed after one held without its quorum, with a clock of its own; one a discussion.

    ``after`` is the discussion that left it owed, ``by`` the one that is booked for it, or was held. ``waived``:
    somebody said that nothing need follow ``after``, neither this nor what policy asks for next.
    """

    __tablename__ = "follow_ups"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    after_id: Mapped[int] = mapped_column(ForeignKey("discussions.id"), unique=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("discussions.id"), index=True)
    state: Mapped[FollowUpState] = mapped_column(checked(FollowUpState, "state"), index=True)
    clock_started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    warn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    rule: Mapped[str] = mapped_column(String(200))
    rule_source: Mapped[str] = mapped_column(String(400))
    urgent: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(120))
    ended_reason: Mapped[str | None] = mapped_column(EncryptedText)  # why none is needed any more
    waived: Mapped[bool] = mapped_column(default=False, server_default=false())

    contact: Mapped[Contact] = relationship(back_populates="follow_ups")
    after: Mapped[Discussion] = relationship(foreign_keys=after_id, back_populates="follow_up")
    by: Mapped[Discussion | None] = relationship(foreign_keys=by_id)


class Enquiry(Base):
    """The section 47 enquiry of a contact: the one discussion that initiated it, and the conference's dates from there.

    Dates, not moments; kept as they were worked out, whatever policy says later. A follow-up never moves them.
    """

    __tablename__ = "enquiries"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), unique=True)
    discussion_id: Mapped[int] = mapped_column(ForeignKey("discussions.id"), index=True)
    clock_started_at: Mapped[datetime] = mapped_column(UtcDateTime)  # the true start of that discussion
    warn_on: Mapped[date | None] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date, index=True)
    rule: Mapped[str] = mapped_column(String(200))
    rule_source: Mapped[str] = mapped_column(String(400))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_by: Mapped[str] = mapped_column(String(120))
    revision: Mapped[int] = mapped_column(default=1)

    contact: Mapped[Contact] = relationship(back_populates="enquiry")
    discussion: Mapped[Discussion] = relationship()
    changes: Mapped[list["EnquiryChange"]] = relationship(
        back_populates="enquiry", order_by="EnquiryChange.id", cascade="all, delete-orphan"
    )


class EnquiryChange(Base):
    """Once it was put right which discussion initiated an enquiry: from which to which, and why."""

    __tablename__ = "enquiry_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    enquiry_id: Mapped[int] = mapped_column(ForeignKey("enquiries.id"), index=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("discussions.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("discussions.id"))
    due_before: Mapped[date] = mapped_column(Date)
    due_after: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(EncryptedText)
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    enquiry: Mapped[Enquiry] = relationship(back_populates="changes")
    before: Mapped[Discussion] = relationship(foreign_keys=from_id)
    after: Mapped[Discussion] = relationship(foreign_keys=to_id)
