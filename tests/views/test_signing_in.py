"""Signing in and out, with the form's token checked as in production."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from werkzeug.test import TestResponse

from strategy.clock import now
from strategy.db import transaction
from strategy.limits import limiter
from strategy.vocabulary import Via
from tests.cast import Cast

PASSWORD = "correct horse battery"


@pytest.fixture
def checked_client(app: Flask, cast: Cast) -> Iterator[FlaskClient]:
    """A browser whose forms need their token."""
    with transaction("tests", Via.COMMAND_LINE):
        cast.social_worker.password = hash_password(PASSWORD)
    app.config["WTF_CSRF_ENABLED"] = True
    limiter.reset()
    yield app.test_client()
    limiter.reset()
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


def _try(client: FlaskClient, email: str, password: str, **more: str) -> TestResponse:
    token = _token(client.get("/sign-in").get_data(as_text=True))
    return client.post("/sign-in", data={"csrf_token": token, "email": email, "password": password, **more})


def test_guessing_one_account_is_stopped_and_locks_nobody_else_out(checked_client: FlaskClient, cast: Cast) -> None:
    email = cast.social_worker.email
    with time_machine.travel(now(), tick=False):  # ten hashes may take longer than the minute they are counted in
        codes = [_try(checked_client, email, f"wrong guess number {number}").status_code for number in range(11)]
        assert codes == [200] * 10 + [429]
        assert _try(checked_client, email.upper(), PASSWORD).status_code == 429
        assert _try(checked_client, cast.chair.email, "another person's typo").status_code == 200


def test_an_office_behind_one_address_signs_in_as_often_as_it_likes(
    app: Flask, checked_client: FlaskClient, cast: Cast
) -> None:
    email = cast.social_worker.email
    assert {_try(app.test_client(), email, PASSWORD).status_code for _ in range(12)} == {302}


def test_empty_tries_from_a_shared_address_keep_nobody_out(app: Flask, checked_client: FlaskClient, cast: Cast) -> None:
    with time_machine.travel(now(), tick=False):
        token = _token(checked_client.get("/sign-in").get_data(as_text=True))
        for number in range(62):
            data = {"csrf_token": token, "email": f"nobody{number}", "password": ""}
            assert checked_client.post("/sign-in", data=data).status_code == 200
        assert _try(app.test_client(), cast.social_worker.email, PASSWORD).status_code == 302


def test_a_session_that_was_signed_out_of_opens_nothing_wherever_its_cookie_lies(
    app: Flask, checked_client: FlaskClient, cast: Cast
) -> None:
    elsewhere = app.test_client()
    for browser in (checked_client, elsewhere):
        assert _try(browser, cast.social_worker.email, PASSWORD).status_code == 302
    cookie = checked_client.get_cookie("session")
    assert cookie is not None
    kept = app.test_client()
    kept.set_cookie("session", cookie.value)
    page = checked_client.get("/").get_data(as_text=True)
    assert kept.get("/").status_code == 200
    assert checked_client.post("/sign-out", data={"csrf_token": _token(page)}).status_code == 302
    assert kept.get("/").status_code == 302
    assert elsewhere.get("/").status_code == 200  # other devices stay signed in


def test_nobody_is_remembered_beyond_the_session(checked_client: FlaskClient, cast: Cast) -> None:
    answer = _try(checked_client, cast.social_worker.email, PASSWORD, remember="y")
    assert answer.status_code == 302
    assert not [cookie for cookie in answer.headers.getlist("Set-Cookie") if "remember" in cookie]


def test_a_token_is_no_way_in(app: Flask, checked_client: FlaskClient, cast: Cast) -> None:
    token = str(cast.social_worker.get_auth_token())
    assert app.test_client().get("/", headers={"Authentication-Token": token}).status_code == 302
    assert app.test_client().get(f"/?auth_token={token}").status_code == 302


def test_the_sign_in_page_is_kept_by_nobody(checked_client: FlaskClient) -> None:
    assert checked_client.get("/sign-in").headers["Cache-Control"] == "no-store"
    assert checked_client.get("/verify").status_code == 404
