"""Holds how every command begins: settings → application, with the demonstration where asked. It does no command."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import make_url

from config import Environment, Settings, read
from strategy import demonstration
from strategy.app import create_app


def started() -> tuple[Settings, Flask]:
    """Settings and application; in the demonstration, its partnership too. Raises ConfigurationError."""
    settings = read()
    make_directory(settings)
    app = create_app(settings)
    if settings.environment is Environment.DEMO:
        demonstration.prepare(app)
    return settings, app


@contextmanager
def application_ready() -> Iterator[Settings]:
    """The application's database at hand, for one command of the command line."""
    settings, app = started()
    with app.app_context():
        yield settings


def make_directory(settings: Settings) -> None:
    """The directory the data lies in, and SQLite's file, for this account alone; what is there already is left so."""
    settings.data_directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    url = make_url(settings.database_url)
    path = Path(url.database or ":memory:")
    if url.get_backend_name() == "sqlite" and path.parent.is_dir() and path.name != ":memory:":
        path.touch(mode=0o600)  # what SQLite lays beside it has the same mode
