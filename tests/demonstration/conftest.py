"""Holds a database the demonstration has prepared, copied afresh for each test, and a worker to come round."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import flask_migrate
import pytest
import time_machine
from flask import Flask

from config import Settings, read
from notifications.capture_store import Captured, CaptureStore
from strategy import worker
from strategy.app import channels_for, create_app
from strategy.clock import now
from strategy.db import db
from tests.conftest import DATABASES
from tests.postgres import Postgres

FIRST_RUN = datetime(2027, 3, 3, 14, 0, tzinfo=UTC)  # a Wednesday
PREPARE = """
import sys, time_machine
from datetime import datetime
from config import read
from strategy import demonstration
from strategy.app import create_app
with time_machine.travel(datetime.fromisoformat(sys.argv[1]), tick=False):  # however slow the machine
    demonstration.prepare(create_app(read()))
"""


def settings(url: str, directory: Path) -> dict[str, str]:
    return {"STRATEGY_ENV": "demo", "STRATEGY_DATA_DIR": str(directory), "DATABASE_URL": url}


@pytest.fixture(scope="session", params=DATABASES)
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A database two first runs have prepared at the same time, and the data directory they shared."""
    directory = tmp_path_factory.mktemp(f"demonstration-{request.param}")
    url = f"sqlite:///{directory / 'first.db'}"
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        url = server.database("demonstration")
    command = [sys.executable, "-c", PREPARE, FIRST_RUN.isoformat()]
    both = [
        subprocess.Popen(command, env=os.environ | settings(url, directory), stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert [(one.communicate(timeout=180)[1], one.returncode) for one in both] == [("", 0), ("", 0)]
    return url, directory


_numbers = count()


@pytest.fixture
def demo(prepared: tuple[str, Path], request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on a copy of that database, in its context, a few seconds after its first run."""
    url, directory = prepared
    shutil.copy(directory / "demo-secrets.json", tmp_path)
    if url.startswith("sqlite"):
        shutil.copy(directory / "first.db", tmp_path)
        url = f"sqlite:///{tmp_path / 'first.db'}"
    else:
        server: Postgres = request.getfixturevalue("postgres")
        url = server.database(f"demonstration{next(_numbers)}", like="demonstration")
    yield from _opened(url, tmp_path)


@pytest.fixture(params=DATABASES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database with a schema and nobody in it."""
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        url = server.database("nobody")
    for app in _opened(url, tmp_path):
        flask_migrate.upgrade()
        yield app


def _opened(url: str, directory: Path) -> Iterator[Flask]:
    app = create_app(read(settings(url, directory)))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def tick(tmp_path: Path) -> Callable[[datetime], list[Captured]]:
    """Let the worker come round at that moment; what it sent, which is not what the past has left there."""
    known: Settings = read(settings("sqlite://", tmp_path))
    store = CaptureStore(tmp_path / "outbox", now, "sd.example")
    seen: set[str] = set()

    def ticked(at: datetime) -> list[Captured]:
        with time_machine.travel(at), channels_for(known) as channels:
            done = worker.tick(channels, at)
        assert (done["climbs_failed"], done["failed"], done["retried"]) == (0, 0, 0)
        fresh = [one for one in store.newest(500) if one.id not in seen and one.at >= at]
        seen.update(one.id for one in fresh)
        return fresh

    return ticked
