"""What stands around every page: when the database does not answer, when the bank holidays run out."""

from collections.abc import Callable, Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from strategy.db import db
from strategy.models import User
from tests.cast import Cast

SECRET = "host=10.0.0.7 user=strategy"


def _gone(_: Connection) -> None:
    raise OperationalError("SELECT", None, Exception(SECRET))


@pytest.fixture
def without_database(cast: Cast, sign_in: Callable[[User], FlaskClient]) -> Iterator[FlaskClient]:
    """A signed-in browser, and a database that went away since."""
    browser = sign_in(cast.social_worker)
    assert browser.get("/").status_code == 200
    event.listen(db.engine, "begin", _gone)
    yield browser
    event.remove(db.engine, "begin", _gone)


@pytest.mark.parametrize(
    "address", ["/", "/contacts/new", "/discussions/1", "/a/AAAAAAAAAAAAA", "/sign-in", "/nowhere"]
)
def test_staff_are_told_in_a_page_when_the_database_is_gone(
    app: Flask, without_database: FlaskClient, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = without_database.get(address)
    assert answer.status_code == 503
    assert "The database is busy. Nothing was saved" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert SECRET not in answer.text + caplog.text


def test_nothing_sent_then_is_taken_for_done(without_database: FlaskClient) -> None:
    assert without_database.post("/contacts/new", data={"case_reference": "4471-A"}).status_code == 503


def test_wild_21_the_bank_holidays_running_out_is_said_to_those_who_can_do_something(
    cast: Cast, sign_in: Callable[[User], FlaskClient]
) -> None:
    page = "Bank holidays are known only until"
    assert page not in sign_in(cast.admin).get("/policy").text
    with time_machine.travel("2028-07-10T10:00:00Z", tick=False):
        assert page in sign_in(cast.admin).get("/policy").text
        assert page in sign_in(cast.leader).get("/leaders").text
        assert page not in sign_in(cast.social_worker).get("/").text


def test_who_is_not_signed_in_is_not_sent_to_today(
    client: FlaskClient, cast: Cast, sign_in: Callable[[User], FlaskClient]
) -> None:
    stranger, staff = client.get("/nowhere"), sign_in(cast.social_worker).get("/nowhere")
    assert (stranger.status_code, staff.status_code) == (404, 404)
    assert "Today" not in stranger.text and "use the newest message you have" in stranger.text
    assert "start again from" in staff.text
