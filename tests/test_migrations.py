"""Migrations and models say the same schema, CHECKs too, up and down, on both databases."""

import re
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import inspect

from config import read
from strategy.app import create_app
from strategy.db import Base, db, transaction
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
