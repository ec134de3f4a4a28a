"""Holds the fixtures every test may ask for: the application on both databases, the cast, an act, a sign-in."""

import gc
from collections.abc import Callable, Iterator
from contextvars import Context
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import TestResponse
from xdist.scheduler.loadscope import LoadScopeScheduling

from config import read
from strategy.act import Act
from strategy.app import create_app
from strategy.clock import now
from strategy.db import Base, db, transaction
from strategy.limits import limiter
from strategy.models import User
from strategy.vocabulary import Via
from tests.booked import booked
from tests.cast import Cast
from tests.convened import convene
from tests.kept import empty, keep, put_back_cast
from tests.postgres import Postgres

DATABASES = ("sqlite", "postgresql")

# A busy machine is no failure: nothing here is judged by how long it took.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


# What takes long by itself, before the many that are quick: or one process would still be at it with the others done.
_FIRST = (
    "test_every_page.py",
    "test_torture.py",
    "test_reports.py",
    "test_mailbox.py",
    "demonstration",
    "journeys",
    "test_restricted.py",
    "test_migrations.py",
    "test_receive_mail.py",
    "test_holding.py",
    "test_discussions.py",
    "worker",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first what takes long."""
    items.sort(key=lambda item: next((place for place, name in enumerate(_FIRST) if name in item.path.parts), 99))


def pytest_collection_finish() -> None:
    """What is there now stays to the end: the collector of garbage need not go through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


class _FileByFile(LoadScopeScheduling):  # type: ignore[misc]  # xdist's own way to be told what stays together
    """A file's tests stay together, as its fixtures do; the demonstration's files share one prepared database."""

    def _split_scope(self, nodeid: str) -> str:
        return "demonstration" if "/demonstration/" in nodeid else nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Where several processes run the suite, deal it out by files, in the order above."""
    return _FileByFile(config, log)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of this test run's own."""
    # Not pytest's own folder: that is closed to others, and as root the server runs as somebody else.
    with TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = Postgres(Path(folder))
        yield server
        server.stop()


@pytest.fixture(scope="session")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stand-ins for the built assets, so that tests need no Node."""
    folder = tmp_path_factory.mktemp("static")
    for name in ("app.css", "app.js", "htmx.min.js", "favicon.svg", "govuk-frontend.min.js"):
        (folder / name).write_text("")
    return folder


def environment(database: str, directory: Path) -> dict[str, str]:
    """Settings of a test's application."""
    return {
        "STRATEGY_ENV": "test",
        "STRATEGY_DATA_DIR": str(directory),
        "DATABASE_URL": database,
        "STRATEGY_BASE_URL": "https://sd.example",
        "STRATEGY_SECRET_KEY": "test-secret-key",
        "STRATEGY_PASSWORD_SALT": "test-salt",
        "STRATEGY_LINK_SECRET": "test-link-secret",
        "STRATEGY_DATA_KEYS": "test-data-key",
    }


class _Compiled(BytecodeCache):
    """Templates compiled so far."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what there is."""
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._code[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


@pytest.fixture(scope="session")
def applications() -> Iterator[dict[str, Flask]]:
    """The application on each database asked for so far. Kept to the end: to make one takes longer than most tests."""
    made: dict[str, Flask] = {}
    yield made
    for app in made.values():
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(params=DATABASES)
def empty_app(
    request: pytest.FixtureRequest, applications: dict[str, Flask], tmp_path_factory: pytest.TempPathFactory
) -> Flask:
    """The application on one of the databases, its tables made; shared by all tests and emptied after each."""
    if request.param not in applications:
        directory = tmp_path_factory.mktemp(request.param)
        url = f"sqlite:///{directory / 'tests.db'}"
        if request.param == "postgresql":
            server: Postgres = request.getfixturevalue("postgres")
            url = server.database("tests")
        applications[request.param] = _made(url, directory)
    return applications[request.param]


def _made(url: str, directory: Path) -> Flask:
    app = create_app(read(environment(url, directory)))
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Browser
    app.jinja_env.bytecode_cache = _COMPILED  # one database's pages are the other's
    # The scheme is the product's; that it is slow is no test's affair.
    app.extensions["security"].pwd_context.update(argon2__time_cost=1, argon2__memory_cost=64, argon2__parallelism=1)
    with app.app_context(), transaction("tests", Via.COMMAND_LINE):
        Base.metadata.create_all(db.session.connection())
    with app.app_context():
        keep(app, {"convened": convene, "booked": booked})
        db.session.remove()
    return app


@pytest.fixture
def app(empty_app: Flask) -> Iterator[Flask]:
    """The application, in its context, with empty tables."""
    with empty_app.app_context():
        limiter.reset()  # nobody's tries count against the next
        yield empty_app
        db.session.remove()
        empty()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """An authority, its staff and its partners, and an outsider (see tests/cast.py)."""
    return put_back_cast()


class Browser(FlaskClient):
    """A browser whose every request stands alone, as in life.

    Inside the test's own application context Flask would lend it to each request, and with it who is signed in, the
    moment and the database session.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send the request in a context of its own."""
        return Context().run(super().open, *args, **kwargs)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def sign_in(app: Flask) -> Callable[[User], FlaskClient]:
    """Give a browser in which that person is signed in."""

    def signed_in(user: User) -> FlaskClient:
        browser = app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = user.fs_uniquifier
            session["_fresh"] = True
        return browser

    return signed_in


@pytest.fixture
def act() -> Callable[..., Act]:
    """Make an act: by whom, when (now if not said), by which route."""

    def make(by: str = "T. Example", at: datetime | None = None, via: Via = Via.STAFF) -> Act:
        return Act(by=by, at=at or now(), via=via)

    return make
