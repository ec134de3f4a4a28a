"""Holds the strategy discussion: when, how, who runs it, against which target; its record is in record.py."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, String, Table, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, EncryptedText, UtcDateTime, checked
from strategy.models.authority import Authority, PolicyVersion
from strategy.models.contact import Child, Contact
from strategy.models.user import User
from strategy.vocabulary import DiscussionKind, DiscussionState, Mode, QuorumOutcome

if TYPE_CHECKING:
    from strategy.models.invitation import Invitation
    from strategy.models.managers import Agreement, EmergencyException
    from strategy.models.record import Action, Contribution, Decision
    from strategy.models.series import FollowUp

discussion_children = Table(
    "discussion_children",
    Base.metadata,
    Column("discussion_id", ForeignKey("discussions.id"), primary_key=True),
    Column("child_id", ForeignKey("children.id"), primary_key=True),
)


class Discussion(Base):
    """One strategy discussion on one contact.

    ``reference`` is random, four characters, and may stand in messages. ``sequence`` is the one version number of
    what partners are told (iTIP SEQUENCE, mail, text, page); ``revision`` is raised by every edit, for staff who
    edit at once.
    """

    __tablename__ = "discussions"
    __table_args__ = (
        UniqueConstraint("authority_id", "reference"),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"))
    reference: Mapped[str] = mapped_column(String(8))
    kind: Mapped[DiscussionKind] = mapped_column(checked(DiscussionKind, "kind"))
    mode: Mapped[Mode] = mapped_column(checked(Mode, "mode"))
    state: Mapped[DiscussionState] = mapped_column(checked(DiscussionState, "state"), index=True)
    concerns: Mapped[list[str]] = mapped_column(JSON)
    urgent: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sequence: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)

    clock_started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    warn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    rule: Mapped[str] = mapped_column(String(200))
    rule_source: Mapped[str] = mapped_column(String(400))
    # False for a follow-up nobody owed: it has a date that was agreed, and no target to be late against
    has_target: Mapped[bool] = mapped_column(default=True, server_default=true())
    late_reason: Mapped[str | None] = mapped_column(String(40))  # policy's code for our own delay
    without_agreement_reason: Mapped[str | None] = mapped_column(EncryptedText)  # why not both managers agreed

    convener_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    chair_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    social_worker_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    minute_taker_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    direction: Mapped[str | None] = mapped_column(EncryptedText)  # the manager's opening direction
    direction_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    join_url: Mapped[str | None] = mapped_column(String(500))
    dial_in: Mapped[str | None] = mapped_column(String(120))
    place: Mapped[str | None] = mapped_column(String(200))

    booked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # written down when it was over already: nobody was invited to it, and what counts invitations leaves it out
    entered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # by phone, out of hours, at once: a full discussion follows by policy
    emergency: Mapped[bool] = mapped_column(default=False, server_default=false())
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stood_down_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stood_down_reason: Mapped[str | None] = mapped_column(EncryptedText)
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_by: Mapped[str | None] = mapped_column(String(120))
    quorum_met: Mapped[bool | None]  # the same as an outcome of "met", for counting
    quorum_outcome: Mapped[QuorumOutcome | None] = mapped_column(checked(QuorumOutcome, "quorum_outcome"))
    without_quorum_reason: Mapped[str | None] = mapped_column(EncryptedText)
    follow_up_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    initiated_s47: Mapped[bool | None]

    authority: Mapped[Authority] = relationship()
    contact: Mapped[Contact] = relationship(back_populates="discussions")
    policy: Mapped[PolicyVersion] = relationship()
    convener: Mapped[User] = relationship(foreign_keys=convener_id)
    chair: Mapped[User] = relationship(foreign_keys=chair_id)
    social_worker: Mapped[User] = relationship(foreign_keys=social_worker_id)
    minute_taker: Mapped[User | None] = relationship(foreign_keys=minute_taker_id)
    children: Mapped[list[Child]] = relationship(secondary=discussion_children, order_by=Child.id)
    needs: Mapped[list["Need"]] = relationship(back_populates="discussion", order_by="Need.id")
    invitations: Mapped[list["Invitation"]] = relationship(back_populates="discussion", order_by="Invitation.id")
    contributions: Mapped[list["Contribution"]] = relationship(back_populates="discussion", order_by="Contribution.id")
    decisions: Mapped[list["Decision"]] = relationship(back_populates="discussion", order_by="Decision.id")
    actions: Mapped[list["Action"]] = relationship(back_populates="discussion", order_by="Action.id")
    exception: Mapped["EmergencyException | None"] = relationship(back_populates="discussion")
    agreements: Mapped[list["Agreement"]] = relationship(back_populates="discussion", order_by="Agreement.id")
    follow_up: Mapped["FollowUp | None"] = relationship(foreign_keys="FollowUp.after_id", back_populates="after")

    def is_late(self, starts_at: datetime) -> bool:
        """Whether starting then is, or was, past its target."""
        return self.has_target and starts_at > self.due_at


class Need(Base):
    """One need of the quorum in force when the discussion was booked, met by any of ``roles``, or waived by the chair.

    Kept apart from invitations so that a need nobody was invited for still counts: "not invited" is a cause.
    """

    __tablename__ = "needs"
    __table_args__ = (UniqueConstraint("discussion_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    discussion_id: Mapped[int] = mapped_column(ForeignKey("discussions.id"))
    code: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(String(120))
    roles: Mapped[list[str]] = mapped_column(JSON)
    waived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    waived_by: Mapped[str | None] = mapped_column(String(120))
    waived_reason: Mapped[str | None] = mapped_column(EncryptedText)
    left_out_reason: Mapped[str | None] = mapped_column(EncryptedText)  # why a role that meets it was not invited

    discussion: Mapped[Discussion] = relationship(back_populates="needs")
