"""The pages that bring in a sheet of the directory, from the example to the undoing."""

import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from strategy.db import db, transaction
from strategy.models import Desk, DirectoryImport, User
from strategy.vocabulary import Via
from tests.browser import plain
from tests.cast import Cast

SignIn = Callable[[User], FlaskClient]
ADDRESS = "/directory/import"
CHANGE = b"agency,kind,name,lines,shoe size\nExampleshire Police,desk,MASH desk,4,9\nNew,desk,Front,1,\n"

pytestmark = pytest.mark.usefixtures("browsers")


@pytest.fixture
def browser(cast: Cast, sign_in: SignIn) -> FlaskClient:
    return sign_in(cast.admin)


def send(browser: FlaskClient, data: bytes, name: str = "sheet.csv") -> Any:
    file = {"submission": uuid4().hex, "file": (io.BytesIO(data), name)}
    return browser.post(ADDRESS, data=file, content_type="multipart/form-data", follow_redirects=True)


def press(browser: FlaskClient, address: str, **more: str) -> Any:
    return browser.post(address, data={"submission": uuid4().hex, **more}, follow_redirects=True)


def seen(page: str) -> str:
    return page.split('name="seen"')[1].split('value="')[1].split('"')[0]


def only() -> DirectoryImport:
    db.session.rollback()
    return db.session.scalars(select(DirectoryImport)).one()


def desks() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Desk.id))) or 0


def test_the_example_is_brought_in_as_it_is_and_undone(browser: FlaskClient) -> None:
    assert "Bring in a sheet" in plain(browser.get("/directory"))
    before, example = desks(), browser.get(f"{ADDRESS}/example.csv")
    page = send(browser, example.data)
    assert "4 to add (with 1 new agency), 0 to change, 0 as before, 0 refused" in plain(page)
    address = f"{ADDRESS}/{only().id}"
    assert desks() == before
    done = press(browser, address, seen=seen(page.text))
    assert "4 entries added, 0 changed" in plain(done) and desks() == before + 2
    assert "taken back" in plain(press(browser, f"{address}/undo")) and desks() == before


def test_the_look_says_what_changes_what_is_refused_where_and_what_is_not_read(browser: FlaskClient) -> None:
    page = plain(send(browser, CHANGE))
    assert "lines: 1 → 4" in page
    assert "is empty, and the agency is not in the directory" in page and "Row 3" in page
    assert "Columns not read and not kept: shoe size" in page


def test_a_directory_that_changed_meanwhile_is_shown_anew(browser: FlaskClient, cast: Cast) -> None:
    page = send(browser, CHANGE)
    with transaction("Somebody", Via.STAFF):
        db.session.get_one(Desk, cast.police_desk.id).lines = 3
    again = plain(press(browser, f"{ADDRESS}/{only().id}", seen=seen(page.text)))
    assert "Something changed since you looked at this sheet" in again and "lines: 3 → 4" in again


def test_what_could_not_be_taken_back_is_listed_with_why(browser: FlaskClient, cast: Cast) -> None:
    page = send(browser, CHANGE)
    address = f"{ADDRESS}/{only().id}"
    press(browser, address, seen=seen(page.text))
    with transaction("Somebody", Via.STAFF):
        db.session.get_one(Desk, cast.police_desk.id).lines = 3
    undone = plain(press(browser, f"{address}/undo"))
    assert "Exampleshire Police: MASH desk" in undone and "lines changed since" in undone


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "The file is empty"), (b"agency,name\na,b", "must name the column “kind”")],
)
def test_what_is_no_sheet_is_said_at_the_file(browser: FlaskClient, data: bytes, words: str) -> None:
    assert words in plain(send(browser, data))
    db.session.rollback()
    assert db.session.scalar(select(func.count(DirectoryImport.id))) == 0


def test_a_sheet_not_wanted_is_forgotten(browser: FlaskClient) -> None:
    send(browser, CHANGE)
    address = f"{ADDRESS}/{only().id}"
    assert "No sheet has been brought in yet." in plain(press(browser, f"{address}/drop"))
    assert browser.get(address).status_code == 404


def test_only_administrators_bring_sheets_in(browser: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    send(browser, CHANGE)
    address = f"{ADDRESS}/{only().id}"
    assert sign_in(cast.chair).get(ADDRESS).status_code == 403
    assert sign_in(cast.outsider).get(address).status_code == 403
