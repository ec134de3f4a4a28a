"""Holds the record of a discussion: what agencies said, what was decided and why, who does what by when."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, EncryptedText, UtcDateTime, checked
from strategy.models.discussion import Discussion
from strategy.models.invitation import Invitation
from strategy.vocabulary import ActionState, Basis, DecisionCode, Via


class Contribution(Base):
    """Information one agency shared, attributed to it. Put right, it is kept, and another row stands in its place."""

    __tablename__ = "contributions"

    id: Mapped[int] = mapped_column(primary_key=True)
    discussion_id: Mapped[int] = mapped_column(ForeignKey("discussions.id"), index=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"))
    text: Mapped[str] = mapped_column(EncryptedText)
    written_by: Mapped[str] = mapped_column(String(120))
    via: Mapped[Via] = mapped_column(checked(Via, "via"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("contributions.id"))
    basis: Mapped[Basis | None] = mapped_column(checked(Basis, "basis"))
    restricted: Mapped[bool] = mapped_column(default=False, server_default=false())  # not to be passed on unasked
    third_party: Mapped[bool] = mapped_column(default=False, server_default=false())  # about somebody else too

    discussion: Mapped[Discussion] = relationship(back_populates="contributions")
    invitation: Mapped[Invitation] = relationship()
    replaced_by: Mapped["Contribution | None"] = relationship(remote_side=id)


class ContributionDraft(Base):
    """What an agency has typed behind its link and not sent yet: nobody of ours sees it. One for each invitation."""

    __tablename__ = "contribution_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"), unique=True)
    text: Mapped[str] = mapped_column(EncryptedText)
    basis: Mapped[Basis | None] = mapped_column(checked(Basis, "basis"))
    restricted: Mapped[bool]
    third_party: Mapped[bool]
    written_by: Mapped[str] = mapped_column(String(120))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    invitation: Mapped[Invitation] = relationship()


class Decision(Base):
    """One decision, always with its rationale (domain section 7)."""

    __tablename__ = "decisions"

    id: Mapped[int] = mapped_column(primary_key=True)
    discussion_id: Mapped[int] = mapped_column(ForeignKey("discussions.id"), index=True)
    code: Mapped[DecisionCode] = mapped_column(checked(DecisionCode, "code"))
    rationale: Mapped[str] = mapped_column(EncryptedText)
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    discussion: Mapped[Discussion] = relationship(back_populates="decisions")


class Action(Base):
    """Who does what by when: an owner at an invited role, and a real date and time (never "as soon as possible")."""

    __tablename__ = "actions"

    id: Mapped[int] = mapped_column(primary_key=True)
    discussion_id: Mapped[int] = mapped_column(ForeignKey("discussions.id"), index=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"))  # the owner's agency, and its address
    what: Mapped[str] = mapped_column(EncryptedText)
    owner: Mapped[str] = mapped_column(String(120))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    state: Mapped[ActionState] = mapped_column(checked(ActionState, "state"))
    revision: Mapped[int] = mapped_column(default=1)  # raised by every change, for staff who change it at once
    evidence: Mapped[str | None] = mapped_column(EncryptedText)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(120))

    discussion: Mapped[Discussion] = relationship(back_populates="actions")
    invitation: Mapped[Invitation] = relationship()


class Note(Base):
    """What one person has typed on the page of a discussion and not written down yet; nobody else sees it."""

    __tablename__ = "notes"
    __table_args__ = (UniqueConstraint("discussion_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    discussion_id: Mapped[int] = mapped_column(ForeignKey("discussions.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    typed: Mapped[str] = mapped_column(EncryptedText)  # JSON: the boxes by name
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    discussion: Mapped[Discussion] = relationship()
