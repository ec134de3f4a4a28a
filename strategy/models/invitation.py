"""Holds the invitation (one desk or person asked in one role), its answers and its attendance."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, EncryptedText, UtcDateTime, checked
from strategy.models.directory import Agency, Desk, Person
from strategy.models.discussion import Discussion
from strategy.models.user import User
from strategy.vocabulary import Attendance, InvitationState, Response, Sector, Via


class Invitation(Base):
    """One desk, person or member of staff asked to one discussion in one role.

    ``email`` and ``phone`` are where this invitation goes (taken from the directory when it was made, corrected on
    its own). ``covered``: they are those of whoever covered for the person then. ``generation`` and ``token_hash`` are
    the link's: the token itself is stored nowhere. Mails carry a link of their own, ``mail_token_hash``, so that it is
    known by which channel a link came; None for invitations whose mails and texts carried the same one.
    ``stands_in_for`` is the desk that was chosen, where ``desk`` is asked because that one is shut at the time.
    """

    __tablename__ = "invitations"
    __table_args__ = (UniqueConstraint("token_hash"), UniqueConstraint("mail_token_hash"))

    id: Mapped[int] = mapped_column(primary_key=True)
    discussion_id: Mapped[int] = mapped_column(ForeignKey("discussions.id"), index=True)
    role: Mapped[str] = mapped_column(String(40))  # policy's role code
    role_words: Mapped[str] = mapped_column(String(120))
    sector: Mapped[Sector] = mapped_column(checked(Sector, "sector"))
    required: Mapped[bool]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    desk_id: Mapped[int | None] = mapped_column(ForeignKey("desks.id"))
    stands_in_for_id: Mapped[int | None] = mapped_column(ForeignKey("desks.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # chair, social worker, minute-taker
    invitee: Mapped[str] = mapped_column(String(200))  # as lists show it: "Exampleshire Police: MASH desk"
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(32))
    covered: Mapped[bool] = mapped_column(default=False, server_default=false())
    needed_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    needed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    generation: Mapped[int] = mapped_column(default=1)
    token_hash: Mapped[str | None] = mapped_column(String(64))
    mail_token_hash: Mapped[str | None] = mapped_column(String(64))
    invited_at: Mapped[datetime] = mapped_column(UtcDateTime)
    chased_from: Mapped[datetime] = mapped_column(
        UtcDateTime
    )  # invited, or moved since: the ladder's shares begin here

    state: Mapped[InvitationState] = mapped_column(checked(InvitationState, "state"))
    attendee_name: Mapped[str | None] = mapped_column(String(120))
    attendee_role: Mapped[str | None] = mapped_column(String(120))
    attendee_contact: Mapped[str | None] = mapped_column(String(254))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    named_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # since when, as of the measure's cut-off
    unverified: Mapped[bool] = mapped_column(default=False)
    undeliverable: Mapped[bool] = mapped_column(default=False)  # neither mail nor text reaches it
    first_delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"))
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # required beyond the quorum, and waived
    released_by: Mapped[str | None] = mapped_column(String(120))
    released_reason: Mapped[str | None] = mapped_column(EncryptedText)

    attendance: Mapped[Attendance | None] = mapped_column(checked(Attendance, "attendance"))
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    came_name: Mapped[str | None] = mapped_column(String(120))  # who was there; announced is attendee_name
    came_role: Mapped[str | None] = mapped_column(String(120))
    by_phone: Mapped[bool] = mapped_column(default=False)
    absence_reason: Mapped[str | None] = mapped_column(String(40))  # policy's code
    absence_note: Mapped[str | None] = mapped_column(EncryptedText)
    absence_explained_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    discussion: Mapped[Discussion] = relationship(back_populates="invitations")
    agency: Mapped[Agency | None] = relationship()
    desk: Mapped[Desk | None] = relationship(foreign_keys=desk_id)
    stands_in_for: Mapped[Desk | None] = relationship(foreign_keys=stands_in_for_id)
    person: Mapped[Person | None] = relationship()
    user: Mapped[User | None] = relationship()
    replaced_by: Mapped["Invitation | None"] = relationship(remote_side=id)
    answers: Mapped[list["Answer"]] = relationship(back_populates="invitation", order_by="Answer.id")

    @property
    def needed(self) -> tuple[datetime, datetime]:
        """From when until when they are asked to be there: the whole discussion unless a part of it is said."""
        return self.needed_from or self.discussion.starts_at, self.needed_until or self.discussion.ends_at

    @property
    def part(self) -> tuple[timedelta, timedelta] | None:
        """The part they are needed for, from and until so long after the start; None for all of it."""
        begins, until = self.needed
        start = self.discussion.starts_at
        return None if (begins, until) == (start, self.discussion.ends_at) else (begins - start, until - start)

    def needed_at(self, starts_at: datetime, ends_at: datetime) -> tuple[datetime, datetime]:
        """When they would be needed if the discussion were then; it must be as long as it is now."""
        return (starts_at, ends_at) if self.part is None else (starts_at + self.part[0], starts_at + self.part[1])


class Answer(Base):
    """One answer as it was given. Never changed: the last one counts, all of them stay in the trail."""

    __tablename__ = "answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey("invitations.id"), index=True)
    response: Mapped[Response] = mapped_column(checked(Response, "response"))
    by_name: Mapped[str | None] = mapped_column(String(120))
    by_role: Mapped[str | None] = mapped_column(String(120))
    attendee_name: Mapped[str | None] = mapped_column(String(120))
    attendee_role: Mapped[str | None] = mapped_column(String(120))
    attendee_contact: Mapped[str | None] = mapped_column(String(254))
    reason_code: Mapped[str | None] = mapped_column(String(40))  # policy's absence reason; its words may travel
    reason: Mapped[str | None] = mapped_column(EncryptedText)  # narrative: stays on staff pages
    authorised_by: Mapped[str | None] = mapped_column(String(120))  # who says that no officer is available
    authorised_role: Mapped[str | None] = mapped_column(String(120))
    via: Mapped[Via] = mapped_column(checked(Via, "via"))
    recorded_by: Mapped[str] = mapped_column(String(120))
    remote: Mapped[str | None] = mapped_column(String(300))  # address and agent it came from
    unverified: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    invitation: Mapped[Invitation] = relationship(back_populates="answers")
