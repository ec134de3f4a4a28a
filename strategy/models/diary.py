"""Holds whose diary is read from where, and the busy times last read from it: times alone, never what they are."""

from datetime import UTC, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from strategy.db import Base, EncryptedText, UtcDateTime, checked
from strategy.models.authority import Authority
from strategy.models.directory import Desk, Person
from strategy.models.user import User
from strategy.vocabulary import DiaryKind

_ONE_OWNER = " + ".join(f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)" for name in ("desk_id", "person_id", "user_id"))


class Diary(Base):
    """One diary of one desk, one person or one of our own people.

    The address is a secret too: published calendars are guarded by nothing else. ``spans`` are [start, end] pairs in
    seconds since 1970, merged and in order, known up to ``known_until``. ``attempt`` is the claim: a reading counts
    only while it is still the newest. ``failures`` counts those in a row; ``problem`` is a sentence without address.
    """

    __tablename__ = "diaries"
    __table_args__ = (CheckConstraint(f"{_ONE_OWNER} = 1", name="one_owner"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    desk_id: Mapped[int | None] = mapped_column(ForeignKey("desks.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[DiaryKind] = mapped_column(checked(DiaryKind, "kind"))
    address: Mapped[str] = mapped_column(EncryptedText)
    username: Mapped[str | None] = mapped_column(EncryptedText)
    password: Mapped[str | None] = mapped_column(EncryptedText)
    linked_by: Mapped[str] = mapped_column(String(120))
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    spans: Mapped[list[tuple[int, int]]] = mapped_column(JSON, default=list)
    skipped: Mapped[int] = mapped_column(default=0)  # entries that made no sense
    known_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    etag: Mapped[str | None] = mapped_column(String(200))
    modified: Mapped[str | None] = mapped_column(String(200))
    fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tried_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    attempt: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str | None] = mapped_column(String(300))

    authority: Mapped[Authority] = relationship()
    desk: Mapped[Desk | None] = relationship()
    person: Mapped[Person | None] = relationship()
    user: Mapped[User | None] = relationship()

    @property
    def owner(self) -> str:
        """Whose it is, as lists show it: "Exampleshire Police: MASH desk"."""
        if self.desk is not None:
            return f"{self.desk.agency.name}: {self.desk.name}"
        if self.person is not None:
            return f"{self.person.agency.name}: {self.person.name}"
        return self.user.full_name if self.user is not None else ""

    @property
    def busy(self) -> list[tuple[datetime, datetime]]:
        """The busy times last read, aware UTC."""
        return [(datetime.fromtimestamp(begins, UTC), datetime.fromtimestamp(ends, UTC)) for begins, ends in self.spans]
