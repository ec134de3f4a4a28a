"""Makes the demonstration ready whenever a command needs it: schema, partnership, a discussion running now.

Two first starts at once are safe: the second waits for the first and finds everything done.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
from flask import Flask, current_app
from sqlalchemy import text

from strategy.db import db, transaction
from strategy.demonstration import (
    boards,
    conflicts,
    diaries,
    history,
    identities,
    open_cases,
    papers,
    partnership,
    past,
    rotas,
    running,
    series,
)
from strategy.demonstration.past import BY
from strategy.demonstration.plots import plots
from strategy.vocabulary import Via

_SEED = 2026
_LOCK = 0x53445F64656D6F  # any number, as long as it is always the same one


def prepare(app: Flask) -> None:
    """Bring the database to the newest schema and fill it when it is empty; keep one discussion running now.

    Does nothing to a database that holds other authorities than ours. Needs no application context.
    """
    with app.app_context(), _alone():
        flask_migrate.upgrade()
        if not partnership.is_somebody_elses():
            _seed()
            _keep_running()
        db.session.remove()


def _seed() -> None:
    if partnership.exists():
        return
    with transaction(BY, Via.COMMAND_LINE) as act:
        partnership.found(act)
        world = partnership.load(act.at)
        rotas.keep(world, act)
        for plot in plots(world.calendar, act.at, _SEED):
            history.tell(plot, world, act.at)
        series.tell_all(world, act.at, _SEED)
        conflicts.name_one(world, act.at)
        open_cases.open_all(world, act.at, _SEED)
        identities.write(act)
        papers.attach(act)
        boards.give(world, act)


def _keep_running() -> None:
    with transaction(BY, Via.COMMAND_LINE) as act:
        world = partnership.load(act.at)
        running.end_old(world, act.at)
        running.keep_one(world, act.at)
        diaries.keep(world, act.at)
        past.settle(act.at)


@contextmanager
def _alone() -> Iterator[None]:
    """One at a time, on this machine (SQLite) or on all machines that share the database (PostgreSQL)."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            yield
        return
    with _lock_file().open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file is closed, or the process dies
        yield


def _lock_file() -> Path:
    """Beside the database, so that whoever shares it shares the lock."""
    database = db.engine.url.database
    if not database or database == ":memory:":
        directory = Path(current_app.config["CAPTURE_DIRECTORY"]).parent
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return directory / "demonstration.lock"
    path = Path(database)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path.with_name(f"{path.name}.lock")
