"""The page behind a partner's link: what it says in every state, and that only a person's POST changes anything."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from werkzeug.test import TestResponse

from strategy.commands import changes, invitations
from strategy.commands.changes import Occasion
from strategy.db import db, transaction
from strategy.keys import keys
from strategy.limits import limiter
from strategy.models import AccessEntry, Answer, Discussion, Event, Invitation, Message, Submission
from strategy.vocabulary import Attendance, DiscussionState, InvitationState, Mode, Via, WithdrawReason
from tests.cast import Cast
from tests.convened import BOOKED_AT, ENDS_AT, STARTS_AT, convene, invited, send_everything, staff_act

LATER = BOOKED_AT + timedelta(minutes=20)
JO = {"by_name": "Jo Sample", "by_role": "Detective Constable", "response": "attend"}


@pytest.fixture(autouse=True)
def _unhurried(browsers: None) -> None:
    limiter.reset()


@pytest.fixture
def booked(browsers: None, cast: Cast) -> Iterator[int]:
    """A discussion at 3:30pm, booked and sent at 12:50pm; it is 1:10pm now. Its id."""
    with transaction("tests", Via.COMMAND_LINE):
        discussion_id = convene(cast).id
        send_everything()
    with time_machine.travel(LATER, tick=False):
        yield discussion_id


def _discussion(discussion_id: int) -> Discussion:
    db.session.rollback()
    return db.session.get_one(Discussion, discussion_id)


def _police(discussion_id: int) -> Invitation:
    return invited(_discussion(discussion_id), "police")


def _token(discussion_id: int) -> str:
    police = _police(discussion_id)
    return keys().token(police.id, police.generation)


def _page(response: TestResponse) -> str:
    return " ".join(response.get_data(as_text=True).split())


def test_the_page_says_when_how_who_convenes_and_whom_to_ring(booked: int, client: FlaskClient) -> None:
    response = client.get(f"/a/{_token(booked)}")
    page = _page(response)
    assert response.status_code == 200
    for words in (
        "Friday 27 November 2026, 3:30pm",
        "to 4:15pm",
        "https://meet.example/k7qd",
        "Sam Worker",
        _discussion(booked).reference,
        "01632 960123",
        "Do not contact the family",
    ):
        assert words in page


def test_the_page_names_no_child_and_no_concern(booked: int, client: FlaskClient) -> None:
    page = _page(client.get(f"/a/{_token(booked)}"))
    for secret in ("Robin", "Zebedee", "4471", "standard", "neglect"):
        assert secret not in page


def test_wild_1_opening_the_page_changes_nothing_but_the_access_log(booked: int, client: FlaskClient) -> None:
    token = _token(booked)
    before = [db.session.query(model).count() for model in (Answer, Event, Message, Submission)]
    db.session.rollback()
    for _ in range(3):
        client.get(f"/a/{token}")
        client.head(f"/a/{token}")
    assert [db.session.query(model).count() for model in (Answer, Event, Message, Submission)] == before
    assert _police(booked).state is InvitationState.INVITED
    looks = db.session.query(AccessEntry).filter_by(what="invitations", row_id=_police(booked).id)
    assert looks.count() == 6
    assert {look.page for look in looks} == {"partner.shown"}


def test_wild_1_nothing_is_chosen_beforehand_and_no_script_sends_the_form(booked: int, client: FlaskClient) -> None:
    page = _page(client.get(f"/a/{_token(booked)}"))
    assert "checked" not in page
    assert "hx-post" not in page and "hx-get" not in page and "autofocus" not in page


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("by_name", "Enter your name"),
        ("by_role", "Enter your role"),
        ("response", "Choose who will attend"),
    ],
)
def test_wild_1_a_post_without_a_name_a_role_and_a_choice_is_no_answer(
    booked: int, client: FlaskClient, missing: str, said: str
) -> None:
    data = {key: value for key, value in JO.items() if key != missing}
    page = _page(client.post(f"/a/{_token(booked)}", data=data))
    assert said in page
    assert db.session.query(Answer).count() == 0


def test_wild_1_a_post_within_seconds_of_sending_is_marked_with_where_it_came_from(
    booked: int, client: FlaskClient
) -> None:
    token = _token(booked)
    with time_machine.travel(BOOKED_AT + timedelta(seconds=4), tick=False):
        client.post(f"/a/{token}", data=JO, headers={"User-Agent": "Scanner/2.0"})
    given = db.session.query(Answer).one()
    assert given.unverified
    assert given.remote == "127.0.0.1 Scanner/2.0"


def test_wild_1_one_answer_sent_twice_is_one_answer(booked: int, client: FlaskClient) -> None:
    token = _token(booked)
    for _ in range(2):
        client.post(f"/a/{token}", data=JO | {"submission": "the-same-form"})
    assert db.session.query(Answer).count() == 1


def test_wild_2_the_title_a_preview_shows_is_neutral(booked: int, client: FlaskClient) -> None:
    response = client.get(f"/a/{_token(booked)}")
    page = _page(response)
    assert "<title> Multi-agency meeting – Exampleshire Council </title>" in page.replace(
        "<title>", "<title> "
    ).replace("</title>", " </title>").replace("  ", " ")
    assert "og:" not in page
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_wild_2_a_link_a_preview_fetched_still_takes_the_answer(booked: int, client: FlaskClient) -> None:
    token = _token(booked)
    client.get(f"/a/{token}", headers={"User-Agent": "WhatsApp/2.23"})
    assert client.post(f"/a/{token}", data=JO).status_code == 303
    assert _police(booked).state is InvitationState.COMING


@pytest.mark.parametrize("mangled", ["{}.", "{}-", "{},", "{})", "{}%0D%0A", "{}%20", "{}/", "{}%3E", "%20{}"])
def test_wild_3_a_link_mangled_at_its_end_still_opens(booked: int, client: FlaskClient, mangled: str) -> None:
    assert client.get("/a/" + mangled.format(_token(booked))).status_code == 200


def test_wild_3_a_link_in_small_letters_or_folded_in_the_middle_still_opens(booked: int, client: FlaskClient) -> None:
    token = _token(booked)
    assert client.get(f"/a/{token.lower()}").status_code == 200
    assert client.get(f"/a/{token[:6]}%0D%0A%20{token[6:]}").status_code == 200


def test_wild_4_a_forwarded_answer_names_the_deputy_and_nobody_else_is_listed(booked: int, client: FlaskClient) -> None:
    token = _token(booked)
    deputy = {"attendee_name": "Kim Stand-In", "attendee_role": "DS", "attendee_contact": "kim@police.example"}
    client.post(f"/a/{token}", data=JO | {"response": "deputy"} | deputy)
    police = _police(booked)
    assert (police.state, police.attendee_name) == (InvitationState.DEPUTY, "Kim Stand-In")
    assert db.session.query(Answer).one().by_name == "Jo Sample"
    page = _page(client.get(f"/a/{token}"))
    for other in ("health.example", "0-19 desk", "Sample Primary"):
        assert other not in page


def test_wild_5_what_is_said_to_be_recorded_was_read_back(booked: int, client: FlaskClient) -> None:
    token = _token(booked)
    response = client.post(f"/a/{token}", data=JO)
    assert response.status_code == 303
    assert response.location == f"/a/{token}"
    assert "Recorded: Jo Sample, Detective Constable, will attend. Change it until 3:30pm." in _page(
        client.get(response.location)
    )


def test_wild_5_neither_cookie_nor_referrer_nor_form_token_is_needed(app: Flask, booked: int) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        stranger = app.test_client(use_cookies=False)
        headers = {"Origin": "null"}
        response = stranger.post(f"/a/{_token(booked)}", data=JO, headers=headers, base_url="https://sd.example")
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert response.status_code == 303
    assert _police(booked).state is InvitationState.COMING


def test_the_token_is_kept_nowhere_by_answering(booked: int, client: FlaskClient) -> None:
    token = _token(booked)
    client.post(f"/a/{token}", data=JO | {"submission": "form-1"})
    assert token not in db.session.query(Submission).one().location
    assert all(token not in (look.page + look.who) for look in db.session.query(AccessEntry))


def test_an_answer_can_be_changed_until_the_start(booked: int, client: FlaskClient) -> None:
    token = _token(booked)
    client.post(f"/a/{token}", data=JO)
    client.post(f"/a/{token}", data=JO | {"response": "cannot-attend", "reason": "In court"})
    assert _police(booked).state is InvitationState.DECLINED
    assert "Recorded: nobody can attend" in _page(client.get(f"/a/{token}"))


def test_fields_of_a_choice_not_made_are_left_out(booked: int, client: FlaskClient) -> None:
    client.post(f"/a/{_token(booked)}", data=JO | {"attendee_name": "Somebody Else", "reason": "Left over"})
    given = db.session.query(Answer).one()
    assert (given.attendee_name, given.reason) == ("Jo Sample", None)


def test_line_breaks_and_too_much_in_a_name_are_refused(booked: int, client: FlaskClient) -> None:
    token = _token(booked)
    assert "one line" in _page(client.post(f"/a/{token}", data=JO | {"by_name": "Jo\r\nBcc: all"}))
    assert "120 characters or fewer" in _page(client.post(f"/a/{token}", data=JO | {"by_name": "J" * 10_000}))
    assert db.session.query(Answer).count() == 0


def test_a_person_asked_by_name_finds_it_filled_in(client: FlaskClient, cast: Cast, booked: int) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        police = db.session.get_one(Invitation, _police_id(booked))
        police.person = cast.sergeant
    page = _page(client.get(f"/a/{_token(booked)}"))
    assert "Dee Sergeant" in page and "Detective Sergeant" in page


def _police_id(booked: int) -> int:
    return next(one.id for one in db.session.get_one(Discussion, booked).invitations if one.role == "police")


@pytest.mark.parametrize("address", ["/a/AAAAAAAAAAAAA", "/a/x", "/a/%F0%9F%98%80", "/a/" + "A" * 400])
def test_an_unknown_link_says_so_and_nothing_else(booked: int, client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    page = _page(response)
    assert "This link does not work" in page
    assert "Exampleshire" not in page and "960123" not in page
    assert client.post(address, data=JO).status_code == 404


def test_once_started_it_says_join_now_and_takes_no_answer(booked: int, client: FlaskClient) -> None:
    token = _token(booked)
    with time_machine.travel(STARTS_AT + timedelta(minutes=2), tick=False):
        response = client.post(f"/a/{token}", data=JO)
        page = _page(response)
        assert response.status_code == 200
        assert "The meeting started at 3:30pm. Join it now" in page
        assert "https://meet.example/k7qd" in page and "01632 960123" in page
        assert "<form" not in page
    assert db.session.query(Answer).count() == 0


def test_when_it_is_over_the_page_says_so(booked: int, client: FlaskClient) -> None:
    with time_machine.travel(ENDS_AT + timedelta(hours=1), tick=False):
        response = client.get(f"/a/{_token(booked)}")
    assert response.status_code == 410
    assert "This meeting is over" in _page(response)
    assert "meet.example" not in _page(response)


def test_a_withdrawn_invitation_says_so_and_tells_nothing_of_the_discussion(
    client: FlaskClient, cast: Cast, booked: int
) -> None:
    token = _token(booked)
    with transaction("tests", Via.COMMAND_LINE):
        police = db.session.get_one(Invitation, _police_id(booked))
        invitations.withdraw(police, WithdrawReason.CONFLICT, staff_act(cast, LATER))
    for response in (client.get(f"/a/{token}"), client.post(f"/a/{token}", data=JO)):
        page = _page(response)
        assert response.status_code == 410
        assert "This invitation was withdrawn" in page and "01632 960123" in page
        for secret in ("meet.example", "3:30pm", "onflict"):
            assert secret not in page
    assert db.session.query(Answer).count() == 0


def test_a_link_made_worthless_by_a_correction_is_unknown(client: FlaskClient, cast: Cast, booked: int) -> None:
    old = _token(booked)
    with transaction("tests", Via.COMMAND_LINE):
        police = db.session.get_one(Invitation, _police_id(booked))
        invitations.correct(police, "duty@police.example", None, staff_act(cast, LATER))
    assert client.get(f"/a/{old}").status_code == 404
    assert client.get(f"/a/{_token(booked)}").status_code == 200


def test_wild_9_an_old_link_shows_the_new_time_and_asks_again(client: FlaskClient, cast: Cast, booked: int) -> None:
    token = _token(booked)
    client.post(f"/a/{token}", data=JO)
    hour = timedelta(hours=1)
    to = Occasion(STARTS_AT + hour, ENDS_AT + hour, Mode.VIDEO, "https://meet.example/k7qd")
    with transaction("tests", Via.COMMAND_LINE):
        moved = db.session.get_one(Discussion, booked)
        changes.move(moved, to, "waiting-for-partner", moved.revision, staff_act(cast, LATER))
    page = _page(client.get(f"/a/{token}"))
    assert "Friday 27 November 2026, 4:30pm" in page and "3:30pm" not in page
    assert "You answered for another time. Please say again who is coming." in page


def test_stood_down_the_page_says_that_it_will_not_take_place(client: FlaskClient, cast: Cast, booked: int) -> None:
    token = _token(booked)
    with transaction("tests", Via.COMMAND_LINE):
        off = db.session.get_one(Discussion, booked)
        changes.stand_down(off, "The threshold is not met", staff_act(cast, LATER))
    response = client.get(f"/a/{token}")
    assert response.status_code == 410
    assert "This meeting will not take place" in _page(response)
    assert "threshold" not in _page(response)


def test_the_diary_entry_is_the_one_the_mail_carried(booked: int, client: FlaskClient) -> None:
    response = client.get(f"/a/{_token(booked)}/diary.ics")
    assert response.mimetype == "text/calendar"
    entry = Calendar.from_ical(response.data).walk("VEVENT")[0]
    assert entry.decoded("DTSTART") == STARTS_AT
    assert _discussion(booked).reference in str(entry.get("SUMMARY"))
    assert client.get("/a/AAAAAAAAAAAAA/diary.ics").status_code == 404


def test_afterwards_the_agency_says_why_nobody_came(booked: int, client: FlaskClient) -> None:
    token = _token(booked)
    _mark_absent(booked)
    with time_machine.travel(ENDS_AT + timedelta(hours=1), tick=False):
        page = _page(client.get(f"/a/{token}"))
        assert "Nobody from your agency joined" in page
        data = {"by_name": "Jo Sample", "by_role": "DC", "reason": "no-capacity", "note": "Rota is mended"}
        assert client.post(f"/a/{token}", data=data).status_code == 303
        assert "Recorded: No capacity (shift, clinic)." in _page(client.get(f"/a/{token}"))
    police = _police(booked)
    assert (police.absence_reason, police.absence_note) == ("no-capacity", "Rota is mended")


def test_a_reason_for_absence_that_is_none_of_the_policys_is_refused(booked: int, client: FlaskClient) -> None:
    token = _token(booked)
    _mark_absent(booked)
    with time_machine.travel(ENDS_AT + timedelta(hours=1), tick=False):
        data = {"by_name": "Jo Sample", "by_role": "DC", "reason": "made-up"}
        assert client.post(f"/a/{token}", data=data).status_code == 200
    assert _police(booked).absence_explained_at is None


def _mark_absent(booked: int) -> None:
    with transaction("tests", Via.COMMAND_LINE):
        held = db.session.get_one(Discussion, booked)
        held.state, held.started_at, held.ended_at = DiscussionState.HELD, STARTS_AT, ENDS_AT
        invited(held, "police").attendance = Attendance.DID_NOT_ATTEND


def test_guessing_links_is_slowed_down(booked: int, client: FlaskClient) -> None:
    answered = [client.get("/a/AAAAAAAAAAAAA").status_code for _ in range(61)]
    assert answered[0] == 404
    assert answered[-1] == 429
