"""Who an action can be given to: nobody a conflict of interest bars, on the live page and when it is changed."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from flask.testing import FlaskClient

from strategy.commands import holding, implicated, record
from strategy.commands.implicated import Whom
from strategy.db import begin_writing, db
from strategy.models import Action, User
from tests.booked import STARTS, asked, at, booked
from tests.cast import Cast

SignIn = Callable[[User], FlaskClient]
NOW = STARTS + timedelta(minutes=10)
POLICE = "Exampleshire Police: MASH desk"
HEALTH = "Exampleshire Health Trust: 0-19 desk"


@pytest.fixture
def action(cast: Cast) -> Action:
    """The police have an action; since then the police desk is named as implicated."""
    begin_writing()
    discussion = booked(cast)
    holding.start(discussion, at(STARTS, cast))
    found = record.add_action(
        discussion, asked(discussion, "police"), "Ring", "Dee", STARTS + timedelta(days=1), at(STARTS, cast)
    )
    whom = Whom(desk=cast.police_desk)
    implicated.name(discussion.contact, whom, "Named by the family", at(STARTS, cast))
    db.session.commit()
    return found


def test_neither_list_offers_who_is_barred_and_a_changed_action_asks_for_somebody_else(
    action: Action, cast: Cast, sign_in: SignIn
) -> None:
    with time_machine.travel(NOW, tick=False):
        browser = sign_in(cast.chair)
        live = browser.get(f"/discussions/{action.discussion_id}/hold").text
        choices = live.split('name="action-invitation_id"')[1].split("</select>")[0]
        assert HEALTH in choices and POLICE not in choices
        address = f"/actions/{action.id}/change"
        page = browser.get(address).text
        choices = page.split('name="invitation_id"')[1].split("</select>")[0]
        assert HEALTH in choices and POLICE not in choices
        assert '<option value="0" selected' in choices and "Choose another agency" in choices
        sent = {"submission": uuid4().hex, "what": "Ring", "owner": "Dee", "due_at": "2026-11-30T12:00", "revision": 1}
        for kept in ("0", str(action.invitation_id)):
            refused = browser.post(address, data={**sent, "invitation_id": kept})
            assert "Choose the agency that does it" in refused.text
        health = asked(action.discussion, "health-0-19").id
        assert browser.post(address, data={**sent, "invitation_id": str(health)}).status_code == 303
