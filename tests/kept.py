"""Holds what stories begin with, kept in each test database: put back by copying rows, not written anew by every test.

What is put back are the rows the product's own commands wrote there, once. Where anything else was written since the
cast came, or is set otherwise, nothing is put back: the beginning is written again, upon what it then stands on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import make_transient_to_detached

from strategy.act import Act
from strategy.db import Base, db, transaction
from strategy.vocabulary import Via
from tests.cast import Cast, make_cast

_LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)  # the cast was there before any story
_CHANGING = ("INSERT", "UPDATE", "DELETE")
_TABLES = [table.name for table in Base.metadata.sorted_tables]
_NUMBERED = {table.name for table in Base.metadata.sorted_tables if "id" in table.primary_key}

Rows = dict[str, list[str]]


@dataclass
class Kept:
    """What one application's database keeps: the statements that put each beginning back, and who the cast are."""

    config: dict[str, Any]
    cast: dict[str, tuple[type[Any], int]] = field(default_factory=dict)
    beginnings: dict[str, list[str]] = field(default_factory=dict)
    written: bool = False  # anything, since the cast came

    def note(self, *statement: Any) -> None:
        """Look at a statement that is about to be executed."""
        self.written = self.written or str(statement[2]).startswith(_CHANGING)


def keep(app: Flask, beginnings: Mapping[str, Callable[[Cast], object]]) -> None:
    """Write the cast, and upon it each of these beginnings, once; keep what they wrote, and leave the tables empty."""
    kept = Kept(dict(app.config))
    with transaction("tests", Via.COMMAND_LINE) as act:
        cast = make_cast(Act(by=act.by, at=_LONG_AGO, via=act.via))
        kept.cast = {name: (type(one), one.id) for name, one in vars(cast).items()}
        standing = _keep(kept, "cast", {})
    for name, write in beginnings.items():
        with transaction("tests", Via.COMMAND_LINE):
            write(cast)
            db.session.flush()
            _keep(kept, name, standing)
        empty()
        with transaction("tests", Via.COMMAND_LINE):
            _execute(kept.beginnings["cast"])
    empty()
    app.extensions["kept"] = kept
    event.listen(db.engine, "before_cursor_execute", kept.note)


def put_back_cast() -> Cast:
    """The cast, in empty tables."""
    kept: Kept = current_app.extensions["kept"]
    with transaction("tests", Via.COMMAND_LINE):
        _execute(kept.beginnings["cast"])
    kept.written = False
    people: dict[str, Any] = {name: model(id=number) for name, (model, number) in kept.cast.items()}
    for one in people.values():
        make_transient_to_detached(one)
        db.session.add(one)
    return Cast(**people)


def put_back(name: str) -> bool:
    """Put a beginning back, in the caller's transaction; False where that would not be what it would have written."""
    kept: Kept | None = current_app.extensions.get("kept")
    if kept is None or kept.written or kept.config != current_app.config:
        return False
    if db.session.new or db.session.dirty or db.session.deleted:
        return False
    db.session.expire_all()
    _execute(kept.beginnings[name])
    kept.written = True
    return True


def empty() -> None:
    """Take every row away and begin every numbering anew."""
    with transaction("tests", Via.COMMAND_LINE):
        anew = [_NUMBER_ANEW] if _on_postgresql() else []
        # emptied by TRUNCATE, forty tables cost thirty milliseconds a test; row by row, two
        _execute([f'DELETE FROM "{name}"' for name in reversed(_TABLES)] + anew)


def _keep(kept: Kept, name: str, standing: Rows) -> Rows:
    """Copy the tables that hold something else than what is standing; the rows of all."""
    found: Rows = {}
    statements = kept.beginnings[name] = []
    connection = db.session.connection()
    for table in _TABLES:
        found[table] = sorted(str(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{table}"'))
        if found[table] == standing.get(table, []):
            continue
        connection.exec_driver_sql(f'CREATE TABLE "kept_{name}_{table}" AS SELECT * FROM "{table}"')
        if table in standing:
            statements.append(f'DELETE FROM "{table}"')
        statements.append(f'INSERT INTO "{table}" SELECT * FROM "kept_{name}_{table}"')
        if table in _NUMBERED and _on_postgresql():
            last = connection.exec_driver_sql(f'SELECT max(id) FROM "{table}"').scalar_one()
            statements.append(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})")
    return found


def _on_postgresql() -> bool:
    return db.session.connection().dialect.name == "postgresql"


def _execute(statements: list[str]) -> None:
    """Execute statements in the session's transaction, foreign keys looking elsewhere meanwhile."""
    connection = db.session.connection()
    if _on_postgresql():  # in one go
        role = "SET LOCAL session_replication_role"
        connection.exec_driver_sql(f"{role} = replica; {'; '.join(statements)}; {role} = origin")
        return
    cursor = connection.connection.cursor()  # the driver's own: sixty times through SQLAlchemy are slow
    for statement in ("PRAGMA defer_foreign_keys=ON", *statements, "PRAGMA defer_foreign_keys=OFF"):
        cursor.execute(statement)
    cursor.close()


_NUMBER_ANEW = (
    "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace"
)
