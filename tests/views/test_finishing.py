"""Ending a discussion through its pages, or saying that it was never held."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from strategy.act import Act
from strategy.commands import answers, holding
from strategy.commands.answers import Reply
from strategy.db import begin_writing, db
from strategy.models import Discussion, User
from strategy.vocabulary import Attendance, DiscussionState, Response, Via
from tests.booked import STARTS, asked, at, booked
from tests.cast import Cast
from tests.views.table import fresh, get, local, post, tap

SignIn = Callable[[User], FlaskClient]
NOW = STARTS + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def _at_the_table() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def discussion(cast: Cast) -> Discussion:
    """Booked; the police have said that nobody can come."""
    begin_writing()
    found = booked(cast)
    said = Reply(Response.CANNOT_ATTEND, "Jo Sample", "DC", reason_code="no-capacity")
    answers.answer(asked(found, "police"), said, Act(by="Jo Sample", at=STARTS - timedelta(hours=1), via=Via.LINK))
    db.session.commit()
    return found


@pytest.fixture
def chair(discussion: Discussion, cast: Cast, sign_in: SignIn) -> FlaskClient:
    """The chair's browser."""
    return sign_in(cast.chair)


def _started(discussion: Discussion, cast: Cast) -> None:
    begin_writing()
    holding.start(discussion, at(STARTS, cast))
    db.session.commit()


def test_the_page_says_as_what_each_unmarked_role_is_recorded(
    discussion: Discussion, chair: FlaskClient, cast: Cast
) -> None:
    _started(discussion, cast)
    page = get(chair, f"/discussions/{discussion.id}/hold/finish")
    assert "Police: apologies (No capacity (shift, clinic))" in page
    assert "did not attend, no word" in page


def test_where_nobody_came_the_pages_lead_to_moving_and_standing_down(
    discussion: Discussion, chair: FlaskClient, cast: Cast
) -> None:
    _started(discussion, cast)
    base = f"/discussions/{discussion.id}"
    for address in (base, f"{base}/hold", f"{base}/hold/finish"):
        page = get(chair, address)
        assert f"{base}/move" in page and f"{base}/stand-down" in page
    times = {"started_at": local(STARTS), "ended_at": local(NOW), "rest_did_not_attend": "y"}
    page = post(chair, f"{base}/hold/finish", **times).get_data(as_text=True)
    assert "Nobody is marked as there, so it was not held." in page
    page = get(chair, f"{base}/stand-down")
    assert "the start is taken back" in page
    tap(chair, asked(discussion, "chair"), "attended")
    assert f"{base}/move" not in get(chair, base)


def test_one_held_without_pressing_start_is_written_down_from_its_true_start(
    discussion: Discussion, chair: FlaskClient
) -> None:
    base = f"/discussions/{discussion.id}/hold"
    with time_machine.travel(STARTS + timedelta(hours=3), tick=False):
        assert f"{base}/earlier" in get(chair, base)
        page = post(chair, f"{base}/earlier", started_at=local(STARTS - timedelta(days=9))).get_data(as_text=True)
        assert "before the contact came in" in page
        page = post(chair, f"{base}/earlier", started_at=local(STARTS)).get_data(as_text=True)
        assert "Who is here" in page
        for role in ("chair", "social-worker", "health-0-19"):
            tap(chair, asked(discussion, role), "attended")
        more = {"without_quorum_reason": "Urgent", "follow_up_at": local(STARTS + timedelta(days=2))}
        times = {"started_at": local(STARTS), "ended_at": local(STARTS + timedelta(minutes=40))}
        post(chair, f"{base}/finish", rest_did_not_attend="y", **times, **more)
    police = fresh(asked(discussion, "police"))
    assert police.discussion.state is DiscussionState.HELD
    assert (police.attendance, police.absence_reason) == (Attendance.APOLOGIES, "no-capacity")


def test_once_its_time_has_passed_it_needs_its_people_and_everybody_sees_it(
    discussion: Discussion, cast: Cast, sign_in: SignIn
) -> None:
    with time_machine.travel(STARTS + timedelta(days=1), tick=False):
        mine, others = get(sign_in(cast.chair), "/"), get(sign_in(cast.admin), "/leaders")
        assert "Needs you (1)" in mine and "Nobody has recorded that it was held." in mine
        for address in ("hold", "move", "stand-down"):
            assert f"/discussions/{discussion.id}/{address}" in mine
        assert "past its time and not held" in others
        begin_writing()
        discussion.convener, discussion.social_worker = cast.chair, cast.chair
        db.session.commit()
        colleague = get(sign_in(cast.social_worker), "/")
        assert "Time passed, not held (1), other people’s" in colleague
