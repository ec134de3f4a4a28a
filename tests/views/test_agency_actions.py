"""An agency's own actions behind the second step: what each is, how far it is, and that it is done."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import text

from strategy.commands import record
from strategy.db import db, transaction
from strategy.models import AccessEntry, Action, Discussion, Event, Progress, User
from strategy.vocabulary import ActionState, Attendance, DiscussionState, Via
from tests.browser import markup, plain
from tests.cast import Cast
from tests.convened import ENDS_AT, STARTS_AT, invited, staff_act
from tests.views.stepping import opened_at

AFTER = ENDS_AT + timedelta(hours=2)


@pytest.fixture
def held(convened: int, identified: None, cast: Cast) -> Iterator[int]:
    """Held, not signed: police owe two actions and health one; the first is overdue. It is two hours after now."""
    with transaction("tests", Via.COMMAND_LINE):
        discussion = db.session.get_one(Discussion, convened)
        discussion.state, discussion.started_at, discussion.ended_at = DiscussionState.HELD, STARTS_AT, ENDS_AT
        act = staff_act(cast, ENDS_AT)
        police = invited(discussion, "police")
        police.attendance = Attendance.ATTENDED
        for what, due in (("Visit Robin", timedelta(hours=1)), ("Check Robin's records", timedelta(days=3))):
            record.add_action(discussion, police, what, "Dee Sergeant", ENDS_AT + due, act)
        health = invited(discussion, "health-0-19")
        record.add_action(discussion, health, "Weigh Robin", "Nat Nurse", ENDS_AT + timedelta(days=3), act)
    with time_machine.travel(AFTER, tick=False):
        yield convened


def _action(what: str) -> Action:
    db.session.rollback()
    return next(one for one in db.session.query(Action) if one.what == what)


def test_what_they_are_stands_behind_the_step_only(held: int, client: FlaskClient, mailed: str) -> None:
    assert client.get(f"{mailed}/actions").location == f"{mailed}/who"
    page = plain(client.get(mailed))
    assert "Robin" not in page and "what your actions are" in page
    assert "Your agency’s actions (2)" in plain(opened_at(client, mailed, AFTER))
    page = plain(client.get(f"{mailed}/actions"))
    assert page.index("Overdue (1)") < page.index("Visit Robin") < page.index("Due (1)")
    assert "Weigh Robin" not in page
    db.session.rollback()
    look = db.session.query(AccessEntry).filter_by(page="agency_actions.listed").one()
    assert look.who == "Jo Sample, Detective Constable"


def test_how_far_one_is_stays_open_and_staff_read_it(
    held: int, client: FlaskClient, mailed: str, cast: Cast, sign_in: Callable[[User], FlaskClient]
) -> None:
    opened_at(client, mailed, AFTER)
    action_id = _action("Visit Robin").id
    said = {"action": str(action_id), "said": "Nobody at home. Going again.", "go": "progress"}
    assert client.post(f"{mailed}/actions", data=said).status_code == 303
    assert "Going again." in plain(client.get(f"{mailed}/actions"))
    assert _action("Visit Robin").state is ActionState.OPEN
    page = plain(sign_in(cast.social_worker).get(f"/actions/{action_id}"))
    assert "Going again." in page and "says Jo Sample, Detective Constable" in page
    assert "Nobody at home" not in db.session.execute(text("SELECT text FROM action_progress")).scalar_one()
    assert all("home" not in one.text for one in db.session.query(Event))


def test_done_with_evidence_ends_it(held: int, client: FlaskClient, mailed: str) -> None:
    opened_at(client, mailed, AFTER)
    said = {"action": str(_action("Visit Robin").id), "said": "Log 42", "go": "done"}
    assert "Say how far it is" in markup(client.post(f"{mailed}/actions", data=said | {"said": ""}))
    assert client.post(f"{mailed}/actions", data=said).status_code == 303
    done = _action("Visit Robin")
    assert (done.state, done.evidence, done.ended_by) == (ActionState.DONE, "Log 42", "Jo Sample, Detective Constable")
    assert "Done (1)" in plain(client.get(f"{mailed}/actions"))


def test_nobody_says_anything_of_another_agencys_action_or_after_the_half_hour(
    held: int, client: FlaskClient, mailed: str
) -> None:
    opened_at(client, mailed, AFTER)
    said = {"action": str(_action("Weigh Robin").id), "said": "Done", "go": "done"}
    client.post(f"{mailed}/actions", data=said)
    assert _action("Weigh Robin").state is ActionState.OPEN
    said["action"] = str(_action("Visit Robin").id)
    with time_machine.travel(AFTER + timedelta(minutes=31), tick=False):
        assert client.post(f"{mailed}/actions", data=said).location == f"{mailed}/who"
    assert _action("Visit Robin").state is ActionState.OPEN and db.session.query(Progress).count() == 0
