"""The discussion's page and the small pages that mend it, as staff see them."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from strategy.clock import in_london
from strategy.commands import answers, calls, inviting
from strategy.commands.answers import Reply
from strategy.commands.inviting import Invitee
from strategy.db import db, transaction
from strategy.models import AccessEntry, Answer, CallTask, Desk, Discussion, Invitation, User
from strategy.vocabulary import (
    CallOutcome,
    CallState,
    DiscussionState,
    InvitationState,
    Response,
    Via,
    Waiting,
    WithdrawReason,
)
from tests.cast import OFFICE, Cast
from tests.convened import BOOKED_AT, ENDS_AT, STARTS_AT, convene, invited, link_act, send_everything, staff_act

SignIn = Callable[[User], FlaskClient]
LATER = BOOKED_AT + timedelta(minutes=20)

pytestmark = pytest.mark.usefixtures("browsers")


@pytest.fixture
def booked(browsers: None, cast: Cast) -> Iterator[int]:
    """A discussion at 3:30pm, booked and sent at 12:50pm; it is 1:10pm now. Its id."""
    with transaction("tests", Via.COMMAND_LINE):
        discussion_id = convene(cast).id
        send_everything()
    with time_machine.travel(LATER, tick=False):
        yield discussion_id


@pytest.fixture
def worker(cast: Cast, sign_in: SignIn, booked: int) -> FlaskClient:
    """The social worker's browser, signed in at the time of the story."""
    return sign_in(cast.social_worker)


def _invitation(booked: int, role: str = "police") -> Invitation:
    db.session.rollback()
    return invited(db.session.get_one(Discussion, booked), role)


def _id(booked: int, role: str = "police") -> int:
    return _invitation(booked, role).id


def _page(response: TestResponse) -> str:
    return " ".join(response.get_data(as_text=True).split())


def _words(response: TestResponse) -> str:
    """The page without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)).split())


def test_the_page_first_says_whether_it_will_be_quorate_and_why(worker: FlaskClient, booked: int) -> None:
    words = _words(worker.get(f"/discussions/{booked}"))
    assert "Friday 27 November 2026, 3:30pm to 4:15pm (in 2 hours 20 minutes)" in words
    assert words.index("At risk") < words.index("Who is asked")
    assert "Police" in words and "not answered" in words


def test_each_row_says_who_was_told_who_answered_and_what_comes_next(worker: FlaskClient, booked: int) -> None:
    words = _words(worker.get(f"/discussions/{booked}"))
    assert "Email sent 12:50pm" in words
    assert "Terry Example" in words and "Coming" in words
    assert "1:30pm : remind Exampleshire Police: MASH desk" in words
    assert "Booked" in words and "Invited" in words


def test_with_everybody_named_it_is_on_course(worker: FlaskClient, booked: int) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        for role in ("police", "health-0-19"):
            found = invited(db.session.get_one(Discussion, booked), role)
            answers.answer(found, Reply(Response.ATTEND, "Jo Sample", "DC"), link_act(LATER))
    words = _words(worker.get(f"/discussions/{booked}"))
    assert "On course" in words and "Jo Sample, DC" in words


def test_wild_1_an_unverified_answer_is_shown_to_the_chair(cast: Cast, sign_in: SignIn, booked: int) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        found = invited(db.session.get_one(Discussion, booked), "police")
        soon = link_act(BOOKED_AT + timedelta(seconds=2))
        answers.answer(found, Reply(Response.ATTEND, "Jo Sample", "DC"), soon)
    assert "Unverified" in _words(sign_in(cast.chair).get(f"/discussions/{booked}"))


def test_a_page_opened_is_shown_as_a_hint(worker: FlaskClient, client: FlaskClient, booked: int) -> None:
    from_link = _invitation(booked)
    with transaction("tests", Via.COMMAND_LINE) as act:
        look = AccessEntry(
            at=act.at, who="link", what="invitations", row_id=from_link.id, page="partner.shown", remote="-"
        )
        db.session.add(look)
    assert "Page opened 1:10pm, perhaps by a mail scanner" in _words(worker.get(f"/discussions/{booked}"))


def test_children_are_named_to_those_who_work_on_it_and_looking_is_logged(
    cast: Cast, sign_in: SignIn, booked: int
) -> None:
    assert "Robin Zebedee" in _page(sign_in(cast.social_worker).get(f"/discussions/{booked}"))
    looks = db.session.query(AccessEntry).filter_by(what="discussions", row_id=booked)
    assert [look.who for look in looks] == ["Sam Worker"]
    for other in (cast.leader, cast.admin):
        page = _page(sign_in(other).get(f"/discussions/{booked}"))
        assert "Robin" not in page and "4471" not in page


def test_an_outsider_and_a_stranger_see_nothing(cast: Cast, sign_in: SignIn, client: FlaskClient, booked: int) -> None:
    police = _id(booked)
    paths = [f"/discussions/{booked}"] + [f"/discussions/{booked}/{page}" for page in ("move", "stand-down", "invite")]
    pages = ("answer", "resend", "correct", "replace", "withdraw", "ring")
    paths += [f"/invitations/{police}/{page}" for page in pages]
    outsider = sign_in(cast.outsider)
    for path in paths:
        assert outsider.get(path).status_code == 404, path
        assert client.get(path).status_code in (302, 401), path


def test_leaders_and_administrators_mend_nothing(cast: Cast, sign_in: SignIn, booked: int) -> None:
    for user in (cast.leader, cast.admin):
        assert sign_in(user).get(f"/discussions/{booked}/move").status_code == 403
        assert sign_in(user).post(f"/invitations/{_id(booked)}/resend").status_code == 403


def test_more_invitations_cost_no_more_queries(worker: FlaskClient, cast: Cast, booked: int) -> None:
    few = _queries(worker, booked)
    with transaction("tests", Via.COMMAND_LINE):
        discussion = db.session.get_one(Discussion, booked)
        for number in range(6):
            desk = Desk(agency=cast.health_desk.agency, name=f"Desk {number}", roles=["health-gp"], hours=OFFICE)
            db.session.add(desk)
            db.session.flush()
            inviting.invite(discussion, Invitee(role="health-gp", required=True, desk=desk), staff_act(cast, LATER))
    assert _queries(worker, booked) == few


def _queries(browser: FlaskClient, booked: int) -> int:
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert browser.get(f"/discussions/{booked}").status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_staff_write_down_an_answer_given_by_phone(worker: FlaskClient, booked: int) -> None:
    said = {"by_name": "Desk officer", "response": "attend", "attendee_name": "Jo Sample", "attendee_role": "DC"}
    response = worker.post(f"/invitations/{_id(booked)}/answer", data=said)
    assert response.location == f"/discussions/{booked}"
    given = db.session.query(Answer).one()
    assert (given.via, given.recorded_by, given.by_name) == (Via.PHONE, "Sam Worker", "Desk officer")
    assert _invitation(booked).attendee_name == "Jo Sample"


def test_a_refused_answer_shows_the_page_with_what_was_typed(worker: FlaskClient, booked: int) -> None:
    said = {"by_name": "Desk officer", "response": "deputy"}
    page = _page(worker.post(f"/invitations/{_id(booked)}/answer", data=said))
    assert "Enter the name of whoever will attend instead" in page
    assert "Desk officer" in page


def test_an_invitation_is_sent_again(worker: FlaskClient, booked: int) -> None:
    assert "mash@police.example" in _page(worker.get(f"/invitations/{_id(booked)}/resend"))
    assert worker.post(f"/invitations/{_id(booked)}/resend").status_code == 303
    assert "Email waiting to go 1:10pm" in _words(worker.get(f"/discussions/{booked}"))


def test_an_address_is_corrected(worker: FlaskClient, booked: int) -> None:
    data = {"email": "duty@police.example", "phone": "07700 900 777"}
    assert worker.post(f"/invitations/{_id(booked)}/correct", data=data).status_code == 303
    assert _invitation(booked).email == "duty@police.example"
    wrong = _page(worker.post(f"/invitations/{_id(booked)}/correct", data={"email": "nonsense", "phone": ""}))
    assert "Enter an email address like name@example.org" in wrong


def test_somebody_else_is_asked_instead(worker: FlaskClient, cast: Cast, booked: int) -> None:
    old = _id(booked)
    page = _page(worker.get(f"/invitations/{old}/replace"))
    assert "Dee Sergeant" in page and f'value="desk:{cast.police_desk.id}"' not in page
    sent = worker.post(f"/invitations/{old}/replace", data={"invitee": f"person:{cast.sergeant.id}"})
    assert sent.status_code == 303
    assert db.session.get_one(Invitation, old).state is InvitationState.WITHDRAWN
    assert _invitation(booked).person_id == cast.sergeant.id
    assert "Asked instead" in _words(worker.get(f"/discussions/{booked}"))


def test_an_invitation_is_withdrawn_with_a_reason(worker: FlaskClient, booked: int) -> None:
    school = _id(booked, "education")
    assert "Choose why" in _page(worker.post(f"/invitations/{school}/withdraw", data={}))
    worker.post(f"/invitations/{school}/withdraw", data={"reason": WithdrawReason.NOT_NEEDED.value})
    assert _invitation(booked, "education").state is InvitationState.WITHDRAWN


def test_one_more_is_invited(worker: FlaskClient, cast: Cast, booked: int) -> None:
    path = f"/discussions/{booked}/invite"
    assert "Choose a desk or a person from the list" in _page(worker.post(path, data={"invitee": ""}))
    data = {"invitee": f"health-0-19/person:{cast.named_nurse.id}", "required": "y"}
    assert worker.post(path, data=data).status_code == 303
    new = _invitation(booked, "health-0-19")
    assert (new.person_id, new.required) == (cast.named_nurse.id, True)


def test_a_call_rung_without_being_asked_is_put_down_and_leads_to_the_answer(worker: FlaskClient, booked: int) -> None:
    police = _id(booked)
    assert "tel:+447700900001" in _page(worker.get(f"/invitations/{police}/ring"))
    response = worker.post(f"/invitations/{police}/ring", data={"outcome": CallOutcome.REACHED.value})
    assert response.location == f"/invitations/{police}/answer"
    task = db.session.query(CallTask).filter_by(invitation_id=police).one()
    assert (task.state, task.outcome, task.ended_by) == (CallState.DONE, CallOutcome.REACHED, "Sam Worker")


def test_a_call_asked_for_is_listed_and_closed_by_ringing(worker: FlaskClient, booked: int) -> None:
    school = _id(booked, "education")
    with transaction("tests", Via.COMMAND_LINE) as act:
        from_call = db.session.get_one(Invitation, school)
        calls.ask(from_call, "Sample Primary School", "+441632960200", "No mail reaches them", act, key="test")
    listed = _words(worker.get("/calls"))
    assert "You have 1 call to make." in listed and "01632 960200" in listed and "No mail reaches them" in listed
    assert "Why: No mail reaches them" in _words(worker.get(f"/invitations/{school}/ring"))
    worker.post(f"/invitations/{school}/ring", data={"outcome": CallOutcome.LEFT_MESSAGE.value})
    assert "You have no call to make." in _words(worker.get("/calls"))


def test_the_chair_proceeds_without_and_a_social_worker_cannot(cast: Cast, sign_in: SignIn, booked: int) -> None:
    db.session.rollback()
    discussion = db.session.get_one(Discussion, booked)
    need = next(need for need in discussion.needs if "police" in need.roles)
    path = f"/discussions/{booked}/needs/{need.id}/waive"
    reason = {"reason": "Police confirmed in writing"}
    assert path not in _page(sign_in(cast.social_worker).get(f"/discussions/{booked}"))
    assert "Only the chair" in _page(sign_in(cast.social_worker).post(path, data=reason))
    chair = sign_in(cast.chair)
    assert path in _page(chair.get(f"/discussions/{booked}"))
    assert chair.post(path, data=reason).status_code == 303
    assert "Waived" in _words(chair.get(f"/discussions/{booked}"))


def test_a_need_of_another_discussion_is_not_found(cast: Cast, sign_in: SignIn, booked: int) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        other = db.session.get_one(Discussion, booked).needs[0].id
    assert sign_in(cast.chair).get(f"/discussions/{booked + 1}/needs/{other}/waive").status_code == 404


def test_it_is_moved(worker: FlaskClient, booked: int) -> None:
    data = _move(booked, STARTS_AT + timedelta(hours=1))
    assert worker.post(f"/discussions/{booked}/move", data=data).status_code == 303
    words = _words(worker.get(f"/discussions/{booked}"))
    assert "Friday 27 November 2026, 4:30pm to 5:15pm" in words
    assert "Moved from Fri 27 Nov 3:30pm to Fri 27 Nov 4:30pm" in words


def test_of_two_people_moving_it_at_once_the_second_is_told(cast: Cast, sign_in: SignIn, booked: int) -> None:
    first, second = _move(booked, STARTS_AT + timedelta(hours=1)), _move(booked, STARTS_AT + timedelta(hours=2))
    assert sign_in(cast.social_worker).post(f"/discussions/{booked}/move", data=first).status_code == 303
    page = _page(sign_in(cast.chair).post(f"/discussions/{booked}/move", data=second))
    assert "Somebody changed this discussion while you were looking at it" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"starts_at": "2026-11-27T09:00"}, "Choose a time that is still to come"),
        ({"ends_at": "2026-11-27T15:00"}, "must end after it starts"),
        ({"starts_at": "sometime"}, "must be a date and time"),
        ({"join_url": ""}, "Enter the join link"),
        ({"reason": ""}, "Choose why it is changed"),
        ({"place": "x" * 10_000}, "200 characters or fewer"),
        ({"revision": "one"}, "Not a valid integer value"),
    ],
)
def test_an_impossible_move_is_a_clear_error(
    worker: FlaskClient, booked: int, changed: dict[str, str], said: str
) -> None:
    response = worker.post(f"/discussions/{booked}/move", data=_move(booked, STARTS_AT + timedelta(hours=1)) | changed)
    assert response.status_code == 200
    assert said in _page(response)


def _move(booked: int, starts_at: object) -> dict[str, str]:
    db.session.rollback()
    revision = db.session.get_one(Discussion, booked).revision
    start = STARTS_AT if starts_at is None else starts_at
    local = in_london(start)  # type: ignore[arg-type]  # only aware moments come here
    return {
        "revision": str(revision),
        "starts_at": local.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (local + (ENDS_AT - STARTS_AT)).strftime("%Y-%m-%dT%H:%M"),
        "mode": "video",
        "join_url": "https://meet.example/k7qd",
        "reason": "waiting-for-partner",
    }


def test_it_is_stood_down_and_the_child_waits_again(worker: FlaskClient, booked: int) -> None:
    assert "Say why" in _page(worker.post(f"/discussions/{booked}/stand-down", data={"reason": " "}))
    assert worker.post(f"/discussions/{booked}/stand-down", data={"reason": "Threshold not met"}).status_code == 303
    db.session.rollback()
    discussion = db.session.get_one(Discussion, booked)
    assert discussion.state is DiscussionState.STOOD_DOWN
    assert discussion.contact.state is Waiting.DECIDED
    words = _words(worker.get(f"/discussions/{booked}"))
    assert "Stood down 1:10pm" in words and "Move it" not in words


def test_words_typed_are_shown_as_words_never_as_markup(worker: FlaskClient, booked: int) -> None:
    said = {"by_name": "<b>Jo</b>", "response": "attend", "attendee_name": "<script>alert(1)</script> 🦊"}
    worker.post(f"/invitations/{_id(booked)}/answer", data=said)
    page = _page(worker.get(f"/discussions/{booked}"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 🦊" in page
