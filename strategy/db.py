"""Holds what every model and every write stands on: Base, column types, and the one write transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from sqlite3 import Connection as SQLiteConnection
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, Engine, Enum, LargeBinary, MetaData, Text, event
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from strategy.act import Act
from strategy.clock import now
from strategy.keys import keys
from strategy.vocabulary import Via, Word

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The class every model subclasses; constraints get names, so that migrations can speak of them."""

    metadata = MetaData(naming_convention=_NAMES)


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out. Raises ValueError for a naive moment, on the way in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse what names no moment; store the rest as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime was about to be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite forgets the zone it was given; PostgreSQL answers in the session's."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EncryptedText(TypeDecorator[str]):
    """Text that lies encrypted in the database: identity and narrative."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt on the way in."""
        return None if value is None else keys().cipher.encrypt(value.encode()).decode("ascii")

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt on the way out; raises cryptography's InvalidToken when no configured key fits."""
        return None if value is None else keys().cipher.decrypt(value.encode("ascii")).decode()


class EncryptedBytes(TypeDecorator[bytes]):
    """Bytes that lie encrypted in the database: a paper's content. A third larger there than they are."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Encrypt on the way in."""
        return None if value is None else keys().cipher.encrypt(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Decrypt on the way out; raises cryptography's InvalidToken when no configured key fits."""
        return None if value is None else keys().cipher.decrypt(bytes(value))


def checked(words: type[Word], name: str) -> Enum:
    """A column type for an enum: stored by value, fixed length, with a named CHECK (the database refuses the rest)."""
    return Enum(
        words,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda enum: [member.value for member in enum],
    )


WRITING = {"strategy_write": True}


def begin_writing() -> None:
    """Leave whatever was being read and begin a writing transaction. Only ``transaction`` and sign-in need it."""
    db.session.rollback()
    db.session.connection(execution_options=WRITING)


@contextmanager
def transaction(by: str, via: Via, *, user_id: int | None = None, remote: str | None = None) -> Iterator[Act]:
    """The one write transaction of a request or tick: all of the command's changes, or none.

    It begins as a *writing* transaction before anything is read: on SQLite a read that turns into a write fails at
    once with "database is locked", whatever the busy timeout says. Rows read earlier in the request are stale and
    are read again.
    """
    session = db.session
    begin_writing()
    try:
        yield Act(by=by, at=now(), via=via, user_id=user_id, remote=remote)
        session.commit()
    except BaseException:
        session.rollback()
        raise


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: object) -> None:
    if not isinstance(connection, SQLiteConnection):
        return
    connection.isolation_level = None  # we say BEGIN ourselves, below
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    """Begin to read, or, inside ``transaction()``, to write; the database itself refuses a write anywhere else."""
    writing = connection.get_execution_options().get("strategy_write", False)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writing else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
    elif not writing:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
