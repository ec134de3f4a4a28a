"""Holds what is chased next (one row a chase, due when it is due) and the calls a person must make.

A chase and its steps are about one thing: an invitation, an action, a discussion or a contact.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, EncryptedText, UtcDateTime, checked
from strategy.models.contact import Contact
from strategy.models.discussion import Discussion
from strategy.models.invitation import Invitation
from strategy.models.record import Action
from strategy.models.user import User
from strategy.vocabulary import CallOutcome, CallState, ChaseKind, StepKind


class Chase(Base):
    """The next step of one kind about one thing. No row: nothing is owed. Steps done are ``ChaseStep`` rows.

    Taken by ``UPDATE … WHERE id=:id AND step=:seen AND rung IS :rung AND due_at=:seen_at``: whoever changes the row
    does the step, everyone else was second.
    """

    __tablename__ = "chases"
    __table_args__ = (
        UniqueConstraint("invitation_id", "kind"),
        UniqueConstraint("action_id", "kind"),
        UniqueConstraint("discussion_id", "kind"),
        UniqueConstraint("contact_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"))
    action_id: Mapped[int | None] = mapped_column(ForeignKey("actions.id"))
    discussion_id: Mapped[int | None] = mapped_column(ForeignKey("discussions.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    kind: Mapped[ChaseKind] = mapped_column(checked(ChaseKind, "kind"))
    step: Mapped[StepKind] = mapped_column(checked(StepKind, "step"))
    rung: Mapped[int | None]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    because: Mapped[str] = mapped_column(String(200))
    failures: Mapped[int] = mapped_column(default=0)  # a row that keeps failing is pushed back and reported

    invitation: Mapped[Invitation | None] = relationship()
    action: Mapped[Action | None] = relationship()
    discussion: Mapped[Discussion | None] = relationship()
    contact: Mapped[Contact | None] = relationship()

    @property
    def asked(self) -> Invitation:
        """The invitation it is about. Raises LookupError for a chase about something else."""
        if self.invitation is None:
            raise LookupError(f"chase {self.id} is about no invitation")
        return self.invitation


class ChaseStep(Base):
    """One step a chase has taken; the rules are told of it and never repeat it."""

    __tablename__ = "chase_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"), index=True)
    action_id: Mapped[int | None] = mapped_column(ForeignKey("actions.id"), index=True)
    discussion_id: Mapped[int | None] = mapped_column(ForeignKey("discussions.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), index=True)
    kind: Mapped[ChaseKind] = mapped_column(checked(ChaseKind, "kind"))
    step: Mapped[StepKind] = mapped_column(checked(StepKind, "step"))
    rung: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    told: Mapped[str] = mapped_column(String(300))  # what was done, whom and how: "Told …", "Reminded …"


class CallTask(Base):
    """A call only a person can make: to whom, which number, what to say; on screen until somebody has made it."""

    __tablename__ = "call_tasks"

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    discussion_id: Mapped[int] = mapped_column(ForeignKey("discussions.id"), index=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"), index=True)
    for_user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    whom: Mapped[str] = mapped_column(String(200))
    number: Mapped[str | None] = mapped_column(String(32))
    because: Mapped[str] = mapped_column(String(300))
    state: Mapped[CallState] = mapped_column(checked(CallState, "state"))
    outcome: Mapped[CallOutcome | None] = mapped_column(checked(CallOutcome, "outcome"))
    note: Mapped[str | None] = mapped_column(EncryptedText)  # what was said, by whoever rang
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(120))

    discussion: Mapped[Discussion] = relationship()
    invitation: Mapped[Invitation] = relationship()
    for_user: Mapped[User] = relationship()
