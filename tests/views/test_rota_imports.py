"""A calendar file sent in a browser: first only shown, then used, then taken back."""

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from strategy.db import db
from strategy.models import RotaImport, User
from tests.browser import markup, plain
from tests.calendar_file import calendar, event
from tests.cast import Cast
from tests.rotas import NOON

SignIn = Callable[[User], FlaskClient]

pytestmark = pytest.mark.usefixtures("browsers")

FILE = calendar(
    event("1", "Dee Sergeant", "20261125T090000", "20261125T170000"),
    event("2", "Team meeting", "20261126T090000", "20261126T170000"),
)


@pytest.fixture
def admin(cast: Cast, sign_in: SignIn) -> Iterator[FlaskClient]:
    with time_machine.travel(NOON, tick=False):
        yield sign_in(cast.admin)


def send(admin: FlaskClient, cast: Cast, content: bytes = FILE, name: str = "rota.ics") -> TestResponse:
    data = {"file": (BytesIO(content), name), "scope": "some"}
    return admin.post(f"/rotas/desks/{cast.police_desk.id}/imports/new", data=data)


def read_in(admin: FlaskClient, cast: Cast) -> str:
    location = send(admin, cast).location
    assert location is not None
    return location


def test_a_file_is_shown_confirmed_used_and_taken_back(admin: FlaskClient, cast: Cast) -> None:
    location = read_in(admin, cast)
    page = plain(admin.get(location))
    assert "Turns: 1 new, 0 changed, 0 as before, 0 taken away. Events not understood: 1." in page
    assert "Team meeting" in page
    assert "Nobody at this agency has that name or address" in page
    rota = f"/rotas/desks/{cast.police_desk.id}"
    assert "9am to 5pm: Dee Sergeant" not in plain(admin.get(rota))
    assert admin.post(f"{location}/confirm").location == rota
    assert "The file is confirmed" in admin.get(rota).text
    assert "9am to 5pm: Dee Sergeant" in plain(admin.get(rota))
    used = plain(admin.get(location))
    assert "In use" in used
    assert "Team meeting" not in used
    assert admin.post(f"{location}/undo").location == rota
    assert "9am to 5pm: Dee Sergeant" not in plain(admin.get(rota))
    assert "Taken back" in plain(admin.get(rota))
    again = plain(admin.post(f"{location}/undo"))
    assert "there is nothing to take back" in again


def test_a_file_looked_at_may_be_forgotten_and_forgotten_twice(admin: FlaskClient, cast: Cast) -> None:
    location = read_in(admin, cast)
    for _ in range(2):
        gone = admin.post(f"{location}/discard", data={"submission": "abc-1"})
        assert gone.location == f"/rotas/desks/{cast.police_desk.id}"
    assert db.session.scalars(select(RotaImport)).all() == []
    assert admin.get(location).status_code == 404


def test_a_file_nobody_is_known_in_has_nothing_to_confirm(admin: FlaskClient, cast: Cast) -> None:
    file = calendar(event("2", "Team meeting", "20261126T090000", "20261126T170000"))
    page = plain(admin.get(send(admin, cast, file).location or ""))
    assert "Nothing in this file can be added." in page
    assert "Confirm" not in page


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "", "Choose a calendar file"),
        (b"hello", "rota.ics", "The file is no calendar"),
        (b"\x50\x4b\x03\x04\xff", "rota.xlsx", "it is not plain text"),
    ],
)
def test_a_bad_file_is_an_error_at_the_field(
    admin: FlaskClient, cast: Cast, content: bytes, name: str, words: str
) -> None:
    answer = send(admin, cast, content, name)
    assert answer.status_code == 200
    assert words in plain(answer)
    assert 'href="#file"' in markup(answer)
    assert db.session.scalars(select(RotaImport)).all() == []


def test_markup_in_a_file_is_shown_as_words(admin: FlaskClient, cast: Cast) -> None:
    file = calendar(event("1", "<script>alert(1)</script>", "20261126T090000", "20261126T170000"))
    page = markup(admin.get(send(admin, cast, file, "<b>.ics").location or ""))
    assert "<script>alert" not in page
    assert "<b>.ics" not in page


def test_another_authority_and_other_staff_see_no_file(admin: FlaskClient, cast: Cast, sign_in: SignIn) -> None:
    location = read_in(admin, cast)
    assert sign_in(cast.social_worker).get(location).status_code == 403
    with_role = sign_in(cast.outsider)
    assert with_role.post(f"{location}/confirm").status_code == 403
