"""Migrations and models say the same schema, CHECKs too, up and down, on both databases."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import Connection, MetaData, Table, inspect, select, text
from sqlalchemy.exc import IntegrityError

from config import read
from strategy.app import create_app
from strategy.db import WRITING, Base, db, transaction
from strategy.vocabulary import Via
from tests.conftest import DATABASES, environment
from tests.postgres import Postgres


@pytest.fixture(params=DATABASES)
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Flask:
    """An application on a database in which there is nothing."""
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        url = server.database("migrated")
    else:
        url = f"sqlite:///{tmp_path / 'migrated.db'}"
    return create_app(read(environment(url, tmp_path)))


_EVENT = "VALUES (1, 1, 'told', 'Told', '{}', 'x', 'worker', '2026-11-20 12:00:00+00:00')"
_BEFORE = (
    "INSERT INTO authorities VALUES (1, 'ex', 'Exampleshire', 'Ex', 'england-and-wales', '+441632960123')",
    "INSERT INTO agencies (id, authority_id, name, sector, active) VALUES (1, 1, 'Police', 'police', true)",
    "INSERT INTO desks (id, agency_id, name, roles, hours, active) VALUES (1, 1, 'Desk', '[]', '{}', true)",
    "INSERT INTO people (id, agency_id, desk_id, name, job_title, rung, active) VALUES (1, 1, 1, 'Dee', 'DS', 1, true)",
    f"INSERT INTO events (id, authority_id, verb, text, facts, by, via, at) {_EVENT}",
)


def test_rows_survive_the_directory_growing_and_shrinking_again(fresh: Flask) -> None:
    with fresh.app_context():
        flask_migrate.upgrade(revision="0001")
        with transaction("tests", Via.COMMAND_LINE):
            for row in _BEFORE:
                db.session.execute(text(row))
        flask_migrate.upgrade(revision="0008")
        db.session.rollback()
        columns = "people.name, desks.name, rung_order, people.link_generation"
        grown = f"SELECT {columns} FROM people JOIN desks ON desk_id = desks.id"
        assert [tuple(row) for row in db.session.execute(text(grown))] == [("Dee", "Desk", 0, 1)]
        db.session.rollback()
        flask_migrate.downgrade(revision="0001")
        db.session.rollback()
        kept = [db.session.scalar(text(f"SELECT count(*) FROM {name}")) for name in ("desks", "people", "events")]
        assert kept == [1, 1, 1]
        db.session.remove()
        db.engine.dispose()


def _checks() -> dict[str, set[str]]:
    """Each table's CHECKs, as the words in them (databases write the same condition differently)."""
    inspector = inspect(db.engine)
    return {
        table: {
            " ".join([str(check["name"]), *sorted(re.findall(r"'([^']*)'", str(check["sqltext"])))])
            for check in inspector.get_check_constraints(table)
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def test_migrations_make_what_the_models_say_and_take_it_back(fresh: Flask) -> None:
    with fresh.app_context():
        flask_migrate.upgrade()
        flask_migrate.check()
        migrated = _checks()
        flask_migrate.downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        with transaction("tests", Via.COMMAND_LINE):
            Base.metadata.create_all(db.session.connection())
        assert _checks() == migrated
        db.engine.dispose()


def test_after_migrating_in_this_process_foreign_keys_are_minded_again(fresh: Flask) -> None:
    with fresh.app_context():
        flask_migrate.upgrade()
        with pytest.raises(IntegrityError), transaction("tests", Via.COMMAND_LINE):
            db.session.execute(text("INSERT INTO contact_links VALUES (1, 7, 8, 'x', '2026-11-20 12:00:00+00:00')"))
        db.session.remove()
        db.engine.dispose()


def test_what_was_recorded_before_series_had_rows_of_their_own_survives(fresh: Flask) -> None:
    with fresh.app_context():
        flask_migrate.upgrade(revision="0001")
        with transaction("tests", Via.COMMAND_LINE):
            connection = db.session.connection()
            held = {"state": "held", "kind": "initial", "mode": "phone", "quorum_met": False, "follow_up_at": _MOMENT}
            ids: dict[str, int] = {}
            for table, known in (
                ("authorities", {"nation": "england-and-wales"}),
                ("user", {}),
                ("policy_versions", {}),
                ("contacts", {"state": "held"}),
                ("discussions", held),
                ("events", {"verb": "signed", "via": "staff"}),
            ):
                ids[table] = _put(connection, table, {**known, **_references(connection, table, ids)})
        flask_migrate.upgrade(revision="0009")
        assert _rows("SELECT quorum_outcome, has_target FROM discussions") == [("not-met", True)]
        assert _rows("SELECT state, after_id FROM follow_ups") == [("due", ids["discussions"])]
        assert _rows("SELECT restricted FROM contacts") == [(False,)]
        flask_migrate.downgrade(revision="0001")
        assert _rows("SELECT verb FROM events") == [("signed",)]
        db.session.remove()
        flask_migrate.downgrade(revision="base")
        db.engine.dispose()


_MOMENT = datetime(2126, 11, 27, 15, 30, tzinfo=UTC)  # still to come, whenever this runs
_ANY: dict[type, object] = {int: 1, str: "x", bool: False, datetime: _MOMENT}  # and for JSON a list


def _references(connection: Connection, table: str, ids: dict[str, int]) -> dict[str, int]:
    """The columns of a table that lead to rows there are."""
    keys = inspect(connection).get_foreign_keys(table)
    return {key["constrained_columns"][0]: ids[key["referred_table"]] for key in keys if key["referred_table"] in ids}


def _put(connection: Connection, name: str, known: Mapping[str, object]) -> int:
    """A row in which every column that must hold something does."""
    table = Table(name, MetaData(), autoload_with=connection)
    needed = (one for one in table.columns if not one.nullable and not one.primary_key and one.name not in known)
    row = {one.name: _later(one.name) or _ANY.get(one.type.python_type, []) for one in needed}
    connection.execute(table.insert().values({**row, **known}))
    found: int = connection.execute(select(table.c.id)).scalar_one()
    return found


def _later(column: str) -> datetime | None:
    return _MOMENT + timedelta(hours=1) if column == "ends_at" else None


def _rows(statement: str) -> list[tuple[object, ...]]:
    found = [tuple(row) for row in db.session.execute(text(statement))]
    db.session.remove()  # a reader left open would keep the next migration waiting
    return found


AT = datetime(2026, 11, 26, 10, tzinfo=UTC)
ROWS: dict[str, dict[str, Any]] = {
    "authorities": {
        "id": 1,
        "code": "x",
        "name": "X",
        "short_name": "X",
        "nation": "scotland",
        "phone": "+441632960123",
    },
    "messages": {
        "id": 1,
        "authority_id": 1,
        "channel": "email",
        "address": "a@example.org",
        "to_name": "A",
        "name": "invite",
        "reason": "invite",
        "reason_facts": "{}",
        "text": "words",
        "urgent": False,
        "dedupe_key": "k",
        "state": "sent",
        "attempt": 1,
        "not_before": AT,
        "created_at": AT,
    },
    "message_attempts": {"id": 1, "message_id": 1, "number": 1, "at": AT, "outcome": "Sent"},
    "events": {
        "id": 1,
        "authority_id": 1,
        "verb": "clock-started",
        "text": "Started",
        "facts": "{}",
        "by": "A",
        "via": "staff",
        "at": AT,
    },
}


def _kept() -> dict[str, int]:
    with db.engine.connect() as connection:
        return {table: connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in ROWS}


def test_rows_of_the_first_schema_outlive_every_later_one_there_and_back(fresh: Flask) -> None:
    with fresh.app_context():
        flask_migrate.upgrade(revision="0001")
        with db.engine.connect().execution_options(**WRITING) as connection, connection.begin():
            for name, row in ROWS.items():
                there = Table(name, MetaData(), autoload_with=connection, resolve_fks=False)
                connection.execute(there.insert().values(row))
        flask_migrate.upgrade()
        assert set(_kept().values()) == {1}
        flask_migrate.downgrade(revision="0001")
        assert set(_kept().values()) == {1}
        db.engine.dispose()
