"""Signing in and out, with the form's token checked as in production."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password

from strategy.db import transaction
from strategy.vocabulary import Via
from tests.cast import Cast

PASSWORD = "correct horse battery"


@pytest.fixture
def checked_client(app: Flask, cast: Cast) -> Iterator[FlaskClient]:
    """A browser whose forms need their token."""
    with transaction("tests", Via.COMMAND_LINE):
        cast.social_worker.password = hash_password(PASSWORD)
    app.config["WTF_CSRF_ENABLED"] = True
    yield app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def test_staff_sign_in_and_out(checked_client: FlaskClient, cast: Cast) -> None:
    page = checked_client.get("/sign-in").get_data(as_text=True)
    answer = checked_client.post(
        "/sign-in", data={"csrf_token": _token(page), "email": cast.social_worker.email, "password": PASSWORD}
    )
    assert answer.status_code == 302
    assert answer.location == "/"
    page = checked_client.get("/").get_data(as_text=True)
    assert "Sam Worker" in page
    assert checked_client.post("/sign-out", data={"csrf_token": _token(page)}).status_code == 302
    assert checked_client.get("/").status_code in (302, 401)


def test_a_wrong_password_says_the_same_as_an_unknown_address(checked_client: FlaskClient, cast: Cast) -> None:
    pages = []
    for email in (cast.social_worker.email, "nobody@exampleshire.example"):
        token = _token(checked_client.get("/sign-in").get_data(as_text=True))
        data = {"csrf_token": token, "email": email, "password": "wrong wrong wrong"}
        answer = checked_client.post("/sign-in", data=data)
        assert answer.status_code == 200
        page = answer.get_data(as_text=True)
        assert "There is a problem" in page
        pages.append(re.sub(r'value="[^"]*"', "", page))
    assert pages[0] == pages[1]


def test_a_form_without_its_token_is_refused(checked_client: FlaskClient, cast: Cast) -> None:
    answer = checked_client.post("/sign-in", data={"email": cast.social_worker.email, "password": PASSWORD})
    assert "Sam Worker" not in answer.get_data(as_text=True)
    assert checked_client.get("/").status_code in (302, 401)
