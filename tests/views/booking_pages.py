"""Holds the booking pages as a social worker fills them in, for the tests of each page."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient

from strategy.clock import in_london, now
from strategy.db import db
from strategy.models import Contact
from strategy.vocabulary import DiscussionKind
from tests.cast import Cast


def fresh() -> None:
    """Forget what this test's session has read: the pages wrote in their own."""
    db.session.rollback()
    db.session.expire_all()


def children(contact_id: int, **changes: Any) -> dict[str, Any]:
    child = db.session.get_one(Contact, contact_id).children[0]
    usual = {
        "children-0-id": str(child.id),
        "children-0-case_reference": "4471-A",
        "kind": DiscussionKind.INITIAL.value,
        "then": "on",
    }
    return usual | changes


def who(cast: Cast, **changes: Any) -> dict[str, Any]:
    usual = {
        "chair": str(cast.chair.id),
        "social_worker": str(cast.social_worker.id),
        "minute_taker": "0",
        "who_police": f"desk:{cast.police_desk.id}",
        "required_police": "y",
        "who_health-0-19": f"desk:{cast.health_desk.id}",
        "required_health-0-19": "y",
        "then": "on",
    }
    return usual | changes


def when(**changes: Any) -> dict[str, Any]:
    start = in_london(now() + timedelta(hours=30)).replace(minute=0)
    usual = {
        "slot": "other",
        "starts_at": f"{start:%Y-%m-%dT%H:%M}",
        "minutes": "45",
        "mode": "video",
        "join_url": "https://video.example/room",
        "then": "on",
    }
    return usual | changes


def fill(browser: FlaskClient, cast: Cast, contact_id: int, **pages: dict[str, Any]) -> str:
    """Answer the three pages; the address of the fourth."""
    answers = {"children": children(contact_id), "who": who(cast), "when": when()} | pages
    location = ""
    for page, typed in answers.items():
        location = browser.post(f"/contacts/{contact_id}/book/{page}", data=typed).location or page
    return location


def send(browser: FlaskClient, contact_id: int) -> Any:
    return browser.post(f"/contacts/{contact_id}/book/check", data={"submission": uuid4().hex})
