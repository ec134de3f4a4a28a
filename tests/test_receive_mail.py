"""A mail server's pipe: what it is on one line of JSON, exit 0 once it is stored, 75 when it is not."""

import json
import shutil
from pathlib import Path

import flask_migrate
import pytest
from click.testing import CliRunner, Result
from flask import Flask

from config import read
from strategy.app import create_app
from strategy.cli import cli
from strategy.db import db, transaction
from strategy.models import Inbound
from strategy.vocabulary import Via
from tests.cast import make_cast
from tests.conftest import environment
from tests.inbound_mail import written

NAMES = ["kind", "attendee", "partstat", "uid", "sequence", "recurrence_id", "proposed_start", "proposed_end"]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with an authority in it. Made once: migrating takes seconds."""
    folder = tmp_path_factory.mktemp("migrated")
    with create_app(read(environment(f"sqlite:///{folder / 'mail.db'}", folder))).app_context():
        flask_migrate.upgrade()
        with transaction("tests", Via.COMMAND_LINE) as act:
            make_cast(act)
        db.session.remove()
        db.engine.dispose()
    return folder / "mail.db"


@pytest.fixture
def begun(migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An installation with an authority, named by the environment as a mail server's pipe would have it."""
    shutil.copy(migrated, tmp_path)
    settings = environment(f"sqlite:///{tmp_path / 'mail.db'}", tmp_path)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return create_app(read(settings))


def _piped(raw: bytes, *options: str) -> Result:
    return CliRunner().invoke(cli, ["receive-mail", "--json", *options], input=raw)


def _kept(app: Flask) -> list[Inbound]:
    with app.app_context():
        return db.session.query(Inbound).all()


@pytest.mark.parametrize("raw", [b"", b"\x00\xff", written("Jo <jo@police.example>", "We cannot come.")])
def test_a_dry_run_says_what_it_is_without_settings_or_database(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "nonsense://")
    result = _piped(raw, "--dry-run")
    assert (result.exit_code, result.stdout.count("\n")) == (0, 1)
    found = json.loads(result.stdout)
    assert list(found) == [*NAMES, "bounced", "matched", "effect"]
    assert (found["kind"], found["matched"], found["effect"]) == (
        "message" if len(raw) > 2 else "unreadable",
        False,
        None,
    )


def test_whatever_it_is_it_is_stored_once(begun: Flask) -> None:
    raw = written("Jo <jo@police.example>", "We cannot come.")
    for _ in range(2):
        result = _piped(raw)
        assert (result.exit_code, json.loads(result.stdout)["effect"]) == (0, "Somebody wrote: please read it.")
    assert _piped(b"\x00\xff").exit_code == 0
    assert [one.kind.value for one in _kept(begun)] == ["message", "unreadable"]


def test_the_line_carries_nobodys_words(begun: Flask) -> None:
    result = _piped(written("Jo <jo@police.example>", "Robin Zebedee is known to us.", subject="About Robin"))
    assert "Robin" not in result.output and "jo@police" not in result.output


@pytest.mark.parametrize(
    ("name", "value"), [("DATABASE_URL", "sqlite:////nowhere/at/all.db"), ("STRATEGY_ENV", "nonsense"), ("PORT", "x")]
)
def test_what_cannot_be_stored_is_to_be_tried_again(
    begun: Flask, name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    result = _piped(written("Jo <jo@police.example>", "Robin cannot come."))
    assert (result.exit_code, result.stdout) == (75, "")
    assert result.stderr.startswith("Not stored: ") and "Robin" not in result.stderr


def test_a_database_nobody_has_begun_in_stores_nothing(begun: Flask, tmp_path: Path) -> None:
    with begun.app_context():
        flask_migrate.downgrade(revision="base")
        flask_migrate.upgrade()
        db.engine.dispose()
    assert _piped(written("Jo <jo@police.example>", "We cannot come.")).exit_code == 75
