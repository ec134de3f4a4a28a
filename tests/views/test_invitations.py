"""The small pages that mend one invitation, and the list of calls."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from strategy.commands import calls
from strategy.db import db, transaction
from strategy.models import Answer, CallTask, ChaseStep, Discussion, Invitation, User
from strategy.vocabulary import (
    CallOutcome,
    CallState,
    ChaseKind,
    InvitationState,
    StepKind,
    Via,
    WithdrawReason,
)
from tests.browser import markup, plain
from tests.cast import Cast
from tests.convened import invited

SignIn = Callable[[User], FlaskClient]


pytestmark = pytest.mark.usefixtures("browsers")


@pytest.fixture
def worker(cast: Cast, sign_in: SignIn, convened: int) -> FlaskClient:
    """The social worker's browser, signed in at the time of the story."""
    return sign_in(cast.social_worker)


def _invitation(convened: int, role: str = "police") -> Invitation:
    db.session.rollback()
    return invited(db.session.get_one(Discussion, convened), role)


def _id(convened: int, role: str = "police") -> int:
    return _invitation(convened, role).id


def test_staff_write_down_an_answer_given_by_phone(worker: FlaskClient, convened: int) -> None:
    said = {"by_name": "Desk officer", "response": "attend", "attendee_name": "Jo Sample", "attendee_role": "DC"}
    response = worker.post(f"/invitations/{_id(convened)}/answer", data=said)
    assert response.location == f"/discussions/{convened}"
    given = db.session.query(Answer).one()
    assert (given.via, given.recorded_by, given.by_name) == (Via.PHONE, "Sam Worker", "Desk officer")
    assert _invitation(convened).attendee_name == "Jo Sample"
    assert "Recorded: Police: Jo Sample, DC will attend." in plain(worker.get(f"/discussions/{convened}"))


def test_a_refused_answer_shows_the_page_with_what_was_typed(worker: FlaskClient, convened: int) -> None:
    said = {"by_name": "Desk officer", "response": "deputy"}
    page = markup(worker.post(f"/invitations/{_id(convened)}/answer", data=said))
    assert "Enter the name of whoever will attend instead" in page
    assert "Desk officer" in page


def test_an_invitation_is_sent_again(worker: FlaskClient, convened: int) -> None:
    assert "mash@police.example" in markup(worker.get(f"/invitations/{_id(convened)}/resend"))
    assert worker.post(f"/invitations/{_id(convened)}/resend").status_code == 303
    page = plain(worker.get(f"/discussions/{convened}"))
    assert "Email waiting to go Text waiting to go 1:10pm" in page


def test_an_address_is_corrected(worker: FlaskClient, convened: int) -> None:
    data = {"email": "duty@police.example", "phone": "07700 900 777"}
    assert worker.post(f"/invitations/{_id(convened)}/correct", data=data).status_code == 303
    assert _invitation(convened).email == "duty@police.example"
    wrong = markup(worker.post(f"/invitations/{_id(convened)}/correct", data={"email": "nonsense", "phone": ""}))
    assert "Enter an email address like name@example.org" in wrong


def test_somebody_else_is_asked_instead(worker: FlaskClient, cast: Cast, convened: int) -> None:
    old = _id(convened)
    page = markup(worker.get(f"/invitations/{old}/replace"))
    assert "Dee Sergeant" in page and f'value="desk:{cast.police_desk.id}"' not in page
    sent = worker.post(f"/invitations/{old}/replace", data={"invitee": f"person:{cast.sergeant.id}"})
    assert sent.status_code == 303
    assert db.session.get_one(Invitation, old).state is InvitationState.WITHDRAWN
    assert _invitation(convened).person_id == cast.sergeant.id
    assert "Asked instead" in plain(worker.get(f"/discussions/{convened}"))


def test_an_invitation_is_withdrawn_with_a_reason(worker: FlaskClient, convened: int) -> None:
    school = _id(convened, "education")
    assert "Choose why" in markup(worker.post(f"/invitations/{school}/withdraw", data={}))
    worker.post(f"/invitations/{school}/withdraw", data={"reason": WithdrawReason.NOT_NEEDED.value})
    assert _invitation(convened, "education").state is InvitationState.WITHDRAWN


def test_a_call_rung_without_being_asked_is_put_down_and_leads_to_the_answer(
    worker: FlaskClient, convened: int
) -> None:
    police = _id(convened)
    assert "tel:+447700900001" in markup(worker.get(f"/invitations/{police}/ring"))
    response = worker.post(f"/invitations/{police}/ring", data={"outcome": CallOutcome.REACHED.value})
    assert response.location == f"/invitations/{police}/answer"
    task = db.session.query(CallTask).filter_by(invitation_id=police).one()
    assert (task.state, task.outcome, task.ended_by) == (CallState.DONE, CallOutcome.REACHED, "Sam Worker")


def test_whoever_was_told_last_can_be_rung_and_what_was_said_stays_inside(
    worker: FlaskClient, cast: Cast, convened: int
) -> None:
    police = _id(convened)
    assert "told last" not in plain(worker.get(f"/invitations/{police}/ring"))
    with transaction("tests", Via.COMMAND_LINE) as act:
        step = ChaseStep(
            invitation_id=police, kind=ChaseKind.BEFORE, step=StepKind.RUNG, rung=1, at=act.at, told="Told Dee"
        )
        db.session.add(step)
    assert "Dee Sergeant: 07700 900011" in plain(worker.get(f"/invitations/{police}/ring"))
    said = {"outcome": "left-message", "whom": "further-up", "note": "Robin is known to her"}
    assert worker.post(f"/invitations/{police}/ring", data=said).status_code == 303
    task = db.session.query(CallTask).one()
    assert (task.whom, task.number, task.note) == (
        "Detective sergeant: Dee Sergeant",
        "+447700900011",
        "Robin is known to her",
    )
    page = plain(worker.get(f"/discussions/{convened}"))
    assert "Recorded: Rang Detective sergeant: Dee Sergeant" in page
    assert "asked to ring" not in page and "known to her" not in page
    assert "known to her" in plain(worker.get(f"/invitations/{police}/ring"))


def test_a_call_asked_for_is_listed_and_closed_by_ringing(worker: FlaskClient, convened: int) -> None:
    school = _id(convened, "education")
    with transaction("tests", Via.COMMAND_LINE) as act:
        from_call = db.session.get_one(Invitation, school)
        calls.ask(from_call, "Sample Primary School", "+441632960200", "No mail reaches them", act, key="test")
    listed = plain(worker.get("/calls"))
    assert "You have 1 call to make." in listed and "01632 960200" in listed and "No mail reaches them" in listed
    assert "Why: No mail reaches them" in plain(worker.get(f"/invitations/{school}/ring"))
    worker.post(f"/invitations/{school}/ring", data={"outcome": CallOutcome.LEFT_MESSAGE.value})
    assert "You have no call to make." in plain(worker.get("/calls"))


def test_words_typed_are_shown_as_words_never_as_markup(worker: FlaskClient, convened: int) -> None:
    said = {"by_name": "<b>Jo</b>", "response": "attend", "attendee_name": "<script>alert(1)</script> 🦊"}
    worker.post(f"/invitations/{_id(convened)}/answer", data=said)
    page = markup(worker.get(f"/discussions/{convened}"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 🦊" in page


def test_the_page_of_a_chair_offers_others_who_may_chair(sign_in: SignIn, cast: Cast, convened: int) -> None:
    db.session.rollback()
    with transaction("tests", Via.COMMAND_LINE):
        db.session.get_one(User, cast.leader.id).roles.extend(db.session.get_one(User, cast.chair.id).roles)
    chair = invited(db.session.get_one(Discussion, convened), "chair").id
    db.session.rollback()
    worker, address = sign_in(cast.social_worker), f"/invitations/{chair}/replace"
    page = markup(worker.get(address))
    assert "Lee Leader" in page and "Ada Admin" not in page
    assert worker.post(address, data={"invitee": str(cast.leader.id)}).status_code == 303
    db.session.rollback()
    assert db.session.get_one(Discussion, convened).chair_id == cast.leader.id
