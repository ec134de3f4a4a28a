"""A partner's link when there is nothing to answer any more: begun, over, withdrawn, moved, stood down."""

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from strategy.commands import changes, invitations
from strategy.commands.changes import Occasion
from strategy.db import db, transaction
from strategy.limits import limiter
from strategy.models import Answer, Discussion, Invitation
from strategy.vocabulary import DiscussionState, Mode, Via, WithdrawReason
from tests.browser import markup
from tests.cast import Cast
from tests.convened import ENDS_AT, LATER, STARTS_AT, staff_act
from tests.views.answering import JO, police_id, token_of


@pytest.fixture(autouse=True)
def _unhurried(browsers: None) -> None:
    limiter.reset()


def test_once_started_it_says_join_now_and_takes_no_answer(convened: int, client: FlaskClient) -> None:
    token = token_of(convened)
    with time_machine.travel(STARTS_AT + timedelta(minutes=2), tick=False):
        response = client.post(f"/a/{token}", data=JO)
        page = markup(response)
        assert response.status_code == 200
        assert "The meeting is planned for 3:30pm, now. Join it" in page
        assert "not recorded yet that it has started" in page
        assert "https://meet.example/k7qd" in page and "01632 960123" in page
        assert "<form" not in page
        with transaction("tests", Via.COMMAND_LINE):
            db.session.get_one(Discussion, convened).started_at = STARTS_AT + timedelta(minutes=1)
        assert "The meeting started at 3:31pm. Join it now" in markup(client.get(f"/a/{token}"))
    assert db.session.query(Answer).count() == 0


def test_past_its_time_and_not_held_the_page_says_that_and_not_that_it_is_over(
    convened: int, client: FlaskClient
) -> None:
    with time_machine.travel(ENDS_AT + timedelta(hours=1), tick=False):
        response = client.get(f"/a/{token_of(convened)}")
    page = markup(response)
    assert response.status_code == 200
    assert "The time of this meeting has passed" in page and "is over" not in page
    assert "<form" not in page and "meet.example" not in page


def test_when_it_is_over_the_page_says_so(convened: int, client: FlaskClient) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        db.session.get_one(Discussion, convened).state = DiscussionState.HELD
    with time_machine.travel(ENDS_AT + timedelta(hours=1), tick=False):
        response = client.get(f"/a/{token_of(convened)}")
    assert response.status_code == 410
    assert "This meeting is over" in markup(response)
    assert "meet.example" not in markup(response)


def test_a_withdrawn_invitation_says_so_and_tells_nothing_of_the_discussion(
    client: FlaskClient, cast: Cast, convened: int
) -> None:
    token = token_of(convened)
    with transaction("tests", Via.COMMAND_LINE):
        police = db.session.get_one(Invitation, police_id(convened))
        invitations.withdraw(police, WithdrawReason.CONFLICT, staff_act(cast, LATER))
    for response in (client.get(f"/a/{token}"), client.post(f"/a/{token}", data=JO)):
        page = markup(response)
        assert response.status_code == 410
        assert "This invitation was withdrawn" in page and "01632 960123" in page
        for secret in ("meet.example", "3:30pm", "onflict"):
            assert secret not in page
    assert db.session.query(Answer).count() == 0


def test_a_link_made_worthless_by_a_correction_is_unknown(client: FlaskClient, cast: Cast, convened: int) -> None:
    old = token_of(convened)
    with transaction("tests", Via.COMMAND_LINE):
        police = db.session.get_one(Invitation, police_id(convened))
        invitations.correct(police, "duty@police.example", None, staff_act(cast, LATER))
    assert client.get(f"/a/{old}").status_code == 404
    assert client.get(f"/a/{token_of(convened)}").status_code == 200


def test_wild_9_an_old_link_shows_the_new_time_and_asks_again(client: FlaskClient, cast: Cast, convened: int) -> None:
    token = token_of(convened)
    client.post(f"/a/{token}", data=JO)
    hour = timedelta(hours=1)
    to = Occasion(STARTS_AT + hour, ENDS_AT + hour, Mode.VIDEO, "https://meet.example/k7qd")
    with transaction("tests", Via.COMMAND_LINE):
        moved = db.session.get_one(Discussion, convened)
        changes.move(moved, to, "waiting-for-partner", moved.revision, staff_act(cast, LATER))
    page = markup(client.get(f"/a/{token}"))
    assert "Friday 27 November 2026, 4:30pm" in page and "3:30pm" not in page
    assert "You answered for another time. Please say again who is coming." in page


def test_stood_down_the_page_says_that_it_will_not_take_place(client: FlaskClient, cast: Cast, convened: int) -> None:
    token = token_of(convened)
    with transaction("tests", Via.COMMAND_LINE):
        off = db.session.get_one(Discussion, convened)
        changes.stand_down(off, "The threshold is not met", off.revision, staff_act(cast, LATER))
    response = client.get(f"/a/{token}")
    assert response.status_code == 410
    assert "This meeting will not take place" in markup(response)
    assert "threshold" not in markup(response)
