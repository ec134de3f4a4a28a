"""Asks how the installation itself fares: schema, queues, lateness. Counts only, nothing about anybody."""

from collections.abc import Iterator
from datetime import UTC, datetime

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import func, select

from strategy.db import db
from strategy.models import CallTask, Chase, Contact, Message
from strategy.queries import heartbeat, outbox
from strategy.vocabulary import CallState, MessageState, Waiting


def schema_is_current() -> bool:
    """Whether the database stands at the newest migration."""
    directory = current_app.extensions["migrate"].directory
    newest = ScriptDirectory(directory).get_current_head()
    return MigrationContext.configure(db.session.connection()).get_current_revision() == newest


def clock_of_database() -> datetime:
    """What time the database thinks it is, aware UTC."""
    said: datetime | None = db.session.scalar(select(func.now()))
    if said is None:
        raise LookupError("the database does not know the time")
    return said.astimezone(UTC) if said.tzinfo else said.replace(tzinfo=UTC)


def gauges(at: datetime) -> Iterator[tuple[str, str, float]]:
    """Name, words and value of each figure worth watching."""
    last = heartbeat.last_tick()
    yield "last_tick_age_seconds", "Seconds since a worker finished a tick (-1: never)", _age(last, at)
    due = select(func.count(Chase.id)).where(Chase.due_at <= at)
    yield "chases_due", "Chase steps due and not done", db.session.scalar(due) or 0
    queued = select(func.count(Message.id)).where(Message.state.in_((MessageState.QUEUED, MessageState.SENDING)))
    yield "messages_waiting", "Messages not yet sent", db.session.scalar(queued) or 0
    longest = outbox.longest_due(at) or at
    yield "oldest_message_due_seconds", "Seconds the message longest due has waited", _age(longest, at)
    yield "channels_quiet", "Channels whose provider is down", len(outbox.quiet())
    lost = select(func.count(Message.id)).where(Message.state.in_((MessageState.FAILED, MessageState.BOUNCED)))
    yield "messages_undelivered", "Messages that failed or bounced", db.session.scalar(lost) or 0
    calls = select(func.count(CallTask.id)).where(CallTask.state == CallState.OPEN)
    yield "calls_open", "Calls waiting for a person", db.session.scalar(calls) or 0
    late = select(func.count(Contact.id)).where(
        Contact.state.in_((Waiting.DECIDED, Waiting.BOOKED)), Contact.due_at < at
    )
    yield "contacts_past_target", "Contacts decided, not held, past target", db.session.scalar(late) or 0


def _age(last: datetime | None, at: datetime) -> float:
    return -1.0 if last is None else (at - last).total_seconds()
