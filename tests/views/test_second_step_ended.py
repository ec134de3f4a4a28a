"""What the second step opened shows nothing once it may not: closed, withdrawn, over, or somebody is barred."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from strategy.commands import invitations
from strategy.db import db, transaction
from strategy.models import Implicated, Invitation, SecondStep
from strategy.vocabulary import (
    DiscussionState,
    Via,
    WithdrawReason,
)
from tests.browser import plain
from tests.cast import Cast
from tests.convened import LATER, staff_act
from tests.views.answering import police_id
from tests.views.stepping import CHILD, opened

pytestmark = pytest.mark.usefixtures("identified")


def test_closing_it_ends_it_in_that_browser(client: FlaskClient, mailed: str) -> None:
    opened(client, mailed)
    client.post(f"{mailed}/close")
    assert client.get(f"{mailed}/about").status_code == 303


@pytest.fixture(params=["withdrawn", "corrected", "stood down", "implicated", "signed a week ago", "reader barred"])
def ended(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def _end(convened: int, cast: Cast, how: str) -> None:
    act = staff_act(cast, LATER)
    police = db.session.get_one(Invitation, police_id(convened))
    about = police.discussion
    if how == "withdrawn":
        invitations.withdraw(police, WithdrawReason.WRONG_ONE, act)
    elif how == "corrected":
        invitations.correct(police, "new@police.example", police.phone, act)
    elif how == "stood down":
        about.state = DiscussionState.STOOD_DOWN
    elif how == "signed a week ago":
        about.state, about.signed_at = DiscussionState.SIGNED, LATER - timedelta(days=7)
    else:
        person = None if how == "implicated" else cast.sergeant.id
        if person:
            db.session.get_one(SecondStep, 1).address = cast.sergeant.phone or ""
        desk = police.desk_id if how == "implicated" else None
        db.session.add(
            Implicated(
                contact=about.contact, desk_id=desk, person_id=person, as_manager=False, reason="R", by="T", at=LATER
            )
        )


def test_what_was_open_shows_nothing_once_it_may_not(
    convened: int, client: FlaskClient, mailed: str, cast: Cast, ended: str
) -> None:
    assert CHILD in plain(opened(client, mailed))
    with transaction("tests", Via.COMMAND_LINE):
        _end(convened, cast, ended)
    for page in ("about", "who", "code"):
        answer = client.get(f"{mailed}/{page}")
        assert CHILD not in plain(answer)
        assert answer.status_code == 303 or ended == "reader barred"
