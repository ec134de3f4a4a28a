"""Holds what is only ever added to: events (the timeline), the access log, submissions seen, the worker's ticks."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from strategy.db import Base, EncryptedText, UtcDateTime, checked
from strategy.vocabulary import EventVerb, Via


class Event(Base):
    """Something that happened, as one sentence without a child's data."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"), index=True)
    discussion_id: Mapped[int | None] = mapped_column(ForeignKey("discussions.id"), index=True)
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitations.id"), index=True)
    partner_request_id: Mapped[int | None] = mapped_column(ForeignKey("partner_requests.id"), index=True)
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"), index=True)  # of the directory's own
    verb: Mapped[EventVerb] = mapped_column(checked(EventVerb, "verb"))
    text: Mapped[str] = mapped_column(String(400))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    by: Mapped[str] = mapped_column(String(120))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    via: Mapped[Via] = mapped_column(checked(Via, "via"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class AccessEntry(Base):
    """Who looked at what, when. The one thing a GET may write, in its own transaction."""

    __tablename__ = "access_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    who: Mapped[str] = mapped_column(String(120))
    what: Mapped[str] = mapped_column(String(40))  # the model's table
    row_id: Mapped[int]
    page: Mapped[str] = mapped_column(String(80))  # the route's name, never its address
    remote: Mapped[str | None] = mapped_column(String(300))


class Submission(Base):
    """A form already sent once: sending it again leads to the same place and does nothing twice.

    ``content`` is a keyed digest of what it said, to tell sending again from sending something else.
    """

    __tablename__ = "submissions"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    location: Mapped[str] = mapped_column(String(200))
    content: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Draft(Base):
    """A booking being made: its pages' answers so far, so that going back never loses anything."""

    __tablename__ = "drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authorities.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    answers: Mapped[str] = mapped_column(EncryptedText)  # JSON
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Heartbeat(Base):
    """When a worker last came round, and what it did. Its age is on every staff page."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    summary: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
