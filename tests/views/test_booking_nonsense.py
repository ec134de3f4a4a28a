"""Booking with what no page of ours could have sent: refused or left out, and no page breaks, then or later."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from strategy.models import User
from tests.cast import Cast
from tests.views.booking_pages import children, when, who


@pytest.fixture
def browser(cast: Cast, sign_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return sign_in(cast.social_worker)


@pytest.mark.parametrize(
    "nonsense",
    [
        {"children-²-name": "x"},
        {f"children-{'9' * 5000}-name": "x"},
        {"children-0-id": "²"},
        {"children-0-id": "9" * 30},
        {"kind": "nonsense"},
        {"children-0-born": "0001-01-01"},
    ],
    ids=["no digit", "a long number", "no row", "no such row", "no kind", "long ago"],
)
@pytest.mark.parametrize("then", ["on", "add", "back"])
def test_children_nobody_can_have_typed_break_no_page_then_or_later(
    browser: FlaskClient, contact_id: int, nonsense: dict[str, str], then: str
) -> None:
    assert browser.post(f"/contacts/{contact_id}/book/children", data=children(contact_id, **nonsense, then=then))
    for page in ("children", "who", "when"):
        assert browser.get(f"/contacts/{contact_id}/book/{page}").status_code == 200


@pytest.mark.parametrize(
    "nonsense",
    [
        {"slot": "0001-01-01T00:00:00+14:00"},
        {"slot": "9999-12-31T23:59:00-14:00"},
        {"starts_at": "9999-12-31T23:59"},
        {"starts_at": "0001-01-01T00:00"},
        {"minutes": "99999999999"},
    ],
    ids=["before all years", "after all years", "the last minute", "the first", "two thousand centuries"],
)
@pytest.mark.parametrize("then", ["on", "back"])
def test_times_off_the_ends_of_the_calendar_are_refused_where_typed(
    browser: FlaskClient, cast: Cast, contact_id: int, nonsense: dict[str, str], then: str
) -> None:
    browser.post(f"/contacts/{contact_id}/book/children", data=children(contact_id))
    browser.post(f"/contacts/{contact_id}/book/who", data=who(cast))
    answer = browser.post(f"/contacts/{contact_id}/book/when", data=when(**nonsense, then=then))
    assert answer.status_code == (200 if then == "on" else 303)
    assert browser.get(f"/contacts/{contact_id}/book/when").status_code == 200
