"""Holding a discussion through its pages: one tap a mark, quorum in sight, the record signed at the end."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from strategy.db import begin_writing, db
from strategy.models import Action, Contribution, Decision, Discussion, User
from strategy.vocabulary import ActionState, Attendance, DiscussionState
from tests.booked import STARTS, asked, booked
from tests.cast import Cast
from tests.views.table import NOW
from tests.views.table import fresh as _fresh
from tests.views.table import get as _get
from tests.views.table import local as _local
from tests.views.table import marked as _marked
from tests.views.table import post as _post
from tests.views.table import tap as _tap
from tests.walking import Walker

SignIn = Callable[[User], FlaskClient]
pytestmark = pytest.mark.usefixtures("at_the_table")


def test_a_tap_marks_and_quorum_stays_in_sight(running: Discussion, chair: FlaskClient) -> None:
    base = f"/discussions/{running.id}/hold"
    page = _get(chair, base)
    assert "Quorum not met. Missing: Social worker, Chair, Police, Health." in page
    police = asked(running, "police")
    answer = _tap(chair, police, "attended")
    assert "Missing: Social worker, Chair, Health." in answer.get_data(as_text=True)
    assert "Record saved" in answer.get_data(as_text=True)
    assert _fresh(police).arrived_at == NOW


def test_by_phone_left_early_and_taken_back_are_one_tap_each(running: Discussion, chair: FlaskClient) -> None:
    police = asked(running, "police")
    _tap(chair, police, "by-phone")
    assert _fresh(police).by_phone
    _tap(chair, police, "attended-in-part")
    assert _fresh(police).left_at == NOW
    _post(chair, f"/discussions/{running.id}/hold/attendance/{police.id}", **_marked(police, "clear"))
    assert _fresh(police).attendance is None


def test_an_unknown_mark_is_refused(running: Discussion, chair: FlaskClient) -> None:
    police = asked(running, "police")
    answer = _post(chair, f"/discussions/{running.id}/hold/attendance/{police.id}", **_marked(police, "dancing"))
    assert "There is a problem" in answer.get_data(as_text=True)
    assert _fresh(police).attendance is None


def test_true_times_and_a_reason_have_their_page(running: Discussion, chair: FlaskClient) -> None:
    police = asked(running, "police")
    address = f"/discussions/{running.id}/hold/attendance/{police.id}/details"
    assert "No capacity" in _get(chair, address)
    future = _local(NOW + timedelta(hours=1))
    answer = _post(chair, address, attendance="attended", arrived_at=future)
    assert "must be in the past" in answer.get_data(as_text=True)
    _post(chair, address, attendance="apologies", reason="no-capacity", note="Two in custody")
    assert (_fresh(police).attendance, _fresh(police).absence_note) == (Attendance.APOLOGIES, "Two in custody")


def test_the_whole_record_is_written_finished_and_signed(running: Discussion, chair: FlaskClient) -> None:
    base = f"/discussions/{running.id}"
    for one in running.invitations:
        _tap(chair, one, "attended")
    police = asked(running, "police")
    prefix = f"information-{police.id}-"
    _post(chair, f"{base}/record/information/{police.id}", **{f"{prefix}text": "Two earlier reports"})
    _post(chair, f"{base}/record/decisions", **{"decision-code": "s47-joint", "decision-rationale": "A crime"})
    fields = {
        "action-what": "Interview the witness",
        "action-invitation_id": str(police.id),
        "action-owner": "Dee Sergeant",
        "action-due_at": _local(NOW + timedelta(days=1)),
    }
    _post(chair, f"{base}/record/actions", **fields)
    finish = _get(chair, f"{base}/hold/finish")
    assert re.search(r'value="yes"[^>]*checked', finish)
    times = {"started_at": _local(STARTS), "ended_at": _local(NOW), "initiated_s47": "yes"}
    answer = _post(chair, f"{base}/hold/finish", **times)
    page = answer.get_data(as_text=True)
    for words in ("Two earlier reports", "A crime", "Interview the witness", "Quorum met", "Not signed yet"):
        assert words in page
    _post(chair, f"{base}/record/sign")
    db.session.rollback()
    db.session.expire_all()
    assert db.session.get_one(Discussion, running.id).state is DiscussionState.SIGNED
    signed = _get(chair, f"{base}/record")
    assert "Signed by Terry Example" in signed
    assert "Sign the record" not in signed


def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(running: Discussion, chair: FlaskClient) -> None:
    base = f"/discussions/{running.id}/record"
    answer = _post(chair, f"{base}/decisions", **{"decision-code": "s47-joint", "decision-rationale": ""})
    page = answer.get_data(as_text=True)
    assert 'href="#decision-rationale"' in page
    assert "every decision needs its rationale" in page
    past = {"action-what": "Ring", "action-invitation_id": str(asked(running, "police").id), "action-owner": "Dee"}
    answer = _post(chair, f"{base}/actions", **past, **{"action-due_at": _local(NOW - timedelta(hours=1))})
    page = answer.get_data(as_text=True)
    assert "must be in the future" in page
    assert 'value="Ring"' in page
    answer = _post(chair, f"{base}/actions", **past, **{"action-due_at": "asap"})
    assert "must be a date and time" in answer.get_data(as_text=True)
    assert db.session.scalars(select(Action)).all() == []
    assert db.session.scalars(select(Decision)).all() == []


def test_finishing_without_quorum_asks_and_then_goes_ahead(running: Discussion, chair: FlaskClient) -> None:
    address = f"/discussions/{running.id}/hold/finish"
    times = {"started_at": _local(STARTS), "ended_at": _local(NOW), "rest_did_not_attend": "y"}
    for role in ("chair", "social-worker"):
        _tap(chair, asked(running, role), "attended")
    answer = _post(chair, address, **times)
    assert "Say why it went ahead" in answer.get_data(as_text=True)
    more = {"without_quorum_reason": "Could not wait", "follow_up_at": _local(NOW + timedelta(days=2))}
    page = _post(chair, address, **times, **more).get_data(as_text=True)
    assert "Could not wait" in page
    assert "Record why" in page
    police = asked(running, "police")
    assert _fresh(police).attendance is Attendance.DID_NOT_ATTEND
    absence = f"/discussions/{running.id}/absences/{police.id}"
    page = _post(chair, absence, reason="no-capacity", note="Sergeant rings on Monday").get_data(as_text=True)
    assert "No capacity" in page
    assert _fresh(police).absence_explained_at == NOW


def test_information_can_be_put_right(running: Discussion, chair: FlaskClient) -> None:
    police = asked(running, "police")
    base = f"/discussions/{running.id}/record/information"
    _post(chair, f"{base}/{police.id}", **{f"information-{police.id}-text": "Too reports"})
    said = db.session.scalars(select(Contribution)).one()
    assert "Too reports" in _get(chair, f"{base}/{said.id}/change")
    page = _post(chair, f"{base}/{said.id}/change", text="Two reports").get_data(as_text=True)
    assert "Two reports" in page


def test_the_same_form_sent_twice_adds_one_action(running: Discussion, chair: FlaskClient) -> None:
    fields = {
        "action-what": "Ring",
        "action-invitation_id": str(asked(running, "police").id),
        "action-owner": "Dee",
        "action-due_at": _local(NOW + timedelta(days=1)),
        "action-submission": "once",
    }
    for _ in range(2):
        _post(chair, f"/discussions/{running.id}/record/actions", **fields)
    assert len(db.session.scalars(select(Action)).all()) == 1


def test_actions_are_listed_done_with_evidence_and_undone(running: Discussion, chair: FlaskClient, cast: Cast) -> None:
    chair_seat = asked(running, "chair")
    due = {"action-due_at": _local(NOW + timedelta(days=1)), "action-owner": "Terry Example"}
    fields = {"action-what": "Tell the school", "action-invitation_id": str(chair_seat.id), **due}
    _post(chair, f"/discussions/{running.id}/record/actions", **fields)
    assert "Tell the school" in _get(chair, "/actions")
    action = db.session.scalars(select(Action)).one()
    page = _post(chair, f"/actions/{action.id}", done="y").get_data(as_text=True)
    assert "Say how one can see" in page
    page = _post(chair, f"/actions/{action.id}", evidence="Rang at 4pm", done="y").get_data(as_text=True)
    assert "Rang at 4pm" in page
    _post(chair, f"/actions/{action.id}/reopen")
    db.session.rollback()
    db.session.expire_all()
    assert db.session.get_one(Action, action.id).state is ActionState.OPEN
    amended = {"what": "Tell both schools", "invitation_id": str(chair_seat.id), "owner": "Terry Example"}
    amended["revision"] = str(db.session.get_one(Action, action.id).revision)
    answer = _post(chair, f"/actions/{action.id}/change", **amended, due_at=_local(NOW + timedelta(days=2)))
    assert "Tell both schools" in answer.get_data(as_text=True)


def test_somebody_elses_action_is_only_under_everybodys(
    running: Discussion, chair: FlaskClient, cast: Cast, sign_in: SignIn
) -> None:
    fields = {
        "action-what": "Ring the ward",
        "action-invitation_id": str(asked(running, "police").id),
        "action-owner": "Dee",
        "action-due_at": _local(NOW + timedelta(days=1)),
    }
    _post(chair, f"/discussions/{running.id}/record/actions", **fields)
    worker = sign_in(cast.social_worker)
    assert "Ring the ward" not in _get(worker, "/actions")
    assert "Ring the ward" in _get(worker, "/actions?whose=all")


def test_starting_long_before_the_time_asks_first_and_shows_whom_to_ring(cast: Cast, sign_in: SignIn) -> None:
    begin_writing()
    discussion = booked(cast, starts_at=NOW + timedelta(minutes=51), when=NOW - timedelta(hours=2))
    db.session.commit()
    walker = Walker(sign_in(cast.chair))
    walker.open(f"/discussions/{discussion.id}/hold")
    page = walker.send("Start now")
    assert "Nobody below was told that it starts now." in page.words
    assert "07700 900001" in page.words
    page = walker.send("Start it now all the same")
    assert "Who is here" in page.words


def _held(running: Discussion, walker: Walker) -> None:
    """Everybody was here and a decision was made; nobody said anything."""
    walker.open(f"/discussions/{running.id}/hold")
    for role in ("Chair", "Social worker", "Police", "Health"):
        words = next(b.words for f in walker.page.forms for b in f.buttons if b.words.startswith(f"Here: {role}"))
        walker.send(words)
    walker.send("Add decision", {"decision-code": "no-s47", "decision-rationale": "No harm found"})
    walker.send("Finish the discussion")
    walker.send("Finish the discussion", initiated_s47="no")


def test_a_record_without_information_and_action_is_signed_on_the_second_press_and_added_to(
    running: Discussion, chair: FlaskClient
) -> None:
    walker = Walker(chair)
    _held(running, walker)
    page = walker.send("Sign the record")
    assert "no agency's information and no action" in page.words.replace("’", "'")
    assert "Not signed yet" in page.words
    page = walker.send("Sign it without information and actions")
    assert "Signed by Terry Example" in page.words and "print" in page.words
    walker.follow("Add to the record")
    page = walker.send("Add to the record")
    assert "Write what is to be added" in page.words
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        page = walker.send("Add to the record", text="Two earlier reports")
    assert "Two earlier reports" in page.words and "Added after signing" in page.words
