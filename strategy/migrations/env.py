"""Runs migrations on the application's own engine, in a writing transaction; SQLite by copying tables (batch)."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask_security.datastore import AsaList
from sqlalchemy import Connection

from strategy import models
from strategy.db import WRITING, Base, EncryptedText, UtcDateTime, db

_MODELS = models  # imported so that the metadata knows every table


def run() -> None:
    """Bring the database to the revision asked for."""
    if context.is_offline_mode():
        raise SystemExit("Migrations run against a database; an offline script is not supported.")
    handed = context.config.attributes.get("connection")
    if handed is not None:
        _migrate(handed)
        return
    with db.engine.connect().execution_options(**WRITING) as connection, _keys_at_rest(connection):
        _migrate(connection)


@contextmanager
def _keys_at_rest(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by copying and dropping it, which other tables' foreign keys would refuse.

    They can be put to rest outside a transaction only; what they would have found is looked for before the commit.
    """
    raw = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite" or raw is None:
        yield
        return
    raw.cursor().execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        # What is worth keeping is committed by now; inside a transaction, even one that only read, waking them is no
        # error and does nothing, and the connection would go back to the others with the keys asleep.
        connection.rollback()
        raw.cursor().execute("PRAGMA foreign_keys=ON")


def _plain(kind: str, item: object, _context: object) -> str | bool:
    """Column types as what they are in the database: a migration outlives our classes and sign-in's."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, EncryptedText | AsaList):
        return "sa.Text()"
    return False


def _migrate(connection) -> None:  # type: ignore[no-untyped-def]  # Alembic runs this file, it is no module of ours
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=_plain,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
            raise SystemExit("A migration would leave rows without what they belong to: nothing was changed.")


run()
