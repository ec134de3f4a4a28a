"""Holds the contact (the report that came in, with its clock) and the children it is about."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, EncryptedText, UtcDateTime, checked
from strategy.models.authority import Authority, PolicyVersion
from strategy.vocabulary import Waiting

if TYPE_CHECKING:
    from strategy.models.contact_facts import ContactFacts
    from strategy.models.contact_import import ImportedContact
    from strategy.models.discussion import Discussion
    from strategy.models.emergency_duty import NightHandover
    from strategy.models.handover import Handover
    from strategy.models.implicated import Implicated
    from strategy.models.restriction import Listed
    from strategy.models.series import Enquiry, FollowUp
    from strategy.models.user import User


class Contact(Base):
    """A report that came in (T0), the decision on it (T1), and the clock they started. Never a person.

    ``reference`` is random and may stand in messages; ``case_reference`` is the case system's, encrypted, found
    again through ``case_index``. ``decide_by`` is the referral-decision target; ``warn_at``/``due_at``, ``rule`` and
    ``rule_source`` are the discussion's, set at the decision and kept under ``policy`` whatever is edited later.
    """

    __tablename__ = "contacts"
    __table_args__ = (UniqueConstraint("authority_id", "reference"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"))
    reference: Mapped[str] = mapped_column(String(8))
    case_reference: Mapped[str] = mapped_column(EncryptedText)
    case_index: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[Waiting] = mapped_column(checked(Waiting, "state"), index=True)
    concerns: Mapped[list[str]] = mapped_column(JSON)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    concern_identified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(120))
    started_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    household: Mapped[str | None] = mapped_column(EncryptedText)  # who else lives there, one a line
    safety: Mapped[str | None] = mapped_column(EncryptedText)  # what keeps the child safe until then, and by whom
    safety_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decide_by: Mapped[datetime] = mapped_column(UtcDateTime)
    clock_started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    warn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    target_code: Mapped[str | None] = mapped_column(String(40))
    rule: Mapped[str | None] = mapped_column(String(200))
    rule_source: Mapped[str | None] = mapped_column(String(400))
    urgent: Mapped[bool] = mapped_column(default=False)
    held_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_reason: Mapped[str | None] = mapped_column(EncryptedText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=1)  # raised by each edit: two people editing at once are told
    # only who is on its access list may open it, its discussions and all that hangs from them
    restricted: Mapped[bool] = mapped_column(default=False, server_default=false(), index=True)

    authority: Mapped[Authority] = relationship()
    policy: Mapped[PolicyVersion] = relationship()
    children: Mapped[list["Child"]] = relationship(back_populates="contact", order_by="Child.id")
    discussions: Mapped[list["Discussion"]] = relationship(back_populates="contact", order_by="Discussion.starts_at")
    follow_ups: Mapped[list["FollowUp"]] = relationship(back_populates="contact", order_by="FollowUp.due_at")
    enquiry: Mapped["Enquiry | None"] = relationship(back_populates="contact")
    access_list: Mapped[list["Listed"]] = relationship(back_populates="contact", order_by="Listed.id")
    implicated: Mapped[list["Implicated"]] = relationship(back_populates="contact", order_by="Implicated.id")
    handovers: Mapped[list["Handover"]] = relationship(back_populates="contact", order_by="Handover.id")
    nights: Mapped[list["NightHandover"]] = relationship(back_populates="contact", order_by="NightHandover.id")
    said: Mapped[list["ContactFacts"]] = relationship(back_populates="contact", order_by="ContactFacts.id")
    imported: Mapped["ImportedContact | None"] = relationship(back_populates="contact")
    started_by: Mapped["User"] = relationship()


class Child(Base):
    """One child of a contact; siblings share it. Identity is encrypted and leaves only through the second step."""

    __tablename__ = "children"

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    case_reference: Mapped[str | None] = mapped_column(EncryptedText)
    case_index: Mapped[str | None] = mapped_column(String(64), index=True)
    name: Mapped[str | None] = mapped_column(EncryptedText)
    born: Mapped[str | None] = mapped_column(EncryptedText)  # ISO date, of birth or expected
    unborn: Mapped[bool] = mapped_column(default=False)
    school: Mapped[str | None] = mapped_column(EncryptedText)
    gp: Mapped[str | None] = mapped_column(EncryptedText)
    aliases: Mapped[str | None] = mapped_column(EncryptedText)
    nhs_number: Mapped[str | None] = mapped_column(EncryptedText)
    addresses: Mapped[str | None] = mapped_column(EncryptedText)  # one a line, now and before

    contact: Mapped[Contact] = relationship(back_populates="children")
