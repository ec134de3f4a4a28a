"""Booking what is booked already: sent twice, by two people, or asked again."""

import re
from collections.abc import Callable
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import func, select

from strategy.db import db
from strategy.models import Discussion, User
from tests.cast import Cast
from tests.views.booking_pages import fill, fresh, send

SignIn = Callable[[User], FlaskClient]


def test_sending_twice_books_once(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    fill(browser, cast, contact_id)
    form = {"submission": uuid4().hex}
    first, second = (browser.post(f"/contacts/{contact_id}/book/check", data=form) for _ in range(2))
    assert first.location == second.location
    fresh()
    assert db.session.scalar(select(func.count(Discussion.id))) == 1


def test_a_booked_contact_is_not_booked_again(browser: FlaskClient, cast: Cast, contact_id: int) -> None:
    fill(browser, cast, contact_id)
    send(browser, contact_id)
    for page in ("children", "who", "when", "check"):
        answer = browser.get(f"/contacts/{contact_id}/book/{page}")
        assert answer.status_code == 303
        assert answer.location.endswith(f"/contacts/{contact_id}")
    assert send(browser, contact_id).status_code in {200, 303}
    fresh()
    assert db.session.scalar(select(func.count(Discussion.id))) == 1


def test_whoever_was_booking_too_hears_who_was_first_and_that_theirs_did_not_go(
    browser: FlaskClient, cast: Cast, contact_id: int, sign_in: SignIn
) -> None:
    other = sign_in(cast.chair)
    fill(other, cast, contact_id)
    fill(browser, cast, contact_id)
    send(browser, contact_id)
    late = other.post(
        f"/contacts/{contact_id}/book/check", data={"submission": uuid4().hex}, follow_redirects=True
    ).text
    assert re.search(r"Sam Worker has booked \w{4} for it\. Nothing of yours was sent\.", late)
    again = browser.get(f"/contacts/{contact_id}/book/check", follow_redirects=True).text
    assert "Nothing of yours" not in again
