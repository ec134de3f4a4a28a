"""The page behind a partner's link once the discussion was held: the agency's own actions, never what they are."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import text

from strategy.commands import absences, record
from strategy.db import db, transaction
from strategy.keys import keys
from strategy.limits import limiter
from strategy.models import Action, Discussion, Event, Message
from strategy.vocabulary import ActionState, Attendance, DiscussionState, MessageReason, Via
from tests.browser import markup
from tests.cast import Cast
from tests.convened import ENDS_AT, STARTS_AT, invited, staff_act

DUE = datetime(2026, 11, 30, 16, 30, tzinfo=UTC)
DONE = {"done-by_name": "Dee Sergeant", "done-by_role": "Detective Sergeant", "done-evidence": "Log 42"}


@pytest.fixture(autouse=True)
def _unhurried(browsers: None) -> None:
    limiter.reset()


@pytest.fixture
def held(convened: int, cast: Cast) -> int:
    """Held: police came and owe an action, health owes another, the chair a third."""
    with transaction("tests", Via.COMMAND_LINE):
        discussion = db.session.get_one(Discussion, convened)
        discussion.state, discussion.started_at, discussion.ended_at = DiscussionState.HELD, STARTS_AT, ENDS_AT
        act = staff_act(cast, ENDS_AT)
        invited(discussion, "police").attendance = Attendance.ATTENDED
        record.add_action(discussion, invited(discussion, "police"), "Visit Robin", "Dee Sergeant", DUE, act)
        record.add_action(discussion, invited(discussion, "health-0-19"), "Weigh Robin", "Nat Nurse", DUE, act)
        record.add_action(discussion, invited(discussion, "chair"), "Ring the court", "Terry Example", DUE, act)
    return convened


def _link(discussion_id: int, role: str = "police") -> str:
    db.session.rollback()
    invitation = invited(db.session.get_one(Discussion, discussion_id), role)
    return f"/a/{keys().token(invitation.id, invitation.generation)}"


def _owed(discussion_id: int, role: str = "police") -> Action:
    db.session.rollback()
    discussion = db.session.get_one(Discussion, discussion_id)
    return next(one for one in discussion.actions if one.invitation.role == role)


def test_it_lists_whose_action_is_due_when_and_never_what_it_is(held: int, client: FlaskClient) -> None:
    with time_machine.travel(ENDS_AT + timedelta(hours=1), tick=False):
        response = client.get(_link(held))
    page = markup(response)
    assert response.status_code == 200
    assert "<title>Multi-agency meeting – Exampleshire Council</title>" in page
    for words in ("Dee Sergeant", "Monday 30 November 2026, 4:30pm", "01632 960123", _owed(held).discussion.reference):
        assert words in page
    for secret in ("Robin", "Visit", "Weigh", "Nat Nurse", "Terry Example", "4471"):
        assert secret not in page
    assert "checked" not in page


def test_past_its_time_it_says_overdue(held: int, client: FlaskClient) -> None:
    with time_machine.travel(DUE + timedelta(hours=2), tick=False):
        assert "Overdue" in markup(client.get(_link(held)))


def test_done_is_recorded_with_who_says_so_and_read_back(held: int, client: FlaskClient) -> None:
    link, action_id = _link(held), _owed(held).id
    with time_machine.travel(ENDS_AT + timedelta(hours=1), tick=False):
        response = client.post(f"{link}/done", data=DONE | {"done-action": str(action_id)})
        assert (response.status_code, response.location) == (303, link)
        page = markup(client.get(link))
    action = _owed(held)
    assert (action.state, action.evidence) == (ActionState.DONE, "Log 42")
    assert action.ended_by == "Dee Sergeant, Detective Sergeant"
    assert "Done" in page and "Dee Sergeant, Detective Sergeant" in page and "Log 42" not in page
    assert "Mark as done" not in page
    db.session.rollback()
    stored = db.session.scalar(text("SELECT evidence FROM actions WHERE evidence IS NOT NULL"))
    assert "Log 42" not in stored
    assert not any("Log 42" in event.text for event in db.session.query(Event))


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("done-action", "Choose the action that is done"),
        ("done-by_name", "Enter your name"),
        ("done-by_role", "Enter your role"),
        ("done-evidence", "Say how one can see that it is done"),
    ],
)
def test_without_a_choice_a_name_a_role_and_evidence_nothing_is_done(
    held: int, client: FlaskClient, missing: str, said: str
) -> None:
    data = DONE | {"done-action": str(_owed(held).id)}
    del data[missing]
    page = markup(client.post(f"{_link(held)}/done", data=data))
    assert said in page
    assert _owed(held).state is ActionState.OPEN


def test_no_link_ends_somebody_elses_action(held: int, client: FlaskClient) -> None:
    data = DONE | {"done-action": str(_owed(held, "health-0-19").id)}
    client.post(f"{_link(held)}/done", data=data)
    assert _owed(held, "health-0-19").state is ActionState.OPEN


def test_an_absence_that_is_asked_about_stands_on_the_same_page(held: int, client: FlaskClient) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        police = invited(db.session.get_one(Discussion, held), "police")
        police.attendance = Attendance.DID_NOT_ATTEND
    link = _link(held)
    page = markup(client.get(link))
    assert "Why did nobody join?" in page and "Say that an action is done" in page
    sent = {"by_name": "Jo Sample", "by_role": "DC", "reason": "no-capacity"}
    assert client.post(link, data=sent).status_code == 303
    assert "Your reason" in markup(client.get(link))
    assert _owed(held).state is ActionState.OPEN


def test_a_reason_staff_recorded_is_shown_and_not_theirs_to_change(held: int, client: FlaskClient, cast: Cast) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        police = invited(db.session.get_one(Discussion, held), "police")
        police.attendance = Attendance.DID_NOT_ATTEND
    link = _link(held)
    offered = markup(client.get(link))
    assert "Held before the planned time" not in offered and "Not invited" not in offered
    with transaction("tests", Via.COMMAND_LINE):
        police = invited(db.session.get_one(Discussion, held), "police")
        absences.explain(police, "no-capacity", "Two custody cases", staff_act(cast, ENDS_AT))
    page = markup(client.get(link))
    assert "The reason recorded: No capacity (shift, clinic)." in page and "Send reason" not in page
    page = markup(client.post(link, data={"by_name": "Jo Sample", "by_role": "DC", "reason": "not-read"}))
    assert "A reason is recorded already. Ring 01632 960123 if it is wrong." in page and "custody" not in page
    db.session.rollback()
    police = invited(db.session.get_one(Discussion, held), "police")
    assert (police.absence_reason, police.absence_note) == ("no-capacity", "Two custody cases")


def test_an_agency_that_came_in_another_role_is_not_told_that_it_did_not_come(held: int, client: FlaskClient) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        discussion = db.session.get_one(Discussion, held)
        police, health = invited(discussion, "police"), invited(discussion, "health-0-19")
        police.attendance, health.attendance = Attendance.DID_NOT_ATTEND, Attendance.ATTENDED
    assert "Nobody from your agency joined" in markup(client.get(_link(held)))
    with transaction("tests", Via.COMMAND_LINE):
        discussion = db.session.get_one(Discussion, held)
        invited(discussion, "health-0-19").agency_id = invited(discussion, "police").agency_id
    page = markup(client.get(_link(held)))
    assert "as Police" in page and "Nobody from your agency joined" not in page


def test_who_attended_and_owes_nothing_reads_that_it_is_over(held: int, client: FlaskClient) -> None:
    response = client.get(_link(held, "education"))
    assert response.status_code == 410 and "This meeting is over" in markup(response)


def test_who_was_withdrawn_owes_nothing_here(held: int, client: FlaskClient) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        police = invited(db.session.get_one(Discussion, held), "police")
        police.state = type(police.state)("withdrawn")
    link, action_id = _link(held), str(_owed(held).id)
    assert client.get(link).status_code == 410
    assert client.post(f"{link}/done", data=DONE | {"done-action": action_id}).status_code == 404
    assert _owed(held).state is ActionState.OPEN


def test_the_message_says_what_the_link_holds_and_staff_are_led_behind_sign_in(held: int) -> None:
    db.session.rollback()
    told = db.session.query(Message).filter_by(reason=MessageReason.ACTION)
    partner = [one for one in told if one.user_id is None]
    ours = [one for one in told if one.user_id is not None]
    assert partner and ours
    assert all("ring 01632 960123" in one.text or "Ring 01632 960123" in one.text for one in partner)
    assert not any("Visit" in one.text or "See the action" in one.text for one in told)
    assert all("ring" not in one.text.lower().split("genuine")[0] for one in ours)
