"""How somebody books is remembered by mode, and begins with what policy allows."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select

from strategy.db import db, transaction
from strategy.models import Discussion
from strategy.vocabulary import Via
from tests.cast import Cast
from tests.commands.stories import waiting_child
from tests.views.booking_pages import fill, fresh, send, when


def _holds_one_now(browser: FlaskClient, cast: Cast) -> None:
    parts = {"chair": str(cast.chair.id), "social_worker": str(cast.social_worker.id)}
    asked = {"who_police": f"desk:{cast.police_desk.id}", "who_health-0-19": f"desk:{cast.health_desk.id}"}
    concern = {"case_reference": "4490-D", "concerns": ["immediate-risk"]}
    assert browser.post("/hold-now", data=parts | asked | concern).status_code == 303


def _waiting(cast: Cast, *concerns: str) -> int:
    with transaction("Sam Worker", Via.STAFF) as act:
        return waiting_child(cast, act, *concerns, case="4471-B").id


def _value(page: str, name: str) -> str:
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert field is not None
    found = re.search(r'value="([^"]*)"', field[0])
    return found[1] if found else ""


def test_a_call_without_a_link_leaves_the_link_for_video_remembered(
    browser: FlaskClient, cast: Cast, contact_id: int
) -> None:
    fill(browser, cast, contact_id)
    send(browser, contact_id)
    _holds_one_now(browser, cast)
    fresh()
    page = browser.get(f"/contacts/{_waiting(cast)}/book/when").text
    assert _value(page, "join_url") == "https://video.example/room"
    assert re.search(r'value="phone"[^>]* checked', " ".join(page.split()))


def test_where_policy_asks_for_a_meeting_no_call_is_chosen_beforehand_and_why_is_said(
    browser: FlaskClient, cast: Cast
) -> None:
    _holds_one_now(browser, cast)
    fresh()
    page = " ".join(browser.get(f"/contacts/{_waiting(cast, 'hospital')}/book/when").text.split())
    assert re.search(r'value="video"[^>]* checked', page) and not re.search(r'value="phone"[^>]* checked', page)
    assert "Video, not phone as last time: policy asks for a meeting here." in page


def test_a_call_is_checked_and_booked_without_the_link_for_video(
    browser: FlaskClient, cast: Cast, contact_id: int
) -> None:
    fill(browser, cast, contact_id, when=when(mode="phone", dial_in="01632 960500"))
    page = browser.get(f"/contacts/{contact_id}/book/check").text
    assert "Phone, 01632 960500" in page and "video.example" not in page
    send(browser, contact_id)
    fresh()
    assert db.session.scalars(select(Discussion)).one().join_url is None
